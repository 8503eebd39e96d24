"""Events in the order in which they occurred, and what changed among them between two positions of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, exists, func, select, union

from chronicle.event.candidate import SINCE_EVER
from chronicle.store import dialect
from chronicle.store.read import Horizon, effective
from chronicle.store.schema import occurrence, payload, record, report, version

SLICE = 20_000
"""About how many events are read at once."""

FIRST, LAST = -(2**63), 2**63 - 1
"""No event stands before the one or after the other."""

Dating = Literal["earliest", "latest"]
Row = tuple[int, int, str, str, str, int, bytes]
"""Second, reported (SINCE_EVER if undated), chronicle, id, type, position and payload: rows sort as moments do."""


def in_order(
    connection: Connection, horizon: Horizon, dating: Dating, *, after: int = FIRST, upto: int = LAST
) -> Iterator[tuple[int, list[Row]]]:
    """The effective versions of events that stand after a second and up to another, in the order of their moments.

    They come in slices, each with the second up to which it goes; memory is that of a slice, and all events of one
    second are in one. The last slice goes to `upto`, and may be empty.
    """
    second: ColumnElement[int] = occurrence.c[dating]
    held = _not_revised(horizon.position)
    is_first = True
    while True:
        end = connection.execute(
            select(second).where(second > after, second <= upto).order_by(second).offset(SLICE).limit(1)
        ).scalar()
        last = upto if end is None else end
        if is_first and end is not None and not _any_revised(connection, horizon.position):
            held = report.c.since == report.c.position  # a scan that soon pays, where there are many
        is_first = False
        here = _rows(horizon, second, held).where(second > after, second <= last)
        rows: list[Row] = dialect.driver_rows(connection, here)
        rows.sort()
        yield last, rows
        if last == upto:
            return
        after = last


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


def _rows(horizon: Horizon, second: ColumnElement[int], held: ColumnElement[bool]) -> Any:
    reported = func.coalesce(report.c.reported, SINCE_EVER)
    columns = (second, reported, record.c.chronicle, record.c.id, record.c.type, record.c.position, payload.c.payload)
    return (
        select(*columns)
        .select_from(occurrence)
        .join(record, record.c.position == occurrence.c.position)
        .join(payload, payload.c.position == occurrence.c.position)
        .join(version, version.c.position == occurrence.c.position)
        .join(report, report.c.position == occurrence.c.position)
        .where(~version.c.retracted, *effective(horizon, held))
    )


def _any_revised(connection: Connection, position: int) -> bool:
    """Some event has been reported otherwise since, by a new date of a source."""
    later = select(report.c.position).where(report.c.since != report.c.position, report.c.since <= position).limit(1)
    return connection.execute(later).one_or_none() is not None


def _not_revised(position: int) -> ColumnElement[bool]:
    """The report row that holds at a position, for many rows: most have no other."""
    later = report.alias()
    revised = exists().where(
        later.c.position == report.c.position, later.c.since > report.c.since, later.c.since <= position
    )
    return (report.c.since <= position) & ~revised
