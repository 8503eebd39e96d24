"""What sealed segments are made of: the versions of events as they were recorded, and what was said of them later.

And where there are any: a redaction has to reach them, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, delete, func, insert, inspect, select

from chronicle.store import dialect
from chronicle.store.prepared import driver_query
from chronicle.store.schema import NAME, payload, record, redacted, report, version

metadata = MetaData()

folder = Table(
    "sealed_folder",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("path", NAME, primary_key=True),
)
"""The folders that the log was sealed into: on which machine, and the whole path. No part of the log."""

VersionRow = tuple[int, int, str, str, int, int, int | None, int, bytes]
"""Position, first position of the id, chronicle, id, version, recorded, reported, visible and canonical payload."""


def versions(connection: Connection, after: int, until: int, *, step: int) -> Iterator[list[VersionRow]]:
    """The versions of events after a position and up to another, in lists of so many positions, in order.

    Each is as reported at its own position. What is redacted is not there; retractions are.
    """
    header = (record.c.chronicle, record.c.id, record.c.version, record.c.recorded)
    rows = driver_query(
        connection,
        select(record.c.position, version.c.first, *header, report.c.reported, report.c.visible, payload.c.payload)
        .join(version, version.c.position == record.c.position)
        .join(report, (report.c.position == record.c.position) & (report.c.since == record.c.position))
        .join(payload, payload.c.position == record.c.position)
        .where(record.c.kind == "event", record.c.position > bindparam("after"), record.c.position <= bindparam("last"))
        .order_by(record.c.position),
    )
    for start in range(after, until, step):
        yield rows(after=start, last=min(start + step, until))


def revisions(connection: Connection, after: int, until: int) -> list[tuple[int, int, int | None, int]]:
    """Position, since, reported and visible of what a new date of a source, after a position and up to another, moved.

    From `since` on the version at the position counts as reported then; in the order of both.
    """
    rows = connection.execute(
        select(report.c.position, report.c.since, report.c.reported, report.c.visible)
        .where(report.c.position < report.c.since, report.c.since > after, report.c.since <= until)
        .order_by(report.c.since, report.c.position)
    )
    return [(row.position, row.since, row.reported, row.visible) for row in rows]


def redacted_after(connection: Connection, position: int) -> list[int]:
    """The positions whose content was removed by redactions after a position, in order."""
    rows = select(redacted.c.position).where(redacted.c.redaction > position).order_by(redacted.c.position)
    return list(connection.execute(rows).scalars())


def last_redaction(connection: Connection) -> int:
    """The position of the last redaction that removed anything; 0 if there is none."""
    last: Any = connection.execute(select(func.max(redacted.c.redaction))).scalar()
    return int(last or 0)


def folders(connection: Connection) -> list[tuple[str, str]]:
    """Host and path of the folders that were sealed into, in the order of both."""
    if not inspect(connection).has_table(folder.name):
        return []
    return [(row.host, row.path) for row in connection.execute(select(folder).order_by(folder.c.host, folder.c.path))]


def note_folder(connection: Connection, host: str, path: str) -> None:
    """Remember a folder that is about to be sealed into."""
    dialect.lock_schema(connection)
    metadata.create_all(connection)
    if (host, path) not in folders(connection):
        connection.execute(insert(folder).values(host=host, path=path))


def forget_folder(connection: Connection, host: str, path: str) -> None:
    """Forget a folder that is not there any more."""
    connection.execute(delete(folder).where(folder.c.host == host, folder.c.path == path))
