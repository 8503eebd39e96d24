"""The pages on which a chronicle is read: which there are, its timeline, and its state beside it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from markupsafe import Markup

from chronicle.admitting import Pass
from chronicle.errors import UnknownError
from chronicle.event.model import Chronicle
from chronicle.narrative.chapters import Told
from chronicle.narrative.formats.drawn import drawn
from chronicle.narrative.lanes import timeline as timeline_of
from chronicle.service import Archive
from chronicle.web.pages.page import page
from chronicle.web.pages.stops import as_of_slider, known_slider
from chronicle.web.pages.telling import Teller
from chronicle.web.pages.view import InPath, TheArchive, TheView

MOST_ROWS = 500
"""Rows of the state on one page; the pages of its subjects have the others."""


@get("/", sync_to_thread=True, include_in_schema=False, of_each=True)
def home(request: Request[Any, Any, Any], archive: TheArchive, view: TheView) -> Response[str]:
    """Every chronicle that may be read by its title, and a field to search them all."""
    found = []
    for name in readable(request, archive):
        about = _about(archive, name)
        title, description = (name, None) if about is None else (about.title, about.description)
        found.append((view.link("chronicles", name), title, description))
    return page(view, "home.html.j2", chronicles=found, chronicle=None)


def readable(request: Request[Any, Any, Any], archive: Archive) -> list[str]:
    """The chronicles that whoever asks may read."""
    bearer: Pass | None = request.state.get("bearer")
    return [
        name
        for name in archive.names("chronicle", "")
        if bearer is None or not bearer.chronicles or name in bearer.chronicles
    ]


@get("/chronicles/{chronicle:str}", sync_to_thread=True, include_in_schema=False)
def timeline(archive: TheArchive, view: TheView, chronicle: InPath) -> Response[str]:
    """The events along time and in a list, and the state beside them, for the two dates of the sliders."""
    teller = Teller(archive.matter(chronicle, **view.bounds), view)
    told = teller.told()
    return page(
        view,
        "timeline.html.j2",
        chronicle=teller,
        events=told,
        picture=picture(teller, told),
        rows=teller.rows(teller.matter.state[:MOST_ROWS]),
        left_out=max(len(teller.matter.state) - MOST_ROWS, 0),
        **sliders(teller),
    )


def sliders(teller: Teller) -> dict[str, Any]:
    """The two sliders of a page."""
    return {
        "as_of": as_of_slider(teller.matter),
        "known": known_slider(teller.matter, teller.matter.basis.known),
    }


def picture(teller: Teller, told: list[Told]) -> tuple[Markup, Markup] | None:
    """The timeline as drawn for a desk and for a phone; None where there is nothing to draw."""
    made = timeline_of(told, teller.setting)
    if made is None:
        return None
    wide, narrow = drawn(made, teller.view.lang), drawn(made, teller.view.lang, "narrow")
    assert wide is not None, "a timeline needs no extra"
    assert narrow is not None, "a timeline needs no extra"
    return Markup(wide), Markup(narrow)  # noqa: S704 - SVG that escapes its texts


def _about(archive: Archive, name: str) -> Chronicle | None:
    try:
        versions = archive.show(name, chronicle=name)
    except UnknownError:
        return None
    return next((one.document for one in reversed(versions) if isinstance(one.document, Chronicle)), None)
