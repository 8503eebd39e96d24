"""The long forms: `python -m tests.faults.torture [SCALE] [SEED]`, or `make torture`; a line is printed for each trial.

At scale 1 each backend sees 200,000 events of 8 writers, twice; 500 rounds of kills; 200 kills of runs
and rebuilds of tables, and a minute of switches under 1,000 events/s; 100 rounds of kills of replicas and
of their servers. Five kinds of sink are sent 1,000,000 records under 200 kills and cuts (and 100,000, where the
replica is on PostgreSQL); and there are 1,000 turned bits of rows and as many of files. Nothing is caught: the first
thing that does not hold ends it with a traceback.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg

from chronicle.errors import StoreError
from chronicle.service import Archive
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, an_entity, url_of
from tests.faults import crowd, flips
from tests.faults.failover import failed_over, restarted
from tests.forgery import a_history
from tests.postgresql import DURABLE, Server, a_server
from tests.project.checkout import ROOT

SYNC_FAILS = """
import sys
from chronicle.errors import StoreError
from chronicle.errors import StoreError
from chronicle.service import Archive
done = 0
with Archive.open(sys.argv[1], create=False) as archive:
    try:
        while done < 100:
            archive.append([{"kind": "entity", "id": f"e{done}", "label": "x"}], chronicle="c")
            done += 1
    except StoreError as error:
        print(error, file=sys.stderr)
