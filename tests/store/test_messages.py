"""How often appends and questions wait for a PostgreSQL server, and that no connection that it has ended is used."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import text

from chronicle.errors import ConflictError
from chronicle.service import Archive
from chronicle.store import dialect, foreseen
from chronicle.store.head import read_head
from chronicle.store.prepared import FORESEEN
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
        archive.basis()  # so that there is a connection that reads
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


def test_the_state_of_a_key_takes_four(relay: Relay, archive: Archive) -> None:
    """How far the log goes; the facts, with how they are to be read; the event of the winner; the end."""
    before = relay.ready
    state = archive.state(as_of="2026", chronicle=CHRONICLE, subject="subject", attribute="attribute")

    assert 4 == relay.ready - before
    assert ["old"] == [one.value.written() for one in state.facts]


def test_the_state_of_a_subject_takes_five(relay: Relay, archive: Archive) -> None:
    """However many attributes it has: how they are to be read is asked of all together."""
    archive.append(
        [
            *({"kind": "attribute", "id": f"a{n}", "label": "A", "cardinality": "many"} for n in range(4)),
            an_event("more", *(a_fact(value, attribute=f"a{n}") for n in range(4) for value in "xy"), sources=["s"]),
        ],
        chronicle=CHRONICLE,
    )
    before = relay.ready
    state = archive.state(as_of="2026", chronicle=CHRONICLE, subject="subject")

    assert 5 == relay.ready - before
    assert ["x", "y"] * 4 + ["old"] == [one.value.written() for one in state.facts]


def test_a_page_of_the_log_takes_two(relay: Relay, archive: Archive) -> None:
    """However far a reader is: the records, with all that is to be known of them; and the end."""
    following = archive.follow(after=archive.log(after=0, limit=1).cursor.text, wait=False)
    before = relay.ready
    told = [one.header.id for one in following]

    assert ["mended"] == told
    assert 4 == relay.ready - before  # the page, and the next one, which is empty


def test_what_has_been_prepared_stays_so(archive: Archive) -> None:
    """A question ends with a commit: after a rollback the driver would forget what it has prepared."""
    for _ in range(10):
        archive.state(as_of="2026", chronicle=CHRONICLE, subject="subject", attribute="attribute")
    with archive._store.reading() as connection:  # noqa: SLF001 - it is the connection that was asked
        found = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()

    assert any("FROM head" in one for one in found)
    assert any("FROM payload" in one or "JOIN payload" in one for one in found)


def test_what_is_asked_twice_is_answered_twice(archive: Archive) -> None:
    """An answer that came early is used once; the same question is then asked again."""
    with archive._store.reading() as connection:  # noqa: SLF001 - as `asking` does
        foreseen.beginning(connection)
        heads = [read_head(connection) for _ in range(2)]

    assert heads[0] == heads[1]
    assert 2 == heads[0].position


def test_a_transaction_that_writes_foresees_nothing(archive: Archive) -> None:
    """What it reads may be otherwise by the time it is needed."""
    with archive._store.writing() as writer, writer.begin() as connection:  # noqa: SLF001 - as `recording` does
        foreseen.beginning(connection)
        foreseen.declarations(connection, 2, CHRONICLE, ["a", "b"])

        assert FORESEEN not in connection.get_execution_options()


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
