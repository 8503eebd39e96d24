"""Feeds that readers subscribe to: Atom, JSON Feed, and a calendar, of a chronicle each.

A page of a feed that is full has an address of its own and stays as it is, unless something in it is redacted.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.datastructures import State as AppState
from litestar.params import PathParameter

from chronicle.exchange import to_atom_page, to_json_feed
from chronicle.service import Archive
from chronicle.web.answers import ASK_AGAIN, FOR_EVER, OF_NOW, answered

CALENDAR = "text/calendar"

Asker = Request[Any, Any, AppState]
Answer = Response[bytes]
ChronicleId = Annotated[str, PathParameter(description="Id of a chronicle")]
PageNumber = Annotated[int, PathParameter(description="Number of a full page, from 1 on")]


@get("/feeds/{chronicle:str}/atom", sync_to_thread=True, summary="What is new of a chronicle, as Atom")
def atom(request: Asker, chronicle: ChronicleId) -> Answer:
    """The newest entries (RFC 4287); `prev-archive` leads to those before (RFC 5005)."""
    return _feed(request, "atom", to_atom_page.MEDIA_TYPE, chronicle, None)


@get("/feeds/{chronicle:str}/atom/{number:int}", sync_to_thread=True, summary="A full page of the Atom feed")
def atom_page(request: Asker, chronicle: ChronicleId, number: PageNumber) -> Answer:
    """An archive document (RFC 5005, section 4), with tombstones (RFC 6721)."""
    return _feed(request, "atom", to_atom_page.MEDIA_TYPE, chronicle, number)


@get("/feeds/{chronicle:str}/json", sync_to_thread=True, summary="What is new of a chronicle, as JSON Feed")
def json_feed(request: Asker, chronicle: ChronicleId) -> Answer:
    """The newest items (JSON Feed 1.1); `next_url` leads to those before."""
    return _feed(request, "json", to_json_feed.MEDIA_TYPE, chronicle, None)


@get("/feeds/{chronicle:str}/json/{number:int}", sync_to_thread=True, summary="A full page of the JSON Feed")
def json_feed_page(request: Asker, chronicle: ChronicleId, number: PageNumber) -> Answer:
    """The items of a page, and in `_chronicle` what was withdrawn."""
    return _feed(request, "json", to_json_feed.MEDIA_TYPE, chronicle, number)


@get("/feeds/{chronicle:str}/calendar", sync_to_thread=True, summary="The days of a chronicle, as iCalendar")
def calendar(request: Asker, chronicle: ChronicleId) -> Answer:
    """Events that happened, or are planned, on days that are certain (RFC 5545), as they stand now."""
    archive: Archive = request.app.state.archive
    body = b"".join(archive.export(to="ics", chronicle=chronicle).chunks)
    headers = {"content-disposition": f'inline; filename="{chronicle}.ics"'}
    return answered(request, body, keep=OF_NOW, media_type=CALENDAR, headers=headers)


def _feed(request: Asker, form: str, media_type: str, chronicle: str, number: int | None) -> Answer:
    archive: Archive = request.app.state.archive
    body = archive.feed(form, chronicle, base=str(request.base_url), page=number)
    return answered(request, body, keep=ASK_AGAIN if number is None else FOR_EVER, media_type=media_type)


FEEDS = [atom, atom_page, json_feed, json_feed_page, calendar]
