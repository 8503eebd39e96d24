"""What a page is asked for: the bounds of its state and the language, both in its address, so that it can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypedDict
from urllib.parse import quote, urlencode

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import PathParameter

from chronicle.asking import Bounds
from chronicle.errors import QuestionError, shown
from chronicle.narrative.language.wording import SOURCE, languages
from chronicle.service import Archive
from chronicle.web.visitors import Visitor

_LONGEST = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The bounds of a page, as given, and its language; `asked_lang` is None where the browser chose it.

    `visitor` is whose session it is shown in, `here` its own address; `needs_token` where anything here asks for one.
    """

    as_of: str | None = None
    known: str | None = None
    position: int | None = None
    zone: str = "UTC"
    asked_lang: str | None = None
    lang: str = SOURCE
    visitor: Visitor | None = None
    here: str = "/"
    needs_token: bool = False

    @property
    def entrance(self) -> str | None:
        """The address at which one logs in and comes back here; None where that would change nothing."""
        if not self.needs_token or self.visitor is not None:
            return None
        return self.link("login", next=self.here, as_of=None, known=None, position=None, zone=None)

    @property
    def bounds(self) -> Bounds:
        """The bounds of a question."""
        return Bounds(as_of=self.as_of, known=self.known, position=self.position, zone=self.zone)

    @property
    def query(self) -> dict[str, str]:
        """The parameters that say what this is a view of; none for the state of now in the browser's language."""
        given = {
            "as_of": self.as_of,
            "known": self.known,
            "position": None if self.position is None else str(self.position),
            "zone": None if self.zone == "UTC" else self.zone,
            "lang": self.asked_lang,
        }
        return {name: value for name, value in given.items() if value is not None}

    def link(self, *path: str, **changes: str | int | None) -> str:
        """The address of a page with this view, save for the parameters that are changed; None leaves one out."""
        query: dict[str, str | int | None] = {**self.query, **changes}
        said = urlencode([(name, value) for name, value in query.items() if value is not None])
        where = "/" + "/".join(quote(part, safe="~:") for part in path)
        return f"{where}?{said}" if said else where

    def feed(self, chronicle: str, form: str) -> str:
        """The address of a feed of a chronicle, which is the same whatever the view."""
        return View().link("feeds", chronicle, form)


TheArchive = NamedDependency[Archive]
TheView = NamedDependency[View]
TheForm = NamedDependency[dict[str, str]]
InPath = Annotated[str, PathParameter()]


def view(request: Request[Any, Any, Any]) -> View:
    """The view that a request asks for; a blank field of a form asks for nothing. Raises QuestionError."""
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    lang = given.get("lang")
    if lang is not None and lang not in languages():
        raise QuestionError(f"there are no pages in the language {shown(lang)}: there are {', '.join(languages())}")
    return View(
        as_of=given.get("as_of"),
        known=given.get("known"),
        position=_position(given.get("position")),
        zone=given.get("zone", "UTC"),
        asked_lang=lang,
        lang=lang or preferred(request.headers.get("accept-language", "")),
        **visit(request),
    )


class Visit(TypedDict):
    """What of a view does not stand in its address."""

    visitor: Visitor | None
    here: str
    needs_token: bool


def visit(request: Request[Any, Any, Any]) -> Visit:
    """In whose session a page is asked for, and where; a form is come back from to the first page."""
    raw, query = request.scope.get("raw_path", b"/"), request.scope.get("query_string", b"")
    here = "/"
    if request.method == "GET" and not request.url.path.startswith("/login"):
        here = raw.partition(b"?")[0].decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
    needed = request.app.state.mode != "open"
    return Visit(visitor=request.state.get("visitor"), here=here, needs_token=needed)


def preferred(header: str) -> str:
    """The language among those there are that `Accept-Language` (RFC 9110, section 12.5.4) likes best, else English."""
    best, found = 0.0, SOURCE
    for part in header.split(",")[:20]:
        tag, _, weight = part.partition(";")
        name = tag.strip().split("-")[0].lower()
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name in languages() and quality > best:
            best, found = quality, name
    return found


def _position(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        raise QuestionError("position: expected the number of a record, such as 42")
    return int(text)
