"""The tables in which projections live: who may write a table, how far it has come, and what it was made from.

A build is one making of a projection's table, numbered by generation. `NAME` is a view of the table of the build that
is live, so that another can be made beside it and take its place in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.schema import CreateTable, DropTable

from chronicle.errors import ConflictError, ProjectionError
from chronicle.event.cursor import Cursor
from chronicle.store import dialect
from chronicle.store.schema import NAME

BUILDING, LIVE, RETIRED = "building", "live", "retired"

metadata = MetaData()

_PLACE = ("second", "reported", "chronicle", "id")
"""The columns of a projection.Moment."""


def _place() -> list[Column[Any]]:
    return [
        Column("second", BigInteger, nullable=False),
        Column("reported", BigInteger, nullable=False),
        Column("chronicle", NAME, nullable=False),
        Column("id", NAME, nullable=False),
    ]


build = Table(
    "projection_build",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("status", NAME, nullable=False),
    Column("cursor", NAME, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("owner", NAME),
    Column("fence", BigInteger, nullable=False),
    Column("leased", BigInteger, nullable=False),
    Column("error", String),
)
"""One row for each build. `cursor` is the last record it has taken; times are in microseconds since 1970, UTC.

Whoever took the lease last, until `leased`, knows the `fence`; nothing is written without it.
"""

step = Table(
    "projection_step",
    metadata,
    Column("name", NAME, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("part", NAME, nullable=False),
    *_place(),
    Column("position", BigInteger, nullable=False),
    Column("error", String),
    Index("ix_projection_step_part", "name", "generation", "part", *_PLACE, unique=True),
    Index("ix_projection_step_id", "name", "generation", "chronicle", "id"),
)
"""Which effective versions are in which part, and where they stand; with an error what is left out (parked)."""

snapshot = Table(
    "projection_snapshot",
    metadata,
    Column("name", NAME, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("part", NAME, nullable=False),
    *_place(),
    Column("ordinal", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Index("ix_projection_snapshot_part", "name", "generation", "part", *_PLACE, unique=True),
)
"""The state of a part after the event that stands there, `ordinal` steps from its first."""

_TYPES: Mapping[type, Any] = {str: String, int: BigInteger, bool: Boolean, Decimal: dialect.DECIMAL}


class Build(NamedTuple):
    """A row of `projection_build`."""

    name: str
    generation: int
    version: int
    status: str
    cursor: str
    position: int
    updated: int
    owner: str | None
    fence: int
    leased: int
    error: str | None

    @property
    def key(self) -> dict[str, Any]:
        """What tells a build from the others."""
        return {"name": self.name, "generation": self.generation}


def prepare(engine: Engine) -> None:
    """Make the tables that keep the builds, where they are missing."""
    with engine.begin() as connection:
        dialect.lock_schema(connection)
        metadata.create_all(connection)


def builds(connection: Connection, name: str | None = None) -> list[Build]:
    """The builds of a projection, or of all, that are not retired; by name and generation. None before `prepare`."""
    if not inspect(connection).has_table(build.name):
        return []
    query = select(build).where(build.c.status != RETIRED).order_by(build.c.name, build.c.generation)
    if name is not None:
        query = query.where(build.c.name == name)
    return [Build(*row) for row in connection.execute(query)]


def table_of(one: Build, columns: Mapping[str, type]) -> Table:
    """The table of a build's rows; `_part` and `_row` are where a row comes from."""
    return Table(
        f"{one.name}_g{one.generation}",
        MetaData(),
        Column("_part", NAME, primary_key=True),
        Column("_row", Integer, primary_key=True, autoincrement=False),
        *(Column(name, _TYPES[kind]) for name, kind in columns.items()),
    )


def begin(connection: Connection, name: str, version: int, columns: Mapping[str, type], cursor: Cursor) -> Build:
    """A new build with its table, from the first record on. Raises ProjectionError for a name that is taken."""
    dialect.lock_schema(connection)
    last = connection.execute(select(func.max(build.c.generation)).where(build.c.name == name)).scalar()
    if last is None and (inspect(connection).has_table(name) or name in inspect(connection).get_view_names()):
        raise ProjectionError(f"{name}: the database has a table of this name that is none of ours: choose another")
    row = (name, (last or 0) + 1, version, BUILDING, cursor.text, cursor.position, 0, None, 0, 0, None)
    made = Build(*row)
    connection.execute(insert(build).values(made._asdict()))
    connection.execute(CreateTable(table_of(made, columns)))
    return made


def retire(connection: Connection, one: Build) -> None:
    """Give a build up."""
    connection.execute(update(build).where(*_is(build, one)).values(status=RETIRED))


def lease(connection: Connection, one: Build, owner: str, now: int, until: int) -> int | None:
    """Take the lease and its new fence, if nobody has it; else None."""
    free = (build.c.leased <= now) | (build.c.owner == owner)
    taken = connection.execute(
        update(build)
        .where(*_is(build, one), build.c.status != RETIRED, free)
        .values(owner=owner, fence=build.c.fence + 1, leased=until)
    )
    if not taken.rowcount:
        return None
    return int(connection.execute(select(build.c.fence).where(*_is(build, one))).scalar_one())


def hold(connection: Connection, one: Build, fence: int, **values: Any) -> None:
    """Change the row of a build, and lock it until the transaction ends; ConflictError if the lease is another's."""
    held = connection.execute(
        update(build)
        .where(*_is(build, one), build.c.fence == fence, build.c.status != RETIRED)
        .values(fence=fence, **values)
    )
    if not held.rowcount:
        raise ConflictError("lease-lost", f"{one.name}: another runner has taken over: nothing was written here")


