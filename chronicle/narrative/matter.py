"""What a report is made from, and how it is narrowed to some of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chronicle.event.model import Attribute, Chronicle, Entity, Event, Source
from chronicle.event.narrowing import is_of, may_overlap, named
from chronicle.event.record import Record
from chronicle.state.answer import Basis, StateFact
from chronicle.when import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which events are told: those that fit every given limit, and of each limit one of its names.

    A type stands for its kinds as well: `agreement` is `agreement.signed` too. An entity fits if it takes part, speaks,
    or is named by a fact. `since` and `until` are EDTF dates: what may have occurred between the beginning of the one
    and the end of the other is told.
    """

    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        """Something is given."""
        return bool(self.tags or self.types or self.entities or self.since or self.until)


EVERYTHING = Narrowing()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMatter:
    """Everything a report is told from, as it stood at the basis; nothing else enters the text.

    `events` are the effective versions of the chronicle's events, by first position; `last_second` is the last second
    of `as_of`. The mappings hold the glossary and bibliography by id. `shown` are the ids of the events that are told,
    all if None; the others still say how those stand. `root` is that of the log up to the position, in base64.
    """

    chronicle: str
    archive: str
    basis: Basis
    last_second: int
    events: tuple[Record, ...]
    state: tuple[StateFact, ...]
    about: Mapping[str, Chronicle]
    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    attributes: Mapping[str, Attribute]
    shown: frozenset[str] | None = None
    narrowing: Narrowing = field(default=EVERYTHING)
    root: str | None = None


def narrowed(matter: ReportMatter, narrowing: Narrowing) -> ReportMatter:
    """The matter of a report that tells only some events, with the rows of the state that those events state.

    Raises WhenError for a date that is none.
    """
    if not narrowing:
        return matter
    events = (record.document for record in matter.events if isinstance(record.document, Event))
    shown = frozenset(event.id for event in events if _fits(event, narrowing))
    state = tuple(row for row in matter.state if row.event.id in shown)
    return replace(matter, shown=shown, state=state, narrowing=narrowing)


def _fits(event: Event, narrowing: Narrowing) -> bool:
    fits = not narrowing.tags or not set(narrowing.tags).isdisjoint(event.tags)
    fits = fits and (not narrowing.types or any(is_of(event.type, name) for name in narrowing.types))
    fits = fits and (not narrowing.entities or not set(narrowing.entities).isdisjoint(named(event)))
    return fits and may_overlap(When.parse(event.occurred), narrowing.since, narrowing.until)
