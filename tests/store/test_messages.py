"""How often an append waits for a PostgreSQL server, and that no connection is used that the server has ended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from chronicle.errors import ConflictError
from chronicle.service import Archive
from chronicle.store import dialect
from tests.builders import CHRONICLE, a_fact, a_source, an_event
from tests.postgresql import Server

SOCKET = ".s.PGSQL.5432"
READY = b"Z"


class Relay:
    """Stands between clients and a server, and counts how often the server says that it is ready for the next."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.ready = 0
        self.url = server.archive().replace(str(server.folder), str(folder))
        self._server = str(server.folder / SOCKET)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                for one, other, seen in ((client, server, len), (server, client, self._counter())):
                    threading.Thread(target=_copy, args=(one, other, seen), daemon=True).start()

    def _counter(self) -> Callable[[bytes], object]:
        """Reads what the server says: messages of a letter and a length that counts itself."""
        unread = bytearray()

        def count(said: bytes) -> None:
            unread.extend(said)
            while len(unread) >= 5 and len(unread) > (length := int.from_bytes(unread[1:5])):
                self.ready += unread[:1] == READY
                del unread[: length + 1]

        return count


def _copy(source: socket.socket, target: socket.socket, seen: Callable[[bytes], object]) -> None:
    with suppress(OSError), source, target:
        while said := source.recv(65_536):
            seen(said)
            target.sendall(said)
        target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def relay(postgresql: Server) -> Iterator[Relay]:
    """Between the tests and the server."""
    with TemporaryDirectory(dir="/tmp") as folder, closing(Relay(Path(folder), postgresql)) as made:
        yield made


@pytest.fixture
def archive(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An archive with a source and an event, that has appended just now and keeps no checkpoint meanwhile."""
    monkeypatch.setattr(dialect, "RESTED_SECONDS", 3_600)
    with Archive.open(relay.url) as archive:
        archive._prover._folder = None  # noqa: SLF001 - checkpoints follow now and then, by another connection
        archive.append([a_source("s"), an_event("mended", a_fact("old"), sources=["s"])], chronicle=CHRONICLE)
        yield archive


def test_a_new_event_takes_two_messages(relay: Relay, archive: Archive) -> None:
    """One that reads, with the lock, and one that writes, with the commit."""
    before = relay.ready
    archive.append([an_event("new", a_fact("x"), sources=["s"])], chronicle=CHRONICLE, key="k", expected={"new": 0})

    assert 2 == relay.ready - before


def test_a_correction_takes_three(relay: Relay, archive: Archive) -> None:
    """What was reported of the version before is known by its position only."""
    before = relay.ready
    archive.append([an_event("mended", a_fact("new"), sources=["s"])], chronicle=CHRONICLE)

    assert 3 == relay.ready - before


def test_commands_that_do_not_depend_on_each_other_take_two_together(relay: Relay, archive: Archive) -> None:
    """However many there are in a batch; one that is refused makes no more of them."""
    with archive.appender() as appender:
        appender._usual, appender._wait = 4, 60  # noqa: SLF001 - they are one batch
        before = relay.ready
        answers = [
            appender.append([an_event(f"e{n}", sources=["s"])], chronicle=CHRONICLE, expected={f"e{n}": n // 3})
            for n in range(4)
        ]
        found = [answer.exception() or answer.result().position for answer in answers]

    assert 2 == relay.ready - before
    assert [3, 4, 5] == found[:3]
    assert isinstance(found[3], ConflictError)


def test_commands_see_those_before_them(archive: Archive) -> None:
    """A version that another of the batch mends, an event that it relates to, an answer that it repeats."""
    with archive.appender() as appender:
        appender._usual, appender._wait = 5, 60  # noqa: SLF001 - they are one batch
        answers = [
            appender.append([an_event("a", a_fact("x"), sources=["s"])], chronicle=CHRONICLE, key="k"),
            appender.append([an_event("a", a_fact("y"), sources=["s"])], chronicle=CHRONICLE),
            appender.append([an_event("a", a_fact("x"), sources=["s"])], chronicle=CHRONICLE, key="k"),
            appender.append([{"id": "a", "retracted": True, "note": "no"}], chronicle=CHRONICLE),
            appender.append([{"kind": "source", "id": "s", "retracted": True, "note": "no"}], chronicle=CHRONICLE),
        ]
        outcomes = [(one.exception() or one.result().receipts[0].outcome) for one in answers]

    assert ["new", "corrected", "new", "retracted"] == outcomes[:4]
    assert "still cited by mended" in str(outcomes[4])
    assert [1, 2, 3] == [one.header.version for one in archive.show("a")]
    assert () == archive.verify().findings


def test_a_session_that_the_server_ended_is_not_used(postgresql: Server) -> None:
    """Even if it was used a moment ago: the next append has another."""
    url = postgresql.archive()
    with Archive.open(url) as archive:
        archive.append([a_source("s")], chronicle=CHRONICLE)
        with psycopg.connect(url, autocommit=True) as other:
            ended = other.execute(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        assert ended is not None
        assert ended[0] > 0
        assert 2 == archive.append([an_event("e", sources=["s"])], chronicle=CHRONICLE).position