print(done)
"""


def main(scale: float, seed: int) -> None:
    """Run every trial on every backend and report."""
    with tempfile.TemporaryDirectory(prefix="torture-") as folder, a_server(DURABLE) as server:
        os.environ["XDG_STATE_HOME"] = folder
        server.prepare()
        work = Path(folder)
        fresh: dict[str, Callable[[], str]] = {"postgresql": server.archive, "sqlite": _files(work)}
        for backend, url in fresh.items():
            _crowds(backend, url, round(200_000 * scale), seed)
            _kills(backend, url(), round(500 * scale), seed)
            _projections(backend, url, scale, seed)
        for backend, target in (("postgresql", server.database()), ("sqlite", url_of(work / "replica.db"))):
            _replicas(backend, work / f"origin-{backend}", target, max(6, round(100 * scale)), seed)
        for backend, target, records in (("sqlite", "", 1_000_000), ("postgresql", server.database(), 100_000)):
            _sinks(backend, round(records * scale), max(8, round(200 * scale)), seed, target)
        _flips(work, round(1_000 * scale), seed)
        _server_flips(round(1_000 * scale), seed)
        _report("postgresql", "server killed", lambda: str(restarted(server, max(2, round(20 * scale)), 50)))
        for synchronous in (True, False):
            name = f"failover, {'' if synchronous else 'a'}synchronous standby"

            def fail_over(synchronous: bool = synchronous) -> str:  # noqa: FBT001 - bound in a loop
                return str(failed_over(synchronous=synchronous, acknowledged=max(20, round(500 * scale))))

            _report("postgresql", name, fail_over)
        if os.geteuid() == 0:
            _report("postgresql", "disk full", _server_full)
        else:
            print("postgresql  disk full: not tried, for only root can mount a small disk")
        if shutil.which("strace"):
            _report("sqlite", "fsync fails", lambda: _sync_fails(fresh["sqlite"]()))
            _report("postgresql", "fsync fails", _server_sync_fails)
        else:
            print("fsync fails: not tried, for there is no strace here")


def _files(folder: Path) -> Callable[[], str]:
    numbers = iter(range(1_000))
    return lambda: url_of(folder / f"archive-{next(numbers)}.db")


def _crowds(backend: str, url: Callable[[], str], events: int, seed: int) -> None:
    for writers, count, beside in (
        (8, events, False),
        (8, events, True),
        (2, events // 4, False),
        (32, events // 4, False),
    ):
        archive = url()
        name = f"{count:,} events, {writers} writers{', a long transaction beside' if beside else ''}"

        def play(archive: str = archive, writers: int = writers, count: int = count, beside: bool = beside) -> str:  # noqa: FBT001 - bound in a loop
            with _long_transaction(archive) if beside else ExitStack():
                told = crowd.play(archive, count, writers, seed, largest=min(20_000, count // writers * 4 // 5))
            return f"{told.stored} stored and seen in order, {told.taken_back} taken back, {told.digest[:16]}"

        _report(backend, name, play)


@contextmanager
def _long_transaction(url: str) -> Iterator[None]:
    """One that reads the archive for as long as this lasts; on PostgreSQL also one that writes, elsewhere."""
    Archive.open(url).close()
    with ExitStack() as open_:
        store = Store.open(url, create=False)
        open_.callback(store.close)
        connection = open_.enter_context(store.reading())
        connection.exec_driver_sql("SELECT count(*) FROM record").all()
        if url.startswith("postgresql"):
            other = open_.enter_context(psycopg.connect(url))
            other.execute("CREATE TABLE of_others (number int)")
            other.execute("INSERT INTO of_others VALUES (1)")
            open_.enter_context(_vacuuming(url))
        yield


@contextmanager
def _vacuuming(url: str) -> Iterator[None]:
    """A thread that vacuums the tables of the log, again and again."""
    ended = threading.Event()

    def vacuum() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not ended.is_set():
                connection.execute("VACUUM (ANALYZE) record, payload, head, version")

    thread = threading.Thread(target=vacuum)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _kills(backend: str, url: str, rounds: int, seed: int) -> None:
    def play() -> str:
        command = [sys.executable, "-m", "tests.faults.killed", url, str(rounds), str(seed)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    _report(backend, f"{rounds} rounds of kills", play)


def _projections(backend: str, url: Callable[[], str], scale: float, seed: int) -> None:
    rounds = max(8, round(200 * scale))
    _report(backend, f"{rounds} kills of runs and rebuilds", lambda: _said("kills", url(), str(rounds), str(seed)))
    seconds = max(5, round(60 * scale))
    _report(backend, f"switches for {seconds} s", lambda: _said("switches", url(), str(seconds), "1000"))


def _replicas(backend: str, folder: Path, target: str, rounds: int, seed: int) -> None:
    folder.mkdir()
    arguments = (str(folder), target, str(rounds), str(seed))
    _report(backend, f"{rounds} rounds of kills of replicas", lambda: _said(*arguments, of="replicas"))


def _sinks(backend: str, records: int, faults: int, seed: int, target: str) -> None:
    arguments = (str(records), str(faults), str(seed), *([target] if target else []))
    _report(backend, f"{records:,} records to five sinks", lambda: _said(*arguments, of="sinks").splitlines()[-1])


def _said(*arguments: str, of: str = "projections") -> str:
    command = [sys.executable, "-m", f"tests.faults.{of}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _flips(folder: Path, count: int, seed: int) -> None:
    file = folder / "flips" / "chronicle.db"
    file.parent.mkdir()
    a_history(url_of(file)).close()

    def rows() -> str:
        missed = flips.play_rows(lambda: url_of(flips.copied(file, folder / "work")), count, seed)
        assert [] == missed
        return "none missed"

    def files() -> str:
        with Archive.open(url_of(file)) as archive:
            archive.append([an_entity(f"in-the-log-{number}") for number in range(20)], chronicle=CHRONICLE)
            killed = flips.copied(file, folder / "killed")
        missed, harmless = flips.play_files(killed, count, seed, folder / "work")
        assert [] == missed
        return f"{harmless} touched no row, none of the others missed"

    _report("sqlite", f"{count} turned bits of rows", rows)
    _report("sqlite", f"{count} turned bits of files", files)


def _server_flips(count: int, seed: int) -> None:
    def rows() -> str:
        with a_server() as server:  # one of its own: each copy is a database, and a crash would have to sync them all
            server.prepare()
            made = server.archive()
            a_history(made).close()
            name = made.partition("@/")[2].partition("?")[0]
            assert [] == flips.play_rows(lambda: server.database(name), count, seed)
        return "none missed"

    _report("postgresql", f"{count} turned bits of rows", rows)


def _server_full() -> str:
    """A server on a small disk: appends fail loudly once it is full, and go on when there is room again."""
    with tempfile.TemporaryDirectory(prefix="small-disk-", dir="/tmp") as folder:
        disk = Path(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=130m,mode=777", "tmpfs", folder], check=True)  # noqa: S607 - any will do
        server = Server(f"{DURABLE} -c max_wal_size=32MB -c min_wal_size=32MB", disk / "data")
        try:
            server.initialise()
            server.start()
            server.prepare()
            url, acknowledged, said = server.archive(), 0, ""
            with Archive.open(url, create=False) as archive:
                while not said:
                    try:
                        words = token_hex(50_000)  # what cannot be compressed to nothing
                        archive.append([an_entity(f"e{acknowledged}", description=words)], chronicle=CHRONICLE)
                        acknowledged += 1
                    except StoreError as error:
                        said = str(error).splitlines()[0]
            subprocess.run(["mount", "-o", "remount,size=600m", folder], check=True)  # noqa: S607 - any will do
            if not server.is_running():
                server.start()
            with Archive.open(url, create=False) as archive:
                there = archive.position()
                assert there in (acknowledged, acknowledged + 1), "the last one may be there, unacknowledged"
                assert () == archive.verify().findings
                archive.append([an_entity("last")], chronicle=CHRONICLE)
            return f"{acknowledged} acknowledged, {there} there, then: {said}"
        finally:
            server.stop()
            server.remove()
            subprocess.run(["umount", folder], check=True)  # noqa: S607 - any will do


def _sync_fails(url: str) -> str:
    """Every sync of a file fails, from the fifth on: the append fails loudly, and nothing acknowledged is gone."""
    with Archive.open(url) as archive:
        archive.append([an_entity("first")], chronicle=CHRONICLE)
    inject = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fsync,fdatasync:error=EIO:when=5+"]
    done = subprocess.run(
        [*inject, sys.executable, "-c", SYNC_FAILS, url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr, "no sync failed"
    acknowledged = int(done.stdout)
    with Archive.open(url) as archive:
        assert acknowledged < 100
        assert archive.position() in (acknowledged + 1, acknowledged + 2), "the last one may be there, unacknowledged"
        assert () == archive.verify().findings
        archive.append([an_entity("last")], chronicle=CHRONICLE)
    return f"{acknowledged} acknowledged, then: {done.stderr.strip().splitlines()[-1]}"


def _server_sync_fails() -> str:
    """A server whose log of changes cannot be synced ends all sessions, and what it had acknowledged is there after."""
    with a_server(f"{DURABLE} -c wal_sync_method=fdatasync") as server:
        server.prepare()
        url, acknowledged, said = server.archive(), 0, ""
        inject = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO:when=20+"]
        tracer = subprocess.Popen([*inject, "-p", str(server.process)], stderr=subprocess.DEVNULL)
        try:
            with Archive.open(url, create=False) as archive:
                while not said:
                    try:
                        archive.append([an_entity(f"e{acknowledged}")], chronicle=CHRONICLE)
                        acknowledged += 1
                    except StoreError as error:
                        said = str(error).splitlines()[0]
        finally:
            tracer.terminate()
            tracer.wait()
        server.await_sessions()
        with Archive.open(url, create=False) as archive:
            there = archive.position()
            assert there in (acknowledged, acknowledged + 1), "the last one may be there, unacknowledged"
            assert () == archive.verify().findings
            archive.append([an_entity("last")], chronicle=CHRONICLE)
    return f"{acknowledged} acknowledged, {there} there, then: {said}"


def _report(backend: str, name: str, trial: Callable[[], str]) -> None:
    began = time.monotonic()
    told = trial()
    print(f"{backend:11} {name}: {told} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
