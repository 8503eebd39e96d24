"""What a stated figure leaves open: an amount means plus or minus half a unit of its last written digit.

All arithmetic is exact, on fractions. Bounds are included; None is without bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from chronicle.event.value import Figure, Number, Quantity, Range, Value

HALF = Fraction(1, 2)
MOST_ALTERNATIVES = 24
"""Of more stated figures for one thing only the hull is kept."""


class Margin(NamedTuple):
    """The numbers from `lo` to `hi`."""

    lo: Fraction | None
    hi: Fraction | None

    def meets(self, other: Margin) -> bool:
        """Some number lies in both."""
        above = self.lo is None or other.hi is None or self.lo <= other.hi
        return above and (other.lo is None or self.hi is None or other.lo <= self.hi)

    def __str__(self) -> str:
        match self:
            case (None, None):
                return "any number"
            case (None, Fraction() as hi):
                return f"at most {_text(hi)}"
            case (Fraction() as lo, None):
                return f"at least {_text(lo)}"
            case (Fraction() as lo, Fraction() as hi):
                return f"{_text(lo)} to {_text(hi)}"
        raise AssertionError


def margin_of(value: Value) -> Margin | None:
    """The numbers that a stated value can mean; None for what is no figure.

    A qualifier leaves one side: `more-than` and `at-least` have no upper bound, `less-than` and `at-most` no lower one.
    `about` means a whole unit of the last digit to either side instead of half of one, which is a convention.
    """
    match value:
        case Figure():
            return _around(value.number, HALF)
        case Range():
            low, high = _around(value.low, HALF), _around(value.high, HALF)
            return Margin(low.lo, high.hi)
        case Quantity():
            stated = _around(value.amount, Fraction(1) if value.qualifier == "about" else HALF)
            if value.qualifier in ("more-than", "at-least"):
                return Margin(stated.lo, None)
            if value.qualifier in ("less-than", "at-most"):
                return Margin(None, stated.hi)
            return stated
        case _:
            return None


def plus(one: Margin, other: Margin) -> Margin:
    """The sum."""
    return Margin(_add(one.lo, other.lo), _add(one.hi, other.hi))


def minus(one: Margin, other: Margin) -> Margin:
    """The difference."""
    return plus(one, _negative(other))


def times(one: Margin, factor: Margin) -> Margin:
    """The product; without bounds if either has none."""
    if None in one or None in factor:
        return _unbounded_product(one, factor)
    corners = [a * b for a in one for b in factor if a is not None and b is not None]
    return Margin(min(corners), max(corners))


def over(part: Margin, whole: Margin) -> Margin:
    """The quotient; any number if the whole may be zero or less."""
    if whole.lo is None or whole.lo <= 0:
        return Margin(None, None)
    least = Fraction(0) if whole.hi is None else 1 / whole.hi
    return times(part, Margin(least, 1 / whole.lo))


def joined(margins: Iterable[Margin]) -> list[Margin]:
    """The same numbers in as few margins as possible, in order; the hull of very many."""
    found: list[Margin] = []
    for one in sorted(margins, key=lambda margin: (margin.lo is not None, margin.lo or 0)):
        before = found[-1] if found else None
        if before is not None and before.meets(one):
            hi = None if before.hi is None or one.hi is None else max(before.hi, one.hi)
            found[-1] = Margin(before.lo, hi)
        else:
            found.append(one)
    return found if len(found) <= MOST_ALTERNATIVES else [Margin(found[0].lo, found[-1].hi)]


def _around(number: Number, units: Fraction) -> Margin:
    decimal = number.decimal
    exponent = decimal.as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    stated, width = Fraction(decimal), units * Fraction(10) ** exponent
    return Margin(stated - width, stated + width)


def _add(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _negative(margin: Margin) -> Margin:
    return Margin(None if margin.hi is None else -margin.hi, None if margin.lo is None else -margin.lo)


def _unbounded_product(one: Margin, factor: Margin) -> Margin:
    """Bounded below where neither can be negative, otherwise not at all."""
    if one.lo is not None and factor.lo is not None and one.lo >= 0 and factor.lo >= 0:
        return Margin(one.lo * factor.lo, None)
    return Margin(None, None)


def _text(number: Fraction) -> str:
    shortened = Context(prec=6).divide(Decimal(number.numerator), Decimal(number.denominator))
    return f"{shortened.normalize():f}" if abs(shortened.adjusted()) < 16 else f"{shortened.normalize():g}"
