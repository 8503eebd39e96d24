"""Bytes that are turned, in rows, in files and in the write-ahead log, and whether verification says so."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, String, Table, select, text, update

from chronicle.errors import ChronicleError
from chronicle.service import Archive
from chronicle.store import schema
from chronicle.store.archive import Store
from tests.builders import contents, url_of
from tests.forgery import forging

TABLES = (
    schema.head, schema.record, schema.payload, schema.redacted, schema.version, schema.report, schema.citation,
    schema.fact, schema.node,
)  # fmt: skip


def flip_row(url: str, random_: random.Random) -> str:
    """Turn one bit of one column of one row, behind the archive's back; the answer says which."""
    store = Store.open(url, create=False)
    while True:
        table = random_.choice(TABLES)
        with store.reading() as connection:
            rows = connection.execute(select(table)).all()
        row = random_.choice(rows)
        column = random_.choice(list(table.columns))
        value = getattr(row, column.name)
        if value is None or value == "":
            continue
        turned = _turned(value, column.type, random_)
        if turned is None:
            continue
        _write(store, table, row, column.name, turned)
        store.close()
        return f"{table.name}.{column.name} of {tuple(row)[:2]}"


def _turned(value: Any, kind: Any, random_: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ 1 << random_.randrange(20)
    content = bytearray(value if isinstance(kind, LargeBinary) else value.encode())
    content[random_.randrange(len(content))] ^= 1 << random_.randrange(7)
    if isinstance(kind, String):
        turned = content.decode(errors="replace")
        return None if "\0" in turned else turned  # PostgreSQL holds no such text
    return bytes(content)


def _write(store: Store, table: Table, row: Any, column: str, turned: Any) -> None:
    same = [key == getattr(row, key.name) for key in table.primary_key.columns]
    with forging(store) as connection:
        try:
            with connection.begin_nested():
                connection.execute(update(table).where(*same).values({column: turned}))
        except Exception:  # noqa: BLE001 - the turned key is another row's: then that row goes
            connection.execute(text(f"DELETE FROM {table.name} WHERE {_where(table, row)}"))  # noqa: S608 - our names


def _where(table: Table, row: Any) -> str:
    return " AND ".join(f"{key.name} = {getattr(row, key.name)!r}" for key in table.primary_key.columns)


def is_noticed(url: str) -> bool:
    """Verification, or already the opening, says that something is wrong."""
    try:
        with Archive.open(url, create=False) as archive:
            return bool(archive.verify().findings)
    except ChronicleError:
        return True


def rows_of(file: Path) -> Any:
    """All rows of all tables; None if they cannot be read."""
    try:
        store = Store.open(url_of(file), create=False)
    except ChronicleError:
        return None
    try:
        return contents(store)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of it
        return None
    finally:
        store.close()


def flip_file(file: Path, random_: random.Random) -> int:
    """Turn one bit of a file; the answer is the offset of its byte."""
    content = bytearray(file.read_bytes())
    at = random_.randrange(len(content))
    content[at] ^= 1 << random_.randrange(8)
    file.write_bytes(content)
    return at


def copied(file: Path, folder: Path) -> Path:
    """A copy of a database with all that is beside it, as a killed process would have left it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    for one in file.parent.iterdir():
        if one.name.startswith(file.name) and not one.name.endswith("-shm"):
            (shutil.copytree if one.is_dir() else shutil.copy)(one, folder / one.name)
    return folder / file.name


def play_rows(copy: Callable[[], str], count: int, seed: int) -> list[str]:
    """Turn a bit in a row of a copy of an archive, so many times; the answer names those that were missed."""
    random_, missed = random.Random(seed), list[str]()  # noqa: S311 - not for secrets
    for _ in range(count):
        url = copy()
        where = flip_row(url, random_)
        if not is_noticed(url):
            missed.append(where)
    return missed


def play_files(file: Path, count: int, seed: int, work: Path) -> tuple[list[str], int]:
    """Turn a bit in a file of a copy, the database or its log, so many times.

    The answer names those that changed a row and were missed, and counts those that changed none.
    """
    random_, missed, harmless = random.Random(seed), list[str](), 0  # noqa: S311 - not for secrets
    before = rows_of(copied(file, work))
    for number in range(count):
        copy = copied(file, work)
        wal = copy.with_name(f"{copy.name}-wal")
        target = wal if number % 2 and wal.exists() and wal.stat().st_size else copy
        at = flip_file(target, random_)
        kept = copied(copy, work.with_name(f"{work.name}-again"))
        if rows_of(copy) == before:
            harmless += 1
        elif not is_noticed(url_of(kept)):
            missed.append(f"{target.name} at {at}")
    return missed, harmless
