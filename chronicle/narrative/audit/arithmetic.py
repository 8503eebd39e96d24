"""Arithmetic as it is shown: numbers, signs between blanks, and brackets, computed exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from chronicle.narrative.audit.numerals import DIGITS, Numeral

Token = Numeral | str

_TOKEN = re.compile(r"(?<!\S)[-+−×*÷/](?!\S)|[()]")
_MINUS_BEFORE = re.compile(r"(?:^|\s)[-−]\s+[^\w\s]*$")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w,])")
_OPERATIONS = {"−": "-", "×": "*", "÷": "/"}


def machine(text: str) -> list[Numeral]:
    """Numbers as documents write them: 1.49e9."""
    found = []
    for number in _NUMBER.finditer(text):
        value = Decimal(number[0])
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        found.append(Numeral(number.start(), number.end(), number[0], value, Decimal(1).scaleb(exponent)))
    return found


def tokens(text: str, reading: Callable[[str], list[Numeral]]) -> list[Token]:
    """Numbers, signs between blanks, and brackets in order; words and units are passed over."""
    read = [
        replace(one, value=abs(one.value)) if _MINUS_BEFORE.search(text, 0, one.start) else one for one in reading(text)
    ]
    found: list[tuple[int, Token]] = [(one.start, one) for one in read]
    found += [
        (sign.start(), _OPERATIONS.get(sign[0], sign[0]))
        for sign in _TOKEN.finditer(text)
        if not any(one.start <= sign.start() < one.end for one in read)
    ]
    return [token for _, token in sorted(found, key=lambda one: one[0])]


def outcome(tokens: list[Token]) -> Decimal | None:
    """The value of an expression of + - * / and brackets; None if it is none."""
    rest = list(tokens)
    try:
        with localcontext(prec=DIGITS):
            value = _sum(rest)
    except (IndexError, DivisionByZero, InvalidOperation):
        return None
    return value if not rest else None


def _sum(rest: list[Token]) -> Decimal:
    value = _product(rest)
    while rest and rest[0] in ("+", "-"):
        value = value + _product(rest) if rest.pop(0) == "+" else value - _product(rest)
    return value


def _product(rest: list[Token]) -> Decimal:
    value = _atom(rest)
    while rest and rest[0] in ("*", "/"):
        value = value * _atom(rest) if rest.pop(0) == "*" else value / _atom(rest)
    return value


def _atom(rest: list[Token]) -> Decimal:
    first = rest.pop(0)
    if isinstance(first, Numeral):
        return first.value
    if first == "(":
        value = _sum(rest)
        if rest.pop(0) == ")":
            return value
    raise InvalidOperation
