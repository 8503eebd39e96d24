"""The server as a process: what it takes from the network, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.web.server import Running, running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an archive."""
    here = url_of(tmp_path_factory.mktemp("process") / "chronicle.db")
    with Archive.open(here) as archive:
        archive.append([an_event("e")], chronicle="c")
    return here


@pytest.fixture(scope="module")
def server(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of it, in two processes, that waits no longer than two seconds."""
    log = tmp_path_factory.mktemp("log") / "log"
    with running(url, log, "--workers", "2", CHRONICLE_TIMEOUT="2") as started:
        yield started


def answer(server: Running, sent: bytes) -> bytes:
    """What comes back for bytes on a connection, until the server closes it."""
    with server.connected() as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def figures(server: Running) -> str:
    """What /metrics says."""
    return answer(server, b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").decode()


def append(server: Running, id: str, **more: Any) -> int:  # noqa: A002
    """Append an event; the position of its receipt."""
    body = json.dumps({"chronicle": "c", "documents": [{**an_event(id), **more}]}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.base}/api/append", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as told:  # noqa: S310 - as above
        position: int = json.load(told)["receipts"][0]["position"]
        return position


def test_a_client_that_stops_half_way_is_told_so(server: Running) -> None:
    """A body that is announced and does not come ends after the time that is allowed, with 408."""
    head = (
        b"POST /api/append HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    )

    assert b"HTTP/1.1 408" == answer(server, head)[:12]


def test_slow_clients_hold_nobody_up(server: Running) -> None:
    """While many connections stay open and say nothing, another is answered."""
    silent = [server.connected() for _ in range(200)]
    try:
        for one in silent[:100]:
            one.sendall(b"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        told = answer(server, b"GET /api/state?as_of=2025 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert b"HTTP/1.1 200" == told[:12]
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize(
    "length", [b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n"], ids=["announced", "chunked"]
)
def test_a_body_without_end_is_refused(server: Running, length: bytes) -> None:
    """More bytes than are read of a request are refused with 413, and no more of them are taken."""
    head = b"POST /api/append HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + length + b"\r\n"
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    told = b""
    with server.connected() as connection:
        try:
            connection.sendall(head)
            for _ in range(40):
                connection.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it hangs up, which is an answer
        try:
            told = connection.recv(65_536)
        except ConnectionResetError:
            told = b"HTTP/1.1 413"

    assert b"HTTP/1.1 413" == told[:12]


def test_what_was_taken_is_answered_before_the_end(url: str, tmp_path: Path) -> None:
    """Told to stop amid appends, it answers those it has taken, ends with 0, and the log has each that was answered."""
    with running(url, tmp_path / "log") as server, ThreadPoolExecutor(8) as pool:
        tried = [pool.submit(append, server, f"n{number}") for number in range(100)]
        tried[20].result()
        code = server.stop()
        positions = [one.result() for one in tried if one.exception() is None]

    with Archive.open(url) as archive:
        there = {record.position for record in archive.follow(wait=False)}
    assert (0, set()) == (code, set(positions) - there)
    assert len(positions) >= 21


def test_all_that_it_says_is_json(server: Running) -> None:
    """Each line of its log is one object with a time, a level and a message."""
    answer(server, b"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    lines = server.log.read_text().splitlines()[1:]  # the first is for people: where it listens

    assert [] == [line for line in lines if not {"time", "level", "message"} <= json.loads(line).keys()]


def test_the_figures_are_of_all_processes(server: Running) -> None:
    """Whichever process is asked, the figures count the requests of both."""
    for _ in range(20):
        answer(server, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

    told = figures(server)
    line = next(line for line in told.splitlines() if 'route="/health"' in line and "requests_total" in line)
    assert float(line.rpartition(" ")[2]) >= 20


def stream(server: Running, path: str) -> socket.socket:
    """A connection on which a stream was asked for, and whose answer has begun."""
    connection = server.connected()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return connection


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    """What comes until something that is wanted has."""
    told = b""
    while wanted not in told:
        part = connection.recv(65_536)
        assert part, told
        told += part
    return told


def test_what_is_appended_comes_at_once(server: Running, url: str) -> None:
    """Clients of both processes that follow the log are sent what one of them has taken."""
    with Archive.open(url) as archive:
        position = archive.position()
    following = [stream(server, f"/api/follow?after={position}&entity=news") for _ in range(8)]
    try:
        for one in following:
            read_until(one, b"retry: ")
        append(server, "not-news")
        append(server, "news", facts=[{"subject": "news", "attribute": "a", "value": 1}])
        told = [read_until(one, b'"id":"news"') for one in following]
    finally:
        for one in following:
            one.close()

    assert [False] * 8 == [b"not-news" in one for one in told]


def test_a_client_that_waits_is_woken(server: Running, url: str) -> None:
    """A page that was empty is answered when there is something for it."""
    with Archive.open(url) as archive:
        position = archive.position()
    with stream(server, f"/api/log?after={position}&tag=awaited&wait=20") as waiting:
        append(server, "awaited", tags=["awaited"])
        told = read_until(waiting, b'"up_to_date":true')

    assert b'"id":"awaited"' in told


def test_streams_do_not_keep_a_server_from_ending(url: str, tmp_path: Path) -> None:
    """Told to stop, it ends its streams as they end of themselves, and itself, in good order."""
    with running(url, tmp_path / "log") as server, stream(server, "/api/follow") as following:
        read_until(following, b"retry: ")
        code = server.stop()
        rest = b""
        while part := following.recv(65_536):
            rest += part

    assert (0, b"0\r\n\r\n") == (code, rest[-5:])
    assert "Killing" not in server.log.read_text()


def test_followers_are_measured(tmp_path: Path) -> None:
    """How many follow through which door, and what they were sent; once they have gone they follow no more."""
    url = url_of(tmp_path / "chronicle.db")
    with Archive.open(url) as archive:
        archive.append([an_event("e1"), an_event("e2")], chronicle="c")
    sent = {'records_total{door="events"} 6.0', 'records_total{door="stream"} 3.0'}
    with running(url, tmp_path / "log") as server:
        paths = ("/api/follow", "/api/follow", "/api/stream?offset=-1&live=sse")
        following = [stream(server, path) for path in paths]
        for one in following:
            read_until(one, b"e2")
        append(server, "e3")
        while not all(one in (told := figures(server)) for one in sent):
            assert server.process.poll() is None
        for one in following:
            one.close()
        append(server, "e4")  # a connection that has gone is noticed when something is sent
        while 'waiting{door="events"} 0.0' not in figures(server):
            assert server.process.poll() is None

    assert ('waiting{door="events"} 2.0' in told, 'waiting{door="stream"} 1.0' in told) == (True, True)


def test_a_client_that_takes_nothing_is_let_go(tmp_path: Path) -> None:
    """Of a stream that is larger than what lies on the way, the rest is not sent to one that reads none of it."""
    url = url_of(tmp_path / "chronicle.db")
    with Archive.open(url) as archive:
        text = "x" * 60_000
        archive.append([an_event(f"e{number}", summary=text) for number in range(400)], chronicle="c")
    with running(url, tmp_path / "log", CHRONICLE_TIMEOUT="1") as server, stream(server, "/api/follow") as stalled:
        while 'chronicle_http_stalled_total{door="events"} 1.0' not in figures(server):
            assert server.process.poll() is None
        size = 0
        while part := stalled.recv(1 << 20):
            size += len(part)

    assert size < 400 * 60_000
    assert "Traceback" not in server.log.read_text()


def test_garbage_is_looked_for_often(url: str) -> None:
    """However seldom the command does that starts a server, and not among what is there from the start."""
    program = (
        "import gc; gc.set_threshold(200_000, 10, 10)\n"
        "from chronicle.web.app import create; create()\n"
        "print(gc.get_threshold()[0], gc.get_freeze_count() > 10_000)"
    )
    environment = {**os.environ, "CHRONICLE_DB": url, "CHRONICLE_ACCESS": "open"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert "1000 True" == run.stdout.strip()
