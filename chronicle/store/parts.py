"""What a build keeps of each part: which events are in it, states to go back to, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, tuple_, update

from chronicle.store import dialect
from chronicle.store.build import PLACE, Build, at_place, of_build, snapshot, step, table_of

STRIDE = 500
"""After how many events of a part a snapshot is kept, for what arrives late; the last one is always kept."""


def parts(connection: Connection, one: Build, columns: Mapping[str, type]) -> set[str]:
    """All parts of which a build has anything."""
    table = table_of(one, columns)
    found = set(connection.execute(select(step.c.part).where(*of_build(step, one)).distinct()).scalars())
    there = select(table.c["_part"]).where(table.c["_generation"] == one.generation).distinct()
    return found | set(connection.execute(there).scalars())


def clear_parts(connection: Connection, one: Build, columns: Mapping[str, type], names: Iterable[str]) -> None:
    """Take out all that a build has of some parts."""
    table = table_of(one, columns)
    for name in names:
        for kept in (step, snapshot):
            connection.execute(delete(kept).where(*of_build(kept, one), kept.c.part == name))
        connection.execute(delete(table).where(table.c["_generation"] == one.generation, table.c["_part"] == name))


def add_steps(connection: Connection, one: Build, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put in steps of events that had none."""
    if rows:
        found = ({**one.key, **row} for row in rows)
        dialect.insert_rows(connection, step, [[row[column.name] for column in step.columns] for row in found])


def steps_of(connection: Connection, one: Build, ids: Iterable[tuple[str, str]]) -> list[Any]:
    """The steps of some events, given as (chronicle, id)."""
    wanted = set(ids)
    rows = connection.execute(select(step).where(*of_build(step, one), step.c.id.in_({id_ for _, id_ in wanted})))
    return [row for row in rows if (row.chronicle, row.id) in wanted]


def parked(connection: Connection, one: Build) -> list[Any]:
    """The steps that are left out because a handler failed on them, by position."""
    rows = select(step).where(*of_build(step, one), step.c.error.is_not(None)).order_by(step.c.position, step.c.part)
    return list(connection.execute(rows))


def replace_steps(
    connection: Connection, one: Build, old: Iterable[tuple[str, str]], new: Sequence[Mapping[str, Any]]
) -> None:
    """Take out the steps of some events, and put in others: part, the columns of a moment, position and error."""
    for chronicle, id_ in old:  # those that are there, which of new events none are
        connection.execute(delete(step).where(*of_build(step, one), step.c.chronicle == chronicle, step.c.id == id_))
    if new:
        connection.execute(insert(step), [{**one.key, **row} for row in new])


def park(connection: Connection, one: Build, row: Any, error: str) -> None:
    """Leave a step out from now on."""
    connection.execute(
        update(step)
        .where(*of_build(step, one), step.c.part == row.part, step.c.chronicle == row.chronicle, step.c.id == row.id)
        .values(error=error)
    )


def unpark(connection: Connection, one: Build, part: str, place: tuple[Any, ...]) -> None:
    """Let the steps of a part from a place on be told again, where they were left out: what is before them changed."""
    columns = [step.c[name] for name in PLACE]
    here = (*of_build(step, one), step.c.part == part, step.c.error.is_not(None))
    connection.execute(update(step).where(*here, tuple_(*columns) >= at_place(place)).values(error=None))


def rewind(connection: Connection, one: Build, part: str, place: tuple[Any, ...]) -> Any | None:
    """Forget the snapshots of a part from a place on; the last one before it, None if there is none."""
    columns = [snapshot.c[name] for name in PLACE]
    here = (*of_build(snapshot, one), snapshot.c.part == part)
    connection.execute(delete(snapshot).where(*here, tuple_(*columns) >= at_place(place)))
    latest = select(snapshot).where(*here).order_by(*(column.desc() for column in columns)).limit(1)
    return connection.execute(latest).one_or_none()


def steps_after(connection: Connection, one: Build, part: str, place: tuple[Any, ...] | None) -> list[Any]:
    """The steps of a part after a place (all for None) that are not left out, in their order."""
    columns = [step.c[name] for name in PLACE]
    wanted = [*of_build(step, one), step.c.part == part, step.c.error.is_(None)]
    if place is not None:
        wanted.append(tuple_(*columns) > at_place(place))
    return list(connection.execute(select(step).where(*wanted).order_by(*columns)))


def keep_snapshots(connection: Connection, one: Build, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put snapshots in: part, the columns of a moment, ordinal and state."""
    if rows:
        connection.execute(insert(snapshot), [{**one.key, **row} for row in rows])


def drop_snapshot(connection: Connection, one: Build, row: Any) -> None:
    """Take a snapshot out."""
    here = [snapshot.c[name] == getattr(row, name) for name in ("part", *PLACE)]
    connection.execute(delete(snapshot).where(*of_build(snapshot, one), *here))


def add_rows(connection: Connection, one: Build, table: Table, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
    """Put in the rows of parts that had none."""
    names = list(table.columns.keys())
    made = [
        dict(zip(names, (one.generation, part, at, *row), strict=True))
        for part, of_part in rows.items()
        for at, row in enumerate(of_part)
    ]
    if made:
        connection.execute(insert(table), made)


def put_rows(connection: Connection, one: Build, table: Table, part: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Make these the rows of a part; nothing is written where they are already."""
    here = (table.c["_generation"] == one.generation, table.c["_part"] == part)
    there = select(table).where(*here).order_by(table.c["_row"])
    if [tuple(row)[3:] for row in connection.execute(there)] == list(rows):
        return
    connection.execute(delete(table).where(*here))
    add_rows(connection, one, table, {part: rows})


def tips(connection: Connection, one: Build) -> dict[str, bytes]:
    """The latest state of each part."""
    columns = [snapshot.c[name] for name in PLACE]
    rows = select(snapshot.c.part, snapshot.c.state).where(*of_build(snapshot, one)).order_by(snapshot.c.part, *columns)
    return {row.part: row.state for row in connection.execute(rows)}


def table_rows(connection: Connection, one: Build, table: Table) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a build by part, in their order; parts without a row are left out."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    ours = select(table).where(table.c["_generation"] == one.generation)
    for row in connection.execute(ours.order_by(table.c["_part"], table.c["_row"])):
        found.setdefault(row[1], []).append(tuple(row)[3:])
    return found
