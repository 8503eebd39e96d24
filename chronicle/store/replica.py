"""A log taken over record by record from another machine, hash for hash, into an archive that is a replica of it.

The head row is the checkpoint of a replica, and is written with the records in one transaction: whatever ends the
program that takes them, each is there once.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select, update

from chronicle.errors import ConflictError
from chronicle.event.canonical import Header
from chronicle.event.model import Redaction
from chronicle.event.tree import root
from chronicle.store import dialect, migrate, tree
from chronicle.store.head import Head, read_head, write_head
from chronicle.store.read import decoded
from chronicle.store.redact import take_out
from chronicle.store.schema import NAME, head, record, redacted
from chronicle.store.versions import Receipt
from chronicle.store.writing import Writing

metadata = MetaData()

replica = Table(
    "replica",
    metadata,
    Column("archive", NAME, primary_key=True),
    Column("verifier", String, nullable=False),
)
"""One row in a database that is a replica: of which archive, and the key that its checkpoints are signed with."""


class Taken(NamedTuple):
    """A record as it is hashed; payload and salt are None once redacted."""

    header: Header
    payload: bytes | None
    salt: bytes | None


def verifier_of(connection: Connection, archive: str) -> str | None:
    """The key that a replica of an archive goes by; None in an empty database.

    Raises ConflictError for a database that holds another log, or one that is recorded there and taken from nowhere.
    """
    if not inspect(connection).has_table(head.name):
        return None
    here = read_head(connection).archive
    if here != archive:
        raise ConflictError("foreign-log", f"the database holds the log {here}, and the server has {archive}")
    kept = None
    if inspect(connection).has_table(replica.name):
        kept = connection.execute(select(replica.c.verifier).where(replica.c.archive == archive)).scalar()
    if not isinstance(kept, str):
        raise ConflictError("foreign-log", "the database is the archive itself and no replica of it: name another")
    return kept


def begin(engine: Engine, archive: str, epoch: int, verifier: str) -> None:
    """Make an empty database a replica of an archive in an epoch; of one that is a replica already, change the key."""
    with engine.begin() as connection:
        dialect.lock_schema(connection)
        if not inspect(connection).has_table(head.name):
            migrate.create(connection, archive)
            connection.execute(update(head).values(epoch=epoch))
            metadata.create_all(connection)
            connection.execute(insert(replica).values(archive=archive, verifier=verifier))
        connection.execute(update(replica).where(replica.c.archive == archive).values(verifier=verifier))


def root_at(connection: Connection, size: int) -> bytes:
    """The root of the first `size` records that are here."""
    return root(size, functools.cache(functools.partial(tree.tile, connection)))


def take(connection: Connection, after: int, records: Sequence[Taken], expected: bytes) -> list[int] | None:
    """Take the records that come after a position; the positions whose content is gone by that, within a transaction.

    None where somebody else has taken them meanwhile. Raises ConflictError unless the root over all records is the
    `expected` one: then the log is another than the one that was taken so far.
    """
    dialect.lock_log(connection)
    before = read_head(connection)
    if before.position != after:
        return None
    writing = Writing(connection, Head(before.archive, after, before.recorded, before.epoch), before.recorded, "")
    leaves, gone = [], []
    for one in records:
        header = one.header
        receipt = Receipt(header.chronicle, header.kind, header.id, header.version, 0, "")
        writing.recorded, writing.recorded_by = header.recorded, header.recorded_by
        leaves.append(header.leaf())
        if one.payload is None or one.salt is None:
            writing.take_redacted(receipt, header.type, header.digest)
            continue
        document = decoded(writing.position + 1, header.kind, one.payload)
        writing.take(receipt, document, one.payload, one.salt)
        if isinstance(document, Redaction):
            writing.flush()
            named = _without_redaction(connection, (header.chronicle, document.of, header.id), writing.position)
            take_out(connection, writing, (header.chronicle, document.of, header.id), writing.position, named)
            gone += named
    writing.flush()
    tree.grow(connection, after, leaves)
    write_head(connection, writing.position, writing.recorded)
    if root_at(connection, writing.position) != expected:
        message = f"the records up to {writing.position} are not those that were signed: this is another log"
        raise ConflictError("foreign-log", message)
    return gone


def _without_redaction(connection: Connection, id_: tuple[str, str, str], before: int) -> list[int]:
    """The versions of an id before a position that no redaction names yet."""
    named = select(redacted.c.position)
    here = [record.c[name] == value for name, value in zip(("chronicle", "kind", "id"), id_, strict=True)]
    rows = select(record.c.position).where(*here, record.c.position < before, record.c.position.not_in(named))
    return list(connection.execute(rows.order_by(record.c.position)).scalars())
