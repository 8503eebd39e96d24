"""The documents of a load that is too large for memory, in a temporary file between its validation and its appends."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from chronicle.event.canonical import decode_document
from chronicle.event.draft import DocumentId
from chronicle.event.model import AnyDocument
from chronicle.store.versions import Step

_MANY = 10_000
"""Rows that are written together."""


class Spooled(NamedTuple):
    """A document by its number in the load, from 1; its canonical payload, and where it stands: a file and a line.

    `recurs` says that the load has the same id more than once.
    """

    number: int
    chronicle: str
    kind: str
    id: str
    payload: bytes
    file: str
    line: int
    recurs: bool

    @property
    def document_id(self) -> DocumentId:
        """What it is a version of."""
        return self.chronicle, self.kind, self.id


class Spool:
    """Takes documents in their order, and once it is sealed gives them back: in order, by id, and the last of an id."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chronicle-load-")
        self._connection = sqlite3.connect(Path(self._folder.name) / "spool.db", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE document (number INTEGER PRIMARY KEY, chronicle, kind, id, payload, file, line, retracted)",
            "BEGIN",
        ):
            self._connection.execute(statement)
        self._rows: list[tuple[object, ...]] = []
        self._recurring: frozenset[DocumentId] = frozenset()
        self.count = 0
        self.last = lru_cache(maxsize=_MANY)(self._last)

    def add(self, id: DocumentId, payload: bytes, file: str, line: int, *, retracted: bool) -> None:  # noqa: A002
        """Take the next document."""
        self.count += 1
        self._rows.append((self.count, *id, payload, file, line, retracted))
        if len(self._rows) == _MANY:
            self._write()

    def seal(self) -> None:
        """There are no more."""
        self._write()
        self._connection.execute("CREATE INDEX document_id ON document (chronicle, kind, id)")

    def batches(self, size: int) -> Iterator[list[Spooled]]:
        """The documents in their order, so many at a time."""
        for first in range(1, self.count + 1, size):
            rows = self._connection.execute(_BATCH, (first, first + size))
            batch = [Spooled(*row) for row in rows]
            self._recurring = frozenset(one.document_id for one in batch if one.recurs)
            yield batch

    def run(self, id: DocumentId) -> Iterator[tuple[int, bytes]]:  # noqa: A002
        """Number and payload of each document of an id."""
        yield from self._connection.execute(_RUN, id)

    def _last(self, id: DocumentId) -> AnyDocument | None:  # noqa: A002
        """The last document of an id, which the load would leave behind; None if it has none."""
        payload = self._last_payload(id)
        return None if payload is None else decode_document(id[1], payload)

    def is_last(self, step: Step, /) -> bool:
        """No other document of the id comes later, but for one of the same content; of those of this batch."""
        return step.draft.id not in self._recurring or self._last_payload(step.draft.id) == step.payload

    def _last_payload(self, id: DocumentId) -> bytes | None:  # noqa: A002
        row = self._connection.execute(f"{_RUN} DESC LIMIT 1", id).fetchone()
        return None if row is None else row[1]

    def asserts(self, id: DocumentId, /) -> bool:  # noqa: A002
        """Whether it declares an id somewhere, be it that it retracts it later on."""
        there = "SELECT 1 FROM document WHERE chronicle = ? AND kind = ? AND id = ? AND NOT retracted LIMIT 1"
        return self._connection.execute(there, id).fetchone() is not None

    def close(self) -> None:
        """Remove the file."""
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self) -> None:
        self._connection.executemany("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._rows)
        self._rows.clear()


_RUN = "SELECT number, payload FROM document WHERE chronicle = ? AND kind = ? AND id = ? ORDER BY number"
_BATCH = """
SELECT number, chronicle, kind, id, payload, file, line, (SELECT count(*) FROM (SELECT 1 FROM document AS other
WHERE (other.chronicle, other.kind, other.id) = (document.chronicle, document.kind, document.id) LIMIT 2)) > 1
FROM document WHERE number >= ? AND number < ? ORDER BY number
"""
