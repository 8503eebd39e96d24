"""The reading part of the hall: stretches of the log, which every door that follows it is made of.

A reader asks for what comes after its cursor, whether that is old or has just come: there is one way to read, so that
nothing is skipped or repeated where the old ends and the new begins.
"""

from __future__ import annotations

from typing import NamedTuple

from chronicle.event.cursor import Cursor
from chronicle.event.record import Record
from chronicle.feed.filter import Filter
from chronicle.store import read
from chronicle.store.archive import Store
from chronicle.store.head import at_position, check_cursor, read_head

PAGE = 500
"""How many records are read at a time."""

MOST_LOOKED_AT = 5_000
"""How many records one stretch looks at, wanted or not."""


class Stretch(NamedTuple):
    """Some records in the order of the log, and the cursor to go on from.

    The cursor is past what was looked at and not wanted, too. `up_to_date` says that nothing came after it; where it is
    false the same stretch is read for ever, but for what is redacted.
    """

    records: tuple[Record, ...]
    cursor: Cursor
    up_to_date: bool


def stretch(store: Store, after: int | Cursor, wanted: Filter, most: int) -> Stretch:
    """What is wanted of the log after a position or a cursor, at most so many; it looks at 5,000 records at most.

    Each record is as reported when it was recorded. Raises QuestionError for a position beyond the head, ConflictError
    for a cursor that this log cannot go on from.
    """
    found: list[Record] = []
    looked_at = 0
    with store.reading() as connection:
        head = read_head(connection)
        cursor = after if isinstance(after, Cursor) else at_position(head, after)
        check_cursor(head, cursor)
        few = min(PAGE, most) if wanted == Filter(chronicles=wanted.chronicles) else PAGE
        while looked_at < MOST_LOOKED_AT:
            page = read.records_as_recorded(connection, cursor.position, few, wanted.chronicles)
            for record in page:
                cursor = record.cursor
                if wanted.wants(record):
                    found.append(record)
                    if len(found) == most:
                        return Stretch(tuple(found), cursor, cursor.position == head.position)
            if len(page) < few:
                return Stretch(tuple(found), at_position(head, head.position), up_to_date=True)
            looked_at += len(page)
    return Stretch(tuple(found), cursor, cursor.position == head.position)
