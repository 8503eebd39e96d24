"""What a fact says: text, a number, a boolean, an entity, a quantity or a range (DESIGN section 3).

Numbers keep their digits as written and are compared as exact decimals, never as floats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from chronicle.errors import shown

QUALIFIERS = ("about", "more-than", "less-than", "at-least", "at-most")
NUMBER_TAG = "$number"
MOST_DIGITS = 100
LARGEST_EXPONENT = 300

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)

Plain = str | bool | dict[str, object]
"""What a value is made of in a document: text, a boolean or a mapping; numbers are `{"$number": digits}`."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal; `digits` as written. `quoted` remembers that the author wrote it as text."""

    digits: str
    quoted: bool = False

    @property
    def decimal(self) -> Decimal:
        """The exact value."""
        return Decimal(self.digits)

    @property
    def normal(self) -> str:
        """One text for all spellings of the same number: 1.55e9 and 1550000000 give `155e7`."""
        sign, digits, exponent = self.decimal.as_tuple()
        text = "".join(map(str, digits)).lstrip("0")
        if not text:
            return "0"
        stripped = text.rstrip("0")
        return f"{'-' * sign}{stripped}e{int(exponent) + len(text) - len(stripped)}"

    def plain(self) -> Plain:
        """The form in documents and in the canonical payload."""
        return self.digits if self.quoted else {NUMBER_TAG: self.digits}

    def written(self) -> object:
        """The form in answers: a JSON number with its digits kept, or text where the author wrote text.

        It is an int where that has the same digits, otherwise raw JSON for msgspec's encoder.
        """
        if self.quoted:
            return self.digits
        plain = len(self.digits) <= LONGEST_INT and self.digits.removeprefix("-").isdecimal() and self.digits != "-0"
        return int(self.digits) if plain else msgspec.Raw(self.digits.encode())


def with_numbers(plain: Any, number: Callable[[str], object]) -> Any:
    """A document's plain form with `number(digits)` in the place of each `{"$number": digits}`."""
    if isinstance(plain, dict):
        if plain.keys() == {NUMBER_TAG}:
            return number(plain[NUMBER_TAG])
        return {name: with_numbers(item, number) for name, item in plain.items()}
    return [with_numbers(item, number) for item in plain] if isinstance(plain, list) else plain


def written(plain: Any) -> Any:
    """A document's plain form with its numbers as JSON numbers that keep their digits, for msgspec's encoder."""
    return with_numbers(plain, lambda digits: Number(digits).written())


LONGEST_INT = 18
"""An int of so many characters fits 64 bits, which is what JSON encoders count on."""


class Value:
    """The root of the value types; a document field of this type is read by `read_value`."""

    __slots__ = ()

    @property
    def same(self) -> str:
        """One text for all values that are *the same*: numerically equal, same unit, same qualifier."""
        raise AssertionError

    def plain(self) -> Plain:
        """The form in documents and in the canonical payload."""
        raise AssertionError

    def written(self) -> object:
        """The form in answers, as written by the author."""
        return self.plain()


@dataclass(frozen=True, slots=True)
class Text(Value):
    """Plain text, NFC."""

    text: str

    @property
    def same(self) -> str:
        return f"t:{self.text}"

    def plain(self) -> Plain:
        return self.text


@dataclass(frozen=True, slots=True)
class Flag(Value):
    """True or false."""

    flag: bool

    @property
    def same(self) -> str:
        return f"b:{self.flag}"

    def plain(self) -> Plain:
        return self.flag


@dataclass(frozen=True, slots=True)
class Figure(Value):
    """A number without a unit."""

    number: Number

    @property
    def same(self) -> str:
        return f"n:{self.number.normal}"

    def plain(self) -> Plain:
        return self.number.plain()

    def written(self) -> object:
        return self.number.written()


@dataclass(frozen=True, slots=True)
class EntityValue(Value):
    """A reference to a declared entity."""

    entity: str

    @property
    def same(self) -> str:
        return f"e:{self.entity}"

    def plain(self) -> Plain:
        return {"entity": self.entity}


