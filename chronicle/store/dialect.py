"""Every difference between the databases: SQLite, in a file or in memory, and PostgreSQL 15 or newer."""

from __future__ import annotations

import os
import selectors
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Numeric,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    exc,
    text,
)
from sqlalchemy.pool import QueuePool, StaticPool

from chronicle.errors import NoArchiveError, StoreError
from chronicle.event.finding import Finding
from chronicle.store.prepared import Prepared, Question, execute, failure

LOCK_MILLISECONDS = 20_000
"""How long one writer waits for another."""

OLDEST_POSTGRESQL = 150_000

WORTH_COPYING = 100
"""Rows from which on PostgreSQL takes them sooner by COPY, which needs two more messages to and fro for each table."""

RESTED_SECONDS = 1.0
"""How long a connection to PostgreSQL may lie idle before it is asked whether anybody is there."""

Connect = Callable[[], sqlite3.Connection]

LOCK = Prepared(
    text("SELECT archive, position, recorded, epoch, current_setting('transaction_isolation') FROM head FOR UPDATE")
)
"""On PostgreSQL the head row, locked, and how the transaction was begun."""


class _DecimalText(TypeDecorator[Decimal]):
    """An exact decimal as text: SQLite's own numbers have fifteen digits."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _: Any) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: Any, _: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


DECIMAL = Numeric().with_variant(_DecimalText(), "sqlite")
"""A column of exact decimals."""


def engines(url: URL, *, create: bool) -> tuple[Engine, Engine]:
    """A writer engine and a reader engine, which cannot write and sees one state of the archive in a transaction.

    A SQLite database in memory has one connection, which serves both. Raises StoreError for a database that is not
    there (a SQLite file: unless `create`) and for other backends.
    """
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(url, create=create)
        case "postgresql":
            return _postgresql(url)
        case other:
            raise StoreError(f"{other} is not supported: use sqlite:///FILE or postgresql://USER@HOST/DATABASE")


def lock_log(connection: Connection) -> None:
    """Let this transaction be the only one that appends, until it ends; what it reads from here on is the latest.

    On SQLite it is already so, since a writer's transaction begins with the write lock. On PostgreSQL it locks the head
    row, which needs READ COMMITTED: a snapshot from before the lock would not see what the other writer did.
    """
    if connection.dialect.name == "postgresql":
        check_isolation(LOCK.rows(connection))


def check_isolation(locked: Sequence[Sequence[Any]]) -> None:
    """Raise StoreError unless the rows that `LOCK` answered are of a transaction that sees what others commit."""
    for *_, isolation in locked:
        if isolation != "read committed":
            raise StoreError(f"the server makes transactions {isolation}: an append needs read committed")


def lock_schema(connection: Connection) -> None:
    """Let this transaction be the only one that makes or changes tables, until it ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chronicle migrations'))"))


def damages(connection: Connection) -> Iterator[Finding]:
    """What the database says of its own pages and indexes. PostgreSQL looks at each page's checksum as it reads it."""
    if connection.dialect.name == "sqlite":
        try:
            said = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        except exc.DBAPIError as error:
            said = [str(error.orig)]
        yield from (Finding(0, "database", line) for line in said if line != "ok")


def proof_folder(url: URL) -> Path | None:
    """Where checkpoints of a database are kept if nobody says otherwise: beside a SQLite file; None in memory.

    For PostgreSQL it is a folder of the user on this machine, as the XDG Base Directory Specification says; None for a
    user without a home.
    """
    if url.get_backend_name() == "sqlite":
        return None if url.database in (None, "", ":memory:") else Path(f"{url.database}.proof").absolute()
    state = Path(os.environ.get("XDG_STATE_HOME") or "")
    if not state.is_absolute():
        home = Path(os.path.expanduser("~"))  # noqa: PTH111 - what Path has raises for a user without a home
        if not home.is_absolute():
            return None
        state = home / ".local/state"
    return state / "chronicle"


def triggers(connection: Connection) -> set[str]:
    """The names of all triggers that are in force."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    return set(connection.execute(text(query)).scalars())


def is_disk_failure(error: BaseException | None) -> bool:
    """The disk, and not the statement, is at fault. A PostgreSQL server that meets one ends by itself."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_IOERR


