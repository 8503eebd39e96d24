"""What a report may stand on: the facts and events of its matter, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_

from chronicle.event.model import Citation, Event, Fact, Participant
from chronicle.event.record import Record
from chronicle.event.value import Text
from chronicle.narrative.audit.lines import event_of
from chronicle.narrative.audit.material import Material, Texts
from chronicle.narrative.audit.stated import Stated, with_sides
from chronicle.narrative.audit.written_dates import named
from chronicle.narrative.inert import plain
from chronicle.narrative.matter import ReportMatter
from chronicle.state.occurrence import occurrences, reported_by
from chronicle.when import resolve_bound


class Ground:
    """The matter of a report, followed by that of an earlier basis where it tells what changed between two."""

    def __init__(self, matters: Sequence[ReportMatter], language: str) -> None:
        self.matters = matters
        self.language = language
        self.texts = Texts(language)
        self._material: dict[str, Material] = {}
        self._times: dict[str, frozenset[str]] = {}
        self._events: dict[str, list[tuple[int, Record, Event]]] = {}
        self._status: list[dict[str, str]] = []
        self._holding = {f"{row.event.id}#{row.candidate.ordinal + 1}" for one in matters for row in one.state}
        for index, matter in enumerate(matters):
            for record in matter.events:
                if isinstance(record.document, Event):
                    self._events.setdefault(record.document.id, []).append((index, record, record.document))
            told = occurrences(matter.events, matter.last_second)
            self._status.append({one.event.id: str(one.status) for one in told})

    @property
    def matter(self) -> ReportMatter:
        """The matter that is told."""
        return self.matters[0]

    def versions(self, event: str) -> list[Event]:
        """The versions of an event that the bases have; none if they have none. `EVENT@VERSION` is one of them."""
        name, _, number = event.partition("@")
        found = self._events.get(name, [])
        return [version for _, record, version in found if number in ("", str(record.header.version))]

    def stated(self, ref: str) -> list[Stated]:
        """The fact that a reference names, in each version that has it; none of a whole event."""
        event, mark, number = ref.partition("#")
        if not mark or not number.isdecimal():
            return []
        place = int(number) - 1
        return [Stated(one.facts[place], one) for one in self.versions(event) if 0 <= place < len(one.facts)]

    def exists(self, ref: str) -> bool:
        """The reference names an event or fact of the matter."""
        return bool(self.stated(ref) if "#" in ref else self.versions(ref))

    def status(self, event: str) -> str | None:
        """How an event stands at the basis; None for what is later and was not reported by then."""
        return self._status[0].get(event)

    def hidden(self, ref: str) -> str | None:
        """Why no basis sees what a reference names, of an event that the matter has; None if one does.

        A fact that holds is seen, whenever it was reported.
        """
        event, _, number = ref.partition("#")
        if f"{event_of(event)}#{number}" in self._holding:
            return None
        reasons = [self._hidden(*version) for version in self._events.get(event_of(ref), [])]
        return None if None in reasons else next(iter(reasons), None)

    def _hidden(self, index: int, record: Record, event: Event) -> str | None:
        basis = self.matters[index].basis
        if record.position > basis.position:
            return f"it is at position {record.position}, and the basis ends at {basis.position}"
        if basis.known is not None and not reported_by(record, self._known[index]):
            return f"it had not been reported by {basis.known}"
        if event.id not in self._status[index]:
            return f"it is later than {basis.as_of}, and had not been reported by then"
        return None

    @cached_property
    def _known(self) -> list[int]:
        """The last second of each basis's `known`."""
        bases = [matter.basis for matter in self.matters]
        return [resolve_bound(basis.known, zone=basis.zone, now=0).last if basis.known else 0 for basis in bases]

    def citations(self, refs: Iterable[str]) -> Iterator[Citation]:
        """What the facts and events cite; an event with all that its facts cite."""
        for ref in refs:
            for stated in self.stated(ref):
                yield from stated.citations
            for event in self.versions(ref):
                yield from event.sources
                yield from (citation for fact in event.facts for citation in fact.sources)

    @cached_property
    def quotes(self) -> dict[str, set[str]]:
        """Source -> every quote of it, as it is shown."""
        found: dict[str, set[str]] = {}
        for citation in self.citations(self._events):
            if citation.quote:
                found.setdefault(citation.source, set()).add(plain(citation.quote))
        return found

    def times(self, event: str) -> frozenset[str]:
        """Every date that an event states: its own, those of its facts, and the sides of intervals."""
        if event not in self._times:
            found: set[str] = set()
            for version in self.versions(event):
                found |= {version.occurred, *(time for fact in version.facts for time in Stated(fact, version).times)}
            self._times[event] = frozenset(with_sides(found))
        return self._times[event]

    def entities(self, event: str) -> frozenset[str]:
        """Who takes part in an event, speaks in it, or is named by a fact of it."""
        found: set[str] = set()
        for version in self.versions(event):
            found |= {one.entity if isinstance(one, Participant) else one for one in version.participants}
            found |= {version.stated_by} if version.stated_by else set()
            for fact in version.facts:
                found |= Stated(fact, version).entities
        return frozenset(found)

    def numbers(self, ref: str) -> list[Decimal]:
        """The exact numbers that a fact states, or an event in its facts."""
        stated = self.stated(ref) + [Stated(fact, event) for event in self.versions(ref) for fact in event.facts]
        return [number for one in stated for number in one.numbers]

    def labels(self, entity: str) -> list[str]:
        """What an entity may be called in the language: its label there, else its own; its id if it has none."""
        for matter in self.matters:
            known = matter.entities.get(entity)
            if known is not None:
                return [plain(known.labels.get(self.language, known.label))]
        return [entity, re.sub("[-_]", " ", entity)]

    def is_label(self, text: str) -> bool:
        """The text is what an entity is called in the language."""
        return any(text in self.labels(entity) for matter in self.matters for entity in matter.entities)

    def is_translated(self, entity: str) -> bool:
        """The entity has a label of the language, or none at all."""
        known = next((one.entities[entity] for one in self.matters if entity in one.entities), None)
        return known is None or self.language in known.labels or self.language == "en"

    def material(self, event: str) -> Material:
        """What the texts of an event say, with the labels of who and what it names."""
        if event not in self._material:
            texts = (text for version in self.versions(event) for text in self._said(version))
            self._material[event] = reduce(or_, map(self.texts.read, texts), Material())
        return self._material[event]

    @cached_property
    def basis(self) -> Material:
        """What the bounds of the report say, and the title and description of its chronicle."""
        found = self.texts.read(self.matter.chronicle)
        for matter in self.matters:
            told, about = matter.basis, matter.about.get(matter.chronicle)
            for text in (told.as_of, told.known, told.zone, *([about.title, about.description] if about else [])):
                found |= self.texts.read(text or "")
            for bound in filter(None, (told.as_of, told.known)):
                found |= Material(frozenset(map(str, named(bound).numbers)))
        return found

    @cached_property
    def described(self) -> Material:
        """What the descriptions of entities say."""
        texts = (one.description for matter in self.matters for one in matter.entities.values())
        return reduce(or_, (self.texts.read(text) for text in texts if text), Material())

    @cached_property
    def bounds(self) -> frozenset[str]:
        """The dates of the basis, and those to which the report is narrowed."""
        bounds = (
            bound
            for matter in self.matters
            for bound in (matter.basis.as_of, matter.basis.known, matter.narrowing.since, matter.narrowing.until)
        )
        return frozenset(bound for bound in bounds if bound is not None)

    def _said(self, event: Event) -> Iterator[str]:
        yield from filter(None, (event.title, event.summary, event.note, event.type, *event.tags))
        for citation in (*event.sources, *(one for fact in event.facts for one in fact.sources)):
            yield from filter(None, (citation.quote, citation.locator))
        yield from (one.role for one in event.participants if isinstance(one, Participant) and one.role)
        yield from (relation.relation for relation in event.related)
        for fact in event.facts:
            yield from self._worded(fact)
        for entity in self.entities(event.id):
            yield entity
            for matter in self.matters:
                if known := matter.entities.get(entity):
                    yield from (known.label, *known.labels.values())

    def _worded(self, fact: Fact) -> Iterator[str]:
        yield from (fact.attribute, *fact.dimensions)
        for matter in self.matters:
            if known := matter.attributes.get(fact.attribute):
                yield from filter(None, (known.label, *known.labels.values()))
        if isinstance(fact.value, Text):
            yield fact.value.text
        elif unit := getattr(fact.value, "unit", ""):
            yield unit
