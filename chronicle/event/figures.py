"""The figures that events state, found by what they are of: subject, attribute, time, dimensions and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, Path
from chronicle.event.margin import Margin, Margins, joined, margin_of
from chronicle.event.model import Attribute, Event, Fact
from chronicle.event.value import Figure, Quantity, Range
from chronicle.when import When

Time = tuple[object, ...]
"""A period as its two bounds; or the text from or at which a figure holds, and that by which it is due."""

Dimensions = frozenset[tuple[str, str]]


class Slot(NamedTuple):
    """What a figure is of."""

    chronicle: str
    subject: str
    attribute: str
    time: Time
    dimensions: Dimensions


class Stated(NamedTuple):
    """A figure where it stands, and the numbers it can mean."""

    draft: Draft
    ordinal: int
    fact: Fact
    unit: str
    margin: Margin

    @property
    def path(self) -> Path:
        """Where in its event it stands."""
        return "facts", self.ordinal, "value"

    def told(self, digits: int) -> str:
        """The figure as written, where it stands and what it means."""
        at = self.draft.problem(Fault(self.path, "", ""))
        return f"{self.fact.attribute} {_written(self.fact)} ({at.file}:{at.line}) means {self.margin.text(digits)}"


Group = list[Stated]
"""All that is stated for one slot in one unit, in the order of the documents."""


def margins(group: Group) -> Margins:
    """The numbers that any of the figures can mean."""
    return joined(one.margin for one in group)


class Figures:
    """All figures of some events but those that are revised and those of events that say they contradict another.

    A figure is revised where an event with the relation `revises` to its own states the same slot anew, or denies it.
    """

    def __init__(self, events: Iterable[Draft], attributes: Mapping[DocumentId, Attribute]) -> None:
        self._attributes = attributes
        self._groups: dict[Slot, dict[str, Group]] = {}
        self._slots: dict[DocumentId, list[Slot]] = defaultdict(list)
        self._dimensions: dict[tuple[object, ...], dict[frozenset[str], None]] = defaultdict(dict)
        found = [(draft, draft.document) for draft in events if isinstance(draft.document, Event)]
        revised = _revised(found)
        for draft, event in found:
            if not any(relation.relation == "contradicts" for relation in event.related):
                for ordinal, fact in enumerate(event.facts):
                    slot = _slot(draft, event, fact)
                    if slot is not None and (slot, event.id) not in revised:
                        self._take(slot, draft, ordinal, fact)

    def of(self, attribute: DocumentId) -> Iterator[tuple[Slot, str, Group]]:
        """Every figure of an attribute, as (slot, unit, all that is stated for it)."""
        for slot in self._slots.get(attribute, ()):
            yield from ((slot, unit, group) for unit, group in self._groups[slot].items())

    def at(self, slot: Slot) -> Mapping[str, Group]:
        """What is stated for a slot, by unit."""
        return self._groups.get(slot, {})

    def within(self, slot: Slot) -> Iterator[Slot]:
        """The slots with figures that have the dimensions of this one or some of them, the most first."""
        names = frozenset(name for name, _ in slot.dimensions)
        stated = self._dimensions.get(slot[:4], {})
        if len(stated) < 2 ** len(names):
            some = sorted((one for one in stated if one <= names), key=lambda one: (-len(one), sorted(one)))
        else:
            sizes = range(len(names), -1, -1)
            every = (frozenset(one) for size in sizes for one in combinations(sorted(names), size))
            some = [one for one in every if one in stated]
        for chosen in some:
            narrowed = slot._replace(dimensions=frozenset(item for item in slot.dimensions if item[0] in chosen))
            if narrowed in self._groups:
                yield narrowed

    def _take(self, slot: Slot, draft: Draft, ordinal: int, fact: Fact) -> None:
        margin = None if fact.value is None or not fact.holds else margin_of(fact.value)
        if margin is None:
            return
        if slot not in self._groups:
            self._slots[draft.chronicle, "attribute", fact.attribute].append(slot)
            self._dimensions[slot[:4]][frozenset(fact.dimensions)] = None
        unit = self._unit(draft.chronicle, fact)
        group = self._groups.setdefault(slot, {}).setdefault(unit, [])
        group.append(Stated(draft, ordinal, fact, unit, margin))

    def _unit(self, chronicle: str, fact: Fact) -> str:
        """The unit stated, or for a plain number that of its attribute; blank for none."""
        if isinstance(fact.value, Quantity | Range):
            return fact.value.unit
        attribute = self._attributes.get((chronicle, "attribute", fact.attribute))
        return (attribute.unit or "") if attribute is not None else ""


def _revised(events: Iterable[tuple[Draft, Event]]) -> set[tuple[Slot, str]]:
    """What later figures stand for: slots, each with the event whose figure there no longer counts."""
    return {
        (slot, relation.event)
        for draft, event in events
        for relation in event.related
        if relation.relation == "revises" and relation.event != event.id
        for slot in (_slot(draft, event, fact) for fact in event.facts)
        if slot is not None
    }


def _slot(draft: Draft, event: Event, fact: Fact) -> Slot | None:
    """None where the beginning is unknown: nobody can say that another figure is of the same time."""
    time = _time(fact, event)
    if time is None:
        return None
    return Slot(draft.chronicle, fact.subject, fact.attribute, time, frozenset(fact.dimensions.items()))


def _time(fact: Fact, event: Event) -> Time | None:
    if fact.period is not None:
        when = When.parse(fact.period)
        return when.strict_lo, when.strict_hi
    if fact.from_ == "unknown":
        return None
    return fact.at or fact.from_ or event.occurred, "due", fact.due


def _written(fact: Fact) -> str:
    match fact.value:
        case Quantity(amount, unit, qualifier):
            return f"{f'{qualifier} ' if qualifier else ''}{amount.digits} {unit}"
        case Range(low, high, unit):
            return f"{low.digits} to {high.digits} {unit}"
        case Figure(number):
            return number.digits
    raise AssertionError(fact.value)
