"""What facts are told with: the events that state them, and how their attributes are declared."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, bindparam, select

from chronicle.event.model import Event, LogDocument
from chronicle.event.stated import Stated
from chronicle.store.among import is_among
from chronicle.store.prepared import Prepared
from chronicle.store.read import decoded
from chronicle.store.schema import payload, record, version


def latest_document(
    connection: Connection,
    position: int,
    chronicle: str,
    kind: str,
    id: str,  # noqa: A002
) -> LogDocument | None:
    """The document of an id as it was at a position; None if it was not there, or is retracted or redacted."""
    rows = LATEST_DOCUMENT.rows(connection, chronicle=chronicle, kind=kind, id=id, position=position)
    if not rows or rows[0][2]:
        return None
    return decoded(rows[0][0], kind, rows[0][1])


LATEST_DOCUMENT = Prepared(
    select(record.c.position, payload.c.payload, version.c.retracted)
    .select_from(record)
    .join(version, version.c.position == record.c.position)
    .join(payload, payload.c.position == record.c.position)
    .where(*(record.c[name] == bindparam(name) for name in ("chronicle", "kind", "id")))
    .where(record.c.position <= bindparam("position"))
    .order_by(record.c.version.desc())
    .limit(1)
)


def events_at(connection: Connection, positions: set[int]) -> dict[int, Stated]:
    """The events at some positions. To look at one raises StoreError where its content cannot be read."""
    if len(positions) == 1:
        rows = _ONE_EVENT.rows(connection, position=next(iter(positions)))
    else:
        rows = _EVENTS.rows(connection, positions=msgspec.json.encode(sorted(positions)).decode())
    return {position: Stated(_event, position, number, content) for position, number, content in rows}


def _event(position: int, content: bytes) -> Event:
    document = decoded(position, "event", content)
    assert isinstance(document, Event), "facts are of events"
    return document


_EVENT = select(record.c.position, record.c.version, payload.c.payload).join(
    payload, payload.c.position == record.c.position
)
_ONE_EVENT = Prepared(_EVENT.where(record.c.position == bindparam("position")))
_EVENTS = Prepared(_EVENT.where(is_among(record.c.position, bindparam("positions"))))
