"""What one page of a chronicle is told from, read within one transaction and bounded in every direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from chronicle.asking import Asked, Scope
from chronicle.errors import QuestionError, near, shown
from chronicle.event.model import Attribute, Chronicle, Entity, Event, Retraction, Source
from chronicle.event.narrowing import named
from chronicle.event.record import Record
from chronicle.event.value import EntityValue
from chronicle.narrative.matter import ReportMatter
from chronicle.state.answer import StateFact
from chronicle.state.held import History
from chronicle.state.page import Allowance, Turn
from chronicle.store import listed, neighbours, read
from chronicle.store.claims import latest_document
from chronicle.store.head import read_head
from chronicle.store.neighbours import Moment
from chronicle.when import When

WHOLE = 1_000
"""A chronicle of no more versions of events is told on one page."""

EVENTS = 120
"""Candidates for the events of a page, where there are more; a third of them come after the date asked about."""

ROWS = 200
"""Rows of the state, or changes, of one page."""

PLACES = 500
"""Attributes of subjects that are looked at for one page of the state or of changes."""

MOST_FACTS = 250
"""With more facts of one attribute of one subject its history is not told on a page."""

MOST_NAMES = 24
"""Attributes of a subject of which one page tells."""

MOST_RELATED = 200
"""Events that are told with others because they say how these stand."""

_LAST = 2**63 - 1


class Leaves:
    """The parts of a chronicle, for one question."""

    def __init__(self, connection: Any, asked: Asked, chronicle: str) -> None:
        asked.require_chronicle(chronicle)
        self._connection = connection
        self._asked = asked
        self._chronicle = chronicle
        self.horizon, self.last_second = asked.horizon, asked.last_second
        self.is_whole = not neighbours.is_larger(connection, chronicle, WHOLE)

    def events(self, before: str | None, after: str | None) -> tuple[list[Record], str | None, str | None]:
        """The events around the date, or before or after a place; and the places before and after which others are."""
        now = Moment(self._asked.last_second, _LAST)
        if self.is_whole:
            return self._beside(Moment(-_LAST, 0), WHOLE, later=True).records, None, None
        if before is not None:
            found = self._beside(_moment(before), EVENTS, later=False)
            return found.records, _text(found.first) if found.more else None, _text(found.last)
        if after is not None:
            found = self._beside(_moment(after), EVENTS, later=True)
            return found.records, _text(found.first), _text(found.last) if found.more else None
        past, future = self._beside(now, 2 * EVENTS // 3, later=False), self._beside(now, EVENTS // 3, later=True)
        earlier = _text(past.first) if past.more else None
        return [*past.records, *future.records], earlier, _text(future.last) if future.more else None

    def all_events(self) -> list[Record]:
        """The events of a chronicle that is told as a whole."""
        return self._beside(Moment(-_LAST, 0), WHOLE, later=True).records

    def by_id(self, names: Iterable[str]) -> list[Record]:
        """Events by their ids."""
        return neighbours.by_id(self._connection, self._asked.horizon, self._chronicle, names)

    def citing(self, kind: str, names: Iterable[str], most: int, after: int = 0) -> tuple[list[Record], int | None]:
        """Events that cite something, of candidates after a position; and after which position there are more."""
        cited = neighbours.Cited(self._chronicle, kind, frozenset(names))
        return neighbours.citing(self._connection, self.horizon, cited, most=most, after=after)

    def relating(self, records: Iterable[Record]) -> list[Record]:
        """The first events that say what became of others."""
        return self.citing("event", {one.header.id for one in records}, MOST_RELATED)[0]

    def about(self, name: str) -> tuple[list[str], list[Record], bool]:
        """The attributes of a subject, events that name it, and whether there are more of these."""
        attributes, positions = neighbours.of_subject(
            self._connection, self._chronicle, name, most=MOST_NAMES, each=EVENTS // 2, second=self.last_second
        )
        if self.is_whole:
            return attributes, [one for one in self.all_events() if name in named(event_of(one))], False
        citing, more = self.citing("entity", [name], EVENTS)
        stating = read.effective_at(self._connection, self._asked.horizon, positions)
        found = {one.position: one for one in (*citing, *stating)}
        nearest = sorted(found.values(), key=self._distance)
        return attributes, nearest[:EVENTS], more is not None or len(nearest) > EVENTS or len(positions) >= EVENTS // 2

    def state(self, scope: Scope, after: str | None) -> tuple[list[StateFact], str | None]:
        """Rows of the state, and what to ask for after them."""
        turn = None if after is None else Turn.parse(after)
        rows, end = self._asked.state(scope, turn, ROWS, Allowance(PLACES))
        return list(rows), None if end is None else end.text

    def state_of(self, places: Iterable[tuple[str, str]]) -> list[StateFact]:
        """The rows of some attributes of subjects."""
        found: list[StateFact] = []
        for subject, attribute in places:
            found += self.state(Scope(chronicle=self._chronicle, subject=subject, attribute=attribute), None)[0]
        return found

    def naming(self, records: Iterable[Record], name: str) -> list[StateFact]:
        """The rows by whose values or dimensions something is named, of what some events state."""
        places = dict.fromkeys(
            (fact.subject, fact.attribute)
            for record in records
            for fact in event_of(record).facts
            if fact.subject != name and (name in fact.dimensions.values() or fact.value == EntityValue(name))
        )
        rows = self.state_of(islice(places, EVENTS))
        return [one for one in rows if name in one.fact.dimensions.values() or one.fact.value == EntityValue(name)][
            :ROWS
        ]

    def histories(self, subject: str, attribute: str) -> tuple[History, ...] | None:
        """The histories of an attribute of a subject over all time; None where there are too many facts to tell."""
        if neighbours.is_hot(self._connection, self._chronicle, subject, attribute, MOST_FACTS):
            return None
        scope = Scope(chronicle=self._chronicle, subject=subject, attribute=attribute)
        return self._asked.histories(scope, last_second=None).histories

    def subjects(self, attribute: str, most: int, after: str = "") -> list[str]:
        """The first subjects, after one, that have an attribute."""
        return neighbours.subjects(self._connection, self._chronicle, attribute, most, after)

    def position(self, text: str) -> int:
        """The position that a leaf named. Raises QuestionError for another text."""
        return _moment(f"0.{text}").position

    def declared(self, kind: str, name: str) -> Any:
        """A document of the glossary; None if there is none."""
        document = latest_document(self._connection, self._asked.horizon.position, self._chronicle, kind, name)
        return None if isinstance(document, Retraction) else document

    def first(self, kind: str, most: int) -> list[str]:
        """The ids of the first documents of a kind."""
        found = neighbours.first_of(self._connection, self.horizon.position, self._chronicle, kind, most)
        return sorted(one.header.id for one in found)

    def near(self, name: str) -> str:
        """What may have been meant by an id that is not there."""
        return near(name, listed.ids_like(self._connection, name[:1], WHOLE))

    def matter(
        self,
        records: Sequence[Record],
        *,
        also: Iterable[Record] = (),
        state: Sequence[StateFact] = (),
        names: Iterable[str] = (),
        sources: Iterable[str] = (),
    ) -> ReportMatter:
        """What some events and rows are told from; `also` are events that are not told, but are named or say more."""
        told = {one.position: one for one in (*records, *also)}
        events = [event_of(one) for one in told.values()] + [one.event for one in state]
        facts = [fact for event in events for fact in event.facts]
        entities = {
            *names,
            *(name for event in events for name in (*named(event), *event.tags, event.type.replace(".", "-"))),
        }
        cited = {*sources, *(cite.source for event in events for cite in event.sources)}
        return ReportMatter(
            chronicle=self._chronicle,
            archive=read_head(self._connection).archive,
            basis=self._asked.basis,
            last_second=self._asked.last_second,
            events=tuple(sorted(told.values(), key=lambda one: one.first)),
            state=tuple(state),
            about=self._glossary("chronicle", [self._chronicle], Chronicle),
            sources=self._glossary("source", cited, Source),
            entities=self._glossary("entity", entities, Entity),
            attributes=self._glossary("attribute", {*names, *(fact.attribute for fact in facts)}, Attribute),
            shown=frozenset(one.header.id for one in records),
        )

    def _glossary(self, kind: str, names: Iterable[str], model: type[Any]) -> dict[str, Any]:
        wanted = {(self._chronicle, name) for name in names}
        found = read.latest_of(self._connection, self._asked.horizon.position, kind, wanted)
        return {one.header.id: one.document for one in found if isinstance(one.document, model)}

    def _beside(self, moment: Moment, most: int, *, later: bool) -> neighbours.Beside:
        return neighbours.beside(self._connection, self._asked.horizon, self._chronicle, moment, most, later=later)

    def _distance(self, record: Record) -> int:
        """How far an event is from the date, in seconds."""
        when = When.parse(event_of(record).occurred)
        bounds = [one for one in (when.strict_lo, when.strict_hi) if one is not None]
        return min((abs(one - self._asked.last_second) for one in bounds), default=_LAST)


def event_of(record: Record) -> Event:
    """The event of an effective record."""
    assert isinstance(record.document, Event), "effective records are of events"
    return record.document


def _text(moment: Moment | None) -> str | None:
    return None if moment is None else f"{moment.second}.{moment.position}"


def _moment(text: str) -> Moment:
    """The place that a leaf named. Raises QuestionError for another text."""
    second, _, position = text.partition(".")
    try:
        return Moment(_number(second), _number(position))
    except ValueError:
        raise QuestionError(f"{shown(text)} is not what a page said comes next") from None


def _number(text: str) -> int:
    """Raises ValueError for what is no integer of the database."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and int(digits) <= _LAST):
        raise ValueError(text)
    return int(text)
