"""Events in the order in which they occurred, and what changed among them between two positions of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, exists, func, or_, select, union

from chronicle.event.candidate import SINCE_EVER
from chronicle.store.prepared import driver_chunks, driver_query
from chronicle.store.read import Horizon, effective
from chronicle.store.schema import occurrence, payload, report, version

SLICE = 400
"""About how many events are read at once: few enough for the processor's cache, which halves what a row costs."""

CHUNK = 100
"""How many payloads are handed on at a time: each is told while it is still in the cache."""

FIRST, LAST = -(2**63), 2**63 - 1
"""No event stands before the one or after the other."""

Dating = Literal["earliest", "latest"]
Row = tuple[int, int, str, str, str, bytes]
"""Second, reported (SINCE_EVER if undated), chronicle, id, type and payload: rows sort as moments do."""

PlacedRow = tuple[int, int, str, str, str, bytes, int]
"""The same with the position. It costs a tenth of the reading, so only those have it who need it."""


def in_order(
    connection: Connection, horizon: Horizon, dating: Dating, *, after: int = FIRST, upto: int = LAST
) -> Iterator[tuple[int, list[Row]]]:
    """The effective versions of events that stand after a second and up to another, in the order of their moments.

    They come in slices, each with the second up to which it goes; memory is that of a slice, and all events of one
    one second are in one. The last slice goes to `upto`, and may be empty.
    """
    yield from _slices(connection, horizon, dating, (payload.c.payload,), after=after, upto=upto)


def in_order_placed(connection: Connection, horizon: Horizon, dating: Dating) -> Iterator[tuple[int, list[PlacedRow]]]:
    """All events as `in_order` gives them, each with its position."""
    columns = (payload.c.payload, occurrence.c.position)
    yield from _slices(connection, horizon, dating, columns, after=FIRST, upto=LAST)


def payloads_in_order(
    connection: Connection,
    horizon: Horizon,
    dating: Dating,
    types: Sequence[str] | None,
    *,
    after: int = FIRST,
    upto: int = LAST,
) -> Iterator[tuple[int, Iterator[list[tuple[bytes]]]]]:
    """The payloads alone, of events of some types and of those below them (None for all), in the same order and slices.

    A slice comes in lists, and has to be read before the next one is asked for. That costs two thirds of `in_order`.
    """
    rows, place = _rows(connection, horizon, dating, (payload.c.payload,))
    alone = _within(rows.with_only_columns(payload.c.payload), dating).where(*of_types(types)).order_by(*place)
    slice_rows = driver_chunks(connection, alone, CHUNK)
    for first, last in _ends(connection, dating, after, upto):
        yield last, slice_rows(after=first, last=last)


def last_place(
    connection: Connection, horizon: Horizon, dating: Dating, types: Sequence[str] | None
) -> tuple[int, int, str, str]:
    """Second, reported, chronicle and id of the last event of some types and of those below them.

    They are before those of any event where there is none.
    """
    second: ColumnElement[int] = occurrence.c[dating]
    begins = driver_query(
        connection,
        select(second)
        .where(second <= bindparam("last"))
        .order_by(second.desc())
        .offset(bindparam("count", type_=Integer))
        .limit(1),
    )
    rows, place = _rows(connection, horizon, dating, ())
    there = rows.with_only_columns(*place).where(*of_types(types)).order_by(*(one.desc() for one in place)).limit(1)
    last_of = driver_query(connection, _within(there, dating))
    last, count = LAST, SLICE
    while True:  # from the end, in slices that grow: SQLite takes the index for bounded ones only
        begin = begins(last=last, count=count)
        first = begin[0][0] if begin else FIRST
        if found := last_of(after=first, last=last):
            return (*found[0],)
        if first == FIRST:
            return FIRST, FIRST, "", ""
        last, count = first, 2 * count


