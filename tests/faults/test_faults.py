"""Short forms of what `make torture` does at length: kills, crowds, turned bytes, full disks, frozen writers."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from chronicle.errors import StoreError
from chronicle.service import Archive
from chronicle.store import dialect
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, an_entity, url_of
from tests.faults import crowd, flips
from tests.forgery import a_history
from tests.project.checkout import ROOT

FROZEN = """
import os, signal, sys
from chronicle.service import Archive
from chronicle.store.sight import Sight
archive = Archive.open(sys.argv[1])
archive.append([{"kind": "entity", "id": "first", "label": "x"}], chronicle="c")
stored = Sight.stored
def freeze(*given):
    Sight.stored = stored
    print("frozen", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    return stored(*given)
Sight.stored = freeze
print(archive.append([{"kind": "entity", "id": "frozen", "label": "x"}], chronicle="c").position, flush=True)
"""

FULL = """
import resource, signal, sys
from chronicle.errors import StoreError
from chronicle.service import Archive
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
archive = Archive.open(sys.argv[1])
archive.append([{"kind": "entity", "id": "first", "label": "x"}], chronicle="c")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
done = 1
try:
    while done < 10_000:
        archive.append([{"kind": "entity", "id": f"e{done}", "label": "x" * 500}], chronicle="c")
        done += 1
except StoreError as error:
    print(error, file=sys.stderr)
print(done, archive.position())
"""


def run(*arguments: str) -> str:
    """The output of a Python program that must succeed."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_processes_lose_nothing(url_on_disk: str, seed: int) -> None:
    """What was acknowledged is there once, nothing is half there, and a retry gets the first receipt."""
    said = run("-m", "tests.faults.killed", url_on_disk, "12", str(seed))
    assert said.startswith("12 rounds, ")


def test_a_crowd_loses_nothing(url_on_disk: str) -> None:
    """Processes that append at once, with batches of all sizes and some taken back: followers see it all, in order."""
    crowded = crowd.play(url_on_disk, 1_200, 4, 1, largest=200)
    assert 1_200 == crowded.stored
    assert crowded.taken_back


def test_a_log_verifies_while_it_grows(url_on_disk: str, tmp_path: Path) -> None:
    """Whoever verifies or makes a backup while others append gets a whole log, and what came meanwhile is no loss."""
    Archive.open(url_on_disk).close()
    command = [sys.executable, "-m", "tests.faults.crowd", "until told", url_on_disk]
    writers = [
        subprocess.Popen([*command, one], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for one in "ab"
    ]
    with Archive.open(url_on_disk, create=False) as archive:
        sizes = set[int]()
        while len(sizes) < 4 and all(writer.poll() is None for writer in writers):
            verified = archive.verify()
            assert () == verified.findings
            copy = tmp_path / f"copy-{verified.size}.db"
            if not copy.exists():
                assert archive.backup(copy).size >= verified.size
            sizes.add(verified.size)
        said = [json.loads(line) for writer in writers for line in writer.communicate()[0].splitlines()]
        assert [0, 0] == [writer.returncode for writer in writers]
        assert len(sizes) == 4
        assert sum(one["done"] for one in said) == archive.position()


def test_turned_bits_of_rows_are_found(tmp_path: Path) -> None:
    """Whichever column of whichever row is changed, verification says so."""
    file = tmp_path / "chronicle.db"
    a_history(url_of(file)).close()
    assert [] == flips.play_rows(lambda: url_of(flips.copied(file, tmp_path / "work")), 60, 1)


def test_turned_bits_of_files_are_found(tmp_path: Path) -> None:
    """Whichever byte of the file or of its write-ahead log is turned: no row is another unseen."""
    file = tmp_path / "chronicle.db"
    a_history(url_of(file)).close()
    with Archive.open(url_of(file)) as archive:
        archive.append([an_entity(f"in-the-log-{number}") for number in range(20)], chronicle=CHRONICLE)
        shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-killed"))
    killed = tmp_path.with_name(f"{tmp_path.name}-killed") / "chronicle.db"
    assert killed.with_name("chronicle.db-wal").stat().st_size
    missed, harmless = flips.play_files(killed, 60, 1, tmp_path / "work")
    assert [] == missed
    assert harmless < 60


@pytest.mark.parametrize("keep", [0, 1, 500, 5_000])
def test_a_torn_log_is_noticed(tmp_path: Path, keep: int) -> None:
    """SQLite silently forgets what a torn write-ahead log had; the checkpoint knows."""
    file = tmp_path / "here" / "chronicle.db"
    file.parent.mkdir()
    a_history(url_of(file)).close()
    with Archive.open(url_of(file)) as archive:
        archive.append([an_entity("acknowledged")], chronicle=CHRONICLE)
        there = archive.position()
        torn = flips.copied(file, tmp_path / "torn")
    wal = torn.with_name("chronicle.db-wal")
    wal.write_bytes(wal.read_bytes()[:keep])
    with Archive.open(url_of(torn)) as archive:
        assert there - 1 == archive.position()
        assert [(there, "shrunk")] == [(one.position, one.kind) for one in archive.verify().findings]
        with pytest.raises(StoreError, match="has lost records"):
            archive.append([an_entity("next")], chronicle=CHRONICLE)


@pytest.mark.parametrize("limit", [300_000, 450_000])
def test_a_full_disk_loses_nothing(tmp_path: Path, limit: int) -> None:
    """Where the file cannot grow an append fails, what was acknowledged is there, and it goes on once there is room."""
    url = url_of(tmp_path / "chronicle.db")
    acknowledged, position = map(int, run("-c", FULL, url, str(limit)).split())
    assert 1 < acknowledged == position < 10_000
    with Archive.open(url) as archive:
        assert () == archive.verify().findings
        assert acknowledged + 1 == archive.append([an_entity("next")], chronicle=CHRONICLE).position
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_failed_disk_closes_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an error of the disk nothing more is appended by this process: what it would build on may not be there."""
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:
        archive.append([an_entity("a")], chronicle=CHRONICLE)
        with monkeypatch.context() as patched:

            def fail(_: object) -> None:
                raise failed

            patched.setattr(archive._store.writer.dialect, "do_commit", fail)  # noqa: SLF001 - what the disk would do
            with pytest.raises(StoreError, match="disk I/O error"):
                archive.append([an_entity("b")], chronicle=CHRONICLE)
        with pytest.raises(StoreError, match="end this process"):
            archive.append([an_entity("b")], chronicle=CHRONICLE)
        assert 1 == archive.position()
    with Archive.open(url_of(tmp_path / "chronicle.db")) as again:
        assert 2 == again.append([an_entity("b")], chronicle=CHRONICLE).position


def test_a_frozen_writer_holds_up_and_harms_nobody(url_on_disk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others wait for a writer that is frozen, but not for ever; when it goes on it appends what it had begun."""
    command = [sys.executable, "-c", FROZEN, url_on_disk]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "frozen\n" == process.stdout.readline()
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 100)
    with Archive.open(url_on_disk, create=False) as archive, pytest.raises(StoreError, match="lock"):
        archive.append([an_entity("other")], chronicle=CHRONICLE)
    os.kill(process.pid, signal.SIGCONT)
    assert ("2\n", 0) == (process.communicate()[0], process.returncode)
    monkeypatch.undo()
    with Archive.open(url_on_disk, create=False) as archive:
        assert 3 == archive.append([an_entity("other")], chronicle=CHRONICLE).position
        assert () == archive.verify().findings


def test_a_long_reader_holds_up_nobody(url_on_disk: str) -> None:
    """A transaction that stays open for long sees one state, and neither waits nor makes wait."""
    with Archive.open(url_on_disk) as archive:
        archive.append([an_entity("a")], chronicle=CHRONICLE)
        store = Store.open(url_on_disk, create=False)
        with store.reading() as long:
            count = text("SELECT count(*) FROM record")
            assert 1 == long.execute(count).scalar()
            archive.append([an_entity("b")], chronicle=CHRONICLE)
            assert [1, 2] == [one.position for one in archive.follow(wait=False)]
            assert 1 == long.execute(count).scalar()
        store.close()


def test_a_write_lock_of_others_is_waited_for_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that locks the file makes appends wait, then fail by name; nothing is half there."""
    file = tmp_path / "chronicle.db"
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 50)
    with Archive.open(url_of(file)) as archive:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            archive.append([an_entity("a")], chronicle=CHRONICLE)
        other.execute("ROLLBACK")
        other.close()
        assert 1 == archive.append([an_entity("a")], chronicle=CHRONICLE).position


LOADING = """
import os, signal, sys
from chronicle.service import Archive
batches = []
def each(appended):
    batches.append(appended)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
Archive.open(sys.argv[1]).load(sys.argv[2], chronicle="c", batch=20, each=each)
"""


def test_a_killed_load_goes_on(url_on_disk: str, tmp_path: Path) -> None:
    """The batches it had appended are there, whole and once; the same load again appends the rest."""
    lines = tmp_path / "load.jsonl"
    lines.write_text("".join(f'{{"kind": "entity", "id": "e{n % 90}", "label": "{n}"}}\n' for n in range(100)))
    done = subprocess.run([sys.executable, "-c", LOADING, url_on_disk, lines], cwd=ROOT, check=False)
    assert -signal.SIGKILL == done.returncode
    with Archive.open(url_on_disk) as archive:
        assert 60 == archive.position()
        assert {"unchanged": 60, "new": 30, "corrected": 10} == archive.load(lines, chronicle="c", batch=30).outcomes
        assert {"unchanged": 100} == archive.load(lines, chronicle="c").outcomes
        assert (100, ()) == (archive.position(), archive.verify().findings)
