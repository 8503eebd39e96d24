"""What a server process takes from those who mean it harm: heads, bodies, and connections that do not go on."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.web.server import Running, running

HOST = b"Host: 127.0.0.1\r\n"
CLOSE = b"Connection: close\r\n"
MOST_MEMORY = 600 * 1024 * 1024
"""Bytes that a server may have in memory, whatever is sent to it at once."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an archive whose log is long enough that no socket holds it."""
    here = url_of(tmp_path_factory.mktemp("abuse") / "chronicle.db")
    with Archive.open(here) as archive:
        archive.append([an_event(f"e{number}", summary="word " * 500) for number in range(1000)], chronicle="c")
    return here


@pytest.fixture(scope="module")
def server(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of it that waits no longer than two seconds."""
    with running(url, tmp_path_factory.mktemp("log") / "log", CHRONICLE_TIMEOUT="2") as started:
        yield started


def answer(server: Running, *sent: bytes) -> bytes:
    """What comes back for bytes on a connection, until the server closes it; it may do so before it has them all."""
    told = b""
    with server.connected() as connection:
        try:
            for part in sent:
                connection.sendall(part)
            while part := connection.recv(65_536):
                told += part
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has hung up; what it said before that counts
    return told


def post(body: bytes, *more: bytes, path: bytes = b"/api/append", media_type: bytes = b"application/json") -> bytes:
    """A request with a body."""
    length = b"Content-Length: " + str(len(body)).encode() + b"\r\n"
    head = b"POST " + path + b" HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Type: " + media_type + b"\r\n" + length
    return head + b"".join(more) + b"\r\n" + body


def documents(text: bytes) -> bytes:
    """A body with one document that has some more fields."""
    return b'{"chronicle":"c","documents":[{"id":"a","type":"a.b","occurred":"2025","title":"t",' + text + b"}]}"


def status(told: bytes) -> int:
    """The status of an answer."""
    return int(told.split(b" ", 2)[1])


def memory(server: Running) -> int:
    """Bytes that its processes have in memory, of which the system (Linux) tells kilobytes."""
    main = server.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
    told = (Path(f"/proc/{process}/status").read_text() for process in (main, *children))
    return sum(int(line.split()[1]) * 1024 for text in told for line in text.splitlines() if line.startswith("VmRSS"))


def is_well(server: Running, position: int = 1000) -> bool:
    """It answers, the log ends where it ended, and no fault of the program is in its log."""
    told = answer(server, b"GET /ready HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    body = told.partition(b"\r\n\r\n")[2]
    logged = server.log.read_text()
    return {"position": position} == json.loads(body) and '"level":"error"' not in logged and "panicked" not in logged


HEADS = {
    "a long header": b"GET /health HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"GET /health HTTP/1.1\r\n" + HOST + b"".join(b"X%d: a\r\n" % n for n in range(5000)) + b"\r\n",
    "a long target": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "two lengths": b"POST /api/append HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a negative length": b"POST /api/append HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\nhello",
    "a length that is none": b"POST /api/append HTTP/1.1\r\n" + HOST + b"Content-Length: 0x5\r\n\r\nhello",
    "another transfer encoding": b"POST /api/append HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a folded header": b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a space before the colon": b"GET /health HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
    "no host": b"GET /health HTTP/1.1\r\n" + CLOSE + b"\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n" + CLOSE + b"\r\n",
    "the same host twice": b"GET /health HTTP/1.1\r\n" + HOST + HOST + CLOSE + b"\r\n",
    "a zero byte in the target": b"GET /health\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a zero byte in a header": b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    "a return in a header": b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\rSet-Cookie: b\r\n\r\n",
    "the hello of TLS": b"\x16\x03\x01\x02\x00" + b"\x01" * 500,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_that_is_none_is_refused(server: Running, head: bytes) -> None:
    """With a status of the client's, and the connection is closed: what follows is no request."""
    told = answer(server, head)

    assert 400 <= status(told) < 500
    assert 1 == told.count(b"HTTP/1.")
    assert is_well(server)


def test_http_2_is_not_spoken(server: Running) -> None:
    """Its connections would be waited for without end; who speaks it to clients is the proxy."""
    assert b"" == answer(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert is_well(server)


def test_no_request_hides_in_another(server: Running) -> None:
    """Where a length and chunks are both given the chunks count, and the connection ends (RFC 9112, section 6.3)."""
    hidden = b"GET /api/state HTTP/1.1\r\n" + HOST + b"\r\n"
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
    head = b"POST /api/append HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + both + b"\r\n"
    told = answer(server, head + b"0\r\n\r\n" + hidden)

    assert 400 == status(told)
    assert b'"facts"' not in told
    assert is_well(server)


BODIES = {
    "not a number": documents(b'"title":NaN'),
    "infinity": documents(b'"facts":[{"subject":"s","attribute":"a","value":Infinity}]'),
    "a large number": documents(b'"facts":[{"subject":"s","attribute":"a","value":1e400}]'),
    "a very large number": documents(b'"facts":[{"subject":"s","attribute":"a","value":1e4000000000}]'),
    "a very small number": documents(b'"facts":[{"subject":"s","attribute":"a","value":1e-4000000000}]'),
    "many digits": documents(b'"facts":[{"subject":"s","attribute":"a","value":' + b"9" * 1_000_000 + b"}]"),
    "two to the 63rd": b'{"documents":[],"expected":9223372036854775808}',
    "a position of many digits": b'{"documents":[],"expected":' + b"9" * 100_000 + b"}",
    "a position below zero": b'{"documents":[],"expected":-1}',
    "a position that is no whole number": b'{"documents":[],"expected":1.5}',
    "an id twice": documents(b'"id":"b","id":"../c"'),
    "lists in lists": b'{"chronicle":"c","documents":[' + b"[" * 10_000 + b"]" * 10_000 + b"]}",
    "objects in objects": b'{"chronicle":"c","documents":[' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}",
    "half a letter": documents(b'"summary":"\\ud800"'),
    "a zero byte": documents(b'"summary":"a\\u0000b"'),
    "an overlong letter": documents(b'"summary":"\xc0\xaf"'),
    "a date of many digits": documents(b'"occurred":"Y' + b"9" * 100_000 + b'"'),
    "a set of many dates": documents(b'"occurred":"[' + b"1994," * 100_000 + b'1995]"'),
    "letters in Latin-1": documents(b'"summary":"\xe9"'),
    "letters of two bytes": documents(b'"summary":"x"').decode().encode("utf-16"),
    "a mark of byte order": b"\xef\xbb\xbf" + b'{"documents":1}',
    "more than one": b'{"documents":[]}{"documents":[]}',
    "an unknown field": b'{"documents":[],"admin":true}',
    "a list": b"[]",
    "nothing": b"",
    "compressed": gzip.compress(documents(b'"summary":"x"')),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_none_is_refused(server: Running, body: bytes) -> None:
    """With a problem document and a status of the client's; nothing is written."""
    told = answer(server, post(body))

    assert 400 <= status(told) < 500
    assert b"application/problem+json" in told
    assert is_well(server)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip"])
def test_nothing_is_unpacked(server: Running, coding: bytes) -> None:
    """A body that would become a hundred million bytes stays the hundred thousand that it is."""
    bomb = gzip.compress(b" " * 100_000_000)
    before = memory(server)

    assert 400 == status(answer(server, post(bomb, b"Content-Encoding: " + coding + b"\r\n")))
    assert memory(server) - before < 50_000_000
    assert is_well(server)


@pytest.mark.parametrize(
    "media_type", [b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data", b""]
)
def test_what_a_form_of_another_site_could_send_is_not_json(server: Running, media_type: bytes) -> None:
    """Browsers ask before they send JSON to another site, and are told no."""
    assert 400 == status(answer(server, post(b'{"documents":[]}', media_type=media_type)))


@pytest.mark.parametrize("document", [b"{}", b'{"id":"a"}', b"0"])
def test_a_million_documents_are_too_many(server: Running, document: bytes) -> None:
    """They are refused before any is looked at, and before the time is up."""
    body = b'{"chronicle":"c","documents":[' + b",".join([document] * 1_000_000) + b"]}"

    assert status(answer(server, post(body))) in (400, 413)
    assert memory(server) < MOST_MEMORY
    assert is_well(server)


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_a_billion_bytes_are_refused_before_they_come(server: Running, expect: bytes) -> None:
    """By what the head says."""
    length = b"Content-Length: 1000000000\r\n"
    told = answer(
        server,
        b"POST /api/append HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Type: application/json\r\n" + expect + length,
        b"\r\n",
    )

    assert (413, False) == (status(told), b"100 Continue" in told)
    assert is_well(server)


@pytest.mark.parametrize(
    ("path", "media_type", "body"),
    [
        (b"/login", b"application/x-www-form-urlencoded", b"token=" + b"a" * 1_000_000),
        (b"/login", b"application/x-www-form-urlencoded", b"a=b&" * 250_000),
        (b"/login", b"multipart/form-data; boundary=x", b"--x\r\n" * 200_000),
        (b"/logout", b"application/x-www-form-urlencoded", b"proof=" + b"a" * 1_000_000),
        (b"/chronicles/c/record", b"application/x-www-form-urlencoded", b"title=" + b"a" * 1_000_000),
        (b"/chronicles/c/record", b"multipart/form-data; boundary=x", b"--x\r\n" * 200_000),
    ],
)
def test_a_form_that_is_too_large_is_not_read(server: Running, path: bytes, media_type: bytes, body: bytes) -> None:
    """Forms have fields of a few lines."""
    told = answer(server, post(body, path=path, media_type=media_type))

    assert 413 == status(told)
    assert is_well(server)


def test_a_title_of_a_million_letters_is_a_title(url: str, tmp_path: Path) -> None:
    """It is taken as any other, for the log says nothing of length, and told again as it was."""
    here = url_of(tmp_path / "chronicle.db")
    Archive.open(here).close()
    body = documents(b'"summary":"s"').replace(b'"t"', b'"' + b"x" * 1_000_000 + b'"')
    with running(here, tmp_path / "log") as server:
        assert 200 == status(answer(server, post(body)))
        assert b"x" * 1_000_000 in answer(server, b"GET /api/show?id=a HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
        assert is_well(server, 1)
    assert url != here


@pytest.mark.parametrize(
    "sent", [b"", b"G", b"GET /health HTTP/1.1\r\nHost: 127", b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"]
)
def test_a_connection_that_does_not_go_on_is_closed(server: Running, sent: bytes) -> None:
    """One that never begins, one that stops in the head, and one that was answered and asks for no more."""
    told = answer(server, sent)

    assert told == b"" or 200 == status(told)


def test_more_silent_connections_than_a_process_takes(server: Running) -> None:
    """They are closed after their time, and whoever waited behind them is answered."""
    silent: list[socket.socket] = []
    try:
        silent.extend(server.connected() for _ in range(1_200))
        assert is_well(server)
    finally:
        for one in silent:
            one.close()


def test_clients_that_do_not_read_hold_nobody_up(url: str, tmp_path: Path) -> None:
    """More of them than are answered at once, each with an answer that no socket holds; the next one is answered."""
    request = b"GET /api/log?limit=1000 HTTP/1.1\r\n" + HOST + b"\r\n"
    with running(url, tmp_path / "log", CHRONICLE_MOST_REQUESTS="4") as server:
        lazy: list[socket.socket] = []
        try:
            for _ in range(40):
                lazy.append(one := server.connected())
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                one.sendall(request)
                one.recv(1, socket.MSG_PEEK)  # its answer has begun
            assert is_well(server)
            assert memory(server) < MOST_MEMORY
        finally:
            for one in lazy:
                one.close()


def test_a_body_that_drips_is_not_waited_for(server: Running) -> None:
    """Each byte in time, and the whole never: the time is that of the whole."""
    head = (
        b"POST /api/append HTTP/1.1\r\n"
        + HOST
        + CLOSE
        + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    )
    with server.connected() as connection:
        connection.sendall(head)
        connection.settimeout(0.05)
        told = b""
        while not told:
            try:
                connection.sendall(b" ")
                told = connection.recv(100)
            except TimeoutError:
                continue

    assert 408 == status(told)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /a%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\n",
        b"GET /a%0A%7B%22level%22%3A%22error%22%7D HTTP/1.1\r\n",
        b"GET /%1b%5b31m HTTP/1.1\r\n",
        b'{"level":"error"} / HTTP/1.1\r\n',
        b'GET /x HTTP/1.1\r\nX-Forwarded-For: 1.1.1.1%0a{}\r\nUser-Agent: {"level":"error"}\r\n',
    ],
)
def test_no_request_forges_a_line_of_the_log(server: Running, head: bytes) -> None:
    """Each line is one object, and says of the client what the connection says."""
    told = answer(server, head + HOST + CLOSE + b"\r\n")

    assert 400 <= status(told) < 500
    assert b"Set-Cookie" not in told.partition(b"\r\n\r\n")[0]
    lines = [json.loads(line) for line in server.log.read_text().splitlines()[1:]]
    assert {"127.0.0.1"} == {line["client"] for line in lines if line["message"] == "request"}
    assert "\x1b" not in server.log.read_text()
