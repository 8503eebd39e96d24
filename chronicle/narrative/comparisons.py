"""What figures say of each other, computed: how many times, by how much, and what they were a year before.

Only like figures are compared: of one subject, unit and period shape, stated without a qualifier, and each in one way
only. No result has more digits than its figures warrant (`event.margin`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from chronicle.event.margin import Margin, exactly, margin_of, minus, over, times
from chronicle.event.span import periods_before
from chronicle.event.value import Quantity
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Sentence
from chronicle.narrative.language import Slot
from chronicle.narrative.pieces import Dims, Piece, pieces
from chronicle.narrative.setting import Setting
from chronicle.when import When

_MOST_DIGITS = 3
_TIMES_FROM = Fraction(2)


class _Slot(NamedTuple):
    """What a figure is of."""

    subject: str
    attribute: str
    dims: Dims
    unit: str
    lo: int
    hi: int


class Comparisons:
    """Finds the figures that a group of figures can be compared with."""

    def __init__(self, setting: Setting, told: Sequence[Told]) -> None:
        self._setting = setting
        self._language = setting.language
        self._at: dict[_Slot, list[Piece]] = defaultdict(list)
        self._told = {one.event.id: one for one in told}
        growths = (one.growth_of for one in setting.matter.attributes.values() if one.growth_of is not None)
        self._with_growth = frozenset(growths)
        revised: set[tuple[str, _Slot]] = set()
        for one in told:
            if one.has_happened and any(fact.period is not None for fact in one.event.facts):
                mended = [relation.event for relation in one.event.related if relation.relation == "revises"]
                for piece in pieces(one, setting):
                    slot = _slot(piece)
                    if slot is not None:
                        self._at[slot].append(piece)
                        revised |= {(name, slot) for name in mended}
        for name, slot in revised:
            self._at[slot] = [piece for piece in self._at[slot] if piece.stated.event.id != name]

    def of(self, told: Told, group: Sequence[Piece]) -> Iterator[Sentence]:
        """What the figures of a group revise, and what is computed from them and from those of the year before."""
        for piece in group:
            yield from self._revised(told, piece)
        alike = [(slot, piece) for piece in group if (slot := self._only(piece)) is not None]
        yield from self._sides(alike)
        for slot, piece in alike:
            yield from self._since_the_year_before(slot, piece)

    def _revised(self, told: Told, piece: Piece) -> Iterator[Sentence]:
        """What the event that is revised had given for the same (R13)."""
        revised = {relation.event for relation in told.event.related if relation.relation == "revises"}
        if not revised or piece.fact.period is None:
            return
        fact = piece.fact
        for name in sorted(revised):
            earlier = self._told.get(name)
            for before in [] if earlier is None else pieces(earlier, self._setting):
                was = before.fact
                same = (was.subject, was.attribute, was.dimensions, was.period) == (
                    fact.subject,
                    fact.attribute,
                    fact.dimensions,
                    fact.period,
                )
                if same and was.value is not None and fact.value is not None and was.value.same != fact.value.same:
                    runs = self._language.say(
                        "{attribute} had been given as {value}.",
                        attribute=self._language.attribute(fact.attribute),
                        value=self._setting.value(before.stated, attribute=True),
                    )
                    yield self._setting.sentence(runs, [piece.stated, before.stated])

    def _only(self, piece: Piece) -> _Slot | None:
        """The slot of a figure that nothing else contradicts."""
        slot = _slot(piece)
        stands = self._one(slot) if slot is not None else None
        return slot if stands is not None and _amount(stands) == _amount(piece) else None

    def _one(self, slot: _Slot) -> Piece | None:
        stated = self._at.get(slot, [])
        return stated[-1] if len({_amount(piece) for piece in stated}) == 1 else None

    def _sides(self, alike: Sequence[tuple[_Slot, Piece]]) -> Iterator[Sentence]:
        """The two parts of a declared sum, or the two sides of a declared balance that is not itself stated."""
        by_attribute = {slot.attribute: piece for slot, piece in alike}
        units = {slot.attribute: slot.unit for slot, _ in alike}
        for name, known in sorted(self._setting.matter.attributes.items()):
            pair = known.sum_of if len(known.sum_of) == 2 else []
            if known.balance_of is not None and name not in by_attribute:
                pair = [known.balance_of.exports, known.balance_of.imports]
            sides = [by_attribute[side] for side in pair if side in by_attribute]
            if len(sides) == 2 and sides[0] is not sides[1] and len({units[side] for side in pair}) == 1:
                larger, smaller = sorted(sides, key=_amount, reverse=True)
                yield from self._side_by_side(larger, smaller)
                return

    def _side_by_side(self, larger: Piece, smaller: Piece) -> Iterator[Sentence]:
        one, other = _margin(larger), _margin(smaller)
        if other.lo is None or other.lo <= 0:
            return
        apart, quotient = Fraction(_amount(larger)) - Fraction(_amount(smaller)), _quotient(larger, smaller)
        difference = _rounded(apart, minus(one, other))
        ratio = _rounded(quotient, over(one, other)[0], digits=2)
        if difference is None or difference <= 0:
            return
        slots: dict[str, Slot] = {
            "larger": self._language.attribute(larger.fact.attribute),
            "smaller": self._language.attribute(smaller.fact.attribute),
            "difference": self._language.computed(difference, _quantity(larger).unit),
        }
        said = self._said(larger), self._said(smaller)
        working = f"{said[0]} - {said[1]} = {self._computed(apart, _quantity(larger).unit)}"
        if ratio is not None and ratio >= _TIMES_FROM:
            slots["ratio"] = self._language.computed(ratio)
            working = f"{said[0]} / {said[1]} = {self._computed(quotient)}{self._language.text('; ')}{working}"
            runs = self._language.say(
                "By these figures, {larger} came to {ratio} times {smaller}, a difference of about {difference}.",
                **slots,
            )
        else:
            runs = self._language.say("By these figures, {larger} exceeded {smaller} by about {difference}.", **slots)
        yield self._setting.sentence(runs, [larger.stated, smaller.stated], working=working)

    def _since_the_year_before(self, slot: _Slot, piece: Piece) -> Iterator[Sentence]:
        """Growth on the same period of the year before, unless the attribute has a growth that sources state."""
        if slot.attribute in self._with_growth or slot.unit == "%":
            return
        lo, hi = periods_before(slot.lo, slot.hi)[0]
        base = self._one(slot._replace(lo=lo, hi=hi))
        if base is None or base.stated.ref == piece.stated.ref:
            return
        now, before = _margin(piece), _margin(base)
        if before.lo is None or before.lo <= 0 or now.lo is None or now.lo < 0:
            return
        quotient = _quotient(piece, base)
        margin = times(minus(over(now, before)[0], exactly(1)), exactly(100))
        rate = _rounded((quotient - 1) * 100, margin, digits=2)
        if rate is None or not rate:
            return
        base_period = base.fact.period
        assert base_period is not None
        slots: dict[str, Slot] = {
            "attribute": self._language.attribute(piece.fact.attribute),
            "rate": self._language.computed(abs(rate), "%"),
            "base": self._setting.value(base.stated, attribute=True),
            "when": self._language.period(base_period, fact=base.stated.ref),
        }
        if rate > 0:
            runs = self._language.say("{attribute} rose by about {rate}, from {base} {when:on}.", **slots)
        else:
            runs = self._language.say("{attribute} fell by about {rate}, from {base} {when:on}.", **slots)
        working = f"{self._said(piece)} / {self._said(base)} = {self._computed(quotient)}"
        yield self._setting.sentence(runs, [piece.stated, base.stated], working=working)

    def _said(self, piece: Piece) -> str:
        return "".join(run.text for run in self._setting.value(piece.stated))

    def _computed(self, number: Fraction, unit: str = "") -> str:
        """A result to six digits at most."""
        exact = Context(prec=6).divide(Decimal(number.numerator), Decimal(number.denominator))
        return self._language.computed(exact.normalize(), unit).text


def _slot(piece: Piece) -> _Slot | None:
    """None for what is compared with nothing: qualified, foreseen, or no figure of a period."""
    fact = piece.fact
    if piece.standing != "done" or fact.period is None or not fact.holds or not isinstance(fact.value, Quantity):
        return None
    when = When.parse(fact.period)
    if fact.value.qualifier is not None or when.strict_lo is None or when.strict_hi is None:
        return None
    return _Slot(fact.subject, fact.attribute, piece.dims, fact.value.unit, when.strict_lo, when.strict_hi)


def _quantity(piece: Piece) -> Quantity:
    value = piece.fact.value
    assert isinstance(value, Quantity)
    return value


def _amount(piece: Piece) -> Decimal:
    return _quantity(piece).amount.decimal


def _quotient(piece: Piece, other: Piece) -> Fraction:
    return Fraction(_amount(piece)) / Fraction(_amount(other))


def _margin(piece: Piece) -> Margin:
    margin = margin_of(_quantity(piece))
    assert margin is not None
    return margin


def _rounded(number: Fraction, margin: Margin, *, digits: int = _MOST_DIGITS) -> Decimal | None:
    """A result to no more digits than those that it is computed from warrant, and to `digits` at most.

    What the result can be is at most two units of its last digit to either side; None if no digit is left.
    """
    if margin.lo is None or margin.hi is None or not number:
        return None
    shown = _decimal(number)
    unit = (margin.hi - margin.lo) / 4
    exponent = shown.adjusted() - digits + 1
    if unit:
        finest = _decimal(unit).adjusted()
        exponent = max(exponent, finest if unit == Fraction(10) ** finest else finest + 1)
    return shown.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) if exponent <= shown.adjusted() else None


def _decimal(number: Fraction) -> Decimal:
    return Context(prec=60).divide(Decimal(number.numerator), Decimal(number.denominator))
