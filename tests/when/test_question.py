"""Query dates, zones and instants."""

from __future__ import annotations

import pytest

from chronicle.errors import QuestionError
from chronicle.when import Bound, check_zone, clock, instant_text, resolve_bound

NOW = 1_764_028_800_999_999  # 2025-11-25T00:00:00.999999Z

BOUNDS = [
    ("2025", "UTC", "2025-12-31T23:59:59Z"),
    ("2025", "Asia/Baku", "2025-12-31T19:59:59Z"),
    ("2025-02", "UTC", "2025-02-28T23:59:59Z"),
    ("2025-02-24", "America/New_York", "2025-02-25T04:59:59Z"),
    ("2025-35", "UTC", "2025-09-30T23:59:59Z"),
    ("2025-24", "UTC", "2026-02-28T23:59:59Z"),
    ("1994-09-20T12:00:00Z", "Asia/Baku", "1994-09-20T12:00:00Z"),
    ("1994-09-20T12:00:00+04", "UTC", "1994-09-20T08:00:00Z"),
    ("2025-09-20T12:00:00", "Asia/Baku", "2025-09-20T08:00:00Z"),
    # Clocks skip 02:00 to 03:00, show 01:00 to 02:00 twice, skip or repeat midnight, or a whole day.
    ("2020-03-08T02:30:00", "America/New_York", "2020-03-08T07:30:00Z"),
    ("2020-11-01T01:30:00", "America/New_York", "2020-11-01T06:30:00Z"),
    ("2018-11-03", "America/Sao_Paulo", "2018-11-04T02:59:59Z"),
    ("2018-02-17", "America/Sao_Paulo", "2018-02-18T02:59:59Z"),
    ("2020-10-31", "America/Havana", "2020-11-01T03:59:59Z"),
    ("2011-12-29", "Pacific/Apia", "2011-12-30T09:59:59Z"),
    ("2011-12-30", "Pacific/Apia", "2011-12-30T09:59:59Z"),
    # Beyond the years of zone data.
    ("-0752", "UTC", "-0752-12-31T23:59:59Z"),
    ("-0043-03-15", "Asia/Baku", "-0043-03-15T20:40:35Z"),
    ("0000-02-29T12:00:00", "Asia/Baku", "0000-02-29T08:40:36Z"),
    ("0000-02-28", "UTC", "0000-02-28T23:59:59Z"),
    ("9999", "Asia/Baku", "9999-12-31T19:59:59Z"),
    ("Y20000", "Asia/Baku", "20000-12-31T19:59:59Z"),
]


@pytest.mark.parametrize(("text", "zone", "instant"), BOUNDS)
def test_bound(text: str, zone: str, instant: str) -> None:
    """A query date includes the last second of its unit in the zone."""
    bound = resolve_bound(text, zone=zone, now=NOW)
    assert (text, instant) == (bound.text, instant_text(bound.last))


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("today", "UTC", "2025-11-25"),
        ("yesterday", "UTC", "2025-11-24"),
        ("tomorrow", "UTC", "2025-11-26"),
        ("today", "America/New_York", "2025-11-24"),
        ("tomorrow", "Pacific/Kiritimati", "2025-11-26"),
    ],
)
def test_relative_day(text: str, zone: str, day: str) -> None:
    """A relative day is a day of the zone's calendar, and is named as that day."""
    assert resolve_bound(day, zone=zone, now=NOW) == resolve_bound(text, zone=zone, now=NOW)


def test_now() -> None:
    """Now is the second that has begun."""
    assert Bound("2025-11-25T00:00:00Z", 1_764_028_800) == resolve_bound("now", zone="Asia/Baku", now=NOW)


@pytest.mark.parametrize("text", ["1994~", "199X", "1950S2", "1964/2008", "1964/..", "[1984]", "[..1984]", "2004-XX"])
def test_indefinite(text: str) -> None:
    """What is no single definite date is refused, with what to give instead."""
    with pytest.raises(QuestionError) as caught:
        resolve_bound(text, zone="UTC", now=NOW)
    assert f"'{text}' is no definite date: give a year, a month, a day or an instant" == str(caught.value)


def test_no_date() -> None:
    """A text that is no date is refused as the parser refuses it."""
    with pytest.raises(QuestionError) as caught:
        resolve_bound("1994-13", zone="UTC", now=NOW)
    assert "'1994-13' has no month 13" == str(caught.value)


@pytest.mark.parametrize(
    "zone", ["", "Foo/Bar", "local", "+04:00", "../../etc/passwd", "/etc/localtime", "Asia", "\0", "\ud800"]
)
def test_no_zone(zone: str) -> None:
    """What is no IANA name is refused, whatever it would do to a file path."""
    with pytest.raises(QuestionError):
        check_zone(zone)


def test_no_zone_in_a_question() -> None:
    """An instant in an unknown zone is refused too, though it would not need the zone."""
    with pytest.raises(QuestionError):
        resolve_bound("now", zone="Foo/Bar", now=NOW)


@pytest.mark.parametrize("text", ["Y-292277022655", "Y292277026595"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_within_seconds(text: str, zone: str) -> None:
    """No zone moves a bound out of 64-bit seconds."""
    assert -(2**63) <= resolve_bound(text, zone=zone, now=NOW).last < 2**63


def test_instant_text() -> None:
    """Instants of any year are told, with year 0."""
    assert ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-0001-12-31T23:59:59Z"] == [
        instant_text(seconds) for seconds in (0, -1, -62167219200, -62167219201)
    ]


def test_clock() -> None:
    """The clock counts microseconds, and is past the year in which this was written."""
    assert clock() > 1_700_000_000_000_000
