"""What a fact says: every shape, its digits, and which values are the same."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.value import (
    QUALIFIERS,
    EntityValue,
    Figure,
    Flag,
    Number,
    Quantity,
    Range,
    Text,
    Value,
    read_number,
    read_value,
    value_order,
)
from tests.event.plain import number

SHAPES: list[tuple[Any, Value]] = [
    ("rising", Text("rising")),
    ("16", Text("16")),
    (True, Flag(flag=True)),
    (False, Flag(flag=False)),
    (number("16"), Figure(Number("16"))),
    ({"entity": "bp"}, EntityValue("bp")),
    ({"amount": "1.55e9", "unit": "USD"}, Quantity(Number("1.55e9", quoted=True), "USD")),
    ({"amount": number("1.50"), "unit": "USD"}, Quantity(Number("1.50"), "USD")),
    ({"unit": "USD", "qualifier": "about", "amount": "1"}, Quantity(Number("1", quoted=True), "USD", "about")),
    ({"low": number("7"), "high": number("8"), "unit": "GW"}, Range(Number("7"), Number("8"), "GW")),
    ({"low": "-1", "high": "-1.0", "unit": "K"}, Range(Number("-1", quoted=True), Number("-1.0", quoted=True), "K")),
]


@pytest.mark.parametrize(("plain", "value"), SHAPES)
def test_shapes(plain: Any, value: Value) -> None:
    """Every shape of DESIGN 3 is read as its type."""
    assert value == read_value(plain)


@pytest.mark.parametrize(("plain", "value"), SHAPES)
def test_as_written(plain: Any, value: Value) -> None:
    """Every value goes back to the plain form it was read from."""
    assert plain == value.plain()


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        (number("1.50"), b"1.50"),
        (number("1.55e+9"), b"1.55e+9"),
        (number("-0.0"), b"-0.0"),
        ("16", b'"16"'),
        ({"amount": "1.55e9", "unit": "USD"}, b'{"amount":"1.55e9","unit":"USD"}'),
        (
            {"amount": number("61.80"), "unit": "K", "qualifier": "about"},
            b'{"amount":61.80,"unit":"K","qualifier":"about"}',
        ),
        ({"low": number("7.0"), "high": number("8"), "unit": "GW"}, b'{"low":7.0,"high":8,"unit":"GW"}'),
        ({"entity": "bp"}, b'{"entity":"bp"}'),
        (True, b"true"),
    ],
)  # fmt: skip
def test_answers_keep_digits(plain: Any, written: bytes) -> None:
    """In answers a number has the digits its author wrote, and quoted digits stay text."""
    assert written == msgspec.json.encode(read_value(plain).written())


@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_qualifiers(qualifier: str) -> None:
    """Every qualifier of the contract is known."""
    assert qualifier == getattr(read_value({"amount": "1", "unit": "USD", "qualifier": qualifier}), "qualifier", None)


@pytest.mark.parametrize(
    "spellings",
    [
        ("1.55e9", "1550000000", "1550000000.00", "1.55E+9", "155e7", "0.155e10"),
        ("0", "-0", "0.0", "0e5", "0E-7", "-0.00e+3"),
        ("-3", "-3.0", "-0.3e1", "-30e-1"),
        ("1e300", "10e299"),
        ("1e-300", "0.1e-299"),
        ("0.1", "1e-1", "0.10"),
        ("100", "1e2", "1.00e2"),
    ],
)
def test_same_numbers(spellings: tuple[str, ...]) -> None:
    """All spellings of one number are the same value."""
    assert 1 == len({read_value(number(digits)).same for digits in spellings})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (number("1"), number("-1")),
        (number("1"), number("10")),
        (number("1e300"), number("1e299")),
        (number("1e-300"), number("0")),
        (number("0.30000000000000004"), number("0.3")),
        (number("12345678901234567890123"), number("12345678901234567890124")),
        (number("1"), "1"),
        (True, "True"),
        ("bp", {"entity": "bp"}),
        (number("7"), {"amount": "7", "unit": "1"}),
        ({"amount": "7", "unit": "GW"}, {"amount": "7", "unit": "MW"}),
        ({"amount": "7", "unit": "GW"}, {"amount": "7", "unit": "GW", "qualifier": "about"}),
        ({"amount": "7", "unit": "GW"}, {"low": "7", "high": "7", "unit": "GW"}),
        ({"low": "7", "high": "8", "unit": "GW"}, {"low": "7", "high": "9", "unit": "GW"}),
    ],
)
def test_not_the_same(one: Any, other: Any) -> None:
    """Another number, unit, qualifier or shape makes another value."""
    assert read_value(one).same != read_value(other).same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"amount": "1.55e9", "unit": "USD"}, {"amount": number("1550000000"), "unit": "USD"}),
        ({"low": "7", "high": "8.0", "unit": "GW"}, {"high": number("8"), "low": number("7e0"), "unit": "GW"}),
        ("Az\u0259rbaycan \u00e9", "Az\u0259rbaycan e\u0301"),
        ({"amount": "1", "unit": "\u00e9"}, {"amount": "1", "unit": "e\u0301"}),
    ],
)
def test_same_values(one: Any, other: Any) -> None:
    """Quoting, field order, spelling and Unicode composition do not make another value."""
    assert read_value(one).same == read_value(other).same


@given(
    coefficient=st.integers(-(10**30), 10**30).filter(bool), exponent=st.integers(-200, 200), padding=st.integers(0, 30)
)
def test_padding(coefficient: int, exponent: int, padding: int) -> None:
    """Zeros moved between digits and exponent leave a number the same."""
    short, long = f"{coefficient}e{exponent}", f"{coefficient}{'0' * padding}e{exponent - padding}"
    assert read_number(number(short)).normal == read_number(number(long)).normal


@given(
    one=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    other=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
)
def test_same_is_equality(one: Decimal, other: Decimal) -> None:
    """Two numbers are the same if and only if they are equal as decimals."""
    values = [read_value(number(format(decimal, "f"))) for decimal in (one, other)]
    assert (one == other) is (values[0].same == values[1].same)


@given(digits=st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_normal_is_exact(digits: str) -> None:
    """The normal form of a number is the number."""
    assert Decimal(digits) == Decimal(read_number(number(digits)).normal)


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        (None, "expected text, a number"),
        (5, "expected text, a number"),
        (1.5, "expected text, a number"),
        (["bp"], "expected text, a number"),
        ({}, "got nothing"),
        ({"$number": "1", "unit": "USD"}, "got '$number, unit'"),
        ({"amount": "1"}, "got 'amount'"),
        ({"unit": "USD"}, "got 'unit'"),
        ({"amount": "1", "unit": "USD", "note": "x"}, "got 'amount, note, unit'"),
        ({"entity": "bp", "role": "operator"}, "got 'entity, role'"),
        ({"low": "1", "unit": "GW"}, "got 'low, unit'"),
        ({"low": "1", "high": "2", "unit": "GW", "qualifier": "about"}, "got 'high, low, qualifier, unit'"),
        ({"low": "8", "high": "7", "unit": "GW"}, "low is greater than high"),
        ({"low": "-7", "high": "-8", "unit": "GW"}, "low is greater than high"),
        ({"amount": "1", "unit": "USD", "qualifier": "roughly"}, "qualifier: expected one of about"),
        ({"amount": "1", "unit": "USD", "qualifier": True}, "qualifier: expected text"),
        ({"amount": True, "unit": "USD"}, "amount: expected a decimal number"),
        ({"amount": "", "unit": "USD"}, "amount: expected a decimal number"),
        ({"amount": "1", "unit": " "}, "unit: expected text"),
        ({"amount": "1", "unit": number("1")}, "unit: expected text"),
        ({"entity": ""}, "entity: expected text"),
        ({"entity": number("5")}, "entity: expected text"),
    ],
)  # fmt: skip
def test_refused(plain: Any, reason: str) -> None:
    """What is no value is refused with what was expected."""
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_value(plain)


@pytest.mark.parametrize(
    "digits",
    [
        "", " 1", "1 ", "+1", "01", "1.", ".5", "1e", "0x10", "0o17", "1_000", "1,5", "NaN", "Infinity", "-", "--1",
        "\u0661", "1\n", "1e400", "1e-400", "1e301", "9.9e-301", "0e999", "1e" + "9" * 30, "1e-" + "9" * 101, "1" * 101,
        "10" + "0" * 80 + "e250",
    ],
)  # fmt: skip
def test_no_numbers(digits: str) -> None:
    """What is no JSON number, or beyond 100 digits or 1e±300, is refused as a ValueError and nothing else."""
    with pytest.raises(ValueError, match=r"expected a decimal number|more than 100 digits|beyond 1e±300"):
        read_number(number(digits))


@pytest.mark.parametrize("digits", ["1e300", "-1e300", "1e-300", "9" * 100, "0." + "0" * 90 + "1"])
def test_limits(digits: str) -> None:
    """Numbers up to the limits are read with all their digits."""
    assert digits == read_number(number(digits)).digits


def test_unprintable_fields() -> None:
    """A refusal quotes field names so that no terminal obeys them."""
    with pytest.raises(ValueError, match=r"got '\\x1b\[31m'"):
        read_value({"\x1b[31m": "x"})


def test_order() -> None:
    """Values sort by kind, then by number and not by text, then by unit."""
    plain: list[Any] = [
        number("10"), number("9"), number("-1e3"), "b", "a",
        {"amount": "2", "unit": "USD"}, {"amount": "2", "unit": "EUR"},
        {"low": "1", "high": "2", "unit": "GW"}, False,
    ]  # fmt: skip
    values = sorted((read_value(item).same for item in plain), key=value_order)
    assert ["b:False", "n:-1e3", "n:9e0", "n:1e1", "q:2e0||EUR", "q:2e0||USD", "r:1e0|2e0|GW", "t:a", "t:b"] == values
