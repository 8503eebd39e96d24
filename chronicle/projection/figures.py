"""Figures of periods side by side: what can be computed from them, and which facts it was computed from.

Only amounts of one unit and of like periods are compared: anything else is refused. Nothing is computed from a
qualified amount: `more than` has no difference. Growth is on the same period of the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, ClassVar

from chronicle.errors import ProjectionError, shown
from chronicle.event.model import Event, Fact
from chronicle.event.span import DAY, periods_before
from chronicle.event.value import Quantity
from chronicle.projection.projection import Moment, Projection, on
from chronicle.when import When

PARTNER = "partner"
_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)

Period = tuple[int, int]
"""The Unix seconds of a definite period, half-open and in whole days."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount as some fact states it; `fact` is EVENT#N, the N-th fact of its event, counted from 1."""

    amount: Decimal
    unit: str
    period: Period
    qualifier: str | None
    fact: str

    @property
    def exact(self) -> bool:
        """It says how much, not more or less than what."""
        return self.qualifier is None


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed figure, with the facts it was computed from."""

    amount: Decimal
    facts: tuple[str, ...]


def difference(one: Stated | None, other: Stated | None) -> Derived | None:
    """One less the other. Raises ProjectionError unless both are of one unit and period."""
    if one is None or other is None:
        return None
    _refuse_unlike(one, other, like=one.period == other.period)
    return _derived(_EXACT.subtract(one.amount, other.amount), one, other)


def percent(part: Stated | None, whole: Stated | None) -> Derived | None:
    """The part in per cent of the whole, to two decimals, halves to even; None of nothing. Raises as `difference`."""
    if part is None or whole is None:
        return None
    _refuse_unlike(part, whole, like=part.period == whole.period)
    return _derived(_ratio(part.amount, whole.amount), part, whole) if whole.amount else None


def growth(now: Stated | None, before: Stated | None) -> Derived | None:
    """By how many per cent it grew, to two decimals, halves to even; None on what was not positive.

    Raises ProjectionError unless both are of one unit, and the second of the same period of the year before.
    """
    if now is None or before is None:
        return None
    _refuse_unlike(now, before, like=periods_before(*now.period)[0] == before.period)
    if before.amount <= 0:
        return None
    return _derived(_ratio(_EXACT.subtract(now.amount, before.amount), before.amount), now, before)


def _refuse_unlike(one: Stated, other: Stated, *, like: bool) -> None:
    if one.unit != other.unit:
        raise ProjectionError(f"{one.fact} is in {shown(one.unit)}, {other.fact} in {shown(other.unit)}: not compared")
    if not like:
        raise ProjectionError(f"{one.fact} and {other.fact} are of unlike periods: not compared")


def _ratio(number: Decimal, by: Decimal) -> Decimal:
    return _EXACT.quantize(_EXACT.divide(_EXACT.multiply(number, _HUNDRED), by), _CENT)


def _derived(amount: Decimal, *used: Stated) -> Derived | None:
    return Derived(amount, tuple(one.fact for one in used)) if all(one.exact for one in used) else None


def amounts(*figures: Stated | Derived | None) -> tuple[Decimal | None, ...]:
    """The amounts alone, in the order given."""
    return tuple(None if one is None else one.amount for one in figures)


def facts(*figures: Stated | Derived | None) -> str:
    """All facts that figures rest on, each once, in the order of their first use, separated by spaces."""
    used = (fact for one in figures if one is not None for fact in _facts(one))
    return " ".join(dict.fromkeys(used))


def _facts(one: Stated | Derived) -> tuple[str, ...]:
    return one.facts if isinstance(one, Derived) else (one.fact,)


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures stand side by side; `written` is the period as some fact has it."""

    partner: str
    unit: str
    period: Period
    written: str


class Sheet:
    """The stated amounts of a subject, by attribute, partner, unit and period."""

    def __init__(self, claims: Mapping[str, Sequence[Any]], last_second: int | None) -> None:
        """Take the claims of one subject, up to a second: a period that ends later, a forecast, has no figures yet."""
        self._cells: dict[tuple[str, str, str, Period], Stated] = {}
        self._written: dict[Period, str] = {}
        for key in sorted(claims):
            _, attribute, partner, period, amount, unit, qualifier, fact = claims[key]
            bounds = _bounds(period)
            if amount is None or bounds is None or (last_second is not None and bounds[1] > last_second + 1):
                continue
            self._written.setdefault(bounds, period)
            self._cells[attribute, partner, unit, bounds] = Stated(Decimal(amount), unit, bounds, qualifier, fact)

    def places(self, attributes: Iterable[str]) -> Iterator[Place]:
        """Where one of the attributes is stated, by partner, unit and period."""
        wanted = set(attributes)
        for partner, unit, period in sorted({key[1:] for key in self._cells if key[0] in wanted}):
            yield Place(partner, unit, period, self._written[period])

    def at(self, attribute: str, place: Place, *, unit: str | None = None, partner: str | None = None) -> Stated | None:
        """What is stated there, or in another unit, or of another partner (of all for the empty text)."""
        found = place.partner if partner is None else partner
        return self._cells.get((attribute, found, unit or place.unit, place.period))

    def year_before(self, attribute: str, place: Place) -> Stated | None:
        """What is stated of the same period of the year before."""
        return self._cells.get((attribute, place.partner, place.unit, periods_before(*place.period)[0]))


def _bounds(period: str) -> Period | None:
    when = When.parse(period)
    lo, hi = when.strict_lo, when.strict_hi
    return None if lo is None or hi is None or lo % DAY or hi % DAY else (lo, hi)


class Figures(Projection):
    """What the projections of figures share: they keep the amounts of some attributes, by subject.

    Of two claims of one thing the later report counts, as in the state; a denial, or a value that is no amount, leaves
    nothing in its place. A fact with another dimension than `partner` is of something else, and left out.
    """

    attributes: ClassVar[Sequence[str]] = ()

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{fact.subject}" for fact in event.facts if fact.attribute in self.attributes}

    def time_of(self, fact: Fact) -> str | None:
        """The period that a fact is of; None leaves it out."""
        return fact.period

    @on("*")
    def _keep(self, state: Any, event: Event, moment: Moment) -> None:
        """A part's own subject is in all of its events: only those that have been so far are kept."""
        subjects = {fact.subject for fact in event.facts if fact.attribute in self.attributes}
        for other in state.keys() - subjects:
            del state[other]
        kept = set(state) or subjects
        for subject in kept:
            state.setdefault(subject, {})
        for number, fact in enumerate(event.facts, 1):
            period = self.time_of(fact) if fact.subject in kept and fact.attribute in self.attributes else None
            bounds = None if period is None else _bounds(period)
            if bounds is None or fact.dimensions.keys() - {PARTNER}:
                continue
            partner = fact.dimensions.get(PARTNER, "")
            claims = state[fact.subject]
            key = f"{fact.attribute} {partner} {bounds[0]} {bounds[1]}"
            if key in claims and claims[key][0] > moment.reported:
                continue
            told: list[str | None] = [None, None, None]
            if isinstance(fact.value, Quantity) and fact.holds:
                told = [str(fact.value.amount.decimal), fact.value.unit, fact.value.qualifier]
            claims[key] = [moment.reported, fact.attribute, partner, period, *told, f"{event.id}#{number}"]
