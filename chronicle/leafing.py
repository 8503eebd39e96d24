"""The leafing part of the hall: a chronicle of any size told page by page, each in bounded time and memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Unpack

from chronicle.asking import Asked, Bounds, Question, Scope
from chronicle.differing import difference
from chronicle.errors import UnknownError, shown
from chronicle.event.model import Attribute, Entity, Source
from chronicle.event.value import EntityValue
from chronicle.leaves import EVENTS, MOST_NAMES, PLACES, ROWS, Leaves, event_of
from chronicle.narrative.matter import ReportMatter
from chronicle.reporting import Reporting
from chronicle.state.diff import Change, Diff
from chronicle.state.held import History
from chronicle.state.page import Allowance, Turn
from chronicle.stops import Stops, as_of_stops, known_stops


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a chronicle: what it is told from, and the stops of its two dates.

    `earlier` and `later` are what to ask for the events `before` and `after` these, `next` for what follows the rows,
    subjects or citing events that are here; None where nothing does. `is_whole` says that all events are here.
    """

    matter: ReportMatter
    as_of: Stops
    known: Stops
    is_whole: bool
    earlier: str | None = None
    later: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is declared under a name, if anything; the names beside it, and the histories.

    Of a subject the names are its attributes, of an attribute its subjects; `hot` are those with so many facts that
    their histories are not told. `is_cut` says that there are more events than the leaf has.
    """

    leaf: Leaf
    declared: Entity | Attribute | Source | None
    names: tuple[str, ...] = ()
    histories: tuple[History, ...] = ()
    hot: tuple[str, ...] = ()
    is_cut: bool = False


class Leafing(Reporting):
    """A chronicle page by page. Every method raises as `Archive.state` does, and UnknownError for what is not there.

    How much one page has is bounded by `chronicle.leaves`; a chronicle of up to `WHOLE` events has them all on one.
    """

    def leaf(
        self,
        chronicle: str,
        *,
        before: str | None = None,
        after: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        rows_after: str | None = None,
        **bounds: Unpack[Bounds],
    ) -> Leaf:
        """Events around the date, or `before` or `after` a place that a leaf named; and rows of the state.

        `subject` and `attribute` narrow the state; `rows_after` is the `next` of the leaf before.
        """
        with self._leafing(chronicle, bounds) as (connection, leaves):
            scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute)
            rows, following = leaves.state(scope, rows_after)
            records, earlier, later = leaves.events(before, after)
            matter = leaves.matter(records, also=leaves.relating(records), state=rows)
            return _leaf(connection, leaves, matter, earlier=earlier, later=later, next=following)

    def event_leaf(self, chronicle: str, name: str, **bounds: Unpack[Bounds]) -> Leaf:
        """An event, the events that it is related to, and the first of those that are related to it."""
        with self._leafing(chronicle, bounds) as (connection, leaves):
            found = leaves.by_id([name])
            related = {one.event for record in found for one in event_of(record).related}
            back, _ = leaves.citing("event", [name], EVENTS)
            return _leaf(connection, leaves, leaves.matter(found, also=[*leaves.by_id(related), *back]))

    def subject_leaf(self, chronicle: str, name: str, **bounds: Unpack[Bounds]) -> About:
        """A subject: what holds of it and names it, how that went, and the events that name it, nearest to the date."""
        with self._leafing(chronicle, bounds) as (connection, leaves):
            attributes, records, is_cut = leaves.about(name)
            entity = leaves.declared("entity", name)
            if entity is None and not records:
                raise UnknownError(f"nothing here is known of {shown(name)}{leaves.near(name)}")
            rows = leaves.state_of((name, one) for one in attributes)
            held = dict.fromkeys(row.fact.attribute for row in rows)
            histories, hot = _histories(leaves, ((name, one) for one in held))
            matter = leaves.matter(
                records,
                also=[*leaves.relating(records), *leaves.by_id(_told_in(histories))],
                state=[*rows, *leaves.naming(records, name)],
                names=[name],
            )
            leaf = _leaf(connection, leaves, matter)
            return About(leaf, entity, tuple(attributes), histories, tuple(one for _, one in hot), is_cut)

    def attribute_leaf(
        self, chronicle: str, name: str, *, subject: str | None = None, after: str = "", **bounds: Unpack[Bounds]
    ) -> About:
        """An attribute: how it went of one subject, or of the first that have it `after` another."""
        with self._leafing(chronicle, bounds) as (connection, leaves):
            attribute = leaves.declared("attribute", name)
            subjects = leaves.subjects(name, MOST_NAMES + 1, after)
            if attribute is None and not subjects and not after:
                raise UnknownError(f"there is no attribute {shown(name)}{leaves.near(name)}")
            following = subjects[MOST_NAMES - 1] if len(subjects) > MOST_NAMES else None
            subjects = subjects[:MOST_NAMES]
            histories, hot = _histories(leaves, ((one, name) for one in (subjects if subject is None else [subject])))
            if subject is None:  # others had it as it was recorded once, and have it no more
                there = {str(one.key["subject"]) for one in histories} | {one for one, _ in hot}
                subjects = [one for one in subjects if one in there]
            told = leaves.by_id(_told_in(histories))
            matter = leaves.matter([], also=told, names=[name, *subjects, *([subject] if subject else [])])
            leaf = _leaf(connection, leaves, matter, next=following)
            return About(leaf, attribute, tuple(subjects), histories, tuple(one for one, _ in hot))

    def source_leaf(self, chronicle: str, name: str, *, after: str | None = None, **bounds: Unpack[Bounds]) -> About:
        """A source, and events that cite it, in the order in which they were recorded."""
        with self._leafing(chronicle, bounds) as (connection, leaves):
            begin = 0 if after is None else leaves.position(after)
            records, more = leaves.citing("source", [name], EVENTS, after=begin)
            matter = leaves.matter(records, also=leaves.relating(records), sources=[name])
            leaf = _leaf(connection, leaves, matter, next=None if more is None else str(more))
            return About(leaf, leaves.declared("source", name))

    def forms_leaf(self, chronicle: str, **bounds: Unpack[Bounds]) -> Leaf:
        """What a form may offer: events near the date, and the first entities and sources that are declared."""
        with self._leafing(chronicle, bounds) as (connection, leaves):
            records, _, _ = leaves.events(None, None)
            entities, sources = (leaves.first(kind, ROWS) for kind in ("entity", "source"))
            return _leaf(connection, leaves, leaves.matter(records, names=entities, sources=sources))

    def compared(
        self,
        chronicle: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        turn: str | None = None,
        **bounds: Unpack[Bounds],
    ) -> tuple[Leaf, Diff]:
        """Some of what `diff` tells, and what it is told from; there may be more although there is little here."""
        question, instant = Question(**bounds), self._now()
        with self._leafing(chronicle, bounds) as (connection, leaves):
            first, second = (Asked(connection, question.but(one), instant) for one in (before, after))
            begin = None if turn is None else Turn.parse(turn)
            page = difference(first, second, Scope(chronicle=chronicle), begin, ROWS, allowance=Allowance(PLACES))
            causes = {name for one in page.changes for name in one.caused_by}
            names = {name for one in page.changes for name in _named(one)}
            told = Leaves(connection, second, chronicle).by_id(causes)
            return _leaf(connection, leaves, leaves.matter([], also=told, names=names)), page

    @contextmanager
    def _leafing(self, chronicle: str, bounds: Bounds) -> Iterator[tuple[Any, Leaves]]:
        with self._store.reading() as connection:
            yield connection, Leaves(connection, Asked(connection, Question(**bounds), self._now()), chronicle)


def _leaf(connection: Any, leaves: Leaves, matter: ReportMatter, **places: str | None) -> Leaf:
    as_of = as_of_stops(connection, leaves, matter.chronicle)
    known = known_stops(connection, leaves, matter.chronicle, matter.basis.known)
    return Leaf(matter, as_of, known, leaves.is_whole, **places)


def _histories(leaves: Leaves, places: Iterable[tuple[str, str]]) -> tuple[tuple[History, ...], list[tuple[str, str]]]:
    """The histories of attributes of subjects, and which of these have too many facts."""
    found: list[History] = []
    hot = []
    for place in places:
        told = leaves.histories(*place)
        if told is None:
            hot.append(place)
        else:
            found += told
    return tuple(found), hot


def _named(change: Change) -> Iterator[str]:
    """What a change is of, and the entities that are its values."""
    dimensions = change.key["dimensions"]
    assert isinstance(dimensions, dict), "a key has its dimensions by name"
    yield from (str(change.key["subject"]), str(change.key["attribute"]), *dimensions.values())
    for side in (change.before, change.after):
        if side is not None:
            yield from (value.entity for value in side.values if isinstance(value, EntityValue))


def _told_in(histories: tuple[History, ...]) -> set[str]:
    """The events that histories name."""
    return {name for one in histories[:MOST_NAMES] for part in one.segments for name in part.held.events}
