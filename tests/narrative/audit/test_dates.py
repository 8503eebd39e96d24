from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.audit.date_runs import DateReader
from chronicle.narrative.audit.numerals import NumeralReader

LANGUAGES = ("en", "az", "tr", "ru", "de", "fr")
languages = st.sampled_from(LANGUAGES)
days = st.dates(min_value=date(1, 1, 1))


def fault(text: str, *edtf: str, language: str = "en", around: str | None = None) -> str | None:
    """The kind of what is wrong with a date as it is printed."""
    found = DateReader(language, NumeralReader(language)).fault(text, around or text, edtf)
    return None if found is None else found[0]


@given(days, languages)
def test_a_day_may_be_told_as_cldr_writes_it(day: date, language: str) -> None:
    """A day may be told as CLDR writes it, and as its month or year."""
    long = format_date(day, "long", locale=language).replace(" г.", "")
    told = [long, f"{day.year:04d}", day.isoformat()]
    assert [None] * 3 == [fault(text, f"{day.year:04d}-{day:%m-%d}", language=language) for text in told]


@given(days, days, languages)
def test_no_other_day_may_be_told(day: date, other: date, language: str) -> None:
    """No day of another year or month may be told for it."""
    wrong = (day.year, day.month) != (other.year, other.month) and other.year not in (day.year, day.day)
    text = format_date(other, "long", locale=language)
    assert not wrong or fault(text, f"{day.year:04d}-{day:%m-%d}", language=language) == "date"


@given(days, languages)
def test_nothing_finer_than_the_date_may_be_told(day: date, language: str) -> None:
    """A month may not be told as a day of it, and a year not as a month of it."""
    year, month = f"{day.year:04d}", f"{day.year:04d}-{day:%m}"
    text = format_date(day.replace(day=31 if day.month == 1 else 28), "long", locale=language)
    fine = day.year not in (28, 31)
    assert not fine or [fault(text, one, language=language) for one in (year, month)] == ["date", "date"]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("In the first nine months of 2025", "2025-01/2025-09"),
        ("the third quarter of 2025", "2025-35"),
        ("Q3 2025", "2025-35"),
        ("July to September 2025", "2025-35"),
        ("January–September 2025", "2025-01/2025-09"),
        ("the 1990s", "199X"),
        ("44 BC", "-0043"),
        ("about 1994", "1994~"),
        ("spring 1994", "1994-21"),
        ("10 or 11 February 2026", "[2026-02-10,2026-02-11]"),
        ("by 24 February 2026", "[..2026-02-24]"),
        ("since February 2026", "2026-02/.."),
        ("11 June 2004, 10:11:12 (UTC+05:00)", "2004-06-11T10:11:12+05:00"),
        ("in May", "2026-05-01"),
        ("", "2026"),
    ],
)
def test_what_a_date_says_may_be_said(text: str, edtf: str) -> None:
    """What a date says, or what follows from it, may be said."""
    assert fault(text, edtf) is None


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("20 September 1994", "1994"),
        ("September 1994", "1994"),
        ("March 1994", "1994-21"),
        ("In the first eight months of 2025", "2025-01/2025-09"),
        ("the second quarter of 2025", "2025-35"),
        ("Q2 2025", "2025-35"),
        ("Tuesday 20 September 1994", "1994-09-20"),
        ("spring 1994", "1994"),
        ("1995", "1994"),
        ("1994.5", "1994"),
    ],
)
def test_what_a_date_does_not_say_is_found(text: str, edtf: str) -> None:
    """What a date does not say is found, even where it is true of it."""
    assert fault(text, edtf) == "date"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("in 1994", "1994~"),
        ("in 1994", "1994?"),
        ("on 24 February 2026", "[..2026-02-24]"),
        ("on 10 February 2026", "[2026-02-10,2026-02-11]"),
        ("in February 2026", "2026-02/.."),
    ],
)
def test_a_date_may_not_be_told_more_surely_than_it_is(text: str, edtf: str) -> None:
    """A date may not be told more surely than it is."""
    assert fault(text, edtf) == "hedge"


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("az", "2025-ci ilin doqquz ayında", "2025-01/2025-09"),
        ("az", "2026-cı ilin fevralında", "2026-02"),
        ("ru", "в мае 2026 года", "2026-05"),
        ("ru", "за первые девять месяцев 2025 года", "2025-01/2025-09"),
        ("de", "im dritten Quartal 2025", "2025-35"),
        ("fr", "le 1er janvier 2025", "2025-01-01"),
        ("tr", "Şubat 2026’da", "2026-02"),
    ],
)
def test_other_languages_are_read_with_their_endings(language: str, text: str, edtf: str) -> None:
    """Other languages are read with their endings, and a slip in them is found."""
    wrong = edtf.replace("2025", "2031").replace("2026", "2032")
    assert (None, "date") == (fault(text, edtf, language=language), fault(text, wrong, language=language))
