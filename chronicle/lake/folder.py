"""A folder of sealed segments, which readers of Parquet can look at while it grows.

    manifest.json                        what there is; written last, as a whole
    events/FIRST-LAST-DIGEST.parquet     by first and last position, and 16 digits of the file's SHA-256
    facts/…, revisions/…                 likewise

A name stands for one content. What no manifest names is of no account, and taken away by the next seal.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from chronicle.errors import MissingExtraError, QuestionError, StoreError
from chronicle.lake.manifest import Manifest, Range, Segment, Table, is_ours, read_manifest
from chronicle.lake.rows import EVENTS, FACTS, REVISIONS, TABLES, Revision, Row, Version, event_row, fact_rows, schemas

GROUP = 20_000
"""How many rows are in memory at a time, and in one row group of a file."""

RISING = ("position", "first")
"""Columns that grow by little from row to row: kept as differences they take half the time to read."""

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"

Write = Callable[[Path, bytes], None]
"""Writes a file as a whole or not at all."""


class Folder:
    """Reads and writes such a folder. Every method raises StoreError where it cannot be used."""

    def __init__(self, path: Path, write: Write) -> None:
        self.path = path
        self._write = write

    def manifest(self) -> Manifest | None:
        """What was sealed last; None in a folder that is empty or not there.

        Raises InputError for a manifest that is not ours, QuestionError for a folder of something else.
        """
        with _failures(self.path):
            if (self.path / MANIFEST).is_file():
                return read_manifest((self.path / MANIFEST).read_bytes())
            if self.path.exists() and not self.path.is_dir():
                raise QuestionError(f"{self.path} is no folder")
            names = [one.name for one in self.path.iterdir()] if self.path.exists() else []
        if [one for one in names if one not in TABLES and not one.startswith(".")]:
            raise QuestionError(f"{self.path} has other files, and no {MANIFEST}: name a new folder")
        return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from sealing into it; it is made if it is not there."""
        lock = FileLock(self.path / ".lock", timeout=0)
        with _failures(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except Timeout:
                raise StoreError(f"{self.path}: another process is sealing into it: wait for it") from None
        try:
            yield
        finally:
            lock.release()

    def files(self, manifest: Manifest) -> dict[str, list[Path]]:
        """The files of each table. Raises StoreError for a segment of which one is missing or of another length."""
        for one in manifest.segments:
            if not self.is_sound(one):
                raise StoreError(f"{self.path}: {one.events.file} or what belongs to it is damaged: seal again")
        return {name: [self.path / table.file for table in manifest.files(name)] for name in TABLES}

    def is_sound(self, segment: Segment, *, read: bool = False) -> bool:
        """The files of a segment are as long as they were; with `read`, their content is what was sealed."""
        for table in segment.tables:
            path = self.path / table.file
            with _failures(path):
                if not path.is_file() or path.stat().st_size != table.bytes:
                    return False
                if read and _digest(path) != table.sha256:
                    return False
        return True

    def revised(self, segment: Segment) -> set[int]:
        """The positions that the revisions of a segment speak of. Raises MissingExtraError."""
        try:
            from pyarrow import parquet  # noqa: PLC0415 - an extra, and slow to load
        except ImportError:
            raise MissingExtraError("sealed segments", "parquet", "pyarrow") from None
        with _failures(self.path):
            column = parquet.read_table(self.path / segment.revisions.file, columns=["position"]).column("position")
        return set(column.to_pylist())

    def withdraw(self, manifest: Manifest, positions: Collection[int]) -> None:
        """Remove the files that may hold something of what stood at some positions; the next seal writes them anew.

        Until then the folder is damaged, and not asked.
        """
        with _failures(self.path):
            for one in manifest.segments:
                if any(one.first <= position <= one.last for position in positions):
                    gone: tuple[Table, ...] = one.tables
                elif one.revisions.rows and one.last > min(positions, default=one.last):
                    gone = (one.revisions,)
                else:
                    continue
                for table in gone:
                    (self.path / table.file).unlink(missing_ok=True)

    def write(self, of: Range, versions: Iterable[Sequence[Version]], revisions: Iterable[Revision]) -> Segment:
        """Write the files of a segment. They count once a manifest names them. Raises MissingExtraError."""
        try:
            columns = schemas()
        except ImportError:
            raise MissingExtraError("sealed segments", "parquet", "pyarrow") from None
        with _failures(self.path), ExitStack() as stack:
            out = {name: stack.enter_context(_Out(self.path / name, of, columns[name])) for name in TABLES}
            for some in versions:
                for one in some:
                    event = event_row(one)
                    out[EVENTS].add(event)
                    for fact in fact_rows(one, event):
                        out[FACTS].add(fact)
            for revision in revisions:
                out[REVISIONS].add(revision._asdict())
            events, facts, later = (out[name].table() for name in TABLES)
        return Segment(*of, events, facts, later)

    def take(self, manifest: Manifest) -> None:
        """Let readers see the segments of a manifest, and remove the files that it does not name."""
        named = {table.file for one in manifest.segments for table in one.tables}
        with _failures(self.path):
            self._write(self.path / MANIFEST, manifest.encode())
            for name in TABLES:
                for path in (self.path / name).iterdir():
                    file = f"{name}/{path.name}"
                    if file not in named and (is_ours(file) or path.name.endswith(UNFINISHED)):
                        path.unlink()


class _Out:
    """One file as it is written: under another name, until it is known what it is called."""

    def __init__(self, folder: Path, of: Range, schema: Any) -> None:
        self._folder, self._of, self._schema = folder, of, schema
        self._path = folder / f".{of[0]}-{of[1]}{UNFINISHED}"
        self._rows: list[Row] = []
        self._count = 0

    def __enter__(self) -> Self:
        from pyarrow import parquet  # noqa: PLC0415 - an extra, and slow to load

        self._folder.mkdir(exist_ok=True)
        self._file = self._path.open("wb")
        self._writer = parquet.ParquetWriter(
            self._file,
            self._schema,
            compression="zstd",
            use_dictionary=[path for path in _paths(self._schema) if path not in RISING],
            column_encoding={name: "DELTA_BINARY_PACKED" for name in RISING if name in self._schema.names},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to load

        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._count += len(self._rows)
        self._rows = []

    def table(self) -> Table:
        """The file, under its name."""
        if self._rows:
            self._flush()
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        digest = _digest(self._path)
        name = f"{self._of[0]:012}-{self._of[1]:012}-{digest[:16]}.parquet"
        self._path.rename(self._folder / name)
        size = (self._folder / name).stat().st_size
        return Table(f"{self._folder.name}/{name}", self._count, size, digest)


def _paths(schema: Any) -> list[str]:
    """What Parquet calls the columns, those within lists and maps too."""
    from pyarrow import parquet  # noqa: PLC0415 - an extra, and slow to load

    made = io.BytesIO()
    parquet.write_table(schema.empty_table(), made)
    columns = parquet.ParquetFile(made).schema
    return [columns.column(number).path for number in range(len(columns.names))]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
