"""The sinks of an archive: where each leads, how far it is, who runs it, and what could not be delivered.

No part of the log: whoever removes a sink loses its place only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    update,
)

from chronicle.store import dialect, lease
from chronicle.store.schema import NAME

ACTIVE, PAUSED, DISABLED = "active", "paused", "disabled"
"""It is run; an operator stopped it; the other side did."""

metadata = MetaData()

sink = Table(
    "sink",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("kind", NAME, nullable=False),
    Column("settings", String, nullable=False),
    Column("filter", String, nullable=False),
    Column("secrets", String, nullable=False),
    Column("status", NAME, nullable=False),
    Column("begun", NAME, nullable=False),
    Column("cursor", NAME, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("error", String),
    Column("owner", NAME),
    Column("fence", BigInteger, nullable=False),
    Column("leased", BigInteger, nullable=False),
)
"""One row for each sink. `settings`, `filter` and `secrets` are JSON; times are in microseconds since 1970, UTC.

`begun` is the cursor that it began after, `cursor` and `position` the last record that is done with. `attempts` counts
how often the next one has failed, `next` is when it is tried again, `error` why it failed last.
"""

dead = Table(
    "sink_dead",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("attempts", Integer, nullable=False),
    Column("error", String, nullable=False),
    Column("failed", BigInteger, nullable=False),
)
"""The records that were given up (dead letters), by their positions in the log."""


class Sink(NamedTuple):
    """A row of `sink`."""

    name: str
    kind: str
    settings: str
    filter: str
    secrets: str
    status: str
    begun: str
    cursor: str
    position: int
    delivered: int
    attempts: int
    next: int
    updated: int
    error: str | None
    owner: str | None
    fence: int
    leased: int


class Dead(NamedTuple):
    """A row of `sink_dead`."""

    name: str
    position: int
    attempts: int
    error: str
    failed: int


def prepare(engine: Engine) -> None:
    """Make the tables, where they are missing."""
    with engine.begin() as connection:
        dialect.lock_schema(connection)
        metadata.create_all(connection)


def sinks(connection: Connection, name: str | None = None) -> list[Sink]:
    """A sink, or all, by name. None before `prepare`."""
    if not inspect(connection).has_table(sink.name):
        return []
    query = select(sink).order_by(sink.c.name)
    if name is not None:
        query = query.where(sink.c.name == name)
    return [Sink(*row) for row in connection.execute(query)]


def add(connection: Connection, one: Sink) -> None:
    """Put a new sink down; its name must be free."""
    connection.execute(insert(sink).values(one._asdict()))


def change(connection: Connection, name: str, **values: Any) -> None:
    """Change a sink as its operator asks, whoever runs it; the runner sees it with its next lease or record."""
    connection.execute(update(sink).where(sink.c.name == name).values(**values))


def remove(connection: Connection, name: str) -> None:
    """Remove a sink and its dead letters."""
    connection.execute(delete(sink).where(sink.c.name == name))
    connection.execute(delete(dead).where(dead.c.name == name))


def take(connection: Connection, name: str, *, owner: str, now: int, until: int) -> int | None:
    """Take the lease of an active sink and its new fence, if nobody has it; else None."""
    here = (sink.c.name == name, sink.c.status == ACTIVE)
    return lease.lease(connection, sink, here, owner=owner, now=now, until=until)


def hold(connection: Connection, name: str, fence: int, **values: Any) -> None:
    """Change an active sink as its runner, and lock it; ConflictError if it is another's, paused or removed."""
    lease.hold(connection, sink, (sink.c.name == name, sink.c.status == ACTIVE), name, fence, **values)


def release(connection: Connection, name: str, fence: int) -> None:
    """Give a lease back, if it is still ours."""
    connection.execute(update(sink).where(sink.c.name == name, sink.c.fence == fence).values(leased=0))


def bury(connection: Connection, one: Dead) -> None:
    """Note that a record was given up, or was so again."""
    connection.execute(delete(dead).where(dead.c.name == one.name, dead.c.position == one.position))
    connection.execute(insert(dead).values(one._asdict()))


def dead_letters(connection: Connection, name: str) -> list[Dead]:
    """The records that were given up, in the order of the log."""
    query = select(dead).where(dead.c.name == name).order_by(dead.c.position)
    return [Dead(*row) for row in connection.execute(query)]


def revive(connection: Connection, name: str, position: int) -> None:
    """Note that a record that was given up is delivered after all."""
    connection.execute(delete(dead).where(dead.c.name == name, dead.c.position == position))
