"""What `doctor` looks at in a database: whether it can lose what it has acknowledged, or be changed unseen."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, func, select

from chronicle.event.condition import Condition
from chronicle.store import dialect, migrate, surroundings
from chronicle.store.head import read_head
from chronicle.store.schema import record

TRIGGERS = frozenset(
    """payload_refuses_delete payload_refuses_update record_refuses_delete record_refuses_gaps record_refuses_update
    redacted_needs_redaction redacted_refuses_delete redacted_refuses_update""".split()
)
"""Those that every backend has."""


def conditions(writer: Engine, reader: Engine, now: int) -> Iterator[Condition]:
    """The conditions of a database; `now` is microseconds since the epoch. Raises StoreError if it is no archive."""
    with reader.begin() as connection:
        found = migrate.revisions(connection)
        if found.pending:
            message = f"at {found.current}, this program needs {found.needed}: run chronicle db upgrade"
            yield Condition("migrations", "bad", message)
            return
        yield Condition("migrations", "ok", f"at {found.current}, the newest this program knows")
        yield _triggers(connection)
        yield from _times(connection, now)
    yield from surroundings.conditions(writer)


def _triggers(connection: Connection) -> Condition:
    missing = sorted(TRIGGERS - dialect.triggers(connection))
    if missing:
        return Condition("append-only", "bad", f"triggers are missing: {', '.join(missing)}. Restore a backup")
    return Condition("append-only", "ok", "the triggers that refuse to change a record are there")


def _times(connection: Connection, now: int) -> Iterator[Condition]:
    before = func.lag(record.c.recorded).over(order_by=record.c.position)
    times = select(record.c.position, record.c.recorded, before.label("before")).subquery()
    falling = connection.execute(select(func.min(times.c.position)).where(times.c.recorded < times.c.before)).scalar()
    head = read_head(connection)
    if falling is not None:
        message = f"position {falling} was recorded before the one before it: run chronicle verify"
        yield Condition("recorded times", "bad", message)
    elif head.recorded > now:
        ahead = (head.recorded - now) // 1_000_000
        message = f"the last append is {ahead} s ahead of this clock: new ones go on from there until it has caught up"
        yield Condition("recorded times", "warning", message)
    else:
        yield Condition("recorded times", "ok", f"rising, up to position {head.position}")
