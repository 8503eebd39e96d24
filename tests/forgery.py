"""Somebody who can write to the database and knows how to get round its triggers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from chronicle.service import Archive
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, NOW, a_fact, a_retraction, a_source, an_attribute, an_entity, an_event

HISTORY: list[list[dict[str, Any]]] = [
    [a_source("s"), a_source("t", "2025-07-01"), an_entity("e"), an_entity("f"), an_attribute("attribute")],
    [an_event("x", a_fact({"entity": "e"}), a_fact(7, subject="other"), sources=["s"], participants=["e"])],
    [an_event("x", a_fact({"entity": "f"}), sources=["s", "t"]), an_event("y", a_fact(8, **{"from": "2024"}))],
    [a_source("s", "2025-06-02"), an_event("z", sources=["s"])],
    [a_retraction("y"), an_event("x", a_fact({"entity": "e"}), sources=["t"])],
    [an_event("gone", a_fact(9), sources=["t"]), an_entity("erased")],
]
"""Appends that leave something in every table, a revised source and a retraction among them."""


def write_history(archive: Archive) -> None:
    """Append the history, the last with an idempotency key, and redact two events."""
    for documents in HISTORY[:-1]:
        archive.append(documents, chronicle=CHRONICLE)
    archive.append(HISTORY[-1], chronicle=CHRONICLE, key="a key")
    archive.redact("gone", reason="it must go")
    archive.append([an_event("withdrawn"), a_retraction("withdrawn")], chronicle=CHRONICLE)
    archive.redact("withdrawn", reason="so must what was retracted")


def a_history(url: str) -> Archive:
    """An archive at a URL that has the history."""
    archive = Archive.open(url, recorded_by="tester", now=lambda: NOW)
    write_history(archive)
    return archive


@contextmanager
def forging(store: Store) -> Iterator[Connection]:
    """A transaction in which no trigger and no foreign key holds; afterwards all are there again."""
    if store.writer.dialect.name == "postgresql":
        with store.writer.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        return
    with store.writer.connect() as raw:
        driver: Any = raw.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
    with store.writer.begin() as connection:
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
    with store.writer.connect() as raw:
        driver = raw.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = ON")


def bytes_on_disk(folder: Path) -> bytes:
    """All that the files of a folder hold."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def checkpointed(url: str) -> Path:
    """Make a PostgreSQL server write all that it holds to its files; those of this database, below its data folder."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        number = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert number is not None
    return Path("base", str(number[0]))
