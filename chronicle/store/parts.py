"""What a build keeps of each part: which events are in it, states to go back to, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, tuple_, update

from chronicle.store import dialect
from chronicle.store.build import PLACE, Build, at_place, of_build, snapshot, step, table_of

STRIDE = 500
"""After how many events of a part a snapshot is kept, for what arrives late; the last one is always kept."""

Cells = tuple[Any, ...]
"""A row of a part, in the order of the columns."""

PlacedCells = tuple[str, int, Cells]
"""The same with its part and its number in that."""


class Step(NamedTuple):
    """A row of `projection_step`: an event of a part and where it stands; with an error it is left out (parked)."""

    part: str
    second: int
    reported: int
    chronicle: str
    id: str
    position: int
    error: str | None


class Snapshot(NamedTuple):
    """A row of `projection_snapshot`: the state of a part after the event that stands there, its so manieth step."""

    part: str
    second: int
    reported: int
    chronicle: str
    id: str
    ordinal: int
    state: bytes


class Retold(NamedTuple):
    """What a part becomes from a place on, where it had rows up to the number `had`.

    `steps` are those that were there and are parked now, or are no more; the snapshots from the place on are forgotten,
    and `dropped`, and others `kept`. It has as many rows as `has`, and `rows` are those that are others, by number.
    """

    part: str
    place: tuple[Any, ...]
    steps: Sequence[Step]
    dropped: Snapshot | None
    kept: Sequence[Snapshot]
    had: int
    has: int
    rows: Mapping[int, Cells]


class Rewritten(NamedTuple):
    """What some changes make of a build: the events whose steps go, the steps that come, and the parts they touch."""

    gone: AbstractSet[tuple[str, str]]
    steps: Sequence[Step]
    parts: Sequence[Retold]


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


def add_steps(connection: Connection, one: Build, rows: Iterable[Step]) -> None:
    """Put in steps of events that had none."""
    if found := [(one.name, one.generation, *row) for row in rows]:
        dialect.insert_rows(connection, step, found)


def steps_of(connection: Connection, one: Build, ids: Iterable[tuple[str, str]]) -> list[Any]:
    """The steps of some events, given as (chronicle, id)."""
    wanted = set(ids)
    rows = connection.execute(select(step).where(*of_build(step, one), step.c.id.in_({id_ for _, id_ in wanted})))
    return [row for row in rows if (row.chronicle, row.id) in wanted]


def parked(connection: Connection, one: Build) -> list[Any]:
    """The steps that are left out because a handler failed on them, by position."""
    rows = select(step).where(*of_build(step, one), step.c.error.is_not(None)).order_by(step.c.position, step.c.part)
    return list(connection.execute(rows))


def snapshot_before(connection: Connection, one: Build, part: str, place: tuple[Any, ...]) -> Snapshot | None:
    """The last snapshot of a part before a place; None if there is none."""
    columns = [snapshot.c[name] for name in PLACE]
    here = (*of_build(snapshot, one), snapshot.c.part == part, tuple_(*columns) < at_place(place))
    found = select(*(snapshot.c[name] for name in Snapshot._fields)).where(*here)
    row = connection.execute(found.order_by(*(column.desc() for column in columns)).limit(1)).one_or_none()
    return None if row is None else Snapshot(*row)


def steps_after(connection: Connection, one: Build, part: str, place: tuple[Any, ...] | None) -> list[Step]:
    """The steps of a part after a place (all for None), in their order; those that are parked too."""
    columns = [step.c[name] for name in PLACE]
    wanted = [*of_build(step, one), step.c.part == part]
    if place is not None:
        wanted.append(tuple_(*columns) > at_place(place))
    rows = select(*(step.c[name] for name in Step._fields)).where(*wanted).order_by(*columns)
    return [Step(*row) for row in connection.execute(rows)]


def write(connection: Connection, one: Build, table: Table, made: Rewritten) -> None:
    """Make of a build what was found that it becomes."""
    for chronicle, id_ in made.gone:
        connection.execute(delete(step).where(*of_build(step, one), step.c.chronicle == chronicle, step.c.id == id_))
    add_steps(connection, one, made.steps)
    for part in made.parts:
        _write_part(connection, one, table, part)


def _write_part(connection: Connection, one: Build, table: Table, made: Retold) -> None:
    for row in made.steps:
        here = (step.c.part == row.part, step.c.chronicle == row.chronicle, step.c.id == row.id)
        connection.execute(update(step).where(*of_build(step, one), *here).values(error=row.error))
    columns = [snapshot.c[name] for name in PLACE]
    ours = (*of_build(snapshot, one), snapshot.c.part == made.part)
    connection.execute(delete(snapshot).where(*ours, tuple_(*columns) >= at_place(made.place)))
    if made.dropped is not None:
        there = [snapshot.c[name] == getattr(made.dropped, name) for name in PLACE]
        connection.execute(delete(snapshot).where(*ours, *there))
    keep_snapshots(connection, one, made.kept)
    _write_rows(connection, one, table, made)


def keep_snapshots(connection: Connection, one: Build, rows: Iterable[Snapshot]) -> None:
    """Put snapshots in."""
    if found := [(one.name, one.generation, *row) for row in rows]:
        dialect.insert_rows(connection, snapshot, found)


def add_rows(connection: Connection, one: Build, table: Table, rows: Iterable[PlacedCells]) -> None:
    """Put in rows that are not there."""
    names = list(table.columns.keys())
    made = [dict(zip(names, (one.generation, part, at, *cells), strict=True)) for part, at, cells in rows]
    if made:
        connection.execute(insert(table), made)


def rows_of(connection: Connection, one: Build, table: Table, part: str) -> list[Cells]:
    """The rows of a part, in their order."""
    here = (table.c["_generation"] == one.generation, table.c["_part"] == part)
    return [tuple(row)[3:] for row in connection.execute(select(table).where(*here).order_by(table.c["_row"]))]


def _write_rows(connection: Connection, one: Build, table: Table, made: Retold) -> None:
    """Write the rows that are others, and no more: what comes late often changes few."""
    here = (table.c["_generation"] == one.generation, table.c["_part"] == made.part)
    if made.has < made.had:
        connection.execute(delete(table).where(*here, table.c["_row"] >= made.has))
    names = list(table.columns.keys())[3:]
    others = [{"_at": at, **dict(zip(names, cells, strict=True))} for at, cells in made.rows.items() if at < made.had]
    if others:
        connection.execute(update(table).where(*here, table.c["_row"] == bindparam("_at")), others)
    add_rows(connection, one, table, ((made.part, at, cells) for at, cells in made.rows.items() if at >= made.had))


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
