"""The effective events by where they stand in time, a slice after the other: for answers larger than memory.

They stand at their `earliest`; what has none stands at its `latest`, and what has neither stands behind all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, SelectBase, select

from chronicle.event.record import Record
from chronicle.event.span import EARLIEST, FOREVER
from chronicle.store.occurrences import of_types
from chronicle.store.read import Horizon, effective_events
from chronicle.store.schema import citation, occurrence, record, version

SLICE = 400
"""About how many versions of events are looked at together."""


class Events(NamedTuple):
    """Events of one chronicle, of a type and those below it; None is any."""

    chronicle: str | None = None
    type: str | None = None


def standing_from(connection: Connection, horizon: Horizon, wanted: Events, second: int) -> Iterator[list[Record]]:
    """The events that stand at a second or later, in slices.

    Slices come in order, all of one second are in one, and what is within a slice is in the order of first positions.
    Memory is that of a slice.
    """
    earliest, latest = occurrence.c.earliest, occurrence.c.latest
    has_none = earliest == EARLIEST
    after = max(second, EARLIEST) - 1
    while after < FOREVER - 1:
        ends = [
            end
            for column, only in ((earliest, earliest > EARLIEST), (latest, has_none))
            if (end := _end(connection, wanted, column, only, after)) is not None
        ]
        last = min(ends, default=FOREVER - 1)
        begun = _of(wanted).where(earliest > EARLIEST, earliest > after, earliest <= last)
        ended = _of(wanted).where(has_none, latest > after, latest <= last)
        yield list(effective_events(connection, horizon, wanted.chronicle, _among(begun.union_all(ended))))
        after = last


def standing_nowhere(connection: Connection, horizon: Horizon, wanted: Events, first: int) -> list[Record]:
    """Some of the events without an earliest whose first positions come after one, in their order; none at the end.

    Those that have a latest are among them.
    """
    among = _of(wanted).where(occurrence.c.earliest == EARLIEST)
    some = _among(among)
    return list(
        effective_events(
            connection, horizon, wanted.chronicle, lambda rows: some(rows).where(version.c.first > first).limit(SLICE)
        )
    )


def acting_on(connection: Connection, horizon: Horizon, chronicle: str | None, events: Iterable[str]) -> list[Record]:
    """The events that say they are related to any of some events, by ids, of a chronicle or of any."""
    cited = select(citation.c.position).where(citation.c.kind == "event", citation.c.id.in_(sorted(set(events))))
    return list(effective_events(connection, horizon, chronicle, _among(cited)))


def _among(positions: SelectBase) -> Callable[[Select[Any]], Select[Any]]:
    return lambda rows: rows.where(record.c.position.in_(positions))


def _of(wanted: Events) -> Select[tuple[int]]:
    rows = select(occurrence.c.position).where(*of_types(None if wanted.type is None else [wanted.type]))
    return rows if wanted.chronicle is None else rows.where(occurrence.c.chronicle == wanted.chronicle)


def _end(
    connection: Connection, wanted: Events, column: ColumnElement[int], only: ColumnElement[bool], after: int
) -> int | None:
    """The second of the last of so many versions that stand after another; None where there are fewer."""
    rows = _of(wanted).with_only_columns(column).where(only, column > after, column < FOREVER)
    return connection.execute(rows.order_by(column).offset(SLICE).limit(1)).scalar()
