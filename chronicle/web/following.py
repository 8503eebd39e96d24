"""The doors of the log: /api/log, page by page, waiting if asked to, and /api/follow, as events that a server sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from secrets import SystemRandom
from typing import Annotated, Any, cast
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import State as AppState
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from chronicle.errors import ChronicleError
from chronicle.event.cursor import Cursor
from chronicle.feed.filter import Filter
from chronicle.parameters import place_of
from chronicle.web.access import is_admitted
from chronicle.web.answers import ASK_AGAIN, FOR_EVER, NEVER, answered
from chronicle.web.forms import RECORDS, Form, Line, data_lines, form_of
from chronicle.web.gate import is_of_head, note_records, wait_patiently
from chronicle.web.problems import on_chronicle_error
from chronicle.web.watching import Lines, Patience, Watcher

MOST = 1_000
"""Records of one page of the log."""

MOST_BYTES = 4 * 1024 * 1024
"""Bytes after which a page ends, whole records as they are."""

AT_A_TIME = 50
"""Records that a stream reads at once: what a client that stalls may keep in memory, written."""

PIECE = 64 * 1024
"""Bytes that a stream is sent at once, or one record if that is larger."""

RETRY = 1_000
"""Milliseconds after which a client of a stream that has ended is to come back."""

CHANCE = SystemRandom()

Asker = Request[Any, Any, AppState]
Several = list[str] | None


def wanted(
    *,
    chronicles: Annotated[Several, QueryParameter(name="chronicle", description="Records of one; repeatable")] = None,
    type_: Annotated[Several, QueryParameter(name="type", description="Events of a type or below; repeatable")] = None,
    entity: Annotated[Several, QueryParameter(name="entity", description="Events that name it; repeatable")] = None,
    attribute: Annotated[
        Several, QueryParameter(name="attribute", description="Events with a fact; repeatable")
    ] = None,
    tag: Annotated[Several, QueryParameter(name="tag", description="Events with a tag; repeatable")] = None,
    from_: Annotated[str | None, QueryParameter(name="from", description="Events of this date or later")] = None,
    to: Annotated[str | None, QueryParameter(name="to", description="Events of this date or earlier")] = None,
) -> Filter:
    """What of the log is wanted, as for a sink: retractions and redactions always are."""
    return Filter.of(
        chronicles=chronicles, types=type_, entities=entity, attributes=attribute, tags=tag, since=from_, until=to
    )


After = Annotated[str, QueryParameter(name="after", description="A position, or `cursor` of what was read before")]
Format = Annotated[str, QueryParameter(name="format", description="records, cloudevents or cloudevents-lines")]
Wanted = NamedDependency[Filter]


@get("/log", summary="The log, page by page")
async def log(
    request: Asker,
    *,
    wanted: Wanted,
    after: After = "0",
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=MOST, description="At most so many")] = 100,
    wait: Annotated[
        float, QueryParameter(name="wait", ge=0, le=60, description="Wait for news, at most so many seconds and 20")
    ] = 0,
    format_: Format = "records",
) -> Response[bytes]:
    """Records in the order of the log; `cursor` is where to go on, past what was not wanted, too.

    Where `up_to_date` is true there was nothing after it; else the page never changes, unless something in it is
    redacted. Other formats say where to go on as a link to what is next.
    """
    form, place = form_of(format_), place_of(after)
    found = cut(await awaited(request, place, wanted, limit, wait), form, MOST_BYTES)
    body = form.together(line.written(form) for line in found.lines)
    if form is RECORDS:
        is_last = msgspec.json.encode(found.up_to_date)
        body = b'{"records":%b,"cursor":"%b","up_to_date":%b}' % (body, found.cursor.text.encode(), is_last)
    note_records(request, len(found.lines))
    keep = NEVER if found.up_to_date or wait else FOR_EVER if isinstance(place, Cursor) else ASK_AGAIN
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    following = f"{request.url.path}?{urlencode([*asked, ('after', found.cursor.text)])}"
    return answered(
        request, body, keep=keep, media_type=form.media_type, headers={"link": f'<{following}>; rel="next"'}
    )


@get(
    "/follow",
    summary="The log as it comes",
    plain=True,
    responses={200: ResponseSpec(bytes, media_type="text/event-stream", description="Events, as HTML has them")},
)
async def follow(
    request: Asker,
    *,
    wanted: Wanted,
    after: After = "0",
    format_: Format = "records",
    last: Annotated[
        str | None, HeaderParameter(name="Last-Event-ID", description="The id of the last event, before `after`")
    ] = None,
) -> Response[Any]:
    """Every record that is wanted, as an event whose id is its cursor, in the order of the log, old and new.

    A client that comes back with `Last-Event-ID` goes on from there. Where nothing is wanted for a while, an id alone
    or an empty comment says that the connection is alive. About once a minute the stream ends: ask for it anew.
    """
    form = form_of(format_)
    watcher, patience = watching(request)
    found = await watcher.read(place_of(last or after), wanted, AT_A_TIME)
    headers = {"cache-control": NEVER, "x-accel-buffering": "no"}
    if is_of_head(request):
        return Response(b"", media_type="text/event-stream", headers=headers)
    wait_patiently(request)
    return Stream(
        _told(request, stretches(watcher, patience, found, wanted, partial(is_admitted, request)), form),
        media_type="text/event-stream",
        headers=headers,
    )


def watching(request: Asker) -> tuple[Watcher, Patience]:
    """Who wakes those who wait, and for how long they do."""
    return cast("Watcher", request.app.state.watcher), cast("Patience", request.app.state.patience)


def cut(found: Lines, form: Form, most: int) -> Lines:
    """As many of the records as have so many bytes together, and one at least."""
    size = 0
    for at, line in enumerate(found.lines):
        size += len(line.written(form))
        if size > most and at:
            return Lines(found.lines[:at], found.lines[at - 1].record.cursor, up_to_date=False)
    return found


async def awaited(request: Asker, place: int | Cursor, wanted: Filter, most: int, seconds: float) -> Lines:
    """What is wanted after a place; if there is nothing, what comes within so many seconds, or nothing still."""
    watcher, patience = watching(request)
    found = await watcher.read(place, wanted, most)
    if found.lines or not seconds:
        return found
    wait_patiently(request)
    loop = asyncio.get_running_loop()
    until = loop.time() + min(seconds, patience.poll)
    while not found.lines and not watcher.is_closed and (left := until - loop.time()) > 0:
        if found.up_to_date and not await watcher.beyond(found.cursor, left):
            break
        found = await watcher.follow(found.cursor, wanted, most)
    return found


async def stretches(
    watcher: Watcher, patience: Patience, found: Lines, wanted: Filter, admitted: Callable[[], Awaitable[bool]]
) -> AsyncIterator[Lines | None]:
    """What is wanted as it comes, beginning with what was found; None is a sign of life.

    It ends after about the lifetime of a stream, not at the same moment for all; and within a beat once whoever asked
    is not `admitted` any more. Raises ChronicleError where the log cannot be read any more, or not from here.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience.lifetime * CHANCE.uniform(0.75, 1.25)
    asked, refused = loop.time(), False

    async def is_over() -> bool:
        nonlocal asked, refused
        if loop.time() - asked >= patience.beat:
            asked, refused = loop.time(), not await admitted()
        return refused or until <= loop.time() or watcher.is_closed

    while True:
        cursor, up_to_date, ready = found.cursor, found.up_to_date, [found]
        del found  # so that nothing of it is kept here while a client takes its time
        yield ready.pop()
        while up_to_date and not await is_over():
            if await watcher.beyond(cursor, max(0, min(until - loop.time(), patience.beat))):
                break
            yield None
        if await is_over():
            return
        found = await watcher.follow(cursor, wanted, AT_A_TIME)


