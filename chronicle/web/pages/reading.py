"""The pages on which a chronicle is read: which there are, its timeline, and its state beside it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from markupsafe import Markup

from chronicle.admitting import Pass
from chronicle.errors import UnknownError
from chronicle.event.model import Chronicle
from chronicle.leafing import Leaf
from chronicle.narrative.chapters import Told
from chronicle.narrative.formats.drawn import drawn
from chronicle.narrative.lanes import timeline as timeline_of
from chronicle.service import Archive
from chronicle.web.pages.page import page
from chronicle.web.pages.stops import as_of_slider, known_slider
from chronicle.web.pages.telling import Teller
from chronicle.web.pages.view import InPath, TheArchive, TheView

_NARROWING: tuple[str, ...] = ("subject", "attribute")
_TURNS: tuple[str, ...] = ("before", "after", "rows")


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
def timeline(request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath) -> Response[str]:
    """The events along time and in a list, and the state beside them, for the two dates of the sliders.

    Of a large chronicle these are the events around the date, or `before` or `after` a place, and the rows of the state
    after `rows`; `subject` and `attribute` narrow it.
    """
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    asked = {name: given[name] for name in _NARROWING if name in given}
    turns = {name: given[name] for name in _TURNS if name in given}
    leaf = archive.leaf(
        chronicle,
        before=turns.get("before"),
        after=turns.get("after"),
        rows_after=turns.get("rows"),
        subject=asked.get("subject"),
        attribute=asked.get("attribute"),
        **view.bounds,
    )
    teller = Teller(leaf.matter, view)
    told = teller.told()

    def link(part: str, **changes: str | None) -> str:
        """The same page with other events or rows, at the position of this one so that nothing is repeated."""
        query: dict[str, str | int | None] = {**asked, **turns, "position": leaf.matter.basis.position}
        return f"{teller.link(**{**query, **changes})}#{part}"

    return page(
        view,
        "timeline.html.j2",
        chronicle=teller,
        events=told,
        picture=picture(teller, told),
        rows=teller.rows(leaf.matter.state),
        asked=asked,
        turns=turns,
        leaf=leaf,
        earlier=link("events", before=leaf.earlier, after=None) if leaf.earlier else None,
        later=link("events", before=None, after=leaf.later) if leaf.later else None,
        around=link("events", before=None, after=None) if {"before", "after"} & turns.keys() else None,
        following=link("state", rows=leaf.next) if leaf.next else None,
        first=link("state", rows=None) if "rows" in turns else None,
        **sliders(leaf),
    )


def sliders(leaf: Leaf) -> dict[str, Any]:
    """The two sliders of a page."""
    return {
        "as_of": as_of_slider(leaf.as_of, leaf.matter.last_second),
        "known": known_slider(leaf.known, leaf.matter.basis.known),
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
