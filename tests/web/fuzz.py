"""Hostile requests by the thousand: `python -m tests.web.fuzz 10000` sends so many to every operation.

Every answer must be one: no 5xx but 501, a problem document for each refusal, and after a refusal the log is as it was.
Which requests took longer than a second is told, too.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from chronicle.service import Archive
from chronicle.web.app import application
from chronicle.web.watching import Patience
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_entity, an_event, url_of

HOSTILE: tuple[bytes, ...] = (
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e400",
    b"-1e400",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551616",
    b"0" * 400,
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xc0\xaf",  # an overlong slash
    b"\xf4\x90\x80\x80",  # beyond Unicode
    b"\xff\xfe",
    "\u202e\u2066\ufeff".encode(),
    b"' OR 1=1 --",
    b'"; DROP TABLE record; --',
    b"%' ESCAPE '%",
    b"%%__\\",
    b"$.facts[*]",
    b"(a+)+$",
    b"[" * 10_000,
    b'{"a":' * 10_000,
    b"../../etc/passwd",
    b"\r\nX-Injected: 1",
    b"{{7*7}}${7*7}",
    b"9" * 5_000 + b"-01-01",
    b"[..]",
    b"1994-13",
    b"Y-17E7/..",
    b"",
)
DEPTH = 10_000
LONG = 1.0
"""Seconds."""


class Operation(NamedTuple):
    """A method, a path with names in braces, and the names of its parameters."""

    method: str
    path: str
    names: Sequence[str]


class Answered(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    media_type: str
    body: bytes
    seconds: float


class Server:
    """An application that is asked without a network."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def ask(self, method: str, path: bytes, query: bytes, body: bytes | None = None) -> Answered:
        """Send a request as its bytes."""
        headers = [(b"host", b"127.0.0.1:8765")]
        if body is not None:
            headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path.decode("utf-8", "replace"),
            "raw_path": quote(path, safe="/:").encode(),
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8765),
            "state": {},
        }
        sent: list[Any] = []
        given = [{"type": "http.request", "body": body or b"", "more_body": False}]

        is_over = asyncio.Event()

        async def receive() -> Any:
            if given:
                return given.pop()
            await is_over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                is_over.set()

        began = perf_counter()
        await self._app(scope, receive, send)
        told = {bytes(name).lower(): bytes(value) for name, value in sent[0]["headers"]}
        found = b"".join(one.get("body", b"") for one in sent[1:])
        return Answered(sent[0]["status"], told.get(b"content-type", b"").decode(), found, perf_counter() - began)


@asynccontextmanager
async def serving(archive: Archive) -> AsyncIterator[Server]:
    """The service of an archive, whose streams end at once."""
    app = application(archive, "open", Patience(look=0.001, poll=0.001, beat=0.001, lifetime=0.001))
    async with app.lifespan():
        yield Server(app)


def told_of(archive: Archive) -> None:
    """Record something that can be asked about."""
    archive.append([an_entity(), a_source(), an_event("one", a_fact(1), sources=["s"])], chronicle=CHRONICLE)


async def operations(server: Server) -> list[Operation]:
    """All that the description has."""
    described = msgspec.json.decode((await server.ask("GET", b"/api/openapi.json", b"")).body)
    return [
        Operation(method.upper(), path, [one["name"] for one in said["parameters"] if one["in"] == "query"])
        for path, item in described["paths"].items()
        for method, said in item.items()
    ]


async def fuzz(archive: Archive, count: int, seed: int = 1) -> tuple[int, list[str], list[str]]:
    """Send so many requests to every operation; how many were sent, what is wrong, and what took long."""
    drawn = random.Random(seed)  # noqa: S311 - no secrets
    sent, wrong, slow = 0, [], []
    async with serving(archive) as server:
        for operation in await operations(server):
            for _ in range(count):
                path, query, body = _request(operation, drawn)
                before = archive.position()
                answer = await server.ask(operation.method, path, query, body)
                sent += 1
                about = f"{operation.method} {path[:200]!r} ? {query[:200]!r} {(body or b'')[:200]!r}"
                if answer.status >= 500 and answer.status != 501:
                    wrong.append(f"{answer.status}: {about}")
                elif answer.status >= 400 and operation.method != "HEAD":
                    if answer.media_type != "application/problem+json":
                        wrong.append(f"{answer.status} as {answer.media_type}: {about}")
                    if archive.position() != before:
                        wrong.append(f"{answer.status}, and something was appended: {about}")
                if answer.seconds > LONG:
                    slow.append(f"{answer.seconds:.1f} s: {about}")
    return sent, wrong, slow


