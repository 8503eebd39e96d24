"""Codes 21 to 41: what EDTF leaves open is settled here."""

from __future__ import annotations

import pytest

from chronicle.when import When

MONTHS = {
    "21 25": ("2001-03-01", "2001-05-31"),
    "22 26": ("2001-06-01", "2001-08-31"),
    "23 27": ("2001-09-01", "2001-11-30"),
    "24 28": ("2001-12-01", "2002-02-28"),
    "29": ("2001-09-01", "2001-11-30"),
    "30": ("2001-12-01", "2002-02-28"),
    "31": ("2001-03-01", "2001-05-31"),
    "32": ("2001-06-01", "2001-08-31"),
    "33": ("2001-01-01", "2001-03-31"),
    "34": ("2001-04-01", "2001-06-30"),
    "35": ("2001-07-01", "2001-09-30"),
    "36": ("2001-10-01", "2001-12-31"),
    "37": ("2001-01-01", "2001-04-30"),
    "38": ("2001-05-01", "2001-08-31"),
    "39": ("2001-09-01", "2001-12-31"),
    "40": ("2001-01-01", "2001-06-30"),
    "41": ("2001-07-01", "2001-12-31"),
}
ROWS = [(code, *days) for codes, days in MONTHS.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "earliest", "latest"), ROWS)
def test_season(code: str, earliest: str, latest: str) -> None:
    """Each code is whole months; a winter may end in the next year."""
    when = When.parse(f"2001-{code}")
    assert (earliest, latest) == (when.earliest, when.latest)


@pytest.mark.parametrize("code", [row[0] for row in ROWS])
def test_level(code: str) -> None:
    """Only the four seasons without a hemisphere are of level 1."""
    assert (1 if int(code) < 25 else 2) == When.parse(f"2001-{code}").level


def test_winter_of_a_leap_year() -> None:
    """A winter that ends in a leap year has its 29 February."""
    assert "2004-02-29" == When.parse("2003-24").latest


def test_winter_of_a_masked_decade() -> None:
    """The winters of a decade end in the next one."""
    when = When.parse("199X-24")
    assert ("1990-12-01", "2000-02-29") == (when.earliest, when.latest)


def test_season_of_masked_years_before_christ() -> None:
    """The last of `-000X` is the year -1, as -0000 is no year."""
    when = When.parse("-000X-22")
    assert ("-0009-06-01", "-0001-08-31") == (when.earliest, when.latest)
