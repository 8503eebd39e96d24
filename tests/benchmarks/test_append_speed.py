"""What an append costs beside the least that SQLite can do, and beside itself without proofs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from chronicle.files.mapping import read_mappings
from chronicle.service import Archive
from chronicle.store.append import Command, append
from tests.builders import CHRONICLE, NOW, an_entity, url_of

COUNT = 300


def seconds(work: Callable[[int], object]) -> float:
    """Of one piece of work, on average."""
    work(0)
    began = perf_counter()
    for number in range(1, COUNT + 1):
        work(number)
    return (perf_counter() - began) / COUNT


def test_one_document_an_append(tmp_path: Path) -> None:
    """Durable transactions of one row by hand, of one document without and with a checkpoint, and batched."""
    raw = sqlite3.connect(tmp_path / "raw.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, payload BLOB)")

    def insert(_: int) -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO log (payload) VALUES (?)", [b"x" * 300])
        raw.execute("COMMIT")

    least = seconds(insert)
    raw.close()
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:

        def bare(number: int) -> None:
            drafts = read_mappings([an_entity(f"bare-{number}")], CHRONICLE).drafts
            append(archive._store.writer, Command(drafts), NOW, "bench")  # noqa: SLF001 - without a checkpoint

        without = seconds(bare)
        proven = seconds(lambda number: archive.append([an_entity(f"proven-{number}")], chronicle=CHRONICLE))
        with archive.appender() as appender:
            began = perf_counter()
            answers = [appender.append([an_entity(f"batch-{n}")], chronicle=CHRONICLE) for n in range(10 * COUNT)]
            for answer in answers:
                answer.result()
            batched = (perf_counter() - began) / (10 * COUNT)
    for name, took in (
        ("a durable row by hand", least),
        ("an append without a checkpoint", without),
        ("an append", proven),
        ("an append, batched", batched),
    ):
        print(f"\n{name}: {took * 1000:.2f} ms, {took / least:.2f} times the row", end="")
    assert batched < proven
