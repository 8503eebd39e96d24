"""The tables in which projections live: who may write a table, how far it has come, and what it was made from.

A build is one making of a projection's rows, numbered by generation. The rows of several builds lie in one table as
long as the columns are the same, and `NAME` is a view of those of the build that is live; so another is made beside it
and takes its place by one row, which every reader sees as of its own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
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

from chronicle.errors import ProjectionError
from chronicle.event.cursor import Cursor
from chronicle.store import dialect
from chronicle.store import lease as leases
from chronicle.store.schema import NAME

FILLING, BUILDING, LIVE, RETIRED, REMOVED = "filling", "building", "live", "retired", "removed"
"""Rows are made in bulk, as of a position; they follow the log; readers see them; they are to be removed; they are."""

GONE = (RETIRED, REMOVED)

REMOVED_AT_ONCE = 20_000

metadata = MetaData()

PLACE = ("second", "reported", "chronicle", "id")
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
    Column("columns", String, nullable=False),
    Column("tabled", Integer, nullable=False),
)
"""One row for each build. `cursor` is the last record it has taken; times are in microseconds since 1970, UTC.

`columns` are those of its rows, and `tabled` is the generation that the table of its rows was made for.
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
    Index("ix_projection_step_part", "name", "generation", "part", *PLACE, unique=True),
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
    Index("ix_projection_snapshot_part", "name", "generation", "part", *PLACE, unique=True),
)
"""The state of a part after the event that stands there, `ordinal` steps from its first."""

shard = Table(
    "projection_shard",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("of", Integer, nullable=False),
    Column("is_done", Boolean, nullable=False),
)
"""Of a build that is filled by several processes: which shard of its parts, of how many, and whether it is there."""

gathered = Table(
    "projection_gathered",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    *_place(),
)
"""The builds that were gathered from segments, which have no steps of what stood up to a position.

No event among that stands after the place.
"""

effect = Table(
    "projection_effect",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("error", String),
)
"""The records whose effects are still to be caused; with an error what failed (parked)."""

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
    columns: str
    tabled: int

    @property
    def key(self) -> dict[str, Any]:
        """What tells a build from the others."""
        return {"name": self.name, "generation": self.generation}


def about(one: Build) -> dict[str, str | int]:
    """What a span says of a build."""
    return {
        "chronicle.projection.name": one.name,
        "chronicle.projection.version": one.version,
        "chronicle.projection.generation": one.generation,
    }


def prepare(engine: Engine) -> None:
    """Make the tables that keep the builds, where they are missing."""
    with engine.begin() as connection:
        dialect.lock_schema(connection)
        metadata.create_all(connection)


def builds(connection: Connection, name: str | None = None) -> list[Build]:
    """The builds of a projection, or of all, that are in use; by name and generation. None before `prepare`."""
    if not inspect(connection).has_table(build.name):
        return []
    query = select(build).where(build.c.status.not_in(GONE)).order_by(build.c.name, build.c.generation)
    if name is not None:
        query = query.where(build.c.name == name)
    return [Build(*row) for row in connection.execute(query)]


def table_of(one: Build, columns: Mapping[str, type]) -> Table:
    """The table that a build's rows are in; `_part` and `_row` are where a row comes from."""
    return Table(
        _table_name(one),
        MetaData(),
        Column("_generation", Integer, primary_key=True, autoincrement=False),
        Column("_part", NAME, primary_key=True),
        Column("_row", Integer, primary_key=True, autoincrement=False),
        *(Column(name, _TYPES[kind]) for name, kind in columns.items()),
    )


def begin(connection: Connection, name: str, version: int, columns: Mapping[str, type], cursor: Cursor) -> Build:
    """A new build, to be filled as of a position. Raises ProjectionError for a name that is taken."""
    dialect.lock_schema(connection)
    last = connection.execute(select(func.max(build.c.generation)).where(build.c.name == name)).scalar()
    if last is None and (inspect(connection).has_table(name) or name in inspect(connection).get_view_names()):
        message = f"{name}: the database has a table of this name already, which is no projection's"
        raise ProjectionError(f"{message}: give the projection another name")
    generation, told = (last or 0) + 1, ",".join(f"{column}:{kind.__name__}" for column, kind in columns.items())
    shown = next((one for one in builds(connection, name) if one.status == LIVE), None)
    tabled = shown.tabled if shown is not None and shown.columns == told else generation
    row = (name, generation, version, FILLING, cursor.text, cursor.position, 0, None, 0, 0, None, told, tabled)
    made = Build(*row)
    connection.execute(insert(build).values(made._asdict()))
    if tabled == generation:
        connection.execute(CreateTable(table_of(made, columns)))
    return made


def retire(connection: Connection, one: Build) -> None:
    """Give a build up."""
    connection.execute(update(build).where(*of_build(build, one)).values(status=RETIRED))


def lease(connection: Connection, one: Build, owner: str, now: int, until: int) -> int | None:
    """Take the lease and its new fence, if nobody has it; else None."""
    return leases.lease(connection, build, _in_use(one), owner=owner, now=now, until=until)


def hold(connection: Connection, one: Build, fence: int, **values: Any) -> None:
    """Change the row of a build, and lock it until the transaction ends; ConflictError if the lease is another's."""
    leases.hold(connection, build, _in_use(one), one.name, fence, **values)


def guard(connection: Connection, one: Build, fence: int) -> None:
    """Let nobody take the lease until the transaction ends; ConflictError if it is another's. Several may do so."""
    here = (*_in_use(one), build.c.fence == fence)
    if connection.execute(select(build.c.fence).where(*here).with_for_update(read=True)).one_or_none() is None:
        raise leases.lost(one.name)


