"""Streams that a conformance suite makes and fills over HTTP, each a chronicle of an archive: `CHRONICLE_DB=… granian`.

The suite of Durable Streams writes what it then reads. Here PUT and POST append a record for each message, so that what
is read comes from our log by the handlers that serve it; only how a record is written is other: as its message.
"""

from __future__ import annotations

import base64
import itertools
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import PathParameter, RawBody

from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.web.app import application
from chronicle.web.forms import Form
from chronicle.web.gate import Gate
from chronicle.web.limits import Limits
from chronicle.web.measures import Measures
from chronicle.web.streams import OFFSET, Asked, answer, asked
from chronicle.web.watching import Patience

JSON = "application/json"
POLL = 1.0
"""Seconds that a client waits for news; the suite is told so."""

Asker = Request[Any, Any, Any]
Name = Annotated[str, PathParameter(description="Path of the stream")]


class Scratch(NamedTuple):
    """A stream: the chronicle that has its records, its type, and how a record is written."""

    chronicle: str
    type: str
    form: Form

    @property
    def is_json(self) -> bool:
        """Its messages are values of JSON."""
        return self.type.partition(";")[0].strip().lower() == JSON


class Streams:
    """The streams that there are; each has a chronicle of its own, also one that is made again."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._there: dict[str, Scratch] = {}
        self._numbers = itertools.count(1)

    def make(self, name: str, media_type: str) -> Scratch:
        """A new stream."""
        form = Form("message", media_type, message_of, b"", b"", b"")
        made = Scratch(f"stream-{next(self._numbers)}", media_type, form)
        if made.is_json:
            made = made._replace(form=Form("message", media_type, message_of))
        self._there[name] = made
        return made

    def get(self, name: str) -> Scratch:
        """A stream that is there."""
        if name not in self._there:
            raise HTTPException("there is no such stream", status_code=404)
        return self._there[name]

    def forget(self, name: str) -> None:
        """Let a stream be there no more."""
        self.get(name)
        del self._there[name]

    def has(self, name: str) -> bool:
        """There is one of that name."""
        return name in self._there

    def append(self, stream: Scratch, body: bytes, *, may_be_empty: bool = False) -> str:
        """Append the messages of a body; the offset after them."""
        messages = [body] if body else []
        if stream.is_json and body:
            try:
                value = msgspec.json.decode(body, type=msgspec.Raw)
                several = bytes(value).lstrip().startswith(b"[")
                messages = (
                    [bytes(one) for one in msgspec.json.decode(body, type=list[msgspec.Raw])] if several else [body]
                )
            except msgspec.DecodeError as error:
                raise HTTPException(str(error), status_code=400) from error
        if not messages:
            if not may_be_empty:
                raise HTTPException("there is nothing to append", status_code=400)
            return self.archive.cursor()
        documents = [document_of(one, next(self._numbers)) for one in messages]
        return self.archive.cursor(self.archive.append(documents, chronicle=stream.chronicle).position)


def document_of(message: bytes, number: int) -> dict[str, Any]:
    """An event that holds a message."""
    text = base64.b64encode(message).decode()
    return {"id": f"m{number}", "type": "message.sent", "occurred": "2026", "title": "A message", "summary": text}


def message_of(record: Record) -> bytes:
    """The message that a record holds."""
    document = record.document
    assert isinstance(document, Event)
    return base64.b64decode(document.summary or "")


def the_streams(request: Asker) -> Streams:
    """The streams of the application."""
    streams: Streams = request.app.state.streams
    return streams


@put("/{name:path}", sync_to_thread=True)
def make(request: Asker, name: Name, body: RawBody) -> Response[bytes]:
    """Make a stream, or say that it is there."""
    streams, media_type = the_streams(request), request.headers.get("content-type", "application/octet-stream")
    if streams.has(name):
        there = streams.get(name)
        if there.type.lower() != media_type.lower():
            raise HTTPException("the stream is of another type", status_code=409)
        return Response(b"", status_code=200, headers={OFFSET: streams.archive.cursor(), "content-type": there.type})
    made = streams.make(name, media_type)
    offset = streams.append(made, body, may_be_empty=True)
    headers = {OFFSET: offset, "location": str(request.url), "content-type": media_type}
    return Response(b"", status_code=201, headers=headers)


@post("/{name:path}", sync_to_thread=True)
def fill(request: Asker, name: Name, body: RawBody) -> Response[None]:
    """Append to a stream."""
    streams, stream = the_streams(request), the_streams(request).get(name)
    media_type = request.headers.get("content-type")
    if not media_type:
        raise HTTPException("say of what type it is", status_code=400)
    if media_type.partition(";")[0].strip().lower() != stream.type.partition(";")[0].strip().lower():
        raise HTTPException("the stream is of another type", status_code=409)
    offset = streams.append(stream, body)
    request.app.state.watcher.look()
    return Response(None, status_code=204, headers={OFFSET: offset})


@delete("/{name:path}", sync_to_thread=True)
def forget(request: Asker, name: Name) -> None:
    """Let a stream be there no more."""
    the_streams(request).forget(name)


@get("/{name:path}", plain=True, takes_any=True)
async def read(request: Asker, name: Name, asked: NamedDependency[Asked]) -> Response[Any]:
    """What is tested: the handler that serves the log."""
    stream = the_streams(request).get(name)
    return await answer(request, asked, Filter(chronicles=(stream.chronicle,)), stream.form)


def create() -> Gate:
    """The application, behind the gate as it is served."""
    archive = Archive.open()
    app = application(archive, "open", Patience(poll=POLL))
    app.state.streams = Streams(archive)
    routes = [make, fill, forget, read]
    app.register(
        Router("/v1/stream", route_handlers=routes, dependencies={"asked": Provide(asked, sync_to_thread=False)})
    )
    return Gate(app, archive, Limits(), Measures())
