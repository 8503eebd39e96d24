"""What may have been overlooked in a whole set of documents, each with the document to look at. All are warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from chronicle.errors import shown
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, Path, warning
from chronicle.event.known_types import TYPES
from chronicle.event.model import Attribute, Event
from chronicle.event.references import references
from chronicle.event.resuming import resuming
from chronicle.when import When

Found = Iterator[tuple[Draft, Fault]]

LASTING_TYPES = frozenset(TYPES) - {"statistic.reported", "statistic.revised"}
"""Known types that begin, end or settle something, however long they take: what they state is meant to hold on."""


def oversights(
    drafts: Sequence[Draft],
    attributes: Mapping[DocumentId, Attribute],
    broken: AbstractSet[DocumentId] = frozenset(),
) -> Found:
    """Every oversight in the latest documents of their ids, none of which is a retraction.

    What is found in many places is told of the first document, in the order given. `broken` are ids of documents that
    cannot be read: they are declared, and as nobody knows what they use, nothing is called unused.
    """
    for draft in drafts:
        if isinstance(draft.document, Event):
            yield from ((draft, fault) for fault in _outlived(draft, draft.document, attributes))
    if not broken:
        yield from _unused(drafts)
    yield from _unknown(drafts, attributes.keys() | broken)
    yield from _unlabelled(drafts)
    yield from resuming(drafts, attributes)


def _outlived(draft: Draft, event: Event, attributes: Mapping[DocumentId, Attribute]) -> Iterator[Fault]:
    """Facts that begin with an event which lasted, and go on without end though it is over.

    Only where the event is an interval with an end, whether past or planned. Quiet are: a fact with any time of its
    own, so that `from` is the way to say that it does go on; denials; targets; and `LASTING_TYPES`.
    """
    occurred = When.parse(event.occurred)
    if occurred.kind != "interval" or occurred.hi is None or event.type in LASTING_TYPES:
        return
    for index, fact in enumerate(event.facts):
        stated = (fact.from_, fact.at, fact.until, fact.through, fact.period, fact.due)
        attribute = attributes.get((draft.chronicle, "attribute", fact.attribute))
        is_target = attribute is not None and attribute.measures == "target"
        if fact.holds and not is_target and all(one is None for one in stated):
            message = f"{fact.attribute} goes on after its event, which ended {occurred.end.edtf}: say until or through"
            yield warning(("facts", index, "attribute"), "outlives", f"{message}, or from if it does go on")


def _unused(drafts: Sequence[Draft]) -> Found:
    """Sources, entities and attributes that no event, and no other document, speaks of.

    Quiet where no event of the chronicle was read: a glossary on its own is used elsewhere.
    """
    used: set[DocumentId] = set()
    for draft in drafts:
        document = draft.document
        names = [(kind, name) for _, kind, name in references(document)]
        if isinstance(document, Event):
            for fact in document.facts:
                names += [("attribute", fact.attribute), ("entity", fact.subject)]
                names += [("entity", value) for value in fact.dimensions.values()]
        if isinstance(document, Attribute):
            names += [("attribute", name) for _, name in _agreeing(document)]
        used.update((draft.chronicle, kind, name) for kind, name in names)
    told = {draft.chronicle for draft in drafts if isinstance(draft.document, Event)}
    for draft in drafts:
        kind = draft.document.kind
        if kind in ("source", "entity", "attribute") and draft.id not in used and draft.chronicle in told:
            message = f"{kind} {draft.document.id} is declared and never used: remove it, or use it"
            yield draft, warning(("id",), "unused", message)


def _unknown(drafts: Iterable[Draft], declared: AbstractSet[DocumentId]) -> Found:
    """Attributes that figures must agree with and that nobody declares, so that they would never be tried."""
    for draft in drafts:
        if isinstance(draft.document, Attribute):
            for path, name in _agreeing(draft.document):
                if (draft.chronicle, "attribute", name) not in declared:
                    message = f"attribute {shown(name)} is not declared, so that figures may not be tried against it"
                    yield draft, warning(path, "undeclared-attribute", message)


def _agreeing(attribute: Attribute) -> Iterator[tuple[Path, str]]:
    """The attributes that its figures must agree with, each with where it is named."""
    yield from ((("sum_of", index), name) for index, name in enumerate(attribute.sum_of))
    if attribute.share_of is not None:
        yield ("share_of", "part"), attribute.share_of.part
        yield ("share_of", "whole"), attribute.share_of.whole
    if attribute.balance_of is not None:
        yield ("balance_of", "exports"), attribute.balance_of.exports
        yield ("balance_of", "imports"), attribute.balance_of.imports
    if attribute.growth_of is not None:
        yield ("growth_of",), attribute.growth_of


def _unlabelled(drafts: Iterable[Draft]) -> Found:
    """Values of a dimension that are no entity where other values of it are; a dimension of plain words needs none.

    Participants, speakers and entity values must be declared, and subjects are told by `event.references`.
    """
    entities = {(draft.chronicle, draft.document.id) for draft in drafts if draft.document.kind == "entity"}
    values = {
        (draft.chronicle, name, value): (draft, index)
        for draft in reversed(list(drafts))
        if isinstance(draft.document, Event)
        for index, fact in reversed(list(enumerate(draft.document.facts)))
        for name, value in fact.dimensions.items()
    }
    labelled = {(chronicle, name) for chronicle, name, value in values if (chronicle, value) in entities}
    for (chronicle, name, value), (draft, index) in reversed(values.items()):
        if (chronicle, name) in labelled and (chronicle, value) not in entities:
            message = f"{name}: {shown(value)} has no entity, so no label, unlike other values of {name}"
            yield draft, warning(("facts", index, "dimensions", name), "unlabelled", message)
