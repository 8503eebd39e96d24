"""Which records a reader of the log wants."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chronicle.errors import QuestionError, WhenError
from chronicle.event.model import Event, Redacted, Redaction, Retraction
from chronicle.event.narrowing import is_of, may_overlap, named
from chronicle.event.record import Record
from chronicle.when import When


class Filter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What of the log is wanted; every field that is not empty narrows it.

    `chronicles` keeps records of these chronicles. The other fields keep events alone: `types` those of a type or of
    one below it, `entities` those that name an entity (as participant, subject, dimension, value or speaker),
    `attributes` those with a fact of an attribute, `tags` those with a tag, `since` and `until` (EDTF, inclusive) those
    that may have occurred then. Within a field one of the entries is enough. Retractions and redactions pass all fields
    but `chronicles`: whoever was sent a document must hear of its end.
    """

    chronicles: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            given = getattr(self, name)
            try:
                _ = None if given is None else When.parse(given)
            except WhenError as error:
                raise QuestionError(f"{name}: {error}") from error

    @classmethod
    def of(
        cls,
        *,
        chronicles: Iterable[str] | None,
        types: Iterable[str] | None,
        entities: Iterable[str] | None,
        attributes: Iterable[str] | None,
        tags: Iterable[str] | None,
        since: str | None,
        until: str | None,
    ) -> Filter:
        """The same from what the doors are given, where what is left out is None. Raises QuestionError for a date."""
        return cls(
            chronicles=tuple(chronicles or ()),
            types=tuple(types or ()),
            entities=tuple(entities or ()),
            attributes=tuple(attributes or ()),
            tags=tuple(tags or ()),
            since=since,
            until=until,
        )

    def wants(self, record: Record) -> bool:
        """The record passes."""
        if self.chronicles and record.header.chronicle not in self.chronicles:
            return False
        document = record.document
        if isinstance(document, Retraction | Redacted | Redaction):
            return True
        narrow = self.types or self.entities or self.attributes or self.tags or self.since or self.until
        return not narrow or (isinstance(document, Event) and self._wants(document))

    def _wants(self, event: Event) -> bool:
        return (
            (not self.types or any(is_of(event.type, one) for one in self.types))
            and (not self.tags or not set(self.tags).isdisjoint(event.tags))
            and (not self.attributes or any(fact.attribute in self.attributes for fact in event.facts))
            and (not self.entities or not set(self.entities).isdisjoint(named(event)))
            and may_overlap(When.parse(event.occurred), self.since, self.until)
        )


EVERYTHING = Filter()
"""What narrows nothing."""