@dataclass(frozen=True, slots=True)
class Quantity(Value):
    """An amount of a unit, perhaps qualified (`more-than`)."""

    amount: Number
    unit: str
    qualifier: str | None = None

    @property
    def same(self) -> str:
        return f"q:{self.amount.normal}|{self.qualifier or ''}|{self.unit}"

    def plain(self) -> Plain:
        rest = {} if self.qualifier is None else {"qualifier": self.qualifier}
        return {"amount": self.amount.plain(), "unit": self.unit, **rest}

    def written(self) -> object:
        rest = {} if self.qualifier is None else {"qualifier": self.qualifier}
        return {"amount": self.amount.written(), "unit": self.unit, **rest}


@dataclass(frozen=True, slots=True)
class Range(Value):
    """From `low` to `high`, both included, of a unit."""

    low: Number
    high: Number
    unit: str

    @property
    def same(self) -> str:
        return f"r:{self.low.normal}|{self.high.normal}|{self.unit}"

    def plain(self) -> Plain:
        return {"low": self.low.plain(), "high": self.high.plain(), "unit": self.unit}

    def written(self) -> object:
        return {"low": self.low.written(), "high": self.high.written(), "unit": self.unit}


def value_order(same: str) -> tuple[str, Decimal, str]:
    """Sort key for the `same` text of values: by kind, then by number where there is one, then as text."""
    kind, _, rest = same.partition(":")
    if kind in ("n", "q", "r"):
        number, _, tail = rest.partition("|")
        return kind, Decimal(number), tail
    return kind, Decimal(0), rest


def read_number(plain: object) -> Number:
    """A number from its document form. Raises ValueError saying what was expected."""
    digits, quoted = (plain, True) if isinstance(plain, str) else (None, False)
    if isinstance(plain, dict) and plain.keys() == {NUMBER_TAG}:
        digits = plain[NUMBER_TAG]
    if not isinstance(digits, str) or not _NUMBER.fullmatch(digits):
        raise ValueError("expected a decimal number such as 16, 1.55e9 or -0.3")
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > MOST_DIGITS or len(exponent) > MOST_DIGITS:
        raise ValueError(f"has more than {MOST_DIGITS} digits")
    if exponent and (abs(int(exponent)) > LARGEST_EXPONENT or abs(Decimal(digits).adjusted()) > LARGEST_EXPONENT):
        raise ValueError(f"is beyond 1e±{LARGEST_EXPONENT}")
    return Number(digits, quoted)


def is_number(text: str) -> bool:
    """The text is a number in the grammar of JSON (RFC 8259 section 6)."""
    return _NUMBER.fullmatch(text) is not None


def read_value(plain: object) -> Value:
    """A value from its document form. Raises ValueError saying what was expected."""
    if isinstance(plain, bool):
        return Flag(plain)
    if isinstance(plain, str):
        if not plain.strip():
            raise ValueError("is empty; leave the field out or give a value")
        return Text(unicodedata.normalize("NFC", plain))
    if not isinstance(plain, dict):
        raise ValueError("expected text, a number, true or false, {entity}, {amount, unit} or {low, high, unit}")
    match sorted(plain):
        case [tag] if tag == NUMBER_TAG:
            return Figure(read_number(plain))
        case ["entity"]:
            return EntityValue(_text(plain, "entity"))
        case ["amount", "unit"] | ["amount", "qualifier", "unit"]:
            qualifier = _text(plain, "qualifier") if "qualifier" in plain else None
            if qualifier is not None and qualifier not in QUALIFIERS:
                raise ValueError(f"qualifier: expected one of {', '.join(QUALIFIERS)}")
            return Quantity(_number(plain, "amount"), _text(plain, "unit"), qualifier)
        case ["high", "low", "unit"]:
            value = Range(_number(plain, "low"), _number(plain, "high"), _text(plain, "unit"))
            if value.low.decimal > value.high.decimal:
                raise ValueError("low is greater than high")
            return value
    got = shown(", ".join(sorted(map(str, plain)))) if plain else "nothing"
    raise ValueError(f"expected {{entity}}, {{amount, unit, qualifier?}} or {{low, high, unit}}, got {got}")


def _number(plain: dict[str, object], field: str) -> Number:
    try:
        return read_number(plain[field])
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def _text(plain: dict[str, object], field: str) -> str:
    text = plain[field]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{field}: expected text")
    return unicodedata.normalize("NFC", text)
