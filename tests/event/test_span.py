"""When a fact holds: the bounds of every form of DESIGN 3, and the shapes of periods."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.span import EARLIEST, FOREVER, NEVER, SINCE_EVER, Span, shape_of, shape_order, span_of
from chronicle.when import When
from tests.event.plain import the_fact

DAY = 86_400
DATES = ("2020", "2020-05", "2020-05-04", "2020~", "2020-05-04?", "[2019, 2021]", "[..2020]", "[2020..]", "202X")


def at(text: str) -> int:
    """The first second of a day, or a second."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def bounds(first: str, end: str) -> tuple[int, int]:
    """From the first second of a day up to that of another."""
    return at(first), at(end)


def span(occurred: str = "2020", **fact: Any) -> Span:
    """The span of a fact of an event."""
    return span_of(the_fact(**fact), When.parse(occurred))


def begins(occurred: str, **fact: Any) -> tuple[int, int]:
    """The bounds of its `from`."""
    found = span(occurred, **fact)
    return found.from_lo, found.from_hi


def ends(**fact: Any) -> tuple[int, int]:
    """The bounds of its `until`."""
    found = span("2000", **fact)
    return found.until_lo, found.until_hi


@pytest.mark.parametrize(
    ("occurred", "expected"),
    [
        ("2020", bounds("2020-01-01", "2021-01-01")),
        ("2020-05-04", bounds("2020-05-04", "2020-05-05")),
        ("2020-05-04T10:00:00Z", (at("2020-05-04T10:00:00"), at("2020-05-04T10:00:01"))),
        ("2020-05/2021-06", bounds("2020-05-01", "2020-06-01")),
        ("2020~/2022", bounds("2019-01-01", "2022-01-01")),
        ("2020/..", bounds("2020-01-01", "2021-01-01")),
        ("2020/", bounds("2020-01-01", "2021-01-01")),
        ("../2020", (SINCE_EVER, SINCE_EVER + 1)),
        ("/2020", (EARLIEST, at("2021-01-01"))),
        ("/..", (EARLIEST, FOREVER)),
        ("[..2020]", (EARLIEST, at("2021-01-01"))),
        ("[2019, 2021]", bounds("2019-01-01", "2022-01-01")),
        ("2020~", bounds("2019-01-01", "2022-01-01")),
        ("202X", bounds("2020-01-01", "2030-01-01")),
    ],
)
def test_from_default(occurred: str, expected: tuple[int, int]) -> None:
    """Without `from` a fact begins when its event occurred, at its start if that is an interval."""
    assert expected == begins(occurred)


@pytest.mark.parametrize(
    ("occurred", "end"),
    [("2020", "2021-01-01"), ("2018/2020", "2021-01-01"), ("../2020-05-04", "2020-05-05"), ("2020~", "2022-01-01")],
)
def test_from_unknown(occurred: str, end: str) -> None:
    """`from: unknown` is some time up to the end of the event."""
    assert (EARLIEST, at(end)) == begins(occurred, **{"from": "unknown"})


def test_from_unknown_of_an_open_event() -> None:
    """`from: unknown` of an event without an end has no bound, but did begin."""
    assert (EARLIEST, FOREVER) == begins("2020/..", **{"from": "unknown"})


def test_since_ever() -> None:
    """`from: ..` is one instant before any date, even an unknown one."""
    assert (SINCE_EVER, EARLIEST) == begins("2020", **{"from": ".."})


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize("field", ["from", "at"])
def test_from_and_at(field: str, text: str) -> None:
    """`from` and `at` begin within the bounds of their date, whenever the event occurred."""
    when = When.parse(text)
    expected = (EARLIEST if when.lo is None else when.lo, FOREVER if when.hi is None else when.hi)
    assert expected == begins("1900", **{field: text})


