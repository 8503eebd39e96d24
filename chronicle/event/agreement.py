"""Figures that must agree: declared sums, shares, balances and growth, tried against what is stated.

Attributes declare `sum_of`, `share_of`, `balance_of` and `growth_of`. Figures are compared that stand for the same
subject, time and dimensions; the whole of a share may have fewer dimensions than the share. They disagree only if no
numbers that they can mean fit together (`event.margin`), and if several are stated for one thing, only if none of them
fits. Not compared are figures in different units, those that a `revises` event states anew, and those of events that
say they `contradicts` another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.margin import Margin, joined, margin_of, minus, over, plus, times
from chronicle.event.model import Attribute, Event, Fact
from chronicle.event.value import Figure, Quantity, Range
from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS, civil_from_days, days_from_civil

PERCENT = "%"

Time = tuple[object, ...]
"""A period by its bounds, or the text of the instant from or at which a figure holds."""

Slot = tuple[str, str, str, Time]
"""Chronicle, subject, attribute, time."""


class Stated(NamedTuple):
    """A figure where it stands, and the numbers it can mean."""

    draft: Draft
    ordinal: int
    fact: Fact
    unit: str
    margin: Margin

    @property
    def event(self) -> Event:
        """The event that states it."""
        assert isinstance(self.draft.document, Event)
        return self.draft.document

    def place(self, fault: Fault) -> str:
        """The file and line at which it stands."""
        problem = self.draft.problem(fault._replace(path=("facts", self.ordinal, "value")))
        return f"{problem.file}:{problem.line}"


class Figures:
    """All figures of some events, by what they are of."""

    def __init__(self, events: Iterable[Draft], attributes: Mapping[DocumentId, Attribute]) -> None:
        self._attributes = attributes
        self._by_slot: dict[Slot, list[Stated]] = defaultdict(list)
        self._slots: dict[DocumentId, dict[Slot, None]] = defaultdict(dict)
        self._revised: dict[tuple[str, str], set[str]] = defaultdict(set)
        for draft in events:
            if isinstance(draft.document, Event):
                self._take(draft, draft.document)

    def of(self, attribute: DocumentId) -> Iterator[tuple[Slot, Stated]]:
        """Every figure of an attribute that nothing revises."""
        for slot in self._slots.get(attribute, ()):
            yield from ((slot, one) for one in self._by_slot[slot] if not self._is_revised(slot, one))

    def matching(self, slot: Slot, like: Stated, unit: str | None, *, fewer: bool = False) -> list[Stated]:
        """What is stated for a slot with the dimensions of another figure, or as many of them as there are figures for.

        `unit` None is any one unit. Nothing if the units differ.
        """
        wanted = like.fact.dimensions.items()
        there = [one for one in self._by_slot.get(slot, ()) if not self._is_revised(slot, one)]
        fit = [one for one in there if one.fact.dimensions.items() <= wanted]
        most = max((len(one.fact.dimensions) for one in fit), default=0)
        if not fewer and most < len(wanted):
            return []
        found = [one for one in fit if len(one.fact.dimensions) == most]
        return found if len({one.unit for one in found} | ({unit} if unit is not None else set())) == 1 else []

    def _take(self, draft: Draft, event: Event) -> None:
        for relation in event.related:
            if relation.relation == "revises":
                self._revised[draft.chronicle, relation.event].add(event.id)
        if any(relation.relation == "contradicts" for relation in event.related):
            return
        for index, fact in enumerate(event.facts):
            margin = None if fact.value is None or not fact.holds else margin_of(fact.value)
            if margin is not None:
                slot = draft.chronicle, fact.subject, fact.attribute, _time(fact, event)
                self._slots[draft.chronicle, "attribute", fact.attribute][slot] = None
                self._by_slot[slot].append(Stated(draft, index, fact, self._unit(draft.chronicle, fact), margin))

    def _unit(self, chronicle: str, fact: Fact) -> str:
        if isinstance(fact.value, Quantity | Range):
            return fact.value.unit
        attribute = self._attributes.get((chronicle, "attribute", fact.attribute))
        return attribute.unit or "" if attribute is not None else ""

    def _is_revised(self, slot: Slot, stated: Stated) -> bool:
        by = self._revised.get((slot[0], stated.event.id), ())
        return any(
            one.event.id in by and one.fact.dimensions == stated.fact.dimensions for one in self._by_slot.get(slot, ())
        )


def disagreements(events: Iterable[Draft], attributes: Mapping[DocumentId, Attribute]) -> Iterator[tuple[Draft, Fault]]:
    """Every figure that cannot be what its attribute declares it to be, with the event that states it."""
    figures = Figures(events, attributes)
    for id, attribute in attributes.items():  # noqa: A001
        for rule in _RULES:
            if rule.applies(attribute):
                for slot, stated in figures.of(id):
                    fault = _tried(rule, attribute, slot, stated, figures)
                    if fault is not None:
                        yield stated.draft, fault


Inputs = list[list[Stated]]
"""The figures that another is computed from, each with its alternatives."""


class Rule(NamedTuple):
    """How one kind of declaration is tried: what the figure is computed from, how, and how that is said."""

    code: str
    applies: Callable[[Attribute], object]
    inputs: Callable[[Attribute, Slot, Stated, Figures], Inputs]
    compute: Callable[[Stated, tuple[Margin, ...]], Margin]
    said: str


def _tried(rule: Rule, attribute: Attribute, slot: Slot, stated: Stated, figures: Figures) -> Fault | None:
    inputs = rule.inputs(attribute, slot, stated, figures)
    if not inputs or not all(inputs):
        return None
    choices = [joined(one.margin for one in alternatives) for alternatives in inputs]
    computed = joined(rule.compute(stated, chosen) for chosen in product(*choices))
    if any(stated.margin.meets(one) for one in computed):
        return None
    fault = Fault(("facts", stated.ordinal, "value"), rule.code, "")
    sources = ", ".join(
        f"{one.fact.attribute} {_said(one.fact)} ({one.place(fault)})"
        for alternatives in inputs
        for one in alternatives
    )
    message = (
        f"{attribute.id} {_said(stated.fact)} means {stated.margin}, but as the {rule.said} of {sources} "
        f"it is {' or '.join(map(str, computed))}: correct a figure, or give one a qualifier"
    )
    return fault._replace(message=message)


def _sum_inputs(attribute: Attribute, slot: Slot, stated: Stated, figures: Figures) -> Inputs:
    return [figures.matching(_other(slot, part), stated, stated.unit) for part in attribute.sum_of]


def _share_inputs(attribute: Attribute, slot: Slot, stated: Stated, figures: Figures) -> Inputs:
    assert attribute.share_of is not None
    part = figures.matching(_other(slot, attribute.share_of.part), stated, None)
    unit = part[0].unit if part else None
    return [part, figures.matching(_other(slot, attribute.share_of.whole), stated, unit, fewer=True)]


def _balance_inputs(attribute: Attribute, slot: Slot, stated: Stated, figures: Figures) -> Inputs:
    assert attribute.balance_of is not None
    sides = attribute.balance_of.exports, attribute.balance_of.imports
    return [figures.matching(_other(slot, side), stated, stated.unit) for side in sides]


def _growth_inputs(attribute: Attribute, slot: Slot, stated: Stated, figures: Figures) -> Inputs:
    """The figure of the period, and its base: that of the same months a year before, else of the period just before."""
    assert attribute.growth_of is not None
    now = figures.matching(_other(slot, attribute.growth_of), stated, None)
    for before in _periods_before(slot[3]):
        base = figures.matching((*_other(slot, attribute.growth_of)[:3], before), stated, now[0].unit if now else None)
        if base:
            return [now, base]
    return []


def _grown(stated: Stated, inputs: tuple[Margin, ...]) -> Margin:
    now, base = inputs
    factor = over(now, base)
    return times(minus(factor, _exactly(1)), _exactly(100)) if stated.unit == PERCENT else factor


def _share(stated: Stated, inputs: tuple[Margin, ...]) -> Margin:
    return times(over(*inputs), _exactly(100 if stated.unit == PERCENT else 1))


def _sum(_: Stated, inputs: tuple[Margin, ...]) -> Margin:
    total = _exactly(0)
    for one in inputs:
        total = plus(total, one)
    return total


_RULES = (
    Rule("sum", lambda attribute: attribute.sum_of, _sum_inputs, _sum, "sum"),
    Rule("share", lambda attribute: attribute.share_of, _share_inputs, _share, "share"),
    Rule("balance", lambda attribute: attribute.balance_of, _balance_inputs, lambda _, both: minus(*both), "balance"),
    Rule("growth", lambda attribute: attribute.growth_of, _growth_inputs, _grown, "growth"),
)


def _exactly(number: int) -> Margin:
    return Margin(Fraction(number), Fraction(number))


def _other(slot: Slot, attribute: str) -> Slot:
    return slot[0], slot[1], attribute, slot[3]


def _time(fact: Fact, event: Event) -> Time:
    if fact.period is None:
        return (fact.at or fact.from_ or event.occurred,)
    when = When.parse(fact.period)
    return when.strict_lo, when.strict_hi


def _periods_before(time: Time) -> Iterator[Time]:
    if len(time) != 2:
        return
    lo, hi = time
    assert isinstance(lo, int)
    assert isinstance(hi, int)
    yield _year_before(lo), _year_before(hi)
    yield lo - (hi - lo), lo


def _year_before(second: int) -> int:
    year, month, day = civil_from_days(second // DAY_SECONDS)
    day = 28 if (month, day) == (2, 29) else day
    return days_from_civil(year - 1, month, day) * DAY_SECONDS


def _said(fact: Fact) -> str:
    match fact.value:
        case Quantity(amount, unit, qualifier):
            return f"{f'{qualifier} ' if qualifier else ''}{amount.digits} {unit}"
        case Range(low, high, unit):
            return f"{low.digits} to {high.digits} {unit}"
        case Figure(number):
            return number.digits
    raise AssertionError(fact.value)
