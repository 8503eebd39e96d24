"""Facts as columns: what of a fact stands in which column of a table, in plain types.

`value` is the value as it stands in documents, as JSON and exact. Amounts are decimals of 38 digits, nine of them after
the point, None where that does not hold them. Bounds are Unix seconds, half-open, None where there is none.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import msgspec

from chronicle.event.model import Fact
from chronicle.event.span import EARLIEST, FOREVER, SINCE_EVER, span_of
from chronicle.event.value import MOST_DIGITS, EntityValue, Figure, Flag, Number, Quantity, Range, Text, Value
from chronicle.event.value import written as as_json
from chronicle.when import When

PRECISION, SCALE = 38, 9
"""Of a decimal column: how many digits there are, and how many of them after the point."""

TIMES = ("from", "at", "until", "through", "period", "due")
"""The dates of a fact, as written."""

BOUNDS = ("from_lo", "from_hi", "until_lo", "until_hi")
"""Between which seconds it begins and ends."""

_EXACT = Context(prec=MOST_DIGITS)


def value_columns(value: Value | None) -> dict[str, Any]:
    """The columns that a value fills, by name: `value`, `value_type` and those of its kind; none without a value."""
    if value is None:
        return {}
    exact = {"value": msgspec.json.encode(as_json(value.plain())).decode()}
    match value:
        case Text(text):
            return {**exact, "value_type": "text", "text": text}
        case Flag():
            return {**exact, "value_type": "boolean"}
        case EntityValue(entity):
            return {**exact, "value_type": "entity", "entity": entity}
        case Figure(number):
            return {**exact, "value_type": "number", "amount": _decimal(number)}
        case Quantity(amount, unit, qualifier):
            amounts = {"amount": _decimal(amount), "unit": unit, "qualifier": qualifier}
            return {**exact, "value_type": "quantity", **amounts}
        case Range(low, high, unit):
            return {**exact, "value_type": "range", "low": _decimal(low), "high": _decimal(high), "unit": unit}
    raise AssertionError(value)


def time_columns(fact: Fact, occurred: When) -> dict[str, str | int | None]:
    """The dates of a fact as written, and when it holds; `occurred` is its event's."""
    span = span_of(fact, occurred)
    return {
        "from": fact.from_,
        **{name: getattr(fact, name) for name in TIMES if name != "from"},
        "from_lo": None if span.from_lo in (SINCE_EVER, EARLIEST) else span.from_lo,
        "from_hi": None if span.from_hi in (SINCE_EVER + 1, FOREVER) else span.from_hi,
        "until_lo": None if span.until_lo in (EARLIEST, FOREVER) else span.until_lo,
        "until_hi": None if span.until_hi > FOREVER else span.until_hi,
    }


def _decimal(number: Number) -> Decimal | None:
    """The number, if the column holds it exactly."""
    sign, digits, exponent = number.decimal.normalize(_EXACT).as_tuple()
    assert isinstance(exponent, int), "validated: a number is finite"
    fits = exponent >= -SCALE and len(digits) + exponent <= PRECISION - SCALE
    return Decimal((sign, digits, exponent)) if fits else None
