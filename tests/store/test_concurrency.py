"""Several writers on one archive: they take turns, and nothing is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import exc

from chronicle.store import dialect
from chronicle.store.append import Appended
from chronicle.store.archive import Store
from tests.builders import an_entity, column, contents, load, url_of

WRITERS = 4
APPENDS = 8

PROGRAM = f"""
import sys
from chronicle import Archive

with Archive.open(sys.argv[1]) as archive:
    for number in range({APPENDS}):
        entity = {{"kind": "entity", "id": f"{{sys.argv[2]}}-{{number}}", "label": "x"}}
        print(archive.append([entity], chronicle="c").position)
"""


def test_threads_take_turns(tmp_path: Path) -> None:
    """Threads that append to one file, each with connections of its own, get every position once."""
    url = url_of(tmp_path / "a.db")
    Store.open(url, create=True).close()

    def write(writer: int) -> list[int]:
        store = Store.open(url, create=True)
        positions = [load(store, an_entity(f"{writer}-{number}")).position for number in range(APPENDS)]
        store.close()
        return positions

    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [position for positions in pool.map(write, range(WRITERS)) for position in positions]

    assert list(range(1, WRITERS * APPENDS + 1)) == sorted(taken)


def test_threads_share_a_store(tmp_path: Path) -> None:
    """Threads may also share one store; then too the log has no gap and rises in time."""
    store = Store.open(url_of(tmp_path / "a.db"), create=True)

    def write(number: int) -> Appended:
        return load(store, an_entity(f"{number}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [appended.receipts[0].position for appended in pool.map(write, range(WRITERS * APPENDS))]

    assert list(range(1, WRITERS * APPENDS + 1)) == sorted(taken) == column(store, "position")
    assert sorted(set(column(store, "recorded"))) == column(store, "recorded")
    store.close()


def test_processes_take_turns(tmp_path: Path) -> None:
    """Processes that make one archive at the same moment and append to it get every position once."""
    url = url_of(tmp_path / "a.db")
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, url, str(writer)], stdout=subprocess.PIPE, text=True)
        for writer in range(3)
    ]
    taken = [int(position) for process in running for position in process.communicate()[0].split()]

    assert [0, 0, 0] == [process.returncode for process in running]
    assert list(range(1, 3 * APPENDS + 1)) == sorted(taken)


def test_a_second_writer_waits_at_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer holds the lock from its first statement on: a second one cannot even begin."""
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 0)
    store = Store.open(url_of(tmp_path / "a.db"), create=True)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None, timeout=0)

    with store.writer.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(exc.OperationalError, match="locked"), store.writer.begin():
        pytest.fail("the lock is another's")

    other.close()
    store.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one writes others read what was there before."""
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 0)
    store = Store.open(url_of(tmp_path / "a.db"), create=True)
    load(store, an_entity("a"))
    before = contents(store)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE head SET recorded = 1")

    assert before == contents(store)
    other.close()
    store.close()
