"""What the formats are told: the events at a basis, in the order of occurrence, and the glossary they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chronicle.event.draft import DocumentId
from chronicle.event.model import Attribute, Chronicle, Citation, Entity, Event, LogDocument, Source
from chronicle.event.record import Record


@dataclass(frozen=True, slots=True)
class Told:
    """An event and its record."""

    record: Record
    event: Event

    @property
    def chronicle(self) -> str:
        """The id of its chronicle."""
        return self.record.header.chronicle

    @property
    def id(self) -> DocumentId:
        """What it is called in the log."""
        return self.chronicle, "event", self.event.id


@dataclass(frozen=True, slots=True)
class Selection:
    """The effective events at a basis, of one chronicle (`chronicle`) or of all (None).

    `documents` are the latest ones of the other kinds; `recorded` is the microsecond of the last record within the
    position, 0 if there is none. `statuses` says which events are `planned` (overdue ones, too) and which are plans
    that were `cancelled`.
    """

    chronicle: str | None
    recorded: int
    records: tuple[Record, ...]
    documents: Mapping[DocumentId, LogDocument]
    statuses: Mapping[DocumentId, str] = field(default_factory=dict)

    @property
    def events(self) -> Iterator[Told]:
        """Every event, in the order of occurrence."""
        for record in self.records:
            assert isinstance(record.document, Event), "the service selects events"
            yield Told(record, record.document)

    def source(self, told: Told, citation: Citation) -> Source:
        """The cited source; one that has only its id if it has been retracted since."""
        found = self.documents.get((told.chronicle, "source", citation.source))
        return found if isinstance(found, Source) else Source(id=citation.source, title=citation.source)

    def credits(self, told: Told) -> str:
        """One line of text for each citation: the source's title, publisher and address, and the place in it."""
        lines = []
        for citation in told.event.sources:
            source = self.source(told, citation)
            parts = (source.title, source.publisher, citation.locator, source.url)
            lines.append(f"Source: {', '.join(filter(None, parts))}")
        return "\n".join(lines)

    def label(self, chronicle: str, entity: str) -> str:
        """What an entity is called; its id if nothing says."""
        found = self.documents.get((chronicle, "entity", entity))
        return found.label if isinstance(found, Entity) else entity

    def attribute(self, chronicle: str, id: str) -> Attribute:  # noqa: A002
        """The attribute as declared, or as it is read if nothing declares it."""
        found = self.documents.get((chronicle, "attribute", id))
        return found if isinstance(found, Attribute) else Attribute(id=id)

    def about(self, chronicle: str) -> Chronicle:
        """The chronicle's own document; one that has only its id if there is none."""
        found = self.documents.get((chronicle, "chronicle", chronicle))
        return found if isinstance(found, Chronicle) else Chronicle(id=chronicle, title=chronicle)

    @property
    def title(self) -> str:
        """The title of the chronicle, or those of all chronicles that have events here."""
        names = [self.chronicle] if self.chronicle else sorted({told.chronicle for told in self.events})
        return ", ".join(self.about(name).title for name in names) or "An empty archive"


@dataclass(frozen=True, slots=True)
class Export:
    """What was made, in pieces to be written one after the other; and what of the log the format cannot hold, and why.

    `left_out` has one entry for each event that is not there, in the order of occurrence; then what is redacted.
    """

    chunks: Iterable[bytes]
    left_out: tuple[tuple[DocumentId, str], ...] = ()