def shards(connection: Connection, one: Build, count: int) -> list[int] | None:
    """The shards of a build that are still to be filled, put down now if none is; None if they were another number."""
    there = connection.execute(select(shard).where(*of_build(shard, one)).order_by(shard.c.number)).all()
    if there:
        return [row.number for row in there if not row.is_done] if there[0].of == count else None
    rows = [{**one.key, "number": number, "of": count, "is_done": False} for number in range(count)]
    connection.execute(insert(shard), rows)
    return list(range(count))


class Floor(NamedTuple):
    """Up to which position, and up to which place among its events, nothing is known of a build but its states."""

    position: int
    place: tuple[int, int, str, str]


def note_gathered(connection: Connection, one: Build, floor: Floor) -> None:
    """Note that a build is gathered from segments."""
    place = dict(zip(PLACE, floor.place, strict=True))
    connection.execute(insert(gathered).values(**one.key, position=floor.position, **place))


def floor_of(connection: Connection, one: Build) -> Floor | None:
    """The floor of a build that was gathered from segments; None for one that was made from the log."""
    if not inspect(connection).has_table(gathered.name):  # made by an earlier release, which gathered none
        return None
    row = connection.execute(select(gathered).where(*of_build(gathered, one))).one_or_none()
    return None if row is None else Floor(row.position, (row.second, row.reported, row.chronicle, row.id))


def done_shard(connection: Connection, one: Build, number: int) -> None:
    """Note that a shard is filled."""
    connection.execute(update(shard).where(*of_build(shard, one), shard.c.number == number).values(is_done=True))


def switch(connection: Connection, one: Build, columns: Mapping[str, type]) -> None:
    """Let readers see this build, and retire all others.

    Only if the columns are others than before the view is made anew. On PostgreSQL a transaction at REPEATABLE READ
    that began before such a switch and looks at the view for the first time after it finds no rows in it.
    """
    before = connection.execute(select(build.c.tabled).where(build.c.name == one.name, build.c.status == LIVE)).scalar()
    others = (build.c.name == one.name, build.c.generation != one.generation)
    connection.execute(update(build).where(*others, build.c.status != REMOVED).values(status=RETIRED))
    connection.execute(update(build).where(*of_build(build, one)).values(status=LIVE))
    if before == one.tabled:
        return
    quote = connection.dialect.identifier_preparer.quote
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(one.name)}")
    if columns:
        names, table = ", ".join(map(quote, columns)), quote(_table_name(one))
        live = f"SELECT generation FROM {build.name} WHERE name = '{one.name}' AND status = '{LIVE}'"  # noqa: S608 - names that were checked
        connection.exec_driver_sql(
            f"CREATE VIEW {quote(one.name)} AS SELECT {names} FROM {table} WHERE _generation = ({live})"  # noqa: S608 - as above
        )


def remove_some(connection: Connection, name: str) -> bool:
    """Remove a share of what retired builds of a projection left, but for their numbers; whether there was any."""
    retired = select(build).where(build.c.name == name, build.c.status == RETIRED).order_by(build.c.generation).limit(1)
    row = connection.execute(retired).one_or_none()
    if row is None:
        return False
    one = Build(*row)
    names = inspect(connection).get_table_names()  # those of an earlier release are fewer
    there = [kept for kept in metadata.sorted_tables if "generation" in kept.c and kept.name in names]
    there.remove(build)
    if any(_removed(connection, kept, of_build(kept, one)) for kept in there):
        return True
    if one.tabled not in {other.tabled for other in builds(connection, name)}:
        connection.execute(DropTable(Table(_table_name(one), MetaData()), if_exists=True))
    else:
        table = table_of(one, {})
        if _removed(connection, table, (table.c["_generation"] == one.generation,)):
            return True
    connection.execute(update(build).where(*of_build(build, one)).values(status=REMOVED))
    return True


def retire_all(connection: Connection, name: str) -> None:
    """Give up all builds of a projection; nobody sees any of them any more."""
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(update(build).where(build.c.name == name, build.c.status != REMOVED).values(status=RETIRED))
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(name)}")


def forget(connection: Connection, name: str) -> None:
    """Remove the numbers of a projection's builds too, and its effects; what they made must be removed before."""
    connection.execute(delete(build).where(build.c.name == name))
    connection.execute(delete(effect).where(effect.c.name == name))


def _removed(connection: Connection, table: Table, here: tuple[Any, ...]) -> bool:
    """Delete some of the rows that are here, so that a transaction is short; whether there were any."""
    key = [table.c[name] for name in ("part", *PLACE)] if "part" in table.c else [*table.primary_key.columns]
    last = connection.execute(select(*key).where(*here).order_by(*key).offset(REMOVED_AT_ONCE).limit(1)).one_or_none()
    upto = () if last is None else (tuple_(*key) < at_place(tuple(last)),)
    return bool(connection.execute(delete(table).where(*here, *upto)).rowcount)


def _table_name(one: Build) -> str:
    return f"{one.name}_t{one.tabled}"


def _in_use(one: Build) -> leases.Here:
    return (*of_build(build, one), build.c.status.not_in(GONE))


def of_build(table: Table, one: Build) -> tuple[Any, Any]:
    """What is of a build."""
    return table.c.name == one.name, table.c.generation == one.generation


def at_place(place: tuple[Any, ...]) -> Any:
    """A place to hold the columns of one against."""
    return tuple_(*map(literal, place))
