"""The log by the read side of the Durable Streams Protocol 1.0 (durablestreams.com, sections 5.4 to 8).

A stream is the log of the archive, or of one chronicle in it; a message is a record; an offset is a cursor. Writing
goes through /api/append: other methods than GET and HEAD are answered with 405, as section 5.2 wants it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, NamedTuple

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import State as AppState
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from chronicle.errors import ChronicleError, QuestionError, shown
from chronicle.event.cursor import Cursor
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.web.access import is_admitted
from chronicle.web.answers import ASK_AGAIN, FOR_EVER, NEVER, answered
from chronicle.web.following import (
    AT_A_TIME,
    CHANCE,
    MOST,
    MOST_BYTES,
    PIECE,
    awaited,
    cut,
    stretches,
    wanted,
    watching,
)
from chronicle.web.forms import RECORDS, Form, data_lines
from chronicle.web.gate import is_of_head, note_records, wait_patiently
from chronicle.web.watching import Lines

Asker = Request[Any, Any, AppState]

BEGINNING, TAIL = "-1", "now"
LIVE = ("long-poll", "sse")

OFFSET, UP_TO_DATE, COLLAPSING = "Stream-Next-Offset", "Stream-Up-To-Date", "Stream-Cursor"

EPOCH, INTERVAL, JITTER = 1_728_432_000, 20, 3_600
"""Section 8.1: intervals of so many seconds are counted from 9 October 2024; and the most that is added to a cursor."""


class Asked(NamedTuple):
    """What is asked of a stream: from where, how, and the cursor of the answer before."""

    offset: str | None
    live: str | None
    cursor: str | None


def asked(
    request: Asker,
    *,
    offset: Annotated[
        str | None, QueryParameter(name="offset", description="`Stream-Next-Offset` of what was read before; -1, now")
    ] = None,
    live: Annotated[str | None, QueryParameter(name="live", description="long-poll or sse")] = None,
    cursor: Annotated[
        str | None, QueryParameter(name="cursor", description="`Stream-Cursor` of what was read before")
    ] = None,
) -> Asked:
    """What a request asks. Raises QuestionError for what the protocol does not allow."""
    if offset == "" or len(request.query_params.getall("offset", [])) > 1:
        raise QuestionError("offset: give one, -1 for the beginning or now for the end")
    if live is not None and live not in LIVE:
        raise QuestionError(f"live: {shown(live)} is none of {', '.join(LIVE)}")
    if live is not None and offset is None:
        raise QuestionError("offset: say from where a stream is to be followed")
    return Asked(offset, live, cursor)


def collapsing(before: str | None, now: float, jitter: int) -> str:
    """The cursor by which caches tell requests that wait apart: of the time, and always later than the one before."""
    present = int((now - EPOCH) // INTERVAL)
    if before is None or not (before.isascii() and before.isdigit() and len(before) < 16) or int(before) < present:
        return str(present)
    return str(int(before) + max(1, math.ceil(jitter / INTERVAL)))


async def answer(request: Asker, asked: Asked, wanted: Filter, form: Form = RECORDS) -> Response[Any]:
    """What a stream of the records that are wanted answers."""
    archive: Archive = request.app.state.archive
    end = asked.offset == TAIL
    if end or is_of_head(request):
        tail = Cursor.parse(await asyncio.to_thread(archive.cursor))
    place: int | Cursor = 0
    if end:
        place = tail
    elif asked.offset not in (None, BEGINNING):
        place = Cursor.parse(str(asked.offset))
    if is_of_head(request):
        return Response(b"", headers={OFFSET: tail.text, "content-type": form.media_type, "cache-control": NEVER})
    if asked.live == "sse":
        return await _events(request, place, wanted, form, asked.cursor)
    seconds = watching(request)[1].poll if asked.live else 0
    if end and not seconds:
        found = Lines([], tail, up_to_date=True)
    else:
        found = cut(await awaited(request, place, wanted, MOST, seconds), form, MOST_BYTES)
    headers = {OFFSET: found.cursor.text, COLLAPSING: _collapsing(asked.cursor)}
    if found.up_to_date:
        headers[UP_TO_DATE] = "true"
    if seconds and not found.lines:
        return Response(b"", status_code=204, headers={**headers, "cache-control": NEVER})
    note_records(request, len(found.lines))
    keep = NEVER if end else FOR_EVER if isinstance(place, Cursor) and not found.up_to_date else ASK_AGAIN
    body = form.together(line.written(form) for line in found.lines)
    headers["content-type"] = form.media_type  # as it is: a media type of text would get a charset
    return answered(request, body, keep=keep, headers=headers)


def _collapsing(before: str | None) -> str:
    return collapsing(before, time.time(), CHANCE.randint(1, JITTER))


async def _events(request: Asker, place: int | Cursor, wanted: Filter, form: Form, cursor: str | None) -> Response[Any]:
    """Section 5.7."""
    watcher, patience = watching(request)
    found = await watcher.read(place, wanted, AT_A_TIME)
    wait_patiently(request)
    some = stretches(watcher, patience, found, wanted, partial(is_admitted, request))
    headers = {"content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no"}
    return Stream(_told(request, some, form, cursor), headers=headers)


async def _told(
    request: Asker, found: AsyncIterator[Lines | None], form: Form, cursor: str | None
) -> AsyncIterator[bytes]:
    """Each batch and what control says of it. Where the log fails the stream ends: whoever asks anew is told why."""
    try:
        async for stretch in found:
            if stretch is None:
                yield b":\n\n"
                continue
            ready, number = _batches(stretch, form, cursor), len(stretch.lines)
            stretch = None  # noqa: PLW2901 # a client that stalls keeps what is written, and no records
            while ready:
                yield ready.pop()
            note_records(request, number)
    except ChronicleError:
        return


def _batches(found: Lines, form: Form, cursor: str | None) -> list[bytes]:
    """What is written of a stretch, in batches of 64 KiB, or of one record if that is larger; the last one is first."""
    written: list[bytes] = []
    while (part := cut(found, form, PIECE)) is not found:
        written.append(_batch(part, form, cursor))
        found = Lines(found.lines[len(part.lines) :], found.cursor, found.up_to_date)
    return [_batch(found, form, cursor), *written[::-1]]


def _batch(found: Lines, form: Form, cursor: str | None) -> bytes:
    control: dict[str, Any] = {"streamNextOffset": found.cursor.text, "streamCursor": _collapsing(cursor)}
    if found.up_to_date:
        control["upToDate"] = True
    data = b""
    if found.lines:
        data = b"event: data\n" + data_lines(form.together(line.written(form) for line in found.lines)) + b"\n"
    return data + b"event: control\n" + data_lines(msgspec.json.encode(control)) + b"\n"


Wanted = NamedDependency[Filter]
TheAsked = NamedDependency[Asked]
_RESPONSES = {200: ResponseSpec(bytes, media_type="application/json", description="An array of records")}


@get("/", summary="The log as a durable stream", plain=True, takes_any=True, responses=_RESPONSES)
async def whole(request: Asker, asked: TheAsked, wanted: Wanted) -> Response[Any]:
    """The records of the archive that are wanted, by the Durable Streams Protocol 1.0."""
    return await answer(request, asked, wanted)


@get("/{chronicle:str}", summary="A chronicle as a durable stream", plain=True, takes_any=True, responses=_RESPONSES)
async def one(
    request: Asker,
    asked: TheAsked,
    wanted: Wanted,
    chronicle: Annotated[str, PathParameter(description="Id of the chronicle")],
) -> Response[Any]:
    """The same of one chronicle."""
    archive: Archive = request.app.state.archive
    await asyncio.to_thread(archive.require_chronicle, chronicle)
    return await answer(request, asked, msgspec.structs.replace(wanted, chronicles=(chronicle,)))


STREAMS = Router(
    "/api/stream",
    route_handlers=[whole, one],
    dependencies={"wanted": Provide(wanted, sync_to_thread=False), "asked": Provide(asked, sync_to_thread=False)},
)
