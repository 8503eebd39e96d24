"""The calendar beyond `datetime`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.when.calendar import add_months, civil_from_days, day_text, days_from_civil, is_leap, month_length

YEARS = st.integers(-(10**9), 10**9)
EPOCH = date(1970, 1, 1)


@given(year=YEARS, month=st.integers(1, 12), day=st.integers(1, 31))
def test_civil_round_trip(year: int, month: int, day: int) -> None:
    """A date of any year comes back from its count of days."""
    day = min(day, month_length(year, month))
    assert (year, month, day) == civil_from_days(days_from_civil(year, month, day))


@given(days=st.integers(-(365 * 10**9), 365 * 10**9))
def test_days_round_trip(days: int) -> None:
    """A count of days comes back from its date."""
    assert days == days_from_civil(*civil_from_days(days))


@given(day=st.dates())
def test_as_datetime(day: date) -> None:
    """Within the years 1 to 9999 the calendar is that of `datetime`."""
    assert (day - EPOCH).days == days_from_civil(day.year, day.month, day.day)


def test_every_day_of_eight_centuries() -> None:
    """Days follow one another without gaps over two whole cycles, year 0 within."""
    first = days_from_civil(-400, 1, 1)
    dates = [civil_from_days(first + n) for n in range(2 * 146_097)]
    assert ((-400, 1, 1), (399, 12, 31), sorted(set(dates))) == (dates[0], dates[-1], dates)


@pytest.mark.parametrize(
    ("year", "leap"), [(0, True), (-4, True), (-100, False), (-400, True), (1900, False), (2000, True)]
)
def test_leap_years(year: int, leap: bool) -> None:  # noqa: FBT001
    """The Gregorian rule holds for years before 1 too."""
    assert leap is is_leap(year)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ((2004, 2, 29), 12, (2005, 2, 28)),
        ((2004, 2, 29), -12, (2003, 2, 28)),
        ((2004, 1, 31), 1, (2004, 2, 29)),
        ((2004, 12, 15), 1, (2005, 1, 15)),
        ((2004, 1, 15), -1, (2003, 12, 15)),
        ((1, 1, 1), -13, (-1, 12, 1)),
    ],
)
def test_add_months(start: tuple[int, int, int], months: int, expected: tuple[int, int, int]) -> None:
    """A day the month lacks becomes its last."""
    assert expected == add_months(*start, months)


def test_day_text() -> None:
    """Years have at least four digits, and a minus sign before year 0."""
    days = [days_from_civil(year, 3, 15) for year in (-44, 0, 79, 170000002)]
    expected = ["-0044-03-15", "0000-03-15", "0079-03-15", "170000002-03-15"]
    assert expected == [day_text(day) for day in days]


def test_a_leap_day_is_the_day_before_march() -> None:
    """29 February of a leap year precedes 1 March, as `timedelta` has it."""
    assert date(2004, 3, 1) - timedelta(days=1) == EPOCH + timedelta(days=days_from_civil(2004, 2, 29))
