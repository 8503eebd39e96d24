"""Copy an archive, record for record and row for row, into an empty database of whatever kind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Connection, func, select, update

from chronicle.store import dialect, migrate
from chronicle.store.head import read_head
from chronicle.store.schema import (
    answered,
    bound,
    citation,
    extent,
    fact,
    head,
    node,
    occurrence,
    payload,
    record,
    redacted,
    report,
    version,
    words,
)

IN_ORDER = (
    record,
    payload,
    redacted,
    version,
    report,
    citation,
    fact,
    extent,
    bound,
    occurrence,
    words,
    node,
    answered,
)
"""The tables but for the cache, and for the head, which comes last: what others refer to before them."""

PAGE = 2_000


def copy(source: Connection, target: Connection, tell: Callable[[int, int], None] | None = None) -> None:
    """Fill an empty database, within the transactions of the callers; the source is read as of one moment.

    `tell` gets how many rows are copied, and of how many.
    """
    migrate.create(target, read_head(source).archive)
    total = sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in IN_ORDER)
    done = 0
    for table in IN_ORDER:
        ordered = select(table).order_by(*table.primary_key.columns)
        with closing(source.execute(ordered, execution_options={"yield_per": PAGE})) as rows:
            for page in rows.partitions(PAGE):
                dialect.insert_rows(target, table, page)
                done += len(page)
                if tell is not None:
                    tell(done, total)
    target.execute(update(head).values(read_head(source)._asdict()))
