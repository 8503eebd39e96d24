"""What a written figure leaves open, and exact arithmetic on that."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.margin import Margin, joined, margin_of, minus, over, plus, times
from chronicle.event.value import read_value


@pytest.mark.parametrize(
    ("value", "lo", "hi"),
    [
        ({"amount": "1.55e9", "unit": "USD"}, 1_545_000_000, 1_555_000_000),
        ({"amount": "1550000000", "unit": "USD"}, Decimal("1549999999.5"), Decimal("1550000000.5")),
        ({"amount": "3.150", "unit": "%"}, Decimal("3.1495"), Decimal("3.1505")),
        ({"amount": "-0.3", "unit": "%"}, Decimal("-0.35"), Decimal("-0.25")),
        ({"amount": "133e6", "unit": "USD", "qualifier": "more-than"}, 132_500_000, None),
        ({"amount": "133e6", "unit": "USD", "qualifier": "at-least"}, 132_500_000, None),
        ({"amount": "5", "unit": "kg", "qualifier": "less-than"}, None, Decimal("5.5")),
        ({"amount": "5", "unit": "kg", "qualifier": "at-most"}, None, Decimal("5.5")),
        ({"amount": "1.5e9", "unit": "USD", "qualifier": "about"}, 1_400_000_000, 1_600_000_000),
        ({"amount": "200", "unit": "m", "qualifier": "about"}, 100, 300),
        ({"low": "7", "high": "8.0", "unit": "GW"}, Decimal("6.5"), Decimal("8.05")),
        ({"$number": "16"}, Decimal("15.5"), Decimal("16.5")),
    ],
)
def test_what_a_figure_means(value: Any, lo: Any, hi: Any) -> None:
    """Half a unit of the last written digit to either side; a qualifier leaves one side, or widens both."""
    margin = margin_of(read_value(value))
    assert margin is not None
    assert (None if lo is None else Fraction(lo), None if hi is None else Fraction(hi)) == margin[:2]
    exclusive = isinstance(value, dict) and value.get("qualifier") in ("more-than", "less-than")
    assert exclusive == (margin.lo_open or margin.hi_open)


@pytest.mark.parametrize("value", ["1550", True, {"entity": "e"}])
def test_what_is_no_figure(value: Any) -> None:
    """Text, booleans and entities have no margin."""
    assert margin_of(read_value(value)) is None


numbers = st.fractions(-20, 20, max_denominator=4)


@st.composite
def margins(draw: st.DrawFn) -> Margin:
    """Any margin that holds a number."""
    lo, hi = draw(st.one_of(st.none(), numbers)), draw(st.one_of(st.none(), numbers))
    if lo is not None and hi is not None:
        lo, hi = min(lo, hi), max(lo, hi)
        if lo == hi:
            return Margin(lo, hi)
    return Margin(lo, hi, lo is not None and draw(st.booleans()), hi is not None and draw(st.booleans()))


def holds(margin: Margin, number: Fraction) -> bool:
    """The number lies in it."""
    above = margin.lo is None or margin.lo < number or (margin.lo == number and not margin.lo_open)
    return above and (margin.hi is None or number < margin.hi or (margin.hi == number and not margin.hi_open))


@given(margins(), margins(), numbers, numbers)
def test_arithmetic_holds_every_choice(one: Margin, other: Margin, a: Fraction, b: Fraction) -> None:
    """Sums, differences, products and quotients have those of all numbers that the margins hold."""
    if not (holds(one, a) and holds(other, b)):
        return
    assert holds(plus(one, other), a + b)
    assert holds(minus(one, other), a - b)
    assert holds(times(one, other), a * b)
    if b:
        assert any(holds(quotient, a / b) for quotient in over(one, other))


@given(margins(), margins(), numbers)
def test_meeting_is_having_a_number_in_common(one: Margin, other: Margin, number: Fraction) -> None:
    """Both hold some number, and it does not matter which is asked."""
    if holds(one, number) and holds(other, number):
        assert one.meets(other)
    assert one.meets(other) == other.meets(one)


@given(st.lists(margins(), min_size=1, max_size=8), numbers)
def test_joining_margins_neither_loses_nor_adds(some: list[Margin], number: Fraction) -> None:
    """The same numbers lie in what margins are joined to."""
    assert any(holds(one, number) for one in some) == any(holds(one, number) for one in joined(some))


def test_very_many_margins_become_their_hull() -> None:
    """So that what is computed from several of them stays bounded."""
    some = [Margin(Fraction(3 * n), Fraction(3 * n + 1)) for n in range(100)]
    assert [Margin(Fraction(0), Fraction(298))] == joined(some)
