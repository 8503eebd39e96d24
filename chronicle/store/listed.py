"""Which names there are in the log: chronicles, ids, and what facts are about."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from chronicle.store.prepared import Prepared
from chronicle.store.schema import fact, payload, record, version


def chronicles(connection: Connection, position: int) -> list[str]:
    """The names of all chronicles that have a record within the position, sorted."""
    found, name = [], ""
    while rows := _NEXT_CHRONICLE.rows(connection, after=name):
        [(name,)] = rows
        if has_chronicle(connection, position, name):
            found.append(name)
    return found


def has_chronicle(connection: Connection, position: int, chronicle: str) -> bool:
    """A chronicle has a record within the position."""
    return bool(_ANY_OF_CHRONICLE.rows(connection, chronicle=chronicle, position=position))


_NEXT_CHRONICLE = Prepared(
    select(record.c.chronicle).where(record.c.chronicle > bindparam("after")).order_by(record.c.chronicle).limit(1)
)
_ANY_OF_CHRONICLE = Prepared(
    select(record.c.position)
    .where(record.c.chronicle == bindparam("chronicle"), record.c.position <= bindparam("position"))
    .limit(1)
)


def names(connection: Connection, position: int, what: str, chronicle: str | None = None) -> list[str]:
    """The subjects or the attributes (`what`) of all facts within the position, each once, sorted."""
    column = fact.c[what]
    wanted = select(column).where(fact.c.position <= position).distinct().order_by(column)
    if chronicle is not None:
        wanted = wanted.where(fact.c.chronicle == chronicle)
    return list(connection.execute(wanted).scalars())


def ids_like(connection: Connection, prefix: str, most: int) -> list[str]:
    """Ids of any kind that begin with a prefix, each once, sorted; at most so many."""
    begun = select(record.c.id).where(record.c.id >= prefix, record.c.id < f"{prefix}\x7f")  # ids are ASCII
    return list(connection.execute(begun.distinct().order_by(record.c.id).limit(most)).scalars())


def ids(connection: Connection, chronicle: str) -> set[tuple[str, str, str]]:
    """Every (chronicle, kind, id) of a chronicle that is neither retracted nor redacted at the head."""
    rows = connection.execute(
        select(record.c.chronicle, record.c.kind, record.c.id)
        .join(version, version.c.position == record.c.position)
        .join(payload, payload.c.position == record.c.position)
        .where(record.c.chronicle == chronicle, version.c.superseded.is_(None), ~version.c.retracted)
        .where(record.c.kind != "redaction")
    )
    return {(row.chronicle, row.kind, row.id) for row in rows}


def event_types(connection: Connection, after: int, until: int) -> list[tuple[int, str]]:
    """Position and type of the versions of events after a position and up to another, retractions left out."""
    wanted = (
        record.c.kind == "event",
        record.c.type.is_not(None),
        record.c.position > after,
        record.c.position <= until,
    )
    rows = connection.execute(select(record.c.position, record.c.type).where(*wanted).order_by(record.c.position))
    return [(row.position, row.type) for row in rows]


def told_types(connection: Connection, chronicle: str, id: str) -> tuple[int, set[str]]:  # noqa: A002
    """The first position of an event, and the types that its versions have had; retractions have none."""
    rows = connection.execute(
        select(record.c.position, record.c.type).where(
            record.c.chronicle == chronicle, record.c.kind == "event", record.c.id == id
        )
    ).all()
    return min((row.position for row in rows), default=0), {row.type for row in rows if row.type is not None}
