"""The form in which an event is added or corrected, what the state would become, and the append itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Redirect

from chronicle import authoring
from chronicle.appending import Appender
from chronicle.errors import ConflictError, Problem, QuestionError, RefusedError, UnknownError, shown
from chronicle.event.canonical import to_plain
from chronicle.event.model import Event
from chronicle.event.value import written
from chronicle.service import Archive
from chronicle.web.access import require
from chronicle.web.pages.comparing import changed
from chronicle.web.pages.page import page
from chronicle.web.pages.telling import Teller
from chronicle.web.pages.view import InPath, TheArchive, TheForm, TheView, View

# Routes are `plain`: a form has a key beside what was typed, which the length of a compressed page would give away.
LINES = ("id", "type", "occurred", "title", "summary", "stated_by", "note")
LISTS = ("participants", "facts", "related", "sources")
LONGEST_WAIT = 60
"""Seconds for the log to take an event."""

LARGEST = 256 * 1024
"""Bytes of a form that are read."""


@get("/chronicles/{chronicle:str}/add", sync_to_thread=True, include_in_schema=False, plain=True)
def add(request: Request[Any, Any, Any], view: TheView, chronicle: InPath) -> Response[str]:
    """An empty form."""
    return _form(request, view, chronicle, {}, version=0)


@get("/chronicles/{chronicle:str}/events/{name:str}/correct", sync_to_thread=True, include_in_schema=False, plain=True)
def correct(
    request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath, name: InPath
) -> Response[str]:
    """The form with the latest version of an event."""
    latest = [one for one in archive.show(name, chronicle=chronicle) if one.header.kind == "event"]
    if not latest or not isinstance(latest[-1].document, Event):
        raise UnknownError(f"there is no event {shown(name)} that could be corrected")
    return _form(request, view, chronicle, filled(latest[-1].document), version=latest[-1].header.version)


@post(
    "/chronicles/{chronicle:str}/record",
    sync_to_thread=True,
    include_in_schema=False,
    plain=True,
    request_max_body_size=LARGEST,
)
def record(
    request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath, given: TheForm
) -> Response[str] | Redirect:
    """Show what an event would change or, if so asked, append it and go to its page.

    The version that the form was made from must still be the latest. A form that was sent twice is appended once.
    """
    version = _version(given.get("version", "0"))
    token, proof = given.pop("token", "").strip(), given.pop("proof", None)
    bearer = require(request, "correct" if version else "append", chronicle, token=token, proof=proof)
    try:
        document = document_of(given)
        expected: dict[str, int] = {document.id: version}
        if given.get("action") == "record":
            appender: Appender = request.app.state.appender
            appender.append(
                [document],
                chronicle=chronicle,
                expected=expected,
                key=given.get("key") or None,
                recorded_by=None if bearer is None else bearer.name,
            ).result(LONGEST_WAIT)
            return Redirect(view.link("chronicles", chronicle, "events", document.id), status_code=303)
        appended, diff = archive.preview([document], chronicle=chronicle, expected=expected, **view.bounds)
    except RefusedError as error:
        return _form(request, view, chronicle, given, version=version, status=422, problems=error.problems)
    except ConflictError as error:
        problem = Problem("document", 0, 0, error.code, str(error))
        return _form(request, view, chronicle, given, version=version, status=409, problems=[problem])
    teller = Teller(archive.forms_leaf(chronicle, **view.bounds).matter, view)
    changes = [changed(teller, one) for one in diff.changes]
    return _form(
        request,
        view,
        chronicle,
        given,
        version=version,
        problems=appended.warnings,
        preview=(appended.receipts[0].outcome, changes),
    )


async def form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a form."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def filled(event: Event) -> dict[str, str]:
    """The fields of the form for an event: lists one item a line, as an event file may have them."""
    plain: Mapping[str, Any] = written(to_plain(event))
    fields = {name: str(plain[name]) for name in LINES if plain.get(name) is not None}
    fields |= {
        name: "\n".join(f"- {msgspec.json.encode(item).decode()}" for item in plain[name])
        for name in LISTS
        if plain.get(name)
    }
    return {**fields, "tags": ", ".join(event.tags)}


def document_of(given: Mapping[str, str]) -> Event:
    """The event of a form. Raises RefusedError."""
    head: dict[str, object] = {name: given[name].strip() for name in LINES if given.get(name, "").strip()}
    head["kind"] = "event"
    tags = [tag.strip() for tag in given.get("tags", "").split(",") if tag.strip()]
    if tags:
        head["tags"] = tags
    document = authoring.written(head, {name: given.get(name, "").replace("\r\n", "\n") for name in LISTS})
    assert isinstance(document, Event), "its kind is given"
    return document


def _form(
    request: Request[Any, Any, Any],
    view: View,
    chronicle: str,
    given: Mapping[str, str],
    *,
    version: int,
    status: int = 200,
    problems: Any = (),
    preview: Any = None,
) -> Response[str]:
    archive: Archive = request.app.state.archive
    teller = Teller(archive.forms_leaf(chronicle, **view.bounds).matter, view)
    return page(
        view,
        "record.html.j2",
        needs_token=view.needs_token and view.visitor is None,
        status=status,
        chronicle=teller,
        given=given,
        key=given.get("key") or secrets.token_urlsafe(16),
        version=version,
        problems=problems,
        preview=preview,
        sources_there=sorted(teller.matter.sources),
        entities_there=sorted(teller.matter.entities),
        types=sorted({one.document.type for one in teller.matter.events if isinstance(one.document, Event)}),
    )


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise QuestionError("version: the form lacks the version that it was made from")
    return int(text)