def steps_of(connection: Connection, one: Build, ids: Iterable[tuple[str, str]]) -> list[Any]:
    """The steps of some events, given as (chronicle, id)."""
    wanted = set(ids)
    rows = connection.execute(select(step).where(*_is(step, one), step.c.id.in_({id_ for _, id_ in wanted})))
    return [row for row in rows if (row.chronicle, row.id) in wanted]


def parked(connection: Connection, one: Build) -> list[Any]:
    """The steps that are left out because a handler failed on them, by position."""
    rows = select(step).where(*_is(step, one), step.c.error.is_not(None)).order_by(step.c.position, step.c.part)
    return list(connection.execute(rows))


def replace_steps(
    connection: Connection, one: Build, old: Iterable[tuple[str, str]], new: Sequence[Mapping[str, Any]]
) -> None:
    """Take out the steps of some events, and put in others: part, the columns of a moment, position and error."""
    for chronicle, id_ in old:
        connection.execute(delete(step).where(*_is(step, one), step.c.chronicle == chronicle, step.c.id == id_))
    if new:
        connection.execute(insert(step), [{**one.key, **row} for row in new])


def park(connection: Connection, one: Build, row: Any, error: str) -> None:
    """Leave a step out from now on."""
    connection.execute(
        update(step)
        .where(*_is(step, one), step.c.part == row.part, step.c.chronicle == row.chronicle, step.c.id == row.id)
        .values(error=error)
    )


def rewind(connection: Connection, one: Build, part: str, place: tuple[Any, ...]) -> Any | None:
    """Forget the snapshots of a part from a place on; the last one before it, None if there is none."""
    columns = [snapshot.c[name] for name in _PLACE]
    here = (*_is(snapshot, one), snapshot.c.part == part)
    connection.execute(delete(snapshot).where(*here, tuple_(*columns) >= _at(place)))
    latest = select(snapshot).where(*here).order_by(*(column.desc() for column in columns)).limit(1)
    return connection.execute(latest).one_or_none()


def steps_after(connection: Connection, one: Build, part: str, place: tuple[Any, ...] | None) -> list[Any]:
    """The steps of a part after a place (all for None) that are not left out, in their order."""
    columns = [step.c[name] for name in _PLACE]
    wanted = [*_is(step, one), step.c.part == part, step.c.error.is_(None)]
    if place is not None:
        wanted.append(tuple_(*columns) > _at(place))
    return list(connection.execute(select(step).where(*wanted).order_by(*columns)))


def keep_snapshots(connection: Connection, one: Build, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put snapshots in: part, the columns of a moment, ordinal and state."""
    if rows:
        connection.execute(insert(snapshot), [{**one.key, **row} for row in rows])


def drop_snapshot(connection: Connection, one: Build, row: Any) -> None:
    """Take a snapshot out."""
    here = [snapshot.c[name] == getattr(row, name) for name in ("part", *_PLACE)]
    connection.execute(delete(snapshot).where(*_is(snapshot, one), *here))


def put_rows(connection: Connection, table: Table, part: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Make these the rows of a part; nothing is written where they are already."""
    there = select(table).where(table.c["_part"] == part).order_by(table.c["_row"])
    if [tuple(row)[2:] for row in connection.execute(there)] == list(rows):
        return
    connection.execute(delete(table).where(table.c["_part"] == part))
    if rows:
        names = list(table.columns.keys())
        connection.execute(
            insert(table), [dict(zip(names, (part, at, *row), strict=True)) for at, row in enumerate(rows)]
        )


def tips(connection: Connection, one: Build) -> dict[str, bytes]:
    """The latest state of each part."""
    columns = [snapshot.c[name] for name in _PLACE]
    rows = select(snapshot.c.part, snapshot.c.state).where(*_is(snapshot, one)).order_by(snapshot.c.part, *columns)
    return {row.part: row.state for row in connection.execute(rows)}


def table_rows(connection: Connection, table: Table) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a table by part, in their order; parts without a row are left out."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in connection.execute(select(table).order_by(table.c["_part"], table.c["_row"])):
        found.setdefault(row[0], []).append(tuple(row)[2:])
    return found


def switch(connection: Connection, one: Build, columns: Mapping[str, type]) -> None:
    """Let the view show this build, and retire all others."""
    quote = connection.dialect.identifier_preparer.quote
    others = (build.c.name == one.name, build.c.generation != one.generation)
    connection.execute(update(build).where(*others).values(status=RETIRED))
    connection.execute(update(build).where(*_is(build, one)).values(status=LIVE))
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(one.name)}")
    if columns:
        names = ", ".join(map(quote, columns))
        table = quote(table_of(one, columns).name)
        connection.exec_driver_sql(f"CREATE VIEW {quote(one.name)} AS SELECT {names} FROM {table}")  # noqa: S608


def discard(connection: Connection, name: str, *, all_: bool = False) -> None:
    """Remove what is left of retired builds of a projection, but for their numbers; of `all_` the view and numbers."""
    quote = connection.dialect.identifier_preparer.quote
    if all_:
        connection.execute(update(build).where(build.c.name == name).values(status=RETIRED))
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(name)}")
    gone = select(build.c.generation).where(build.c.name == name, build.c.status == RETIRED)
    for generation in list(connection.execute(gone).scalars()):
        for table in (step, snapshot):
            connection.execute(delete(table).where(table.c.name == name, table.c.generation == generation))
        connection.execute(DropTable(Table(f"{name}_g{generation}", MetaData()), if_exists=True))
    if all_:
        connection.execute(delete(build).where(build.c.name == name))


def _is(table: Table, one: Build) -> tuple[Any, Any]:
    return table.c.name == one.name, table.c.generation == one.generation


def _at(place: tuple[Any, ...]) -> Any:
    return tuple_(*map(literal, place))
