"""Where benchmarks keep their databases: files, and a PostgreSQL server that commits durably."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests.postgresql import DURABLE, a_server


class Sqlite:
    """SQLite in files of a folder."""

    name = "sqlite"
    mark = "?"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self) -> str:
        """That of a new database."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def connect(self, url: str) -> Any:
        """A raw connection that commits durably, as the archive's own do."""
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
            connection.execute(f"PRAGMA {setting}")
        return connection

    def query(self, text: str) -> str:
        """A query with question marks, as the driver wants it."""
        return text

    def insert(self, connection: Any, table: str, columns: int, rows: list[tuple[Any, ...]]) -> None:
        """The fastest there is for many rows."""
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)  # noqa: S608 - ours


class Postgresql:
    """A server of its own, durable."""

    name = "postgresql"
    mark = "%s"

    def __init__(self, server: Any) -> None:
        self._server = server

    def url(self) -> str:
        """That of a new database."""
        made: str = self._server.database()
        return made

    def connect(self, url: str) -> Any:
        """A raw connection, each statement a transaction."""
        return psycopg.connect(url, autocommit=True)

    def query(self, text: str) -> str:
        """A query with question marks, as the driver wants it."""
        return text.replace("?", "%s")

    def insert(self, connection: Any, table: str, columns: int, rows: list[tuple[Any, ...]]) -> None:  # noqa: ARG002
        """The fastest there is for many rows."""
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def sqlite() -> Iterator[Sqlite]:
    """SQLite, for as long as the context lasts."""
    with TemporaryDirectory(prefix="chronicle-bench-") as folder:
        yield Sqlite(Path(folder))


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """PostgreSQL, for as long as the context lasts."""
    with a_server(DURABLE) as server:
        yield Postgresql(server)


Place = Sqlite | Postgresql
