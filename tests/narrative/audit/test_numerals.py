from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.audit.numerals import NumeralReader

LANGUAGES = ("en", "az", "tr", "ru", "de", "fr")
languages = st.sampled_from(LANGUAGES)
decimals = st.decimals(min_value=-(10**15), max_value=10**15, places=3, allow_nan=False)


def values(text: str, language: str = "en") -> list[str]:
    """The numbers that a text is read as, in plain digits."""
    return [format(one.value, "f") for one in NumeralReader(language).read(text)]


@given(decimals, languages)
def test_what_cldr_writes_is_read_back(number: Decimal, language: str) -> None:
    """What CLDR writes is read back."""
    text = format_decimal(number, format="#,##0.000", locale=language)
    [read] = NumeralReader(language).read(text)
    assert (number, Decimal("0.001")) == (read.value, read.worth)


@given(st.integers(min_value=2, max_value=999), st.sampled_from((3, 6, 9, 12)), languages)
def test_magnitudes_are_read_back_in_words(count: int, power: int, language: str) -> None:
    """Magnitudes are read back in words, of whatever plural."""
    text = format_compact_decimal(count * 10**power, format_type="long", locale=language)
    assert [Decimal(count).scaleb(power)] == [one.value for one in NumeralReader(language).read(text)]


@given(decimals, languages, st.sampled_from(("USD", "AZN", "EUR")))
def test_signs_of_money_do_not_hide_a_minus(number: Decimal, language: str, currency: str) -> None:
    """Signs of money do not hide a minus."""
    text = format_currency(number, currency, locale=language, currency_digits=False, format="¤\u00a0#,##0.000")
    assert [number] == [one.value for one in NumeralReader(language).read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7–8 GW", ["7", "8"]),
        ("from 1,234.50 to 1994", ["1234.50", "1994"]),
        ("1.2 × 10⁻⁷", ["0.00000012"]),
        ("3.15%, 20,000 and 1.55 billion.", ["3.15", "20000", "1550000000"]),
        ("the 1990s, H2O, CO2 and m3", ["1990"]),
        ("an F-16", ["16"]),
        ("−5 °C and -0.5", ["-5", "-0.5"]),
        ("no number", []),
    ],
)
def test_english_numbers_are_read_as_a_reader_does(text: str, expected: list[str]) -> None:
    """English numbers are read as a reader does."""
    assert expected == values(text)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("az", "1994-cü ildə 2,35 milyard", ["1994", "2350000000"]),
        ("tr", "1994’te 2,35 milyarlık", ["1994", "2350000000"]),
        ("ru", "около 1,55 млрд, 133 миллионами", ["1550000000", "133000000"]),
        ("de", "12.345,6 und 133 Mio. €", ["12345.6", "133000000"]),
        ("fr", "1,55 milliard et 12\u202f345,6", ["1550000000", "12345.6"]),
    ],
)
def test_endings_and_separators_are_those_of_the_language(language: str, text: str, expected: list[str]) -> None:
    """Endings and separators are those of the language."""
    assert expected == values(text, language)


def test_a_word_that_is_the_unit_is_no_magnitude() -> None:
    """A word that is the unit is no magnitude: `min` is a thousand in Azerbaijani, and a minute everywhere."""
    reader = NumeralReader("az")
    assert (Decimal(5000), Decimal(5)) == (reader.read("5 min")[0].value, reader.read("5 min", "min")[0].value)


def test_a_printed_number_stands_for_what_rounds_to_it() -> None:
    """A printed number stands for what rounds to it, to either side of a half, and for nothing else."""
    [read] = NumeralReader("en").read("$1.43 billion")
    exact = [Decimal(text) for text in ("1.425e9", "1.4282e9", "1.435e9", "1.4249e9", "1.4351e9")]
    assert [True, True, True, False, False] == [read.rounds(one) for one in exact]