def of_types(types: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """What keeps the occurrences of some types and of those below them; None is any."""
    of = occurrence.c.type
    return [] if types is None else [or_(*((of == one) | ((of > f"{one}.") & (of < f"{one}/")) for one in types))]


def _slices(
    connection: Connection, horizon: Horizon, dating: Dating, columns: tuple[Any, ...], *, after: int, upto: int
) -> Iterator[tuple[int, list[Any]]]:
    rows, _ = _rows(connection, horizon, dating, columns)
    slice_rows = driver_query(connection, _within(rows, dating))
    for first, last in _ends(connection, dating, after, upto):
        found = slice_rows(after=first, last=last)
        found.sort()
        yield last, found


def _ends(connection: Connection, dating: Dating, after: int, upto: int) -> Iterator[tuple[int, int]]:
    """The seconds after which slices begin, and up to which they go."""
    second: ColumnElement[int] = occurrence.c[dating]
    slice_end = driver_query(
        connection,
        select(second).where(second > bindparam("after"), second <= upto).order_by(second).offset(SLICE).limit(1),
    )
    while True:
        end = slice_end(after=after)
        last = end[0][0] if end else upto
        yield after, last
        if last == upto:
            return
        after = last


def _within(rows: Select[Any], dating: Dating) -> Select[Any]:
    second: ColumnElement[int] = occurrence.c[dating]
    return rows.where(second > bindparam("after"), second <= bindparam("last"))


def soonest_change(connection: Connection, known: int | None, dating: Dating, one: int, other: int) -> int | None:
    """The first second at which the events effective at two positions differ, under one `known`; None if nowhere.

    What a correction, retraction or new date of a source moved counts where it stood and where it stands.
    """
    low, high = sorted((one, other))
    if low == high:
        return None
    touched = union(
        select(version.c.first).where(version.c.position > low, version.c.position <= high),
        select(version.c.first)
        .join(report, report.c.position == version.c.position)
        .where(report.c.since > low, report.c.since <= high, report.c.position < report.c.since),
    )
    second = occurrence.c[dating]

    def standing(position: int) -> set[Any]:
        rows = (
            select(version.c.position, report.c.reported, second)
            .join(occurrence, occurrence.c.position == version.c.position)
            .join(report, report.c.position == version.c.position)
            .where(version.c.first.in_(touched), ~version.c.retracted, *effective(Horizon(position, known)))
        )
        return {tuple(row) for row in connection.execute(rows)}

    return min((row[2] for row in standing(low) ^ standing(high)), default=None)


def _rows(
    connection: Connection, horizon: Horizon, dating: Dating, columns: tuple[Any, ...]
) -> tuple[Select[Any], tuple[ColumnElement[Any], ...]]:
    """The rows within a horizon, and the columns of their moments, by which they sort.

    They are from one table beside the payloads, unless what is `known` or a new date asks more.
    """
    position = horizon.position
    is_revised = horizon.known is not None or _any_revised(connection, position)
    reported = func.coalesce(report.c.reported, SINCE_EVER) if is_revised else occurrence.c.reported
    place = (occurrence.c[dating], reported, occurrence.c.chronicle, occurrence.c.id)
    rows = (
        select(*place, occurrence.c.type, *columns)
        .select_from(occurrence)
        .join(payload, payload.c.position == occurrence.c.position)
    )
    if is_revised:
        rows = rows.join(report, report.c.position == occurrence.c.position)
    if horizon.known is not None:
        rows = rows.join(version, version.c.position == occurrence.c.position)
        return rows.where(*effective(horizon, _not_revised(position))), place
    superseded = occurrence.c.superseded
    rows = rows.where(occurrence.c.position <= position, superseded.is_(None) | (superseded > position))
    return (rows.where(_not_revised(position)) if is_revised else rows), place


def _any_revised(connection: Connection, position: int) -> bool:
    """Some event has been reported otherwise since, by a new date of a source."""
    later = select(report.c.position).where(report.c.position < report.c.since, report.c.since <= position).limit(1)
    return connection.execute(later).one_or_none() is not None


def _not_revised(position: int) -> ColumnElement[bool]:
    """The report row that holds at a position, for many rows: most have no other."""
    later = report.alias()
    revised = exists().where(
        later.c.position == report.c.position, later.c.since > report.c.since, later.c.since <= position
    )
    return (report.c.since <= position) & ~revised
