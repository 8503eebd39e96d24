"""A diff names the keys whose states differ, whichever way it finds them."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from chronicle import Archive
from chronicle.state.held import key_json
from tests.state.histories import Append, day_text, histories

DAY = 86_400_000_000
CHRONICLE = "c"
DATES = tuple(map(day_text, (0, 2, 4, 7)))


def states(archive: Archive, **bounds: Any) -> dict[str, Any]:
    """What is said of each key, in words."""
    told: dict[str, Any] = {}
    for fact in archive.state(**bounds).facts:
        values, _ = told.setdefault(str(key_json(fact.row.key, fact)), (set(), None))
        told[str(key_json(fact.row.key, fact))] = ({*values, str(fact.value.plain())}, fact.row.may_be_absent)
    return told


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(histories())
def test_it_names_what_differs(appends: list[Append]) -> None:
    """Between two positions, two states of knowledge, both at once, and two dates."""
    clock = [0]
    with Archive.open("sqlite://", recorded_by="tester", now=lambda: clock[0]) as archive:
        for day, documents in appends:
            clock[0] = (day - 1) * DAY + DAY // 2
            archive.append([d if isinstance(d, dict) else d.document for d in documents], chronicle=CHRONICLE)
        head = archive.position()
        bases: list[dict[str, Any]] = [
            {"as_of": DATES[2], "position": position, "known": known}
            for position in (head, head // 2, head // 4)
            for known in (None, DATES[1], DATES[3])
        ]
        bases += [{"as_of": date} for date in DATES]
        told = [states(archive, **basis) for basis in bases]
        for one, before in zip(bases, told, strict=True):
            for other, after in zip(bases, told, strict=True):
                changed = [str(change.key) for change in archive.diff(one, other).changes]
                expected = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
                assert expected == set(changed)
                assert len(expected) == len(changed)
