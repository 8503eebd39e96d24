"""The asking half of the hall: a question put to the store, its basis, and what its answer is made from."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import groupby, islice
from typing import Any, Self, TypedDict

from chronicle.errors import QuestionError, UnknownError, near, shown
from chronicle.event.candidate import Candidate, Key
from chronicle.event.model import Attribute, Retraction
from chronicle.event.record import Record
from chronicle.event.tree import root
from chronicle.narrative.matter import ReportMatter
from chronicle.state.answer import Basis, Claim, StateFact, key_dimensions
from chronicle.state.conflicts import Conflict, conflict, rivalries
from chronicle.state.held import Histories, History, held_segments, key_json
from chronicle.state.history import Segment, history
from chronicle.state.occurrence import FOREMOST, Occurrence, Rank, occurrence_order, occurrences
from chronicle.state.page import Allowance, Turn, page
from chronicle.state.rows import Reading, by_key, key_order, state_rows
from chronicle.store import foreseen, listed, read, tree
from chronicle.store.candidates import candidates
from chronicle.store.claims import events_at, latest_document
from chronicle.store.head import read_head, within_log
from chronicle.store.holding import holding
from chronicle.store.place import Pair, Place
from chronicle.store.read import Horizon
from chronicle.store.standing import Events, acting_on, standing_from, standing_nowhere
from chronicle.when import Bound, check_zone, resolve_bound

RESOLUTIONS = ("latest-from", "latest-reported")


class Bounds(TypedDict, total=False):
    """The bounds of a question as keyword arguments, see `Question`."""

    as_of: str | None
    known: str | None
    recorded: str | None
    position: int | None
    zone: str
    resolution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The three bounds of a query and how to read it; see DESIGN section 5. All dates are text, read in `zone`.

    `as_of` defaults to now, `known` and `recorded` to no bound; `position` is another way to say `recorded`.
    """

    as_of: str | None = None
    known: str | None = None
    recorded: str | None = None
    position: int | None = None
    zone: str = "UTC"
    resolution: str | None = None

    def but(self, bounds: str | Mapping[str, Any] | Basis) -> Self:
        """A question with other bounds: a date is an `as_of`; a mapping or a basis names what it sets.

        `recorded` and `position` say the same thing, so that either replaces both. Raises QuestionError.
        """
        if isinstance(bounds, Basis):
            bounds = {name: getattr(bounds, name) for name in self.__slots__ if name != "recorded"}
        elif isinstance(bounds, str):
            bounds = {"as_of": bounds}
        if strange := sorted(set(map(str, bounds)) - set(self.__slots__)):
            raise QuestionError(f"{shown(strange[0])} is no part of a basis: expected {', '.join(self.__slots__)}")
        if not {"recorded", "position"}.isdisjoint(bounds):
            bounds = {"recorded": None, "position": None, **bounds}
        return replace(self, **bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which facts a question is about; None is any. `dimensions` asks for at least these."""

    chronicle: str | None = None
    subject: str | None = None
    attribute: str | None = None
    dimensions: Mapping[str, str] | None = None


class Asked:
    """A question put to a connection at an instant.

    `basis` is what the answer is computed from, `last_second` the last second of its as_of, `horizon` how far it sees
    of what the `connection` reaches.
    `now` is in microseconds. Raises QuestionError for a bound that cannot be read or a position beyond the head.
    """

    def __init__(self, connection: Any, question: Question, now: int) -> None:
        check_zone(question.zone)
        if question.resolution not in (None, *RESOLUTIONS):
            raise QuestionError(f"resolution: expected one of {', '.join(RESOLUTIONS)}")
        if question.recorded is not None and question.position is not None:
            raise QuestionError("recorded and position say the same thing: give one")

        def bound(text: str) -> Bound:
            return resolve_bound(text, zone=question.zone, now=now)

        as_of = bound("now" if question.as_of is None else question.as_of)
        known = None if question.known is None else bound(question.known)
        foreseen.beginning(connection)
        if question.recorded is not None:
            position = read.position_at(connection, bound(question.recorded).last)
        else:
            position = within_log(connection, question.position)
        self.connection = connection
        redacted = tuple(read.redactions(connection, position))
        said = (as_of.text, known.text if known else None, question.zone, question.resolution)
        self.basis = Basis(position, *said, redacted=redacted)
        self.last_second = as_of.last
        self.horizon = Horizon(position, known.last if known else None)

    def require_chronicle(self, chronicle: str) -> None:
        """Raise UnknownError if no record within the position is of the chronicle."""
        if not self._has_chronicle(chronicle):
            known = listed.chronicles(self.connection, self.horizon.position)
            where, names = self.horizon.position, ", ".join(known) or "none yet"
            hint = near(chronicle, known)
            raise UnknownError(f"there is no chronicle {shown(chronicle)} at position {where}; there is {names}{hint}")

    @cached_property
    def _has_chronicle(self) -> Callable[[str], bool]:
        return cache(lambda chronicle: listed.has_chronicle(self.connection, self.horizon.position, chronicle))

    def places(
        self,
        scope: Scope,
        *,
        begun_by: int = read.LATEST,
        is_whole: bool = True,
        after: Turn | None = None,
    ) -> Iterator[tuple[Place, dict[Key, list[Candidate]]]]:
        """The candidate facts in the scope by key, for each attribute of each subject, in their order; none is empty.

        Facts that can only begin after `begun_by` are left out, and unless it `is_whole` also what cannot matter then.
        `after` is the turn in whose place to begin. Raises UnknownError for the scope's chronicle.
        """

        def spares(chronicle: str, attribute: str) -> bool:
            return self.reading(chronicle, attribute) == Reading()

        has_facts = False
        for chronicle in self.chronicles(scope, after):
            since = Place(*after[:3]) if after is not None and chronicle == after.chronicle else None
            if is_whole or scope.subject is not None:
                found = candidates(
                    self.connection,
                    self.horizon,
                    chronicle,
                    scope.subject,
                    scope.attribute,
                    begun_by=begun_by,
                    spares=None if is_whole else spares,
                    since=since,
                )
            else:
                found = holding(
                    self.connection,
                    self.horizon,
                    chronicle,
                    scope.attribute,
                    x=begun_by,
                    spares=spares,
                    since=since,
                )
            for place, pairs in found:
                has_facts = True
                if facts := self.keyed(pairs, scope):
                    yield place, facts
        if not has_facts and scope.chronicle is not None:
            self.require_chronicle(scope.chronicle)

    def chronicles(self, scope: Scope, after: Turn | None) -> list[str]:
        """The chronicles in the scope, in order, from that of a turn on."""
        position = self.horizon.position
        found = listed.chronicles(self.connection, position) if scope.chronicle is None else [scope.chronicle]
        return [one for one in found if after is None or one >= after.chronicle]

    def keyed(self, pairs: Collection[Pair], scope: Scope) -> dict[Key, list[Candidate]]:
        """Those facts that have the dimensions of the scope, by key."""
        if scope.dimensions:
            wanted = scope.dimensions.items()
            pairs = [one for one in pairs if wanted <= key_dimensions(one[0].dimensions).items()]
        return by_key(pairs, self.reading)

    def of_place(
        self, place: Place, scope: Scope, *, begun_by: int | None = None, is_whole: bool = True
    ) -> dict[Key, list[Candidate]]:
        """The candidate facts in the scope of one place that may have begun, as `places` gives them."""
        if not self._has_chronicle(place.chronicle):
            return {}
        one = Scope(**place._asdict(), dimensions=scope.dimensions)
        last = self.last_second if begun_by is None else begun_by
        return next((facts for _, facts in self.places(one, begun_by=last, is_whole=is_whole)), {})

    def doubts(self, scope: Scope) -> list[str]:
        """Of the subject and the attribute asked for, what no fact within the position has, with what is close."""
        said = []
        for what, name in (("subject", scope.subject), ("attribute", scope.attribute)):
            if name is not None:
                known = listed.names(self.connection, self.horizon.position, what, scope.chronicle)
                if name not in known:
                    said.append(f"no fact has the {what} {shown(name)}{near(name, known)}")
        return said

    @cached_property
    def reading(self) -> Callable[[str, str], Reading]:
        """(chronicle, attribute) -> how its facts are read, as declared within the position."""
        asked = self.basis.resolution

        @cache
        def declared(chronicle: str, attribute: str) -> Reading:
            document = latest_document(self.connection, self.horizon.position, chronicle, "attribute", attribute)
            if not isinstance(document, Attribute):
                return Reading(by_report=asked == RESOLUTIONS[1])
            by_report = (asked or document.resolution) == RESOLUTIONS[1]
            return Reading(many=document.cardinality == "many", by_report=by_report)

        return declared

    def claims(self, facts: Iterable[Candidate]) -> dict[Candidate, Claim]:
        """Each fact with the version of the event that states it."""
        wanted = list(facts)
        found = events_at(self.connection, {fact.position for fact in wanted})
        return {fact: Claim(fact, found[fact.position]) for fact in wanted}

    def state(
        self,
        scope: Scope,
        after: Turn | None = None,
        limit: int | None = None,
        allowance: Allowance | None = None,
    ) -> tuple[tuple[StateFact, ...], Turn | None]:
        """The rows of the state at the last second, each with the claim it comes from; and the turn they end at."""
        places = self.places(scope, begun_by=self.last_second, is_whole=False, after=after)
        if allowance is not None:
            places = allowance.of(places)
        told = ((place, state_rows(facts, self.last_second, self.reading)) for place, facts in places)
        rows, turn = page(told, after, limit)
        if turn is None and allowance is not None:
            turn = allowance.turn
        events = events_at(self.connection, {row.fact.position for row in rows})
        return tuple(StateFact(row.fact, events[row.fact.position], row) for row in rows), turn

    def histories(
        self, scope: Scope, *, last_second: int | None, after: Turn | None = None, limit: int | None = None
    ) -> Histories:
        """The history of every key in the scope, up to a last second if there is one; at most so many segments."""
        rows = self._segments(scope, last_second, after)
        told = list(islice(rows, limit))
        end = next((turn for turn, _, _ in rows), None)
        claims = self.claims(fact for _, _, segment in told for fact in segment.facts)
        basis = self.basis if last_second is not None else replace(self.basis, as_of=None)
        asked: dict[str, object] = {
            "chronicle": scope.chronicle,
            "subject": scope.subject,
            "attribute": scope.attribute,
            "dimensions": dict(sorted((scope.dimensions or {}).items())),
        }
        return Histories(
            basis,
            asked,
            tuple(
                History(basis, key_json(key, claims[segments[0].facts[0]]), held_segments(segments, claims))
                for key, segments in (
                    (key, [segment for _, _, segment in group]) for key, group in groupby(told, key=lambda row: row[1])
                )
            ),
            end.text if end else None,
        )

    def _segments(
        self, scope: Scope, last_second: int | None, after: Turn | None
    ) -> Iterator[tuple[Turn, Key, Segment]]:
        """The segments of all keys, each with the turn that leads to it; memory is that of the facts of a place."""
        for place, facts in self.places(scope, after=after):
            here = after if after is not None and place == after[:3] else Turn(*place, 0)
            for number, key in enumerate(sorted(facts, key=key_order)):
                if number < here.told:
                    continue
                by_report = self.reading(key.chronicle, key.attribute).by_report
                since = here.second if number == here.told else None
                for segment in history(facts[key], by_report=by_report, since=since, last=last_second):
                    yield Turn(*place, number, segment.start), key, segment

    def occurrences(
        self, wanted: Events, after: Rank | None = None, limit: int | None = None
    ) -> tuple[tuple[Occurrence, ...], Rank | None]:
        """How events stand at the last second: those that come after a rank, at most so many; and the rank they end at.

        Memory is that of so many events, and of those that stand at one second.
        """
        if wanted.chronicle is not None:
            self.require_chronicle(wanted.chronicle)
        ranked = self._ranked(wanted, after)
        told = list(islice(ranked, limit))
        is_cut = next(ranked, None) is not None
        return tuple(one for _, one in told), told[-1][0] if is_cut else None

    def _ranked(self, wanted: Events, after: Rank | None) -> Iterator[tuple[Rank, Occurrence]]:
        """What comes after a rank, in order."""
        connection, horizon = self.connection, self.horizon
        begin = FOREMOST if after is None else after

        def told(records: list[Record], *, nowhere: bool) -> Iterator[tuple[Rank, Occurrence]]:
            ids = (one.header.id for one in records)
            acting = acting_on(connection, horizon, wanted.chronicle, ids) if records else ()
            for one in occurrences(records, self.last_second, acting):
                rank = occurrence_order(one.record, one.event)
                if rank > begin and rank.is_nowhere is nowhere:
                    yield rank, one

        if not begin.is_nowhere:
            for records in standing_from(connection, horizon, wanted, begin.earliest):
                yield from told(records, nowhere=False)
        first = begin.first if begin.is_nowhere else 0
        while records := standing_nowhere(connection, horizon, wanted, first):
            yield from told(records, nowhere=True)
            first = records[-1].first

    def conflicts(
        self, scope: Scope, after: Turn | None = None, limit: int | None = None
    ) -> tuple[tuple[Conflict, ...], Turn | None]:
        """The claims in the scope that lost at the last second; and the turn they end at."""
        places = self.places(scope, begun_by=self.last_second, after=after)
        told = ((place, rivalries(facts, self.last_second, self.reading)) for place, facts in places)
        found, turn = page(told, after, limit)
        claims = self.claims(fact for one in found for fact in (one.winner, *(loser for loser, _ in one.losers)))
        return tuple(conflict(one, claims) for one in found), turn

    def report_matter(self, chronicle: str) -> ReportMatter:
        """What the report of a chronicle is told from; `narrative.matter.narrowed` leaves some of its events untold."""
        glossary = self._glossary(chronicle)
        return ReportMatter(
            chronicle=chronicle,
            archive=read_head(self.connection).archive,
            basis=self.basis,
            last_second=self.last_second,
            events=tuple(read.effective_events(self.connection, self.horizon, chronicle)),
            state=self.state(Scope(chronicle=chronicle))[0],
            root=base64.b64encode(root(self.basis.position, partial(tree.tile, self.connection))).decode(),
            about=glossary["about"],
            sources=glossary["sources"],
            entities=glossary["entities"],
            attributes=glossary["attributes"],
        )

    def documents(self, kind: str, chronicle: str | None, after: int, limit: int | None) -> list[Record]:
        """The documents of a kind within the position whose first versions come after another, at most so many."""
        found = read.documents(self.connection, self.horizon.position, chronicle, kind, after=after)
        return list(islice(found, limit))

    def _glossary(self, chronicle: str) -> dict[str, dict[str, Any]]:
        """The documents that a chronicle's events are told with, by kind and id."""
        return {
            name: {
                one.header.id: one.document
                for one in read.documents(self.connection, self.horizon.position, chronicle, kind)
                if not isinstance(one.document, Retraction)
            }
            for name, kind in (
                ("about", "chronicle"),
                ("sources", "source"),
                ("entities", "entity"),
                ("attributes", "attribute"),
            )
        }


def paging(after: str | None, limit: int | None) -> tuple[Turn | None, int | None]:
    """Where a page begins and how long it is. Raises QuestionError for what is no page."""
    return None if after is None else Turn.parse(after), long_enough(limit)


def long_enough(limit: int | None) -> int | None:
    """How long a page is. Raises QuestionError for one of nothing."""
    if limit is not None and limit < 1:
        raise QuestionError("limit: ask for at least one")
    return limit
