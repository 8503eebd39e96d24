"""Figures that must agree: declared sums, shares, balances and growth, tried against what is stated.

Attributes declare `sum_of`, `share_of`, `balance_of` and `growth_of`. Figures are compared that are of the same
subject, time and dimensions, in units that fit; the whole of a share may lack dimensions that the share has. They
disagree only if no numbers that they can mean fit together (`event.margin`). Where several figures stand for one thing,
by different events, one that fits is enough; but an event that itself states everything has to agree with itself.

A growth is on the same period a year before, or on the period just before: it may fit either. In `%` it is relative, in
the unit of the figures it is a difference, and without a unit (or in `1` or `times`) it is how many times the base. On
a base that may be zero or negative there is no growth to speak of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import NamedTuple

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, Path
from chronicle.event.figures import Figures, Group, Slot, margins
from chronicle.event.margin import Margin, Margins, each, exactly, joined, minus, over, plus, times
from chronicle.event.model import Attribute
from chronicle.event.span import periods_before

PERCENT = "%"
PLAIN = ("", "1")
TIMES = (*PLAIN, "times")
MOST_TOLD = 8
"""Figures that a message names on either side."""

Inputs = tuple[Group, ...]
"""What a figure is computed from, each with its alternatives."""


class Disagreement(NamedTuple):
    """A fault, and where it can be told: the computed figure first, then those that it is computed from."""

    fault: Fault
    places: tuple[tuple[Draft, Path], ...]


class Rule(NamedTuple):
    """How one kind of declaration is tried. `inputs` gives alternatives, if any is stated at all."""

    code: str
    inputs: Callable[[Attribute, Slot, str, Figures], Iterable[Inputs]]
    compute: Callable[[str, Inputs], Margins]


def disagreements(events: Iterable[Draft], attributes: Mapping[DocumentId, Attribute]) -> Iterator[Disagreement]:
    """Every figure that cannot be what its attribute declares it to be. Linear in the number of facts."""
    figures = Figures(events, attributes)
    for name, attribute in attributes.items():
        for rule in _declared(attribute):
            for slot, unit, group in figures.of(name):
                alternatives = [found for found in rule.inputs(attribute, slot, unit, figures) if all(found)]
                if alternatives:
                    yield from _tried(rule, group, alternatives)


def _declared(attribute: Attribute) -> Iterator[Rule]:
    if attribute.sum_of:
        yield Rule("sum", _sum_inputs, _sum)
    if attribute.share_of is not None:
        yield Rule("share", _share_inputs, _share)
    if attribute.balance_of is not None:
        yield Rule("balance", _balance_inputs, _balance)
    if attribute.growth_of is not None:
        yield Rule("growth", _growth_inputs, _growth)


def _tried(rule: Rule, group: Group, alternatives: list[Inputs]) -> Iterator[Disagreement]:
    """One disagreement for each event that disagrees with itself, and one for all others together."""
    by_event = [[_by_event(one) for one in inputs] for inputs in alternatives]
    whole = set.intersection(*(set(one) for inputs in by_event for one in inputs))
    others: Group = []
    for event, own in _by_event(group).items():
        if event in whole:
            yield from _compared(rule, own, own, [tuple(one[event] for one in inputs) for inputs in by_event])
        else:
            others += own
    if others:
        yield from _compared(rule, others, group, alternatives)


def _compared(rule: Rule, told: Group, stated: Group, alternatives: list[Inputs]) -> Iterator[Disagreement]:
    """A disagreement, told of the last of some figures, if none of what is stated can be what is computed."""
    unit = stated[0].unit
    computed = joined(margin for inputs in alternatives for margin in rule.compute(unit, inputs))
    meant = margins(stated)
    if any(one.meets(other) for one in meant for other in computed):
        return
    digits = next((few for few in (6, 12, 24) if _tells_apart(meant, computed, few)), 48)
    figures = sorted(stated, key=lambda one: one is not told[-1])
    used = list({id(one): one for inputs in alternatives for group in inputs for one in group}.values())
    result = " or ".join(one.text(digits) for one in computed)
    message = (
        f"{_listed(figures, digits)}; but {_listed(used, digits)}; so as their {rule.code} it is {result}: correct "
        "a figure or, if the sources do say so, state one in an event that revises or contradicts the other's"
    )
    places = tuple((one.draft, one.path) for one in (*figures, *used))
    yield Disagreement(Fault(told[-1].path, rule.code, message), places)


def _listed(figures: Group, digits: int) -> str:
    more = len(figures) - MOST_TOLD
    return "; ".join(one.told(digits) for one in figures[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _tells_apart(meant: Margins, computed: Margins, digits: int) -> bool:
    """No bound reads like one of the other side."""
    first, second = (
        {Margin(end, end).text(digits) for one in side for end in one[:2] if end is not None}
        for side in (meant, computed)
    )
    return not first & second


def _by_event(group: Group) -> dict[int, Group]:
    """The figures of each event, which is named by the identity of its draft."""
    found: dict[int, Group] = {}
    for one in group:
        found.setdefault(id(one.draft), []).append(one)
    return found


def _sum_inputs(attribute: Attribute, slot: Slot, unit: str, figures: Figures) -> Iterator[Inputs]:
    yield tuple(figures.at(slot._replace(attribute=part)).get(unit, []) for part in attribute.sum_of)


def _sum(_: str, inputs: Inputs) -> Margins:
    return reduce(lambda one, other: each(lambda a, b: [plus(a, b)], one, other), map(margins, inputs))


def _balance_inputs(attribute: Attribute, slot: Slot, unit: str, figures: Figures) -> Iterator[Inputs]:
    assert attribute.balance_of is not None
    sides = attribute.balance_of.exports, attribute.balance_of.imports
    yield tuple(figures.at(slot._replace(attribute=side)).get(unit, []) for side in sides)


def _balance(_: str, inputs: Inputs) -> Margins:
    return each(lambda exports, imports: [minus(exports, imports)], *map(margins, inputs))


def _share_inputs(attribute: Attribute, slot: Slot, unit: str, figures: Figures) -> Iterator[Inputs]:
    assert attribute.share_of is not None
    if unit in (PERCENT, *PLAIN):
        parts = figures.at(slot._replace(attribute=attribute.share_of.part))
        wholes = map(figures.at, figures.within(slot._replace(attribute=attribute.share_of.whole)))
        yield from _of_one_unit(parts, wholes)


def _share(unit: str, inputs: Inputs) -> Margins:
    factor = exactly(100 if unit == PERCENT else 1)
    return each(lambda part, whole: [times(one, factor) for one in over(part, whole)], *map(margins, inputs))


def _growth_inputs(attribute: Attribute, slot: Slot, unit: str, figures: Figures) -> Iterator[Inputs]:
    assert attribute.growth_of is not None
    grown = slot._replace(attribute=attribute.growth_of)
    match slot.time:
        case (int() as lo, int() as hi):
            bases = (figures.at(grown._replace(time=before)) for before in periods_before(lo, hi))
            for now, base in _of_one_unit(figures.at(grown), bases):
                positive = [one for one in base if one.margin.lo is not None and one.margin.lo > 0]
                if len(positive) == len(base) and unit in (PERCENT, *TIMES, now[0].unit):
                    yield now, base


def _growth(unit: str, inputs: Inputs) -> Margins:
    now, base = map(margins, inputs)
    found: list[Margin] = []
    if unit == PERCENT:
        found += each(lambda a, b: [times(minus(one, exactly(1)), exactly(100)) for one in over(a, b)], now, base)
    if unit in TIMES:
        found += each(over, now, base)
    if unit == inputs[0][0].unit:
        found += each(lambda a, b: [minus(a, b)], now, base)
    return joined(found)


def _of_one_unit(part: Mapping[str, Group], wholes: Iterable[Mapping[str, Group]]) -> Iterator[Inputs]:
    for whole in wholes:
        yield from ((part[unit], whole[unit]) for unit in part if unit in whole)
