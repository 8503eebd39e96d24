"""Facts without an end that show again when a later one ends, though nobody may have meant them to."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Attribute, Event, Fact
from chronicle.event.span import FOREVER, Span, span_of
from chronicle.when import When


class _Held(NamedTuple):
    draft: Draft
    ordinal: int
    fact: Fact
    span: Span

    @property
    def is_open(self) -> bool:
        return self.span.until_lo >= FOREVER

    @property
    def end(self) -> int:
        """The last instant at which it can end; FOREVER where that is unknown."""
        return min(self.span.until_hi, FOREVER)


def resuming(drafts: Iterable[Draft], attributes: Mapping[DocumentId, Attribute]) -> Iterator[tuple[Draft, Fault]]:
    """A warning at each bounded fact whose end brings back what an earlier, open fact of its key states.

    Quiet are: the same value again; another fact that begins by then (bounds are read so that it may); denials on
    either side, which are exceptions by nature; periods; attributes of many values, which do not hide each other; and
    those of `latest-reported`, where what hides what is decided by reports. Takes O(n log n).
    """
    by_key: dict[tuple[object, ...], list[_Held]] = defaultdict(list)
    for draft in drafts:
        if isinstance(draft.document, Event):
            occurred = When.parse(draft.document.occurred)
            for ordinal, fact in enumerate(draft.document.facts):
                if fact.period is None and _hides(attributes.get((draft.chronicle, "attribute", fact.attribute))):
                    key = draft.chronicle, fact.subject, fact.attribute, frozenset(fact.dimensions.items())
                    by_key[key].append(_Held(draft, ordinal, fact, span_of(fact, occurred)))
    for held in by_key.values():
        yield from _resumed(held)


def _hides(attribute: Attribute | None) -> bool:
    """A later value hides an earlier one."""
    return attribute is None or (attribute.cardinality == "one" and attribute.resolution == "latest-from")


def _resumed(held: Sequence[_Held]) -> Iterator[tuple[Draft, Fault]]:
    """Go through the ends in time, with what has begun by then: the last begun that goes on is what shows."""
    beginning = sorted(held, key=lambda one: one.span.from_lo, reverse=True)
    begun: list[tuple[int, int, int, _Held]] = []
    for one in sorted((one for one in held if not one.is_open), key=lambda one: one.end):
        while beginning and beginning[-1].span.from_lo <= one.end:
            other = beginning.pop()
            heapq.heappush(begun, (-other.span.from_lo, -other.span.from_hi, len(beginning), other))
        while begun and (begun[0][3] is one or (not begun[0][3].is_open and begun[0][3].end <= one.end)):
            heapq.heappop(begun)
        if begun and (shown := begun[0][3]).is_open and _is_earlier(shown, one) and _differ(shown.fact, one.fact):
            yield one.draft, _fault(one, shown)


def _is_earlier(shown: _Held, one: _Held) -> bool:
    return (shown.span.from_lo, shown.span.from_hi) < (one.span.from_lo, one.span.from_hi)


def _differ(shown: Fact, one: Fact) -> bool:
    """Both state a value, and not the same."""
    return shown.value is not None and one.value is not None and shown.value.same != one.value.same


def _fault(one: _Held, shown: _Held) -> Fault:
    at = shown.draft.problem(Fault(("facts", shown.ordinal, "attribute"), "", ""))
    said = f"what {shown.draft.document.id} states ({at.file}:{at.line}) shows again, since it has no end"
    message = f"when {one.fact.attribute} ends here, {said}: write until there, or state here what follows"
    return warning(("facts", one.ordinal, "attribute"), "resumes", message)
