"""Events beside a moment, and what is said of something: each found by an index, and never more than were asked for.

What comes is a bounded number of candidates; which of them are effective within a horizon is looked at afterwards, so
that an answer may have fewer events than candidates were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select, text, tuple_

from chronicle.event.record import Record
from chronicle.store.lanes import LANES
from chronicle.store.read import Horizon, effective, effective_at, latest_at
from chronicle.store.schema import citation, fact, occurrence, record, report, version


class Moment(NamedTuple):
    """Where an event stands in its chronicle: by its latest second (`event.standing`), then by its position."""

    second: int
    position: int


class Cited(NamedTuple):
    """Sources, entities or events (`kind`) of a chronicle."""

    chronicle: str
    kind: str
    ids: frozenset[str]


class Beside(NamedTuple):
    """The effective events among candidates, and the moments of the first and the last candidate; `more` follow."""

    records: list[Record]
    first: Moment | None
    last: Moment | None
    more: bool


def beside(
    connection: Connection, horizon: Horizon, chronicle: str, moment: Moment, most: int, *, later: bool
) -> Beside:
    """The events right after a moment, or right before it; `first` and `last` are in the order of time."""
    place = tuple_(occurrence.c.latest, occurrence.c.position)
    query = select(occurrence.c.latest, occurrence.c.position).where(
        occurrence.c.chronicle == chronicle, *_within(horizon)
    )
    if later:
        query = query.where(place > tuple_(*moment)).order_by(occurrence.c.latest, occurrence.c.position)
    else:
        query = query.where(place < tuple_(*moment)).order_by(occurrence.c.latest.desc(), occurrence.c.position.desc())
    rows = [Moment(*row) for row in connection.execute(query.limit(most + 1))]
    more, rows = len(rows) > most, sorted(rows[:most])
    found = effective_at(connection, horizon, {one.position for one in rows})
    return Beside(found, rows[0] if rows else None, rows[-1] if rows else None, more)


def is_larger(connection: Connection, chronicle: str, most: int) -> bool:
    """The versions of events of a chronicle are more than so many."""
    query = select(occurrence.c.position).where(occurrence.c.chronicle == chronicle).offset(most).limit(1)
    return connection.execute(query).first() is not None


def bounds(connection: Connection, horizon: Horizon, chronicle: str) -> list[tuple[int, int]]:
    """The earliest and the latest second of every effective event of a chronicle: for small ones."""
    query = (
        select(occurrence.c.earliest, occurrence.c.latest)
        .join(version, version.c.position == occurrence.c.position)
        .join(report, report.c.position == occurrence.c.position)
        .where(occurrence.c.chronicle == chronicle, *effective(horizon))
    )
    return [(row.earliest, row.latest) for row in connection.execute(query)]


def change(connection: Connection, horizon: Horizon, chronicle: str, second: int, *, later: bool) -> int | None:
    """The next second after (or before) another at which an event begins or is over; None if there is none.

    Bounds that are unknown do not count. What is `known` does not either: it would have to be asked of every event.
    """
    found: list[int] = []
    for column in (occurrence.c.earliest, occurrence.c.latest):
        query = select(column).where(occurrence.c.chronicle == chronicle, *_within(horizon))
        if later:
            query = query.where(column > second).order_by(column)
        else:
            query = query.where(column < second).order_by(column.desc())
        found += connection.execute(query.limit(1)).scalars()
    return (min(found) if later else max(found)) if found else None


def reports(connection: Connection, position: int, second: int, *, later: bool) -> int | None:
    """The next second after (or before) another at which an event was reported, in any chronicle; None for none."""
    column = report.c.visible
    query = select(column).where(report.c.position <= position)
    query = (
        query.where(column > second).order_by(column) if later else query.where(column < second).order_by(column.desc())
    )
    return connection.execute(query.limit(1)).scalar()


def citing(
    connection: Connection,
    horizon: Horizon,
    cited: Cited,
    *,
    most: int,
    after: int = 0,
) -> tuple[list[Record], int | None]:
    """The events that cite something, of candidates after a position; and where to go on, if one thing is cited."""
    query = (
        select(citation.c.position)
        .join(record, record.c.position == citation.c.position)
        .where(citation.c.kind == cited.kind, citation.c.id.in_(sorted(cited.ids)), citation.c.position > after)
        .where(record.c.chronicle == cited.chronicle, record.c.position <= horizon.position)
        .order_by(citation.c.id, citation.c.position)  # as the index has them
        .limit(most + 1)
    )
    rows = list(connection.execute(query).scalars())
    return effective_at(connection, horizon, set(rows[:most])), rows[most - 1] if len(rows) > most else None


def first_of(connection: Connection, position: int, chronicle: str, kind: str, most: int) -> list[Record]:
    """The first documents of a kind, in the order of their ids, as they were at a position; at most so many."""
    wanted = (
        select(record.c.position)
        .join(version, version.c.position == record.c.position)
        .where(record.c.chronicle == chronicle, record.c.kind == kind, version.c.position <= position)
        .where(version.c.superseded.is_(None) | (version.c.superseded > position))
        .order_by(record.c.id)
        .limit(most)
    )
    return latest_at(connection, position, set(connection.execute(wanted).scalars()))


def by_id(connection: Connection, horizon: Horizon, chronicle: str, ids: Iterable[str]) -> list[Record]:
    """The effective events of some ids."""
    ordered = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(ordered), 500):
        here = record.c.id.in_(ordered[start : start + 500])
        query = select(record.c.position).where(record.c.chronicle == chronicle, record.c.kind == "event", here)
        found |= set(connection.execute(query).scalars())
    return effective_at(connection, horizon, found)


def of_subject(
    connection: Connection, chronicle: str, subject: str, *, most: int, each: int, second: int
) -> tuple[list[str], set[int]]:
    """The attributes of a subject's facts, at most so many, and the positions of a few facts of each.

    These are some of all, and of those without dimensions and period the last ones that began by a second.
    """
    attributes: list[str] = []
    found: set[int] = set()
    here = (fact.c.chronicle == chronicle, fact.c.subject == subject)
    after = ""
    while len(attributes) < most:
        name = _next(connection, fact.c.attribute, here, after)
        if name is None:
            break
        attributes.append(after := name)
        facts = select(fact.c.position).where(*here, fact.c.attribute == name)
        found |= set(connection.execute(facts.order_by(*fact.primary_key.columns).limit(each)).scalars())
        plain = facts.where(~fact.c.past, fact.c.dimensions == "", fact.c.shape == "", fact.c.from_lo <= second)
        for lane in range(LANES):
            last = plain.where(fact.c.lane == lane).order_by(fact.c.from_lo.desc())
            found |= set(connection.execute(last.limit(each)).scalars())
    return attributes, found


def subjects(connection: Connection, chronicle: str, attribute: str, most: int, after: str = "") -> list[str]:
    """The subjects that facts of an attribute are of, those after one, in order."""
    found: list[str] = []
    here = (fact.c.chronicle == chronicle, fact.c.attribute == attribute, text("fact.attribute <> ''"))
    while len(found) < most:
        name = _next(connection, fact.c.subject, here, after)
        if name is None:
            break
        found.append(after := name)
    return found


def is_hot(connection: Connection, chronicle: str, subject: str, attribute: str, most: int) -> bool:
    """More than so many facts are of an attribute of a subject."""
    here = (fact.c.chronicle == chronicle, fact.c.subject == subject, fact.c.attribute == attribute)
    return connection.execute(select(fact.c.position).where(*here).offset(most).limit(1)).first() is not None


def _next(connection: Connection, column: ColumnElement[str], here: Sequence[Any], after: str) -> str | None:
    """The next name of a column, found by one seek."""
    query = select(column).where(*here, column > after).order_by(column).limit(1)
    found: str | None = connection.execute(query).scalar()
    return found


def _within(horizon: Horizon) -> list[ColumnElement[bool]]:
    """What may be effective; of what is known an earlier version may be."""
    superseded = occurrence.c.superseded
    is_latest = superseded.is_(None) | (superseded > horizon.position)
    within = occurrence.c.position <= horizon.position
    return [within, is_latest] if horizon.known is None else [within]
