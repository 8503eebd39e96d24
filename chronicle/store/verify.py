"""Whether the log is what was hashed, and all that is made from it is what it makes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import msgspec
import rfc8785
from sqlalchemy import Connection, exc, func, select

from chronicle.event.canonical import digest
from chronicle.event.finding import Finding
from chronicle.event.tree import TILE, fold
from chronicle.store import dialect
from chronicle.store.append import Appended
from chronicle.store.head import read_head
from chronicle.store.read import header_of
from chronicle.store.rebuild import index_findings
from chronicle.store.schema import answered, node, payload, record, redacted
from chronicle.store.tree import tile

PAGE = 1_000
_UNREADABLE = (exc.DBAPIError, UnicodeDecodeError, ValueError, TypeError)

Tell = Callable[[int, int], None]


def findings(connection: Connection, tell: Tell | None = None) -> Iterator[Finding]:
    """All that is wrong with an archive; of a table that is made from the log, its first bad position.

    What is made from the log is looked at only if the log itself is sound. Memory is bounded by what is wrong. `tell`
    gets how much is done, and of how much.
    """
    found = [*dialect.damages(connection), *_log(connection, tell)]
    if not found:
        found = [*_versions(connection), *_redactions(connection)]
    found += _tree(connection)
    yield from found
    if not found:
        yield from index_findings(connection, tell)
        yield from _answers(connection)


def _log(connection: Connection, tell: Tell | None) -> Iterator[Finding]:
    head, expected, recorded = read_head(connection), 1, 0
    for row in _rows(connection):
        if isinstance(row, Finding):
            yield row
            expected = row.position + 1
            continue
        if row.position != expected:
            upto = "" if row.position == expected + 1 else f" to {row.position - 1}"
            yield Finding(expected, "missing", f"there is no record of position {expected}{upto}")
        expected = row.position + 1
        if not isinstance(row.recorded, int) or not isinstance(row.version, int):  # SQLite keeps whatever it is given
            yield Finding(row.position, "header", "the header cannot be read")
            continue
        if row.recorded < recorded:
            yield Finding(row.position, "order", "it was recorded before the record before it")
        recorded = row.recorded
        yield from _record(head.archive, row)
        if tell is not None and row.position % PAGE == 0:
            tell(row.position, 2 * head.position)
    if head.position > expected - 1:
        message = f"the log ends at {expected - 1}, and its head says {head.position}"
        yield Finding(expected, "missing", message)
    elif head.position < expected - 1:
        yield Finding(0, "head", f"the head says {head.position}, and the log ends at {expected - 1}")
    if head.recorded != recorded and head.position == expected - 1:
        yield Finding(0, "head", "the head's recorded time is not that of the last record")


def _record(archive: str, row: Any) -> Iterator[Finding]:
    try:
        header = header_of(archive, row)
        leaf = header.leaf()
    except (ValueError, TypeError, AttributeError, rfc8785.CanonicalizationError):
        yield Finding(row.position, "header", "the header cannot be read")
        return
    if row.hash is None:
        yield Finding(row.position, "tree", "the header's hash is missing")
    elif leaf != bytes(row.hash):
        yield Finding(row.position, "header", "the header is not the one that was hashed")
    if row.payload is None:
        if row.redaction is None:
            yield Finding(row.position, "payload", "the payload is missing, and no redaction says why")
    elif row.redaction is not None:
        yield Finding(row.position, "payload", f"is redacted at position {row.redaction}, and has a payload")
    elif not isinstance(row.payload, bytes) or not isinstance(row.salt, bytes):
        yield Finding(row.position, "payload", "the payload cannot be read")
    elif digest(row.payload, row.salt) != header.digest:
        yield Finding(row.position, "payload", "the payload is not the one whose digest the header has")


def _rows(connection: Connection) -> Iterator[Any]:
    """Every record with its payload, redaction and hash; a finding for a row that the database cannot give."""
    after = -(2**62)
    while True:
        try:
            page = _page(connection, after, PAGE)
        except _UNREADABLE:
            page = yield from _one_by_one(connection, after)
        if not page:
            return
        yield from page
        after = page[-1].position


def _one_by_one(connection: Connection, after: int) -> Generator[Any, None, Sequence[Any]]:
    """The same for a page of which some row cannot be read; the positions alone can."""
    positions = select(record.c.position).where(record.c.position > after).order_by(record.c.position).limit(PAGE)
    last: Sequence[Any] = ()
    for position in connection.execute(positions).scalars().all():
        try:
            last = _page(connection, position - 1, 1)
        except _UNREADABLE as error:
            yield Finding(position, "header", f"the record cannot be read: {error}")
        else:
            yield from last
    return last


def _page(connection: Connection, after: int, most: int) -> Sequence[Any]:
    rows = (
        select(record, payload.c.payload, payload.c.salt, redacted.c.redaction, node.c.hash)
        .join(payload, payload.c.position == record.c.position, isouter=True)
        .join(redacted, redacted.c.position == record.c.position, isouter=True)
        .join(node, (node.c.level == 0) & (node.c.number == record.c.position - 1), isouter=True)
        .where(record.c.position > after)
        .order_by(record.c.position)
        .limit(most)
    )
    return connection.execute(rows).all()


def _versions(connection: Connection) -> Iterator[Finding]:
    columns = (record.c.chronicle, record.c.kind, record.c.id)
    rows = (
        select(*columns, func.min(record.c.position))
        .group_by(*columns)
        .having((func.max(record.c.version) != func.count()) | (func.min(record.c.version) != 1))
        .order_by(func.min(record.c.position))
    )
    for chronicle, kind, name, position in connection.execute(rows):
        yield Finding(position, "order", f"the versions of {kind} {name} of {chronicle} are not 1, 2, 3 …")


def _redactions(connection: Connection) -> Iterator[Finding]:
    gone, by = record.alias(), record.alias()
    rows = (
        select(redacted.c.position)
        .join(gone, gone.c.position == redacted.c.position, isouter=True)
        .join(by, by.c.position == redacted.c.redaction, isouter=True)
        .where(
            by.c.position.is_(None)
            | gone.c.position.is_(None)
            | (by.c.kind != "redaction")
            | (by.c.id != gone.c.id)
            | (by.c.chronicle != gone.c.chronicle)
            | (by.c.position <= gone.c.position)
        )
        .order_by(redacted.c.position)
    )
    for position in connection.execute(rows).scalars():
        yield Finding(position, "redaction", "what is said to redact it is no redaction of it")


def _tree(connection: Connection) -> Iterator[Finding]:
    """The hashes above the leaves, and that there are as many as there should be."""
    level, size = 0, read_head(connection).position
    while True:
        there = connection.execute(
            select(func.count(), func.min(node.c.number), func.max(node.c.number)).where(node.c.level == level)
        ).one()
        if tuple(there) != ((size, 0, size - 1) if size else (0, None, None)):
            message = f"level {level} of the tree has {there[0]} hashes, and {size} were expected"
            yield Finding(0, "tree", message)
            return
        if size == 0:
            break
        parents = size // TILE
        for above in range(-(-parents // TILE)):
            for index, stored in enumerate(tile(connection, level + 1, above), above * TILE):
                if index < parents and fold(tile(connection, level, index)) != stored:
                    position = index * TILE ** (level + 1) + 1
                    yield Finding(position, "tree", f"the hash of level {level + 1} is not that of its leaves")
        level, size = level + 1, parents
    highest = connection.execute(select(func.max(node.c.level), func.min(node.c.level))).one()
    if highest[0] is not None and (highest[0] >= level or highest[1] < 0):
        yield Finding(0, "tree", f"the tree has hashes above level {level}")


def _answers(connection: Connection) -> Iterator[Finding]:
    for key, request, answer in connection.execute(select(answered).order_by(answered.c.key)):
        try:
            receipts = msgspec.json.decode(answer, type=Appended).receipts if len(request) == 32 else None
        except (msgspec.DecodeError, TypeError, UnicodeDecodeError):
            receipts = None
        if receipts is None:
            yield Finding(0, "answer", f"what was answered to the key {key!r} cannot be read")
            continue
        for receipt in receipts:
            found = connection.execute(
                select(record.c.chronicle, record.c.kind, record.c.id, record.c.version).where(
                    record.c.position == receipt.position
                )
            ).one_or_none()
            if found is None or tuple(found) != (receipt.chronicle, receipt.kind, receipt.id, receipt.version):
                message = f"what was answered to the key {key!r} is no record of the log"
                yield Finding(receipt.position, "answer", message)
