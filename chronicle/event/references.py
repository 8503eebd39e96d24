"""What a document says of others: which ids it needs declared, and whether its facts fit their attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chronicle.errors import shown
from chronicle.event.fault import Fault, Path, warning
from chronicle.event.model import AnyDocument, Attribute, Event, LogDocument, Participant, Retraction
from chronicle.event.units import is_known_unit
from chronicle.event.value import EntityValue, Quantity, Range

Declared = Callable[[str, str], bool]
"""(kind, id) -> declared and not retracted."""

AttributeOf = Callable[[str], Attribute | None]
"""id -> the declared attribute."""


def references(document: LogDocument) -> Iterator[tuple[Path, str, str]]:
    """Every (path, kind, id) that must be declared: sources, participants, entity values, who stated it."""
    if isinstance(document, Event | Retraction):
        for index, citation in enumerate(document.sources):
            yield ("sources", index, "source"), "source", citation.source
    if not isinstance(document, Event):
        return
    for index, participant in enumerate(document.participants):
        entity = participant.entity if isinstance(participant, Participant) else participant
        yield ("participants", index), "entity", entity
    if document.stated_by is not None:
        yield ("stated_by",), "entity", document.stated_by
    for index, fact in enumerate(document.facts):
        if isinstance(fact.value, EntityValue):
            yield ("facts", index, "value"), "entity", fact.value.entity


def reference_faults(document: AnyDocument, declared: Declared, attribute_of: AttributeOf) -> Iterator[Fault]:
    """Ids that are not declared (errors), and facts that do not fit their attributes."""
    for path, kind, name in references(document):
        if not declared(kind, name):
            message = f"{kind} {shown(name)} is not declared: add a document of kind: {kind} with this id"
            yield Fault(path, "undeclared", message)
    if isinstance(document, Event):
        for index, relation in enumerate(document.related):
            if not declared("event", relation.event):
                message = f"related event {shown(relation.event)} is not known"
                yield warning(("related", index, "event"), "unknown-event", message)
        yield from _facts(document, declared, attribute_of)


def _facts(event: Event, declared: Declared, attribute_of: AttributeOf) -> Iterator[Fault]:
    for index, fact in enumerate(event.facts):
        path: Path = ("facts", index)
        attribute = attribute_of(fact.attribute)
        if not declared("entity", fact.subject):
            yield warning((*path, "subject"), "unlabelled", f"subject {shown(fact.subject)} has no entity, so no label")
        if attribute is None:
            message = f"attribute {shown(fact.attribute)} is not declared: read as one value, a state"
            yield warning((*path, "attribute"), "undeclared-attribute", message)
        many = attribute is not None and attribute.cardinality == "many"
        if many and fact.period is not None:
            message = f"period: {shown(fact.attribute)} has many values; a period measures one"
            yield Fault((*path, "period"), "fact-times", message)
        if not fact.holds and many and fact.value is None:
            yield Fault(
                (*path, "holds"), "denial", "holds: false on an attribute of many values names the value denied"
            )
        if not fact.holds and not many and fact.value is not None:
            yield Fault((*path, "value"), "denial", "holds: false on an attribute of one value takes no value")
        if isinstance(fact.value, Quantity | Range):
            unit = fact.value.unit
            if not is_known_unit(unit) and (attribute is None or attribute.unit != unit):
                message = f"unit {shown(unit)} is printed as it is; declare it as the unit of the attribute if so meant"
                yield warning((*path, "value"), "unit", message)


def attribute_fits(attribute: Attribute, uses: Iterable[tuple[bool, bool, bool]]) -> bool:
    """Whether facts already in the log, as (holds, has a value, has a period), fit a new version of their attribute."""
    many = attribute.cardinality == "many"
    return all(not (many and period) and (holds or has_value == many) for holds, has_value, period in uses)