def test_open_end() -> None:
    """Without `until` a fact holds on for ever."""
    assert NEVER == ends()


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"until": "2021-01-20"}, bounds("2021-01-20", "2021-01-21")),
        ({"until": "2021"}, bounds("2021-01-01", "2022-01-01")),
        ({"until": "2021-01-20T12:00:00Z"}, (at("2021-01-20T12:00:00"), at("2021-01-20T12:00:01"))),
        ({"until": "2021-01-20~"}, bounds("2021-01-19", "2021-01-22")),
        ({"until": "[..2021]"}, (EARLIEST, at("2022-01-01"))),
        ({"until": "[2021..]"}, (at("2021-01-01"), FOREVER)),
        ({"until": "unknown"}, (EARLIEST, FOREVER + 1)),
        ({"through": "unknown"}, (EARLIEST, FOREVER + 1)),
        ({"through": "2021-01-19"}, (at("2021-01-20"), at("2021-01-20") + 1)),
        ({"through": "2021-01-19T12:00:00Z"}, (at("2021-01-19T12:00:01"), at("2021-01-19T12:00:01") + 1)),
        ({"through": "2021"}, (at("2021-01-02"), at("2022-01-01") + 1)),
        ({"through": "2021-01-19~"}, (at("2021-01-19"), at("2021-01-21") + 1)),
        ({"through": "[..2021-01-19]"}, (EARLIEST, at("2021-01-20") + 1)),
        ({"through": "[2021-01-19..]"}, (at("2021-01-20"), FOREVER + 1)),
    ],
)
def test_until(fact: dict[str, str], expected: tuple[int, int]) -> None:
    """`until` lies within its date; `through` ends after its last day, or after its last second."""
    assert expected == ends(**fact)


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2025", "2026-01-01"),
        ("2025-01/2025-09", "2025-10-01"),
        ("2025-09-20", "2025-09-21"),
        ("2025-33", "2025-04-01"),
        ("2025-24", "2026-03-01"),
    ],
)
def test_period(period: str, end: str) -> None:
    """A period takes effect at its last second, whenever its event occurred."""
    assert Span(at(end) - 1, at(end), *NEVER) == span("2030", period=period)


@pytest.mark.parametrize(
    ("fact", "possible"),
    [
        ({"from": "2021-01-02", "until": "2021-01-01"}, False),
        ({"from": "2021-01-01", "until": "2021-01-01"}, True),
        ({"from": "2021-01-02", "through": "2021-01-01"}, False),
        ({"from": "2021-01-01", "through": "2021-01-01"}, True),
        ({"from": "2021-01-01T00:00:01Z", "until": "2021-01-01T00:00:01Z"}, False),
        ({"from": "2021-01-01T00:00:00Z", "until": "2021-01-01T00:00:01Z"}, True),
        ({"from": "2021-01-01T00:00:01Z", "through": "2021-01-01T00:00:01Z"}, True),
        ({"from": "2021~", "until": "2020"}, True),
        ({"from": "..", "until": "[..2021]"}, True),
        ({"from": "unknown", "until": "2000"}, True),
        ({"from": "2021", "until": "unknown"}, True),
    ],
)
def test_possible(fact: dict[str, str], possible: bool) -> None:  # noqa: FBT001
    """A fact is possible if some choice of instants lets it begin before it ends."""
    assert possible is span(**fact).is_possible


@given(
    begin=st.sampled_from(["..", "unknown", *DATES]),
    end=st.sampled_from([None, "unknown", *DATES]),
    through=st.booleans(),
)
def test_bounds_are_ordered(begin: str, end: str | None, through: bool) -> None:  # noqa: FBT001
    """Bounds are never empty and always fit 64 bits, with room for one more."""
    found = span("2020", **{"from": begin, "through" if through else "until": end})
    assert SINCE_EVER <= found.from_lo < found.from_hi <= FOREVER
    assert SINCE_EVER <= found.until_lo < found.until_hi <= FOREVER + 1 < 2**63


@pytest.mark.parametrize(
    ("period", "shape"),
    [
        ("2025", "P12M"),
        ("2024", "P12M"),
        ("2025-01/2025-12", "P12M"),
        ("2025-01-01/2025-12-31", "P12M"),
        ("2025-01/2025-09", "P9M"),
        ("2025-09", "P1M"),
        ("2025-02-01/2025-02-28", "P1M"),
        ("2024-02-01/2024-02-28", "P28D"),
        ("2025-33", "P3M"),
        ("2025-36", "P3M"),
        ("2025-40", "P6M"),
        ("2025-24", "P3M"),
        ("2025-03-05/2025-03-14", "P10D"),
        ("2025-03-05", "P1D"),
        ("2025-01-15/2025-02-14", "P31D"),
        ("2020/2024", "P60M"),
        ("-0044", "P12M"),
        ("-0001/0001", "P36M"),
        ("-0044-03-15", "P1D"),
        ("0000-02", "P1M"),
        ("Y-17000", "P12M"),
    ],
)
def test_shape(period: str, shape: str) -> None:
    """The shape is the length in whole months where the period starts and ends with a month, else in days."""
    assert shape == shape_of(period)


@given(year=st.integers(0, 9995), month=st.integers(1, 12), months=st.integers(1, 48))
def test_shape_of_months(year: int, month: int, months: int) -> None:
    """Nine months are nine months, wherever they begin."""
    last = year * 12 + month - 1 + months - 1
    assert f"P{months}M" == shape_of(f"{year:04}-{month:02}/{last // 12:04}-{last % 12 + 1:02}")


def test_shape_order() -> None:
    """No shape comes first, then days, then months, each by length."""
    shapes = ["", "P1D", "P9D", "P10D", "P1M", "P9M", "P12M"]
    assert all(shape_order(one) < shape_order(other) for one, other in pairwise(shapes))