def _pieces(lines: list[Line], form: Form) -> list[bytes]:
    """The events of records, in pieces of 64 KiB, or of one record if that is larger; the last one is first."""
    found = [b""]
    for line in lines:
        if len(found[-1]) >= PIECE:
            found.append(b"")
        found[-1] += line.event(form)
    return found[::-1]


async def _told(request: Asker, found: AsyncIterator[Lines | None], form: Form) -> AsyncIterator[bytes]:
    """The stream, in pieces. An id alone sets the last one and is no event (HTML, section 9.2.6)."""
    yield b"retry: %d\n\n" % RETRY
    cursor: Cursor | None = None
    said: Cursor | None = None
    try:
        async for stretch in found:
            if stretch is None:
                yield b":\n\n" if cursor in (None, said) else _id(cursor) + b"\n"
                said = cursor
                continue
            cursor = stretch.cursor
            if stretch.lines:
                said = stretch.lines[-1].record.cursor
            ready, number = _pieces(stretch.lines, form), len(stretch.lines)
            stretch = None  # noqa: PLW2901 # a client that stalls keeps what is written, and no records
            while ready:
                if piece := ready.pop():
                    yield piece
            note_records(request, number)
        if cursor not in (None, said):
            yield _id(cursor) + b"\n"
    except ChronicleError as error:
        yield b"event: problem\n" + data_lines(on_chronicle_error(request, error).content) + b"\n"


def _id(cursor: Cursor | None) -> bytes:
    return b"" if cursor is None else b"id: %b\n" % cursor.text.encode()


DOORS = Router(
    "/api",
    route_handlers=[log, follow],
    dependencies={"wanted": Provide(wanted, sync_to_thread=False)},
    opt={"of_several": True},  # chronicles, each of which must be allowed
)
