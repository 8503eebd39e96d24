"""Unspecified digits, checked against every day there is."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.when.calendar import day_text, days_from_civil
from chronicle.when.mask import matching_span

MASKS = """
199X-02-29 156X-12-25 15XX-12-25 19XX-X4-3X 1985-1X-XX 1985-XX-31 1985-X2-2X 1985-0X-3X 190X-02-29 18X0-02-29
1X9X-X1-X1 2X0X-02-X9 1X00-02-29 1X01-02-29 1985-02-3X 156X-11-31 1985-X4-31 001X-02-29 0001-XX-XX
""".split()


@cache
def _texts(first: int, last: int) -> list[str]:
    days = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
    return [date.fromordinal(day).isoformat() for day in days]


def _expected(mask: str, texts: list[str]) -> tuple[str, str] | None:
    found = re.findall("^" + mask.replace("X", "[0-9]") + "$", "\n".join(texts), flags=re.MULTILINE)
    return (found[0], found[-1]) if found else None


def _found(mask: str) -> tuple[str, str] | None:
    span = matching_span(mask[:-6], mask[-5:-3], mask[-2:])
    return span and (day_text(span[0]), day_text(span[1]))


@pytest.mark.parametrize("mask", MASKS)
def test_against_all_days(mask: str) -> None:
    """Of all days that match the mask, the first and the last are found."""
    years = int(mask[:4].replace("X", "0")), int(mask[:4].replace("X", "9"))
    assert _expected(mask, _texts(*years)) == _found(mask)


@given(st.sampled_from("199X 19X0 190X 1900 1996".split()), st.data())
def test_against_all_days_of_a_century(year: str, data: st.DataObject) -> None:
    """Any mask of month and day agrees with trying every day of every year that it may be."""
    month = data.draw(st.sampled_from("01 02 04 12 0X 1X X1 X2 X4 XX".split()))
    day = data.draw(st.sampled_from("01 28 29 30 31 3X X9 X1 0X XX".split()))
    mask = f"{year}-{month}-{day}"
    assert _expected(mask, _texts(1900, 1999)) == _found(mask)


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [("-01XX", -199, -100), ("-000X", -9, -1), ("000X", 0, 9), ("XXXX", 0, 9999), ("-XXXX", -9999, -1)],
)
def test_years_before_christ(year: str, first: int, last: int) -> None:
    """Negative years run backwards, and -0000 is none."""
    assert (days_from_civil(first, 1, 1), days_from_civil(last, 12, 31)) == matching_span(year, "", "")


def test_leap_day_before_christ() -> None:
    """The leap years of `-000X` are -8 and -4."""
    assert (days_from_civil(-8, 2, 29), days_from_civil(-4, 2, 29)) == matching_span("-000X", "02", "29")
