"""The page on which all documents are searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from markupsafe import Markup, escape

from chronicle.event.model import KINDS, Event
from chronicle.narrative.inert import clean
from chronicle.narrative.language import Language
from chronicle.state.search import Hit
from chronicle.web.pages.page import page
from chronicle.web.pages.reading import readable
from chronicle.web.pages.view import TheArchive, TheView, View
from chronicle.when import When

MOST = 50
"""Hits on one page."""

STRETCH = 2_000
"""Documents that have the words of which the best are told first; the next pages have the others."""

_FILTERS = ("chronicle", "kind", "type", "tag", "from", "to")

_PAGES = {"event": "events", "entity": "entities", "attribute": "attributes", "source": "sources"}


@get("/search", sync_to_thread=True, include_in_schema=False)
def search(request: Request[Any, Any, Any], archive: TheArchive, view: TheView) -> Response[str]:
    """The documents that have every word and fit every filter, best first, each with where it was found.

    The link to the next page names the position of this one, so that no hit is repeated or left out.
    """
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    asked = {name: given[name] for name in _FILTERS if name in given}
    query = given.get("q", "")
    hits = None
    following = None
    if query:
        hits = archive.search(
            query,
            chronicle=asked.get("chronicle"),
            kinds=_one(asked, "kind"),
            types=_one(asked, "type"),
            tags=_one(asked, "tag"),
            since=asked.get("from"),
            until=asked.get("to"),
            limit=MOST,
            after=given.get("after"),
            stretch=STRETCH,
            known=view.known,
            position=view.position,
            zone=view.zone,
        )
        if hits.next is not None:
            following = view.link("search", q=query, **{**asked, "position": hits.basis.position, "after": hits.next})
    language = Language(view.lang, {}, {})
    return page(
        view,
        "search.html.j2",
        chronicle=None,
        query=query,
        asked=asked,
        kinds=list(KINDS),
        chronicles=readable(request, archive),
        total=None if hits is None else f"{hits.total}" if hits.is_whole else f"{hits.total}\N{NO-BREAK SPACE}…",
        results=[] if hits is None else [_result(view, language, hit) for hit in hits.results],
        following=following,
    )


def _one(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (asked[name],) if name in asked else ()


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
