"""Figures in English."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.value import Figure, Number, Quantity, Range
from chronicle.narrative.language.figures import EN_DASH, NBSP, Figures
from chronicle.narrative.language.wording import Wording

figure = Figures(Wording("en")).said

AMOUNTS = [
    ("1.55e9", "USD", "$1.55 billion"),
    ("1550000000", "USD", "$1.55 billion"),
    ("61.8e6", "USD", "$61.8 million"),
    ("61.80e6", "USD", "$61.80 million"),
    ("133e6", "USD", "$133 million"),
    ("1e6", "USD", "$1 million"),
    ("999999", "USD", "$999,999"),
    ("133e3", "USD", "$133,000"),
    ("1364e9", "USD", "$1.364 trillion"),
    ("1234567890", "USD", "$1,234,567,890"),
    ("5", "USD", "$5"),
    ("1.50", "USD", "$1.50"),
    ("0", "USD", "$0"),
    ("-61.8e6", "USD", "-$61.8 million"),
    ("2e9", "EUR", "€2 billion"),
    ("3.4e9", "AZN", f"AZN{NBSP}3.4 billion"),
    ("3.15", "%", "3.15%"),
    ("30", "%", "30%"),
    ("18.40", "%", "18.40%"),
    ("2.5", "times", f"2.5{NBSP}times"),
    ("16", "GW", f"16{NBSP}GW"),
    ("9.5e9", "m3", f"9.5 billion{NBSP}m³"),
    ("1", "a", f"1{NBSP}year"),
    ("30", "a", f"30{NBSP}years"),
    ("37", "Cel", f"37{NBSP}°C"),
    ("7", "1", "7"),
    ("6.022e23", "mol", f"6.022 \u00d7 10²³{NBSP}mol"),
    ("1.5e-9", "m", f"1.5 \u00d7 10⁻⁹{NBSP}m"),
    ("0.005", "t", f"0.005{NBSP}t"),
    ("500e12", "USD", "$500 trillion"),
    ("1.5e16", "USD", "$15,000 trillion"),
]

RANGES = [
    ("7", "8", "GW", f"7{EN_DASH}8{NBSP}GW"),
    ("7", "8", "%", f"7{EN_DASH}8%"),
    ("7e9", "8.5e9", "USD", f"$7{EN_DASH}8.5 billion"),
    ("1.5e9", "2e9", "m3", f"1.5{EN_DASH}2 billion{NBSP}m³"),
    ("900e6", "1.2e9", "USD", "$900 million to $1.2 billion"),
    ("-5", "3", "Cel", f"-5{NBSP}°C to 3{NBSP}°C"),
    ("4", "4.0", "GW", f"4{NBSP}GW"),
    ("1500", "2500", "AZN", f"AZN{NBSP}1,500{EN_DASH}2,500"),
]


@pytest.mark.parametrize(("digits", "unit", "expected"), AMOUNTS)
def test_an_amount_has_the_digits_of_its_source_and_no_more(digits: str, unit: str, expected: str) -> None:
    """An amount has the digits of its source and no more."""
    assert figure(Quantity(Number(digits), unit)) == expected


@pytest.mark.parametrize(("low", "high", "unit", "expected"), RANGES)
def test_a_range_says_its_unit_once(low: str, high: str, unit: str, expected: str) -> None:
    """A range says its unit once."""
    assert figure(Range(Number(low), Number(high), unit)) == expected


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("16", "16"),
        ("1994", "1994"),
        ("10139177", "10,139,177"),
        ("1.5e6", "1.5 million"),
        ("0.50", "0.50"),
        ("-3", "-3"),
    ],
)
def test_a_number_without_a_unit(digits: str, expected: str) -> None:
    """A number without a unit."""
    assert figure(Figure(Number(digits))) == expected


def test_qualifiers_are_told() -> None:
    """Qualifiers are told."""
    said = [
        figure(Quantity(Number("5"), "GW", name)) for name in ("about", "more-than", "less-than", "at-least", "at-most")
    ]
    assert said == [f"{words} 5{NBSP}GW" for words in ("about", "more than", "less than", "at least", "at most")]


def test_a_unit_that_the_words_around_name_is_left_out_but_a_symbol_never_is() -> None:
    """A unit that the words around name is left out but a symbol never is."""
    assert figure(Quantity(Number("200"), "companies", "more-than"), unit_known=True) == "more than 200"
    assert figure(Quantity(Number("200"), "USD"), unit_known=True) == "$200"
    assert figure(Quantity(Number("7"), "GW"), unit_known=True) == f"7{NBSP}GW"


def test_a_hundred_digits_are_not_rounded() -> None:
    """A hundred digits are not rounded."""
    digits = "1" + "23456789" * 12 + ".125"
    assert figure(Figure(Number("0." + "1234567890" * 9))) == "0." + "1234567890" * 9
    assert "".join(filter(str.isdigit, figure(Figure(Number(digits))).partition(" ")[0])) == digits.replace(".", "")


def test_the_largest_and_smallest_numbers_are_short() -> None:
    """The largest and smallest numbers are short."""
    assert figure(Figure(Number("1e300"))) == "1 \u00d7 10³⁰⁰"
    assert figure(Figure(Number("-2.5e-300"))) == "-2.5 \u00d7 10⁻³⁰⁰"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**17), max_value=10**17))
def test_reading_the_words_back_gives_the_number(number: Decimal) -> None:
    """Reading the words back gives the number."""
    text = figure(Figure(Number(format(number, "f"))))
    scale = {"million": 6, "billion": 9, "trillion": 12}
    digits, _, word = text.replace(",", "").partition(" ")
    power = 0
    if word.startswith("\u00d7"):
        power = int(word[4:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    assert Decimal(digits).scaleb(scale.get(word, power)) == number
