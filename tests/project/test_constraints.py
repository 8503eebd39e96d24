"""The pins are complete: no version is left to the day on which somebody installs."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project import checkout

PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)")


def pins(file: str = "constraints.txt") -> dict[str, str]:
    """What a file in .ci says, name to version; any other kind of line fails."""
    lines = (checkout.ROOT / ".ci" / file).read_text(encoding="utf-8").splitlines()
    read = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    assert None not in read
    return {canonicalize_name(pin[1]): pin[2] for pin in read if pin}


def needed(*extras: str) -> set[str]:
    """The names of all that Chronicle, its tests and some extras need here, directly or not."""
    found: set[str] = set()
    waiting = [("chronicle-service", frozenset({"all", "test", *extras}))]
    seen = set(waiting)
    while waiting:
        name, wanted = waiting.pop()
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError as missing:
            raise AssertionError(f"{name} is needed and not installed: run `make test`") from missing
        for requirement in map(Requirement, requires):
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in wanted | {""}):
                continue
            below = (canonicalize_name(requirement.name), frozenset(requirement.extras))
            found.add(below[0])
            if below not in seen:
                seen.add(below)
                waiting.append(below)
    return found


def test_all_that_is_needed_is_pinned() -> None:
    """Every distribution in the closure has its pin."""
    assert [] == sorted(needed() - pins().keys())


def test_nothing_else_is_pinned() -> None:
    """No pin outlives its need."""
    assert [] == sorted(pins().keys() - needed())


def test_peers_are_pinned() -> None:
    """So is what the extra `bench` names, which tests do without."""
    requires = map(Requirement, distribution("chronicle-service").requires or [])
    markers = [(canonicalize_name(one.name), one.marker) for one in requires if one.marker is not None]
    of_bench = {name for name, marker in markers if marker.evaluate({"extra": "bench"})}
    assert (
        of_bench - {name for name, marker in markers if marker.evaluate({"extra": ""})}
        == pins("constraints-bench.txt").keys()
    )