def forget(engine: Engine, tables: Sequence[Table]) -> str | None:
    """Take deleted rows of these tables off the disk too; a remark if something keeps them there for now.

    SQLite overwrites what is deleted, and here empties the log that still has it; PostgreSQL writes the tables anew.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            [busy, *_] = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return "a reader keeps the write-ahead log: the content is in it until the next checkpoint" if busy else None
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
    return None


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows that have all columns in the table's order; many of them on PostgreSQL by COPY."""
    insert_together(connection, {table: rows})


def insert_together(connection: Connection, rows: Mapping[Table, Sequence[Sequence[Any]]]) -> None:
    """The same of several tables; what others refer to stands before them. On PostgreSQL few are one statement."""
    rows = {table: own for table, own in rows.items() if own}
    if not rows:
        return
    driver: Any = connection.connection.driver_connection
    statement = ""
    try:
        if connection.dialect.name == "sqlite":
            for table, own in rows.items():
                statement = _insertion(table, "?", 1)
                driver.executemany(statement, own)
        elif are_few(rows.values()):
            statement = _insertions(tuple((table, len(own)) for table, own in rows.items()))
            cursor = connection.dialect.loaded_dbapi.RawCursor(driver)  # which need not look for %s in so long a text
            cursor.execute(statement, [value for own in rows.values() for row in own for value in row])
        else:
            for table, own in rows.items():
                statement = f"COPY {_columns(table)} FROM STDIN"
                with driver.cursor() as cursor, cursor.copy(statement) as copying:
                    for row in own:
                        copying.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure(connection, statement, error) from error


def are_few(rows: Iterable[Sequence[Any]]) -> bool:
    """Rows of several tables can go in one message with other things."""
    return sum(map(len, rows)) < WORTH_COPYING


def has_arrays(connection: Connection) -> bool:
    """Many values can be asked for in one message."""
    return connection.dialect.name == "postgresql"


