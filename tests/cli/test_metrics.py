"""Metrics of tables, as Prometheus asks for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chronicle.cli.metrics import check_installed, exposition, served
from chronicle.errors import QuestionError, StoreError
from chronicle.projection.standing import Standing

PARKED = {"chronicle": "c", "event": "x", "position": 3, "error": "no"}
FAILED = {"position": 2, "error": "no"}
ONES = (
    Standing("a", 2, 5, "live", 7, 10, 4, 1_700_000_000_500_000, None, None, (PARKED, PARKED)),
    Standing(
        "a", 3, 6, "building", 1, 10, 9, 0, "host", "it broke", (), ({"position": 2, "error": "no"},), None, 0.25, 12.5
    ),
)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Samples by name and labels, as the parser of Prometheus reads them."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


EXPECTED: dict[tuple[str, ...], float] = {
    ("chronicle_up",): 1.0,
    **{
        (f"chronicle_projection_{name}", "a", status): float(value)
        for name, live, building in (
            ("position", 7, 1),
            ("lag_records", 3, 9),
            ("lag_seconds", 4, 9),
            ("progress_ratio", 1, 0.25),
            ("records_per_second", 0, 12.5),
            ("parked_events", 2, 0),
            ("parked_effects", 0, 1),
            ("failed", 0, 1),
            ("updated_timestamp_seconds", 1_700_000_000.5, 0),
        )
        for status, value in (("live", live), ("building", building))
    },
}


def test_all_that_lag_tells_is_told() -> None:
    """A table that is being made is told apart from the one that readers see."""
    found = samples(exposition(lambda: ONES))
    info = {key: found.pop(key) for key in list(found) if key[0] == "chronicle_projection_info"}

    assert EXPECTED == found
    assert {frozenset(("5", "a", "live", "2")), frozenset(("6", "a", "building", "3"))} == {
        frozenset(key[1:]) for key in info
    }


def test_without_tables_there_is_only_that_it_is_up() -> None:
    """No table is no error."""
    assert {("chronicle_up",): 1.0} == samples(exposition(lambda: ()))


def test_an_archive_that_cannot_be_asked_is_down() -> None:
    """The scrape itself does not fail."""

    def fail() -> Sequence[Standing]:
        raise StoreError("gone")

    assert {("chronicle_up",): 0.0} == samples(exposition(fail))


def test_it_is_asked_for_over_http_on_loopback() -> None:
    """Anew each time; records are counted by whoever serves."""
    ones = [ONES[0]]
    with served(0, lambda: ones) as (port, count):
        count("a", 7)
        count("a", 2)
        with urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            first = samples(response.read().decode())
        ones.append(ONES[1])
        with urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            second = samples(response.read().decode())
        with pytest.raises(QuestionError, match=f"port {port} of 127.0.0.1 cannot be had"), served(port, lambda: ones):
            pass

    assert 9 == first["chronicle_projection_records_total", "a"]
    assert ("chronicle_projection_position", "a", "building") not in first
    assert 1 == second["chronicle_projection_position", "a", "building"]


@pytest.mark.parametrize("port", [-1, 65_536])
def test_what_is_no_port_is_refused(port: int) -> None:
    """As a misuse."""
    with pytest.raises(QuestionError, match="cannot be had"), served(port, lambda: ()):
        pass


def test_without_the_extra_the_option_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to get it."""
    check_installed("--metrics")
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(QuestionError, match=r"--metrics: needs the telemetry extra: pip install"):
        check_installed("--metrics")
