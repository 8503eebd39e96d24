from __future__ import annotations

import pytest

from chronicle.event.value import Figure, Number, Quantity, Range, Value
from chronicle.narrative.audit.figure_runs import FigureReader
from chronicle.narrative.audit.numerals import NumeralReader


def money(digits: str, qualifier: str | None = None, unit: str = "USD") -> Quantity:
    """An amount of money, of dollars unless told otherwise."""
    return Quantity(Number(digits), unit, qualifier)


def fault(text: str, value: Value, language: str = "en") -> str | None:
    """The kind of what is wrong with a figure as it is printed."""
    found = FigureReader(language, NumeralReader(language)).fault(text, "", value)
    return None if found is None else found[0]


CAPACITY = Range(Number("7"), Number("8"), "GW")
MILLIONS = Range(Number("7e6"), Number("8e6"), "EUR")


@pytest.mark.parametrize(
    ("text", "value", "language"),
    [
        ("$1.55 billion", money("1.55e9"), "en"),
        ("$1.55 billion", money("1550000000"), "en"),
        ("more than $133 million", money("133e6", "more-than"), "en"),
        ("7–8\u00a0GW", CAPACITY, "en"),
        ("7–8 Millionen €", MILLIONS, "de"),
        ("3.15%", money("3.15", unit="%"), "en"),
        ("16", Figure(Number("16")), "en"),
        ("1,55 milyard ABŞ dolları", money("1.55e9"), "az"),
        ("1,55 млрд долларов США", money("1.55e9"), "ru"),
        ("более 133 млн $", money("133e6", "more-than"), "ru"),
        ("1,55 milliard $US", money("1.55e9"), "fr"),
        ("%30", money("30", unit="%"), "tr"),
        ("7–8 giqavatt", CAPACITY, "az"),
        ("2.5 times", money("2.5", unit="times"), "en"),
    ],
)
def test_a_figure_that_is_its_fact_passes(text: str, value: Value, language: str) -> None:
    """A figure that is its fact passes, as each language writes it."""
    assert fault(text, value, language) is None


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("$1.56 billion", money("1.55e9"), "figure"),
        ("$1.55 million", money("1.55e9"), "figure"),
        ("$1.550 billion", money("1.55e9"), "figure"),
        ("$1.6 billion", money("1.55e9"), "figure"),
        ("$-1.55 billion", money("1.55e9"), "figure"),
        ("$1.55 billion and 3", money("1.55e9"), "figure"),
        ("7 GW", CAPACITY, "figure"),
        ("7.5 GW", CAPACITY, "figure"),
        ("€1.55 billion", money("1.55e9"), "unit"),
        ("1.55 billion", money("1.55e9"), "unit"),
        ("7–8 MW", CAPACITY, "unit"),
        ("30", money("30", unit="%"), "unit"),
        ("30%", Figure(Number("30")), "unit"),
        ("$133 million", money("133e6", "more-than"), "hedge"),
        ("at least $133 million", money("133e6", "more-than"), "hedge"),
        ("about $1.55 billion", money("1.55e9"), "hedge"),
        ("billions", money("1.55e9"), "figure"),
    ],
)
def test_a_figure_that_is_not_its_fact_is_found(text: str, value: Value, expected: str) -> None:
    """A figure that is not its fact is found: its digits, magnitude, unit and qualifier."""
    assert expected == fault(text, value)