def _request(operation: Operation, drawn: random.Random) -> tuple[bytes, bytes, bytes | None]:
    path = b"/".join(
        _part(part, drawn) if part.startswith("{") else part.encode() for part in operation.path.split("/")
    )
    pairs = []
    for name in drawn.sample(operation.names, drawn.randint(0, min(4, len(operation.names)))):
        pairs += [quote(name).encode() + b"=" + quote(_text(drawn)).encode()] * drawn.choice([1, 1, 1, 2])
    if drawn.random() < 0.05:
        pairs.append(_text(drawn)[:200])
    return path, b"&".join(pairs), _body(drawn) if operation.method == "POST" else None


THERE = {
    "{chronicle}": CHRONICLE,
    "{id_}": "subject",
    "{position}": "3",
    "{kind}": "entity",
    "{path}": "0/000.p/1",
    "{number}": "1",
}


def _part(name: str, drawn: random.Random) -> bytes:
    return THERE[name].encode() if drawn.random() < 0.7 else _text(drawn)[:300].replace(b"/", b"") or b"x"


FITTING = (b"2026", b"1994~", b"1", b"3", b"0", CHRONICLE.encode(), b"subject", b"attribute", b"json", b"one", b"k=v")


def _text(drawn: random.Random) -> bytes:
    """Something that fits somewhere, something hostile, or either with some bytes changed."""
    text = drawn.choice(FITTING if drawn.random() < 0.4 else HOSTILE)
    return _changed(text, drawn) if drawn.random() < 0.3 else text


def _changed(text: bytes, drawn: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(drawn.randint(1, 3)):
        at = drawn.randint(0, len(changed))
        changed[at : at + drawn.randint(0, 2)] = drawn.randbytes(drawn.randint(0, 3))
    return bytes(changed)


def _body(drawn: random.Random) -> bytes:
    """An append, of which something is not as it should be."""
    event = b'{"id":"e%d","type":"a.b","occurred":"2026","title":"t"}' % drawn.randrange(10**9)
    whole = b'{"chronicle":"c","documents":[%s]}' % event
    kind = drawn.randrange(6)
    if kind == 0:
        return _changed(whole, drawn)
    if kind == 1:  # a key twice
        return whole.replace(b'"type"', b'"id":"x","type"')
    if kind == 2:
        return whole.replace(b'"t"', drawn.choice([b'"\\ud800"', b'"\\u0000"', b"NaN", b"1e400", b"9" * 400, b"[]"]))
    if kind == 3:
        return whole.replace(b'"t"', b'"t","facts":' + b"[" * DEPTH + b"]" * DEPTH)
    if kind == 4:
        value = drawn.choice([b"NaN", b"1e400", b"-0", b"9223372036854775808", b"1" * 5_000, b'{"amount":"1e999999"}'])
        fact = b'[{"subject":"s","attribute":"a","value":%s}]' % value
        return whole.replace(b'"t"', b'"t","facts":' + fact)
    return drawn.choice(HOSTILE)


def main() -> None:
    """Print what was found."""
    count = int(sys.argv[1])
    with TemporaryDirectory() as folder, Archive.open(url_of(Path(folder) / "fuzz.db"), now=Clock()) as archive:
        told_of(archive)
        sent, wrong, slow = asyncio.run(fuzz(archive, count, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
        findings = archive.verify().findings
    sys.stdout.write("".join(f"{one}\n" for one in [*wrong[:50], *slow[:50]]))
    sys.stdout.write(f"{sent:,} requests, {len(wrong)} wrong, {len(slow)} slower than {LONG:g} s, {findings}\n")
    sys.exit(1 if wrong or findings else 0)


if __name__ == "__main__":
    main()
