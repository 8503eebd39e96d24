"""Times of Wikibase as EDTF: no more and no less than their precision and calendar say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.exchange.wikibase_time import edtf
from chronicle.when import When

GREGORIAN, JULIAN = "http://www.wikidata.org/entity/Q1985727", "http://www.wikidata.org/entity/Q1985786"


def a_time(text: str, precision: int, model: str = GREGORIAN, **more: str) -> dict[str, str]:
    """A value as the JSON has it, its numbers as digits."""
    return {"time": text, "precision": str(precision), "timezone": "0", "calendarmodel": model, **more}


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("+1952-03-11T00:00:00Z", 14, "1952-03-11T00:00:00Z"),
        ("+1952-03-11T00:00:00Z", 11, "1952-03-11"),
        ("+00000001952-03-11T00:00:00Z", 11, "1952-03-11"),
        ("+1952-03-00T00:00:00Z", 10, "1952-03"),
        ("+1952-00-00T00:00:00Z", 9, "1952"),
        ("+1952-03-11T00:00:00Z", 9, "1952"),
        ("+0622-00-00T00:00:00Z", 9, "0622"),
        ("+1950-00-00T00:00:00Z", 8, "195X"),
        ("+1957-00-00T00:00:00Z", 8, "195X"),
        ("-0055-00-00T00:00:00Z", 8, "[-0058..-0049]"),
        ("+1900-00-00T00:00:00Z", 7, "[1801..1900]"),
        ("+1850-00-00T00:00:00Z", 7, "[1801..1900]"),
        ("+1801-00-00T00:00:00Z", 7, "[1801..1900]"),
        ("-0500-00-00T00:00:00Z", 7, "[-0499..-0400]"),
        ("+2000-00-00T00:00:00Z", 6, "[1001..2000]"),
        ("-13798000000-00-00T00:00:00Z", 3, "Y-13798000000S5"),
        ("-0044-03-15T00:00:00Z", 11, "-0043-03-15"),
        ("-0001-00-00T00:00:00Z", 9, "0000"),
    ],
)
def test_as_vague_as_it_is(text: str, precision: int, expected: str) -> None:
    """Centuries end with their round year, and the year before 1 is 1 BC, which EDTF writes 0000."""
    assert expected == edtf(a_time(text, precision))


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("+1582-10-04T00:00:00Z", 11, "1582-10-14"),
        ("+1917-10-25T00:00:00Z", 11, "1917-11-07"),
        ("+1900-02-29T00:00:00Z", 11, "1900-03-13"),
        ("-0044-03-15T00:00:00Z", 11, "-0043-03-13"),
        ("+1917-10-00T00:00:00Z", 10, "[1917-10-14..1917-11-13]"),
        ("+1917-12-00T00:00:00Z", 10, "[1917-12-14..1918-01-13]"),
        ("+1500-00-00T00:00:00Z", 9, "[1500-01-10..1501-01-10]"),
        ("+1600-00-00T00:00:00Z", 7, "[1501-01-11..1601-01-10]"),
    ],
)
def test_julian_dates_become_gregorian(text: str, precision: int, expected: str) -> None:
    """The day before the reform, the October Revolution, a leap day that only the Julian calendar has, the Ides."""
    assert expected == edtf(a_time(text, precision, JULIAN))


@given(st.dates(date(4, 3, 1)))
def test_julian_days_are_those_of_the_julian_day_number(day: date) -> None:
    """Against another algorithm: Richards, "Calendars", in the Explanatory Supplement, for the Julian calendar."""
    number = day.toordinal() + 1_721_425
    f = number + 1401
    e = 4 * f + 3
    h = 5 * (e % 1461 // 4) + 2
    month = (h // 153 + 2) % 12 + 1
    year = e // 1461 - 4716 + (14 - month) // 12
    text = f"+{year:04d}-{month:02d}-{h % 153 // 5 + 1:02d}T00:00:00Z"
    assert day.isoformat() == edtf(a_time(text, 11, JULIAN))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (a_time("1952-03-11", 11), "no time of Wikibase"),
        (a_time("+1952-03-00T00:00:00Z", 11), "has no day 00"),
        (a_time("+1952-00-00T00:00:00Z", 10), "has no month 0"),
        (a_time("+1900-02-29T00:00:00Z", 11), "1900-02-29"),
        (a_time("+1901-02-29T00:00:00Z", 11, JULIAN), "has no day 29"),
        (a_time("+1952-13-01T00:00:00Z", 11, JULIAN), "has no month 13"),
        (a_time("+1952-03-11T00:00:00Z", 15), "no precision"),
        (a_time("+1952-03-11T00:00:00Z", 11, "http://www.wikidata.org/entity/Q1"), "neither Gregorian nor Julian"),
        (a_time("+1952-03-11T00:00:00Z", 11, timezone="60"), "time zone"),
        (a_time("+12000-03-11T00:00:00Z", 11), "four digits"),
        (a_time("+0500-00-00T00:00:00Z", 5), "leaves no digit"),
        (a_time("+9999999999999999-00-00T00:00:00Z", 9), "four digits"),
        ("a text", "no time of Wikibase"),
        (None, "no time of Wikibase"),
    ],
)
def test_what_cannot_be_a_date_says_why(value: object, reason: str) -> None:
    """Nothing is rounded into shape."""
    with pytest.raises(ValueError, match=reason):
        edtf(value)


@given(
    st.integers(-20_000, 20_000).filter(bool),
    st.integers(0, 12),
    st.integers(0, 31),
    st.integers(0, 14),
    st.sampled_from([GREGORIAN, JULIAN]),
)
def test_whatever_it_gives_is_edtf(year: int, month: int, day: int, precision: int, model: str) -> None:
    """Or a ValueError, and nothing else."""
    text = f"{'-' if year < 0 else '+'}{abs(year):04d}-{month:02d}-{day:02d}T00:00:00Z"
    try:
        told = edtf(a_time(text, precision, model))
    except ValueError:
        return
    assert told == When.parse(told).edtf
