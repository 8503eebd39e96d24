"""The head row: how far the log goes. It is locked first and written last by whoever appends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from chronicle.errors import ConflictError, QuestionError, StoreError
from chronicle.event.cursor import Cursor
from chronicle.store.prepared import Prepared
from chronicle.store.schema import head


class Head(NamedTuple):
    """The archive's id, its last position (0 when empty), the microsecond of its last append, and its epoch."""

    archive: str
    position: int
    recorded: int
    epoch: int


Require = Callable[[Connection, Head], None]
"""Raises StoreError unless the log with this head is one that may be appended to."""


def read_head(connection: Connection) -> Head:
    """The head of the log. Raises StoreError if it is not there, or not alone."""
    return head_of(HEAD.rows(connection))


def head_of(rows: Sequence[Sequence[Any]]) -> Head:
    """The head from the rows of its table. Raises as `read_head` does."""
    if len(rows) != 1:
        raise StoreError(f"the archive has {len(rows)} head rows and needs one: restore it from a backup")
    archive, *numbers = rows[0]
    if not isinstance(archive, str) or not all(isinstance(number, int) for number in numbers):
        raise StoreError("the head row cannot be read: restore the archive from a backup")
    return Head(archive, *numbers)


def write_head(connection: Connection, position: int, recorded: int) -> None:
    """Say how far the log goes now."""
    _MOVE.run(connection, to=position, at=recorded)


def at_position(head: Head, position: int | str) -> Cursor:
    """The cursor of a position of this log. Raises QuestionError for one beyond the head."""
    if not isinstance(position, int) or not 0 <= position <= head.position:
        raise QuestionError(f"after: {position} is not within the log, which ends at {head.position}")
    return Cursor(head.archive, head.epoch, position)


def check_cursor(head: Head, cursor: Cursor) -> None:
    """Raise ConflictError unless a reader that is at the cursor can go on in this log."""
    if cursor.archive != head.archive:
        message = f"the cursor is of the log {cursor.archive}, and this is {head.archive}"
        raise ConflictError("foreign-log", message)
    if cursor.epoch != head.epoch:
        message = (
            f"the cursor is of epoch {cursor.epoch}, and the log is in epoch {head.epoch}: records that were read may "
            "have been lost; read the log again from its start"
        )
        raise ConflictError("epoch-changed", message)
    if cursor.position > head.position:
        message = (
            f"the cursor is at position {cursor.position}, and the log ends at {head.position}: "
            "it has lost records, or was restored from an older copy"
        )
        raise ConflictError("cursor-ahead", message)


def check_known(head: Head, epoch: int, size: int) -> None:
    """Raise StoreError if the log is not at this epoch any more, or has fewer records than it is known to have had."""
    how = "it has lost records, or is an older copy. Restore it, or accept the loss: chronicle checkpoint --new-epoch"
    if head.epoch < epoch:
        raise StoreError(f"the log is in epoch {head.epoch}, and is known to have been in epoch {epoch}: {how}")
    if head.epoch == epoch and head.position < size:
        raise StoreError(f"the log ends at {head.position}, and is known to have had {size} records: {how}")


def raise_epoch(connection: Connection, known: int = 0) -> None:
    """Begin a new epoch, later than the present one and the latest that is known."""
    epoch = max(read_head(connection).epoch, known) + 1
    connection.execute(update(head).values(epoch=epoch))


HEAD = Prepared(select(head.c.archive, head.c.position, head.c.recorded, head.c.epoch))
_MOVE = Prepared(update(head).values(position=bindparam("to"), recorded=bindparam("at")))


def within_log(connection: Connection, position: int | None) -> int:
    """A position, by default the head. Raises QuestionError for one beyond it."""
    head = read_head(connection).position
    if position is None:
        return head
    if not 0 <= position <= head:
        raise QuestionError(f"position: {position} is not within the log, which ends at {head}")
    return position
