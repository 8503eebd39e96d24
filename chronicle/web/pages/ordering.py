"""The page on which a report is ordered: what is told, of when, in which language and format, as one address."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from chronicle.event.model import Event
from chronicle.narrative.formats.registry import COMPANIONS, FORMATS
from chronicle.narrative.order import KINDS
from chronicle.web.pages.page import page
from chronicle.web.pages.telling import Teller
from chronicle.web.pages.view import InPath, TheArchive, TheView

_ASKED = ("kind", "format", "since", "entity", "from", "to", "type", "tag")


@get("/chronicles/{chronicle:str}/report", sync_to_thread=True, include_in_schema=False)
def report(request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath) -> Response[str]:
    """A form, and the address of the report that its fields order."""
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    asked = {name: given[name] for name in _ASKED if name in given}
    teller = Teller(archive.forms_leaf(chronicle, **view.bounds).matter, view)
    events = [one.document for one in teller.matter.events if isinstance(one.document, Event)]
    return page(
        view,
        "report.html.j2",
        chronicle=teller,
        asked=asked,
        kinds=KINDS,
        formats=[*FORMATS, *COMPANIONS],
        types=sorted({event.type for event in events}),
        tags=sorted({tag for event in events for tag in event.tags}),
        entities=sorted(teller.matter.entities, key=lambda one: teller.language.label(one).text.casefold()),
        address=view.link("api", "report", chronicle, **asked) if asked else None,
    )
