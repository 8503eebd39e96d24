"""Leases with fences: of several programs that could write the same, one does, and one that comes late cannot.

A table has the columns `owner`, `fence` and `leased`. Whoever took a row's lease last, until the microsecond `leased`,
knows its fence; whoever writes names the fence, and is refused once somebody else has taken over.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, update

from chronicle.errors import ConflictError

Here = tuple[ColumnElement[bool], ...]


def lease(connection: Connection, table: Table, here: Here, *, owner: str, now: int, until: int) -> int | None:
    """Take the lease of a row and its new fence, if nobody has it; else None."""
    free = (table.c.leased <= now) | (table.c.owner == owner)
    taken = connection.execute(
        update(table).where(*here, free).values(owner=owner, fence=table.c.fence + 1, leased=until)
    )
    if not taken.rowcount:
        return None
    return int(connection.execute(select(table.c.fence).where(*here)).scalar_one())


def hold(connection: Connection, table: Table, here: Here, name: str, fence: int, **values: Any) -> None:
    """Change a row, and lock it until the transaction ends; ConflictError if the lease is another's."""
    held = connection.execute(update(table).where(*here, table.c.fence == fence).values(fence=fence, **values))
    if not held.rowcount:
        raise lost(name)


def lost(name: str) -> ConflictError:
    """Somebody else has the lease."""
    return ConflictError("lease-lost", f"{name}: another runner has taken over: nothing was written here")
