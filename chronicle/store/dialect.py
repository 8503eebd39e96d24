"""Every difference between the databases: today SQLite, in a file or in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from chronicle.errors import StoreError

BUSY_MILLISECONDS = 20_000

Connect = Callable[[], sqlite3.Connection]


def engines(url: URL, *, create: bool) -> tuple[Engine, Engine]:
    """A writer engine, whose transactions hold the write lock from the start, and a reader engine that cannot write.

    A database in memory has one connection, which serves both. Raises StoreError for a database that is not there
    (unless `create`) and for backends this release does not have.
    """
    if url.get_backend_name() != "sqlite":
        raise StoreError(f"{url.get_backend_name()} is not supported by this release: use sqlite:///FILE")
    if url.host:
        raise StoreError(f"a sqlite URL has three slashes, or four before a full path: sqlite:///{url.host}")
    if url.database in (None, "", ":memory:"):
        memory = _engine(lambda: _connect(":memory:", uri=False), "BEGIN IMMEDIATE", in_memory=True)
        return memory, memory
    path = Path(str(url.database))
    if not path.is_file():
        if not create:
            raise StoreError(f"there is no archive at {path}: load one, or name another with --db")
        if not path.parent.is_dir():
            raise StoreError(
                f"there is no folder {path.parent} to keep {path.name} in: make it, or name another with --db"
            )
    place = f"file:{quote(bytes(path.absolute()))}"
    writer = _engine(lambda: _connect(f"{place}?mode=rwc", uri=True), "BEGIN IMMEDIATE")
    reader = _engine(lambda: _connect(f"{place}?mode=ro", uri=True), "BEGIN")
    return writer, reader


def _engine(connect: Connect, begin: str, *, in_memory: bool = False) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": StaticPool} if in_memory else {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 7}
    )
    engine = create_engine("sqlite://", creator=connect, **pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        """sqlite3 opens no transaction by itself (isolation_level None), so that reads and DDL are inside it too."""
        connection.exec_driver_sql(begin)

    return engine


def _connect(place: str, *, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(place, uri=uri, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    if "mode=ro" not in place:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection
