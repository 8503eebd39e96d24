"""The page on which all documents are searched."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from markupsafe import Markup, escape

from chronicle.event.model import Event
from chronicle.narrative.inert import clean
from chronicle.narrative.language import Language
from chronicle.state.search import Hit
from chronicle.web.pages.page import page
from chronicle.web.pages.view import TheArchive, TheView, View
from chronicle.when import When

MOST = 50

_PAGES = {"event": "events", "entity": "entities", "attribute": "attributes", "source": "sources"}


@get("/search", sync_to_thread=True, include_in_schema=False)
def search(request: Request[Any, Any, Any], archive: TheArchive, view: TheView) -> Response[str]:
    """The documents that have every word, best first, each with where it was found."""
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    query, chronicle = given.get("q", ""), given.get("chronicle")
    hits = None
    if query:
        hits = archive.search(
            query, chronicle=chronicle, limit=MOST, known=view.known, position=view.position, zone=view.zone
        )
    language = Language(view.lang, {}, {})
    return page(
        view,
        "search.html.j2",
        chronicle=None,
        query=query,
        asked=chronicle,
        chronicles=archive.names("chronicle", ""),
        total=None if hits is None else hits.total,
        results=[] if hits is None else [_result(view, language, hit) for hit in hits.results],
    )


def _result(view: View, language: Language, hit: Hit) -> dict[str, Any]:
    header, document = hit.record.header, hit.record.document
    place = _PAGES.get(header.kind)
    path = ("chronicles", header.chronicle) if place is None else ("chronicles", header.chronicle, place, header.id)
    date = None
    if isinstance(document, Event):
        date = "".join(run.text for run in language.when(When.parse(document.occurred)).form(""))
    return {
        "kind": header.kind,
        "chronicle": header.chronicle,
        "title": hit.title,
        "date": date,
        "link": view.link(*path),
        "snippet": marked(hit.snippet),
    }


def marked(snippet: str) -> Markup:
    """A snippet with what was found in it, which stands between its first two asterisks, marked."""
    before, found, after = (*snippet.split("*", 2), "", "")[:3]
    inside = f"<mark>{escape(clean(found))}</mark>" if found else ""
    return Markup(f"{escape(clean(before))}{inside}{escape(clean(after))}")  # noqa: S704 - escaped