def only_reads(connection: Connection) -> bool:
    """On PostgreSQL: it is a reader's, whose transactions see one moment each."""
    return bool(connection.get_execution_options().get("postgresql_readonly"))


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is executed within is sent in one go where the database is elsewhere; what fails is told at the end."""
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    if not connection.in_transaction():
        connection.begin()
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure(connection, "", error) from error


def answers(connection: Connection, questions: Sequence[Question], *, begin: bool = False) -> list[list[Any]]:
    """What queries answer, each with its values; they are sent in one go where the database is elsewhere.

    On PostgreSQL `begin` has the transaction begin in the same go: by itself psycopg waits for that to be answered.
    """
    driver: Any = connection.connection.driver_connection
    if begin:
        driver.autocommit = True  # until the connection is given back
    with together(connection):
        if begin:
            level = "REPEATABLE READ READ ONLY" if only_reads(connection) else "READ COMMITTED"
            driver.execute(f"BEGIN ISOLATION LEVEL {level}")
        asked = [question.ask(connection, **values) for question, values in questions]
    return [list(rows.fetchall()) for rows in asked]


def commit(connection: Connection) -> None:
    """Commit along with what is sent `together`, where that saves a message; SQLAlchemy then has nothing left to do."""
    if connection.dialect.name == "postgresql":
        execute(connection, "COMMIT")


@cache
def _insertion(table: Table, mark: str, rows: int) -> str:
    row = f"({', '.join([mark] * len(table.columns))})"
    return f"INSERT INTO {_columns(table)} VALUES {', '.join([row] * rows)}"  # noqa: S608 - no values


@lru_cache(maxsize=1_000)
def _insertions(counts: tuple[tuple[Table, int], ...]) -> str:
    """One statement that inserts so many rows into each of several tables."""
    *others, last = (_insertion(table, "?", count) for table, count in counts)
    made = f"WITH {', '.join(f'w{n} AS ({one})' for n, one in enumerate(others))} {last}" if others else last
    return "".join(f"${n}{text}" if n else text for n, text in enumerate(made.split("?")))


@cache
def _columns(table: Table) -> str:
    """A table of ours and its columns, whose names are plain words."""
    return f"{table.name} ({', '.join(column.name for column in table.columns)})"


def cannot_write(error: BaseException | None) -> bool:
    """The database is fine, and does not let us write, or not now: read-only, another's, full, or locked."""
    said = getattr(error, "orig", None)
    code = getattr(said, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in (
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_CANTOPEN,
        )
    # insufficient_privilege, read_only_sql_transaction, lock_not_available, disk_full
    return getattr(said, "sqlstate", None) in ("42501", "25006", "55P03", "53100")


def _sqlite(url: URL, *, create: bool) -> tuple[Engine, Engine]:
    """An engine whose transactions hold the write lock from the start, and one that is read-only."""
    if url.host:
        raise StoreError(f"a sqlite URL has three slashes, or four before a full path: sqlite:///{url.host}")
    if url.database in (None, "", ":memory:"):
        memory = _sqlite_engine(lambda: _connect(":memory:", uri=False), "BEGIN IMMEDIATE", in_memory=True)
        return memory, memory
    path = Path(str(url.database))
    if not path.is_file():
        if not create:
            raise NoArchiveError(f"there is no archive at {path}: load one, or name another with --db")
        if not path.parent.is_dir():
            message = f"there is no folder {path.parent} to keep {path.name} in: make it, or name another with --db"
            raise StoreError(message)
    place = f"file:{quote(bytes(path.absolute()))}"
    writer = _sqlite_engine(lambda: _connect(f"{place}?mode=rwc", uri=True), "BEGIN IMMEDIATE")
    reader = _sqlite_engine(lambda: _connect(f"{place}?mode=ro", uri=True), "BEGIN")
    return writer, reader


def _sqlite_engine(connect: Connect, begin: str, *, in_memory: bool = False) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": StaticPool} if in_memory else {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 7}
    )
    engine = create_engine("sqlite://", creator=connect, **pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        """sqlite3 opens no transaction by itself (isolation_level None), so that reads and DDL are inside it too."""
        execute(connection, begin)  # through SQLAlchemy it takes as long as all that is read of a key

    return engine


def _connect(place: str, *, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(place, uri=uri, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {LOCK_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    if "mode=ro" not in place:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    """Engines at READ COMMITTED for writing, and at REPEATABLE READ, read-only, for reading."""
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise StoreError("a postgresql URL names no driver, or psycopg: postgresql://USER@HOST/DATABASE")
    url = url.set(drivername="postgresql+psycopg")
    try:
        writer = create_engine(url, isolation_level="READ COMMITTED")
        reader = create_engine(url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True})
    except ImportError as error:
        raise StoreError("PostgreSQL needs psycopg: pip install 'chronicle-service[postgresql]'") from error
    for engine in (writer, reader):
        event.listen(engine, "connect", _prepare)
        _ask_who_is_there(engine)
    event.listen(reader, "connect", _seek)
    return writer, reader


def _prepare(connection: Any, _: object) -> None:
    """Refuse a server that is too old, wait no longer for a lock than on SQLite, and speak UTF-8."""
    version = connection.info.server_version
    if version < OLDEST_POSTGRESQL:
        raise StoreError(f"the server is PostgreSQL {version // 10_000}: 15 or newer is needed")
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
        [encoding] = cursor.execute("SHOW server_encoding").fetchone()
    connection.commit()
    if encoding != "UTF8":
        raise StoreError(f"the database is encoded in {encoding}: make one with ENCODING 'UTF8'")


def _seek(connection: Any, _: object) -> None:
    """Have the planner look up what it is asked for, alone: it takes few rows for many where one key has most facts."""
    off = ("enable_mergejoin", "enable_hashjoin", "enable_seqscan", "enable_bitmapscan")
    with connection.cursor() as cursor:
        cursor.execute("; ".join([*(f"SET {name} = off" for name in off), "SET max_parallel_workers_per_gather = 0"]))
    connection.commit()


def _ask_who_is_there(engine: Engine) -> None:
    """Let the pool of an engine make another connection where the server has ended one; it asks only if that may be.

    When a server ends a session, it or its system says so, and there is something to read that nobody asked for. What
    breaks without a word, as a network does, is found by asking once a connection has rested.
    """

    def left(connection: Any, record: Any) -> None:
        record.info["left"] = monotonic()
        if connection is not None and not connection.closed:
            connection.autocommit = False

    def taken(connection: Any, record: Any, _: object) -> None:
        has_rested = monotonic() - record.info.get("left", 0.0) > RESTED_SECONDS
        try:
            if has_rested or _says_something(connection):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise exc.DisconnectionError(str(error)) from error

    event.listen(engine, "checkin", left)
    event.listen(engine, "checkout", taken)


def _says_something(connection: Any) -> bool:
    """There is something to read, or the other side is gone."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))
