"""What may have been overlooked in a whole set of documents, each with the document to look at. All are warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from chronicle.errors import shown
from chronicle.event.draft import Draft
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Attribute, Event, Fact, Source
from chronicle.event.references import references
from chronicle.event.span import FOREVER, Span, span_of
from chronicle.when import When

Found = Iterator[tuple[Draft, Fault]]


def oversights(drafts: Sequence[Draft]) -> Found:
    """Every oversight in the latest documents of their ids, none of which is a retraction."""
    for draft in drafts:
        match draft.document:
            case Source(published=None):
                message = "has no published date, so that what it says counts as reported when it is recorded"
                yield draft, warning(("id",), "undated", f"source {draft.document.id} {message}")
            case Event():
                yield from ((draft, fault) for fault in _outlived(draft.document))
    yield from _unused(drafts)
    yield from _unlabelled(drafts)
    yield from _resuming(drafts)


def _outlived(event: Event) -> Iterator[Fault]:
    """Facts that begin with an event which lasted, and go on without end though it is over."""
    occurred = When.parse(event.occurred)
    if occurred.kind != "interval" or occurred.hi is None:
        return
    for index, fact in enumerate(event.facts):
        stated = (fact.from_, fact.at, fact.until, fact.through, fact.period, fact.due)
        if fact.holds and all(one is None for one in stated):
            message = f"{fact.attribute} goes on after its event, which ended {occurred.end.edtf}: say until or through"
            yield warning(("facts", index, "attribute"), "outlives", f"{message}, or from if it does go on")


def _unused(drafts: Iterable[Draft]) -> Found:
    """Sources, entities and attributes that no event, and no other document, speaks of."""
    used: set[tuple[str, str, str]] = set()
    for draft in drafts:
        document = draft.document
        names = [(kind, name) for _, kind, name in references(document)]
        if isinstance(document, Event):
            for fact in document.facts:
                names += [("attribute", fact.attribute), ("entity", fact.subject)]
                names += [("entity", value) for value in fact.dimensions.values()]
        if isinstance(document, Attribute):
            names += [("attribute", name) for name in _agreeing(document)]
        used.update((draft.chronicle, kind, name) for kind, name in names)
    for draft in drafts:
        if draft.document.kind in ("source", "entity", "attribute") and draft.id not in used:
            message = f"{draft.document.kind} {draft.document.id} is declared and never used: remove it, or use it"
            yield draft, warning(("id",), "unused", message)


def _agreeing(attribute: Attribute) -> Iterator[str]:
    """The attributes that its figures must agree with."""
    yield from attribute.sum_of
    if attribute.share_of is not None:
        yield from (attribute.share_of.part, attribute.share_of.whole)
    if attribute.balance_of is not None:
        yield from (attribute.balance_of.exports, attribute.balance_of.imports)
    if attribute.growth_of is not None:
        yield attribute.growth_of


def _unlabelled(drafts: Iterable[Draft]) -> Found:
    """Values of a dimension that are no entity, where other values of it are."""
    entities = {(draft.chronicle, draft.document.id) for draft in drafts if draft.document.kind == "entity"}
    values = [
        (draft, index, name, value)
        for draft in drafts
        if isinstance(draft.document, Event)
        for index, fact in enumerate(draft.document.facts)
        for name, value in fact.dimensions.items()
    ]
    labelled = {(draft.chronicle, name) for draft, _, name, value in values if (draft.chronicle, value) in entities}
    for draft, index, name, value in values:
        if (draft.chronicle, name) in labelled and (draft.chronicle, value) not in entities:
            message = f"{name}: {shown(value)} has no entity, so no label, unlike other values of {name}"
            yield draft, warning(("facts", index, "dimensions"), "unlabelled", message)


def _resuming(drafts: Iterable[Draft]) -> Found:
    """Facts without an end that show again when a later, bounded one ends, and nothing else has begun."""
    many = {
        draft.id for draft in drafts if isinstance(draft.document, Attribute) and draft.document.cardinality == "many"
    }
    by_key: dict[tuple[object, ...], list[tuple[Span, Fact, int, Draft]]] = defaultdict(list)
    for draft in drafts:
        if isinstance(draft.document, Event):
            occurred = When.parse(draft.document.occurred)
            for index, fact in enumerate(draft.document.facts):
                if fact.period is None and (draft.chronicle, "attribute", fact.attribute) not in many:
                    key = draft.chronicle, fact.subject, fact.attribute, tuple(sorted(fact.dimensions.items()))
                    by_key[key].append((span_of(fact, occurred), fact, index, draft))
    for stated in by_key.values():
        yield from _resumed(sorted(stated, key=lambda one: (one[0].from_lo, one[0].from_hi)))


def _resumed(stated: Sequence[tuple[Span, Fact, int, Draft]]) -> Found:
    """Of one key, by when they begin: the latest open fact before each bounded one that nothing follows in time."""
    open_before: tuple[Span, Fact, int, Draft] | None = None
    for place, (span, fact, index, draft) in enumerate(stated):
        if span.until_lo >= FOREVER:
            open_before = (span, fact, index, draft)
            continue
        following = stated[place + 1][0].from_lo if place + 1 < len(stated) else FOREVER
        if open_before is None or following <= span.until_hi or _same(open_before[1], fact):
            continue
        _, _, other, origin = open_before
        at = origin.problem(Fault(("facts", other, "attribute"), "", ""))
        said = f"what {origin.document.id} states ({at.file}:{at.line}) shows again, since it has no end"
        message = f"when {fact.attribute} ends here, {said}: write until there, or state here what follows"
        yield draft, warning(("facts", index, "attribute"), "resumes", message)


def _same(one: Fact, other: Fact) -> bool:
    """They state the same value."""
    if one.value is None or other.value is None:
        return one.value is other.value
    return one.value.same == other.value.same
