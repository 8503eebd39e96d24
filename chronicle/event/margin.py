"""What a stated figure leaves open: an amount means plus or minus half a unit of its last written digit.

All arithmetic is exact, on fractions. A bound of None is none; every other is included unless it is said to be open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import NamedTuple

from chronicle.event.value import Figure, Number, Quantity, Range, Value

HALF = Fraction(1, 2)
MOST_ALTERNATIVES = 24
"""Of more stated figures for one thing only the hull is kept."""

_ZERO = (0, Fraction(0))
_End = tuple[tuple[int, Fraction], bool]
"""A bound as (-1, 0 or 1 for minus infinity, finite or infinity; its number), in that order; and whether it is open."""


class Margin(NamedTuple):
    """The numbers from `lo` to `hi`; it holds at least one."""

    lo: Fraction | None
    hi: Fraction | None
    lo_open: bool = False
    hi_open: bool = False

    def meets(self, other: Margin) -> bool:
        """Some number lies in both."""
        return _reaches(self, other) and _reaches(other, self)

    def text(self, digits: int = 6) -> str:
        """In words. Numbers that need more than fifteen digits are rounded to `digits`."""
        lo, hi = (None if end is None else _written(end, digits) for end in (self.lo, self.hi))
        if lo is None or hi is None:
            below = f"{'less than' if self.hi_open else 'at most'} {hi}"
            above = f"{'more than' if self.lo_open else 'at least'} {lo}"
            return above if lo is not None else below if hi is not None else "any number"
        return f"{lo} to {hi}"


Margins = Sequence[Margin]
"""Alternatives: the numbers that lie in any of them."""


def margin_of(value: Value) -> Margin | None:
    """The numbers that a stated value can mean; None for what is no figure.

    A qualifier leaves one side: `more-than` and `at-least` have no upper bound, `less-than` and `at-most` no lower one;
    the bound itself is as imprecise as any amount, and left out by `more-than` and `less-than`. `about` means a whole
    unit of the last digit that is not zero, to either side (1.5e9 from 1.4e9 to 1.6e9, 200 from 100 to 300): the round
    unit convention, under which the zeros of a round number say nothing.
    """
    match value:
        case Figure():
            return _around(value.number, HALF)
        case Range():
            return Margin(_around(value.low, HALF).lo, _around(value.high, HALF).hi)
        case Quantity(amount, _, "about"):
            return _around(_rounded(amount), Fraction(1))
        case Quantity(amount, _, qualifier):
            stated = _around(amount, HALF)
            if qualifier in ("more-than", "at-least"):
                return Margin(stated.lo, None, lo_open=qualifier == "more-than")
            if qualifier in ("less-than", "at-most"):
                return Margin(None, stated.hi, hi_open=qualifier == "less-than")
            return stated
        case _:
            return None


def exactly(number: int) -> Margin:
    """One number."""
    return Margin(Fraction(number), Fraction(number))


def plus(one: Margin, other: Margin) -> Margin:
    """The sum."""
    lo = None if one.lo is None or other.lo is None else one.lo + other.lo
    hi = None if one.hi is None or other.hi is None else one.hi + other.hi
    lo_open, hi_open = one.lo_open or other.lo_open, one.hi_open or other.hi_open
    return Margin(lo, hi, lo_open and lo is not None, hi_open and hi is not None)


def minus(one: Margin, other: Margin) -> Margin:
    """The difference."""
    return plus(one, _negative(other))


def times(one: Margin, other: Margin) -> Margin:
    """The product."""
    corners = [_corner(a, b) for a in _ends(one) for b in _ends(other)]
    (lo_inf, lo), lo_open = min(corners, key=lambda end: (end[0], end[1]))
    (hi_inf, hi), hi_open = max(corners, key=lambda end: (end[0], not end[1]))
    return Margin(None if lo_inf else lo, None if hi_inf else hi, lo_open and not lo_inf, hi_open and not hi_inf)


def over(part: Margin, whole: Margin) -> list[Margin]:
    """The quotient by all numbers of the whole but zero: two margins if it has some on either side of zero."""
    found = []
    if whole.lo is None or whole.lo < 0:
        found.append(_over_positive(_negative(part), _positive(_negative(whole))))
    if whole.hi is None or whole.hi > 0:
        found.append(_over_positive(part, _positive(whole)))
    return joined(found)


def each(compute: Callable[[Margin, Margin], Iterable[Margin]], one: Margins, other: Margins) -> list[Margin]:
    """What is computed from any of one and any of another."""
    return joined(margin for a in one for b in other for margin in compute(a, b))


def joined(margins: Iterable[Margin]) -> list[Margin]:
    """The same numbers in as few margins as possible, in order; the hull of very many."""
    found: list[Margin] = []
    for one in sorted(margins, key=_lower):
        if found and found[-1].meets(one):
            found[-1] = _hull(found[-1], one)
        else:
            found.append(one)
    return found if len(found) <= MOST_ALTERNATIVES else [_hull(found[0], found[-1])]


def _reaches(lower: Margin, upper: Margin) -> bool:
    """The lower bound of one does not lie above the upper bound of the other."""
    if lower.lo is None or upper.hi is None:
        return True
    return lower.lo < upper.hi or (lower.lo == upper.hi and not lower.lo_open and not upper.hi_open)


def _lower(margin: Margin) -> tuple[bool, Fraction, bool]:
    return margin.lo is not None, margin.lo or Fraction(0), margin.lo_open


def _upper(margin: Margin) -> tuple[bool, Fraction, bool]:
    return margin.hi is None, margin.hi or Fraction(0), not margin.hi_open


def _hull(one: Margin, other: Margin) -> Margin:
    lowest, highest = min(one, other, key=_lower), max(one, other, key=_upper)
    return Margin(lowest.lo, highest.hi, lowest.lo_open, highest.hi_open)


def _around(number: Number, units: Fraction) -> Margin:
    decimal = number.decimal
    exponent = decimal.as_tuple().exponent
    assert isinstance(exponent, int), "numbers are finite"
    stated, width = Fraction(decimal), units * Fraction(10) ** exponent
    return Margin(stated - width, stated + width)


def _rounded(number: Number) -> Number:
    """The same number without trailing zeros; zero as it is."""
    return number if number.normal == "0" else Number(number.normal)


def _negative(margin: Margin) -> Margin:
    lo, hi = (None if end is None else -end for end in (margin.hi, margin.lo))
    return Margin(lo, hi, margin.hi_open, margin.lo_open)


def _positive(margin: Margin) -> Margin:
    """The numbers above zero of a margin that has some."""
    return margin if margin.lo is not None and margin.lo > 0 else margin._replace(lo=Fraction(0), lo_open=True)


def _over_positive(part: Margin, whole: Margin) -> Margin:
    assert whole.lo is not None
    inverse = Margin(
        Fraction(0) if whole.hi is None else 1 / whole.hi,
        1 / whole.lo if whole.lo else None,
        lo_open=whole.hi is None or whole.hi_open,
        hi_open=bool(whole.lo) and whole.lo_open,
    )
    return times(part, inverse)


def _ends(margin: Margin) -> tuple[_End, _End]:
    lo = ((0, margin.lo), margin.lo_open) if margin.lo is not None else ((-1, Fraction(0)), True)
    hi = ((0, margin.hi), margin.hi_open) if margin.hi is not None else ((1, Fraction(0)), True)
    return lo, hi


def _corner(one: _End, other: _End) -> _End:
    """The product of two bounds; zero times anything is zero, also where that is without bound."""
    (a, a_open), (b, b_open) = one, other
    if _ZERO in (a, b):
        return _ZERO, not ((a == _ZERO and not a_open) or (b == _ZERO and not b_open))
    if a[0] or b[0]:
        return (_sign(a) * _sign(b), Fraction(0)), True
    return (0, a[1] * b[1]), a_open or b_open


def _sign(end: tuple[int, Fraction]) -> int:
    return end[0] or (1 if end[1] > 0 else -1)


def _written(number: Fraction, digits: int) -> str:
    numerator, denominator = Decimal(number.numerator), Decimal(number.denominator)
    exact = Context(prec=15)
    shown = exact.divide(numerator, denominator)
    if exact.flags[Inexact]:
        shown = Context(prec=digits).divide(numerator, denominator)
    return f"{shown.normalize():f}" if abs(shown.adjusted()) < 16 else f"{shown.normalize():g}"
