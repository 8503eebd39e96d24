"""Which records a reader of the log wants."""

from __future__ import annotations

import msgspec

from chronicle.errors import QuestionError, WhenError
from chronicle.event.model import Event, Redacted, Redaction, Retraction
from chronicle.event.record import Record
from chronicle.event.value import EntityValue
from chronicle.when import When


class Filter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What of the log is wanted; every field that is not empty narrows it.

    `chronicles` keeps records of these chronicles. The other fields keep events alone: `types` those of a type or of
    one below it, `entities` those that name an entity (as participant, subject, value or speaker), `attributes` those
    with a fact of an attribute, `tags` those with a tag, `since` and `until` (EDTF, inclusive) those that may have
    occurred then. Within a field one of the entries is enough. Retractions and redactions pass all fields but
    `chronicles`: whoever was sent a document must hear of its end.
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
            (not self.types or any(f"{event.type}.".startswith(f"{one}.") for one in self.types))
            and (not self.tags or not set(self.tags).isdisjoint(event.tags))
            and (not self.attributes or any(fact.attribute in self.attributes for fact in event.facts))
            and (not self.entities or not set(self.entities).isdisjoint(entities_of(event)))
            and self._overlaps(event)
        )

    def _overlaps(self, event: Event) -> bool:
        if self.since is None and self.until is None:
            return True
        occurred = When.parse(event.occurred)
        low = None if self.since is None else When.parse(self.since).lo
        high = None if self.until is None else When.parse(self.until).hi
        return (low is None or occurred.hi is None or occurred.hi > low) and (
            high is None or occurred.lo is None or occurred.lo < high
        )


def entities_of(event: Event) -> set[str]:
    """The names that an event names as participant, as subject, as value or as who stated it."""
    found = {one if isinstance(one, str) else one.entity for one in event.participants}
    found |= {fact.subject for fact in event.facts}
    found |= {fact.value.entity for fact in event.facts if isinstance(fact.value, EntityValue)}
    return found if event.stated_by is None else found | {event.stated_by}
