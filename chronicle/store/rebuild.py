"""Make the index rows again from the log, by the code that made them, and compare."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select, tuple_

from chronicle.event.canonical import decode
from chronicle.event.finding import Finding
from chronicle.event.model import Redaction
from chronicle.store import full_text
from chronicle.store.archive import Store
from chronicle.store.head import Head, read_head
from chronicle.store.read import log_rows
from chronicle.store.schema import (
    bound,
    citation,
    extent,
    fact,
    head,
    metadata,
    occurrence,
    record,
    redacted,
    report,
    version,
    words,
)
from chronicle.store.versions import Receipt
from chronicle.store.writing import Writing

PAGE = 1_000


def index_findings(connection: Connection, tell: Callable[[int, int], None] | None = None) -> Iterator[Finding]:
    """Rows of the indexes that are not what the log makes them, by table and position.

    The log itself must have been verified. The second archive is a temporary file; memory is bounded.
    """
    with tempfile.TemporaryDirectory(prefix="chronicle-verify-") as folder:
        again = Store.open(f"sqlite:///{Path(folder) / 'again.db'}", create=True, check=False)
        try:
            with again.writer.begin() as scratch:
                metadata.create_all(scratch)
                scratch.execute(insert(head).values(read_head(connection)._asdict()))
                _replay(connection, scratch, tell)
                undated = _rests_on_redacted(connection)
                for table in (version, citation, occurrence, report, words):
                    passed_over = undated if table in (occurrence, report) else frozenset()
                    yield from _differences(table, [*table.columns], connection, scratch, passed_over)
                of_report = {"reported", "visible", "revised"}
                said = [column for column in fact.columns if column.name not in of_report]
                yield from _differences(fact, said, connection, scratch, frozenset())
                yield from _differences(fact, [*fact.columns], connection, scratch, undated)
                for table in (extent, bound):
                    yield from _differences(table, [*table.columns], connection, scratch, frozenset())
                yield from _unsearched(connection)
        finally:
            again.close()


def _replay(connection: Connection, scratch: Connection, tell: Callable[[int, int], None] | None) -> None:
    last = read_head(connection)
    writing = Writing(scratch, Head(last.archive, 0, 0, last.epoch), 0, "")
    while rows := log_rows(connection, writing.position, PAGE):
        for row in rows:
            receipt = Receipt(row.chronicle, row.kind, row.id, row.version, row.position, "")
            writing.recorded, writing.recorded_by = row.recorded, row.recorded_by
            if row.payload is None:
                writing.take_redacted(receipt, row.type, row.digest)
                continue
            document = decode(row.kind, row.payload)
            writing.take(receipt, document, row.payload, row.salt)
            if isinstance(document, Redaction):
                writing.flush()
                gone = select(redacted.c.position).where(redacted.c.redaction == row.position)
                positions = list(connection.execute(gone).scalars())
                if positions:
                    scratch.execute(
                        insert(redacted), [{"position": one, "redaction": row.position} for one in positions]
                    )
                if document.of == "source":
                    writing.undate(row.chronicle, row.id)
        writing.flush()
        if tell is not None:
            tell(last.position + writing.position, 2 * last.position)


def _rests_on_redacted(connection: Connection) -> frozenset[int]:
    """The versions whose reports were made from the date of a source that is redacted: nothing can make them again."""
    sources = (
        select(record.c.chronicle, record.c.id)
        .join(redacted, redacted.c.position == record.c.position)
        .where(record.c.kind == "source")
    )
    citing = (
        select(version.c.first)
        .join(citation, citation.c.position == version.c.position)
        .join(record, record.c.position == version.c.position)
        .where(citation.c.kind == "source", tuple_(record.c.chronicle, citation.c.id).in_(sources))
    )
    rows = select(version.c.position).where(version.c.first.in_(citing))
    return frozenset(connection.execute(rows).scalars())


def _unsearched(connection: Connection) -> Iterator[Finding]:
    """The first row of words that would not be found by each of them, or by others."""
    if connection.dialect.name != "sqlite":
        return
    found = full_text.searched(connection)
    ordered = select(words).where(words.c.words != "").order_by(words.c.position)
    with closing(found), closing(connection.execute(ordered, execution_options={"yield_per": PAGE})) as rows:
        for one, other in zip_longest(rows, found):
            if one is None or tuple(one) != other:
                position = min(row[0] for row in (one, other) if row is not None)
                yield Finding(position, "index", "what is found by words from here on is not what the records say")
                return


def _differences(
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    connection: Connection,
    scratch: Connection,
    passed_over: frozenset[int],
) -> Iterator[Finding]:
    """Rows that only one of the two has, or that differ in these columns."""
    key = (fact.c.position, fact.c.ordinal) if table is fact else tuple(table.primary_key.columns)

    def rows(result: Iterable[Any]) -> Iterator[Any]:
        return (tuple(row) for row in result if row.position not in passed_over)

    place = [column.name for column in columns].index("position")
    ordered = select(*columns).order_by(*key)
    with (
        closing(connection.execute(ordered, execution_options={"yield_per": PAGE})) as there,
        closing(scratch.execute(ordered, execution_options={"yield_per": PAGE})) as made,
    ):
        for one, other in zip_longest(rows(there), rows(made)):
            if one != other:
                position = min(row[place] for row in (one, other) if row is not None)
                message = f"the rows of table {table.name} from here on are not what the log makes them"
                yield Finding(position, "index", message)
                return
