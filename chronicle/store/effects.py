"""The effects that the live build of a projection is still to cause: an outbox, written with rows and checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from chronicle.store.build import effect


def add(connection: Connection, name: str, positions: Iterable[int]) -> None:
    """Put down the records whose effects are to be caused."""
    there = set(connection.execute(select(effect.c.position).where(effect.c.name == name)).scalars())
    if rows := [{"name": name, "position": one, "error": None} for one in positions if one not in there]:
        connection.execute(insert(effect), rows)


def waiting(connection: Connection, name: str, *, parked: bool = False) -> list[Any]:
    """The effects that are still to be caused, in the order of the log; or those that failed."""
    failed = effect.c.error.is_not(None) if parked else effect.c.error.is_(None)
    return list(connection.execute(select(effect).where(effect.c.name == name, failed).order_by(effect.c.position)))


def settle(connection: Connection, name: str, position: int, error: str | None) -> None:
    """Note that an effect has been caused, or why it could not be."""
    here = (effect.c.name == name, effect.c.position == position)
    if error is None:
        connection.execute(delete(effect).where(*here))
    else:
        connection.execute(update(effect).where(*here).values(error=error))


def unpark(connection: Connection, name: str) -> None:
    """Let failed effects be tried again."""
    connection.execute(update(effect).where(effect.c.name == name).values(error=None))
