"""An open database: its two engines, and what the driver says in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, exc, make_url

from chronicle.errors import StoreError
from chronicle.store import dialect, migrate


class Store:
    """A writer engine and a reader engine of one archive, and where its checkpoints go; None for nowhere."""

    def __init__(self, writer: Engine, reader: Engine, url: str, proof_folder: Path | None = None) -> None:
        self.url = url
        self.writer = writer
        self.reader = reader
        self.proof_folder = proof_folder
        self._failed: str | None = None

    @classmethod
    def open(cls, url: str, *, create: bool, check: bool = True) -> Self:
        """Open the archive at a URL, making it in an empty database if `create`. Raises StoreError.

        Without `check` the database may be empty or at another revision; a file is made all the same.
        """
        try:
            parsed = make_url(url)
        except (exc.ArgumentError, ValueError):  # ValueError: a port that is no number
            raise StoreError("the database URL cannot be read: expected one such as sqlite:///chronicle.db") from None
        if parsed.get_backend_name() == "sqlite" and "?" in url:
            raise StoreError("a sqlite URL takes no options here: write %3F for a question mark in a file name")
        store = cls(*dialect.engines(parsed, create=create), url, dialect.proof_folder(parsed))
        if not check:
            return store
        try:
            with failures():
                if create:
                    migrate.ensure(store.writer)
                else:
                    migrate.require(store.reader)
        except StoreError:
            store.close()
            raise
        return store

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the archive; nothing can be written through it.

        It ends with a commit: psycopg forgets after a rollback what it has prepared, so that all is planned anew.
        """
        with failures(), self.reader.connect() as connection:
            yield connection
            connection.commit()

    @contextmanager
    def writing(self) -> Iterator[Engine]:
        """The engine that writes. Once a disk has failed under it, it is closed for good: StoreError.

        What a failed sync has left in the file system's cache may look written and not be; only a new process, which
        reads what is on the disk, can tell.
        """
        if self._failed is not None:
            raise StoreError(f"{self._failed}: end this process, then run chronicle verify")
        try:
            with failures():
                yield self.writer
        except StoreError as error:
            if dialect.is_disk_failure(error.__cause__):
                self._failed = str(error)
            raise

    @property
    def is_in_memory(self) -> bool:
        """One connection reads and writes."""
        return self.reader is self.writer

    @property
    def has_failed(self) -> bool:
        """The disk has failed under the writer."""
        return self._failed is not None

    def close(self) -> None:
        """Give the connections back; the writer last, for only it can put the files beside the database away."""
        self.reader.dispose()
        self.writer.dispose()


@contextmanager
def failures() -> Iterator[None]:
    """Turn the driver's errors into StoreError, keeping them as the cause."""
    try:
        yield
    except exc.DBAPIError as error:
        raise StoreError(f"the database failed: {error.orig}") from error
    except UnicodeDecodeError as error:  # sqlite3 decodes even what the database says of its own damage
        raise StoreError("the database holds text that is none: run chronicle verify") from error
    except exc.SQLAlchemyError as error:
        raise StoreError(f"the database failed: {error}") from error
