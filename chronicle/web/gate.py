"""The gate that all requests come through: limits on what they cost, answers from memory, figures and a log line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, cast

from litestar import Litestar
from litestar.exceptions import HTTPException, LitestarException
from litestar.types import Message, Receive, Send

from chronicle.errors import StoreError
from chronicle.service import Archive
from chronicle.web.access import Connection
from chronicle.web.coding import Coded, coding_of
from chronicle.web.headers import SECURITY_HEADERS
from chronicle.web.kept import Ends, Headers, Kept, KeptAnswers, Key
from chronicle.web.limits import Limits, Rates
from chronicle.web.measures import DOORS, OTHER, Measures
from chronicle.web.problems import MEDIA_TYPE, NEVER_STORED, document
from chronicle.web.proxies import Proxies

_logger = logging.getLogger("chronicle.web")

_DECIDING = (b"accept", b"accept-language", b"host")
"""Headers that an answer may depend on, where it may be kept at all; beside its coding."""

_ASKED_OTHERWISE = {b"authorization", b"if-none-match", b"if-modified-since", b"range", b"accept-datetime", b"cookie"}
"""Headers with which a request is neither answered from memory nor kept."""


_WAITING, _TELLING, _HEAD = "chronicle.waiting", "chronicle.telling", "chronicle.head"
"""What the gate adds to the scope of a request: how to wait, how to say how many records were sent, and that only the
head of the answer is asked for."""


def wait_patiently(connection: Connection) -> None:
    """Take a request as one that waits for news of the log, which the limits on time and on others are not for.

    Raises HTTPException, 503, where too many wait.
    """
    waits: Callable[[], bool] | None = cast("Any", connection.scope).get(_WAITING)
    if waits is not None and not waits():
        message = "Too many clients wait for news of the log; come back in a while"
        raise HTTPException(message, status_code=503, headers={"retry-after": "5"})


def note_records(connection: Connection, number: int) -> None:
    """Count records of the log that were sent."""
    tells: Callable[[int], None] | None = cast("Any", connection.scope).get(_TELLING)
    if tells is not None:
        tells(number)


def is_of_head(connection: Connection) -> bool:
    """Only the head of the answer is asked for."""
    return bool(connection.scope.get(_HEAD))


class Gate:
    """An application within the limits; it is an ASGI application itself."""

    def __init__(
        self, app: Litestar, archive: Archive, limits: Limits, measures: Measures, proxies: Proxies | None = None
    ) -> None:
        self.app = app
        self._proxies = proxies or Proxies()
        self._coded = Coded(app)
        self._limits = limits
        self._rates = Rates(limits.rate)
        self._measures = measures
        self._kept = KeptAnswers()
        self._ends = Ends(archive.cursor)
        self._under_way = 0
        self._waiting = 0

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        passage = _Passage(self._proxies.seen(scope), send, self._limits.seconds)
        passage.scope[_WAITING] = lambda: self._wait(passage)
        passage.scope[_TELLING] = lambda number: self._count(passage, number)
        self._under_way += 1
        self._measures.under_way.inc()
        try:
            await self._pass(passage, receive)
        except Exception as error:
            roots = [*_roots(error)]
            if _StalledError in roots:
                self._measures.stalled.labels(
                    passage.door
                ).inc()  # it is let go, and whoever it is comes back if it can
            if {_StalledError} != {*roots}:
                raise
        finally:
            del passage.scope[_WAITING]  # it leads back here, and a request that is kept keeps its connection
            del passage.scope[_TELLING]
            if passage.waits:
                self._waiting -= 1
                self._measures.waiting.labels(passage.door).dec()
            else:
                self._under_way -= 1
                self._measures.under_way.dec()
            self._tell(passage)

    def _wait(self, passage: _Passage) -> bool:
        """Count a request among those that wait, if there is room for it."""
        if passage.waits:
            passage.begun()
            return True
        if self._waiting >= self._limits.waiting:
            return False
        passage.waits = True
        passage.begun()
        self._waiting += 1
        self._under_way -= 1
        self._measures.waiting.labels(passage.door).inc()
        self._measures.under_way.dec()
        return True

    def _count(self, passage: _Passage, records: int) -> None:
        """Count records that were sent to one who follows the log."""
        if passage.method != "HEAD":
            passage.records += records
            self._measures.records.labels(passage.door).inc(records)

    async def _pass(self, passage: _Passage, receive: Receive) -> None:
        # A crowd that comes back to its streams is no crowd of questions.
        if not (_is_live(passage.scope) and self._wait(passage)) and self._under_way > self._limits.at_once:
            await passage.refuse(503, "busy", "There are too many requests", "Come back in a second.", after=1)
            return
        hosts = [value for name, value in passage.scope["headers"] if name == b"host"]
        if len(hosts) > 1 or (passage.scope["http_version"] not in _WITHOUT_HOST and not any(hosts)):
            detail = "A request names its host once, in the header Host (RFC 9112, section 3.2)."
            await passage.refuse(400, "request", "The request cannot be read", detail)
            return
        client = passage.scope.get("client")
        if wait := self._rates.wait(client[0] if client else ""):
            detail = f"One address may send {self._limits.rate:g} requests a second."
            await passage.refuse(429, "rate", "Too many requests", detail, after=int(wait) + 1)
            return
        try:
            async with asyncio.timeout(self._limits.seconds) as waiting:
                passage.begun = lambda: waiting.reschedule(None)
                await self._answer(passage, receive)
        except TimeoutError:
            if passage.status:
                raise
            passage.begun = _nothing
            detail = f"A request must be sent, and its answer begin, within {self._limits.seconds:g} seconds."
            if passage.received:
                await passage.refuse(503, "too-slow", "The answer takes too long", detail)
            else:
                await passage.refuse(408, "too-slow", "The request takes too long", detail)

    async def _answer(self, passage: _Passage, receive: Receive) -> None:
        key = _key(passage.scope) if passage.method == "GET" and not passage.waits else None
        end = None if key is None else await self._end()
        if key is None or end is None:
            await self._coded(passage.scope, passage.receiving(receive), passage.send)
            return
        kept = self._kept.at(end, key)
        if kept is not None:
            self._measures.kept.inc()
            self._count(passage, kept.records)
            passage.route = "kept"
            await passage.send({"type": "http.response.start", "status": 200, "headers": [*kept.headers]})
            await passage.send({"type": "http.response.body", "body": kept.body, "more_body": False})
            return
        passage.copying = True
        await self._coded(passage.scope, passage.receiving(receive), passage.send)
        if (answer := passage.copy()) is not None:
            self._kept.keep(end, key, answer)

    async def _end(self) -> str | None:
        """Where the log ends; None where that cannot be read: the application says so, to whoever asks of the log."""
        try:
            return await self._ends.current()
        except StoreError:
            return None

    def _tell(self, passage: _Passage) -> None:
        scope, seconds = passage.scope, perf_counter() - passage.since
        route = passage.route or scope.get("path_template") or "none"
        method = passage.method if passage.method in _METHODS else "other"
        self._measures.answered(method, route, passage.status, seconds)
        if _logger.isEnabledFor(logging.INFO):
            client = scope.get("client")
            about = {
                "method": passage.method,
                "path": scope["path"],
                "status": passage.status,
                "bytes": passage.bytes,
                "seconds": round(seconds, 6),
                "client": client[0] if client else None,
            }
            _logger.info("request", extra={"about": about})


_WITHOUT_HOST = {"1", "1.0"}
"""HTTP/1.0, as servers call it."""

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _nothing() -> None:
    pass


class _StalledError(Exception):
    """The client does not take what it is sent."""


def _roots(error: BaseException) -> Iterator[type[BaseException]]:
    """What went wrong: the library wraps what goes wrong once an answer has begun, and groups what did together."""
    if isinstance(error, LitestarException) and error.__cause__ is not None:
        yield from _roots(error.__cause__)
    elif isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _roots(one)
    else:
        yield type(error)


class _Passage:
    """One request on its way, and what is seen of its answer."""

    def __init__(self, scope: Any, send: Send, seconds: float) -> None:
        self.method: str = scope["method"]
        # A head is that of the whole, of which the rest is not sent (RFC 9110, section 9.3.2).
        self.scope: Any = {**scope, "method": "GET", _HEAD: True} if self.method == "HEAD" else scope
        self.door = _door(self.scope["path"])
        self.waits = False
        self.records = 0
        self.since = perf_counter()
        self.status = 0
        self.bytes = 0
        self.route = ""
        self.received = self.method in ("GET", "HEAD")
        self.copying = False
        self.begun: Callable[[], None] = _nothing
        self._send = send
        self._seconds = seconds
        self._headers: Headers = ()
        self._body: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.begun()
            if self.copying:
                self._headers = tuple((bytes(name), bytes(value)) for name, value in message["headers"])
                self.copying = self.status == 200 and _may_be_kept(self._headers)
        elif message["type"] == "http.response.body":
            if self.method == "HEAD":
                message = {**message, "body": b""}
            self.bytes += len(message["body"])
            if self.copying:
                self._body.append(message["body"])
            if message.get("more_body"):
                await self._send_within(message)
                return
        await self._send(message)

    async def _send_within(self, message: Message) -> None:
        """Send a part of an answer that goes on. Raises _StalledError if the client does not take it in time."""
        try:
            async with asyncio.timeout(self._seconds) as waiting:
                await self._send(message)
        except TimeoutError:
            if waiting.expired():
                raise _StalledError from None
            raise

    def receiving(self, receive: Receive) -> Receive:
        """The same, noting when all of the request is there."""

        async def noting() -> Any:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                self.received = True
            return message

        return noting

    def copy(self) -> Kept | None:
        """The answer, if it was copied and may be kept."""
        told = self.copying and self._headers
        return Kept(self._headers, b"".join(self._body), self.records) if told else None

    async def refuse(self, status: int, kind: str, title: str, detail: str, *, after: int | None = None) -> None:
        """Answer with a problem document, without asking the application."""
        body = document(status, kind, title, detail)
        told = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **NEVER_STORED, **SECURITY_HEADERS}
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        if after is not None:
            headers.append((b"retry-after", str(after).encode()))
        if not self.received:
            headers.append((b"connection", b"close"))
        self.copying = False
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})


def _door(path: str) -> str:
    """What somebody who follows the log comes through."""
    parts = path.split("/", 3)
    return DOORS.get(parts[2], OTHER) if len(parts) > 2 and parts[1] == "api" else OTHER


def _is_live(scope: Any) -> bool:
    """A request asks for a stream or waits for news: its route will say so, and so does its address."""
    query = scope.get("query_string", b"")
    return bool(scope["path"] == "/api/follow" or b"live=" in query or b"wait=" in query)


def _key(scope: Any) -> Key | None:
    """All that an answer may depend on; None for requests that are not answered from memory."""
    given: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _ASKED_OTHERWISE:
            return None
        if name in _DECIDING:
            given[name] = given.get(name, b"") + b"," + value
    return (
        scope.get("raw_path") or scope["path"].encode(),
        scope.get("query_string", b""),
        scope["scheme"].encode(),
        coding_of(scope).encode(),
        *(given.get(name, b"") for name in _DECIDING),
    )


def _may_be_kept(headers: Headers) -> bool:
    """An answer with a tag, that is no secret and lasts as long as the log stays as it is."""
    told = {name.lower(): value for name, value in headers}
    keep = told.get(b"cache-control", b"no-store")
    lasts = b"no-store" not in keep and b"must-revalidate" not in keep
    return b"etag" in told and lasts and b"set-cookie" not in told
