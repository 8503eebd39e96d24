"""The pages of what a chronicle names: events, entities, attributes and sources, each with what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
from litestar import Request, Response, get
from markupsafe import Markup

from chronicle.errors import UnknownError, shown
from chronicle.event.canonical import to_plain
from chronicle.event.model import Event, Redacted
from chronicle.event.record import Record
from chronicle.event.value import written
from chronicle.narrative.pictures import history as drawing
from chronicle.narrative.setting import Stated
from chronicle.service import Archive
from chronicle.state.answer import moment_text, recorded_text
from chronicle.state.held import History
from chronicle.web.pages.page import page
from chronicle.web.pages.reading import sliders
from chronicle.web.pages.telling import Teller, key_row, sources_of
from chronicle.web.pages.view import InPath, TheArchive, TheView
from chronicle.when import instant_text

MOST_HISTORIES = 24
"""Histories that are drawn on one page."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document: when it was recorded and reported, what it mended, and how it stands in the log."""

    number: int
    position: int
    recorded: str
    recorded_by: str
    reported: str | None
    changed: tuple[str, ...]
    note: str | None
    redacted: str | None
    leaf: str
    proof: str
    json: str


@get("/chronicles/{chronicle:str}/events/{name:str}", sync_to_thread=True, include_in_schema=False)
def event(archive: TheArchive, view: TheView, chronicle: InPath, name: InPath) -> Response[str]:
    """One event: what it states and from where, what it is related to, its versions and their place in the log."""
    leaf = archive.event_leaf(chronicle, name, **view.bounds)
    teller = Teller(leaf.matter, view)
    versions = _versions(archive, teller, "event", name)
    found = next((record for record in teller.matter.events if record.header.id == name), None)
    document = found.document if found is not None and isinstance(found.document, Event) else None
    told = next((one for one in teller.told() if one.event.id == name), None)
    back = [
        (one.document.id, relation.relation)
        for one in teller.matter.events
        if isinstance(one.document, Event)
        for relation in one.document.related
        if relation.event == name
    ]
    return page(
        view,
        "event.html.j2",
        chronicle=teller,
        name=name,
        event=document,
        told=told,
        facts=[] if document is None else list(_facts(teller, document)),
        sources=[] if document is None else sources_of(teller, document.sources),
        back=back,
        versions=versions,
        correct=teller.link("events", name, "correct"),
        **sliders(leaf),
    )


@get("/chronicles/{chronicle:str}/entities/{name:str}", sync_to_thread=True, include_in_schema=False)
def entity(archive: TheArchive, view: TheView, chronicle: InPath, name: InPath) -> Response[str]:
    """One entity, or any other subject: what holds of it, how that went over time, and the events that name it."""
    about = archive.subject_leaf(chronicle, name, **view.bounds)
    teller = Teller(about.leaf.matter, view)
    return page(
        view,
        "entity.html.j2",
        chronicle=teller,
        name=name,
        entity=about.declared,
        rows=teller.rows(about.leaf.matter.state),
        events=teller.told(),
        histories=_drawn(teller, about.histories),
        left_out=len(about.histories) > MOST_HISTORIES,
        hot=[teller.attribute(one, name, {}) for one in about.hot],
        more=view.link("search", q=teller.language.label(name).text, chronicle=chronicle) if about.is_cut else None,
        versions=[] if about.declared is None else _versions(archive, teller, "entity", name),
        **sliders(about.leaf),
    )


@get("/chronicles/{chronicle:str}/attributes/{name:str}", sync_to_thread=True, include_in_schema=False)
def attribute(
    request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath, name: InPath
) -> Response[str]:
    """One attribute, and how it went over time: of one `subject`, or of the first that have it `after` another."""
    subject, after = request.query_params.get("subject") or None, request.query_params.get("after", "")
    about = archive.attribute_leaf(chronicle, name, subject=subject, after=after, **view.bounds)
    teller = Teller(about.leaf.matter, view)
    following = about.leaf.next
    return page(
        view,
        "attribute.html.j2",
        chronicle=teller,
        name=name,
        attribute=about.declared,
        subject=subject,
        subjects=about.names,
        after=after,
        following=teller.link("attributes", name, after=following) if following and subject is None else None,
        histories=_drawn(teller, about.histories),
        left_out=len(about.histories) > MOST_HISTORIES,
        hot=[teller.entity(one) for one in about.hot],
        versions=[] if about.declared is None else _versions(archive, teller, "attribute", name),
        **sliders(about.leaf),
    )


@get("/chronicles/{chronicle:str}/sources/{name:str}", sync_to_thread=True, include_in_schema=False)
def source(
    request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath, name: InPath
) -> Response[str]:
    """One source, and the events that cite it; of many, those recorded `after` some."""
    about = archive.source_leaf(chronicle, name, after=request.query_params.get("after") or None, **view.bounds)
    teller = Teller(about.leaf.matter, view)
    following, position = about.leaf.next, about.leaf.matter.basis.position
    return page(
        view,
        "source.html.j2",
        chronicle=teller,
        name=name,
        source=about.declared,
        events=teller.told(),
        following=teller.link("sources", name, after=following, position=position) if following else None,
        versions=_versions(archive, teller, "source", name),
        **sliders(about.leaf),
    )


def _facts(teller: Teller, event: Event) -> Iterable[tuple[Markup, Markup, Markup, Markup, list[tuple[Markup, Any]]]]:
    for ordinal, fact in enumerate(event.facts):
        stated = Stated(event, ordinal)
        yield (
            teller.entity(fact.subject),
            teller.attribute(fact.attribute, fact.subject, fact.dimensions),
            teller.text(teller.setting.value(stated, bare=True)),
            teller.text(teller.setting.time(stated)),
            sources_of(teller, stated.cites),
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A history: its key, its pictures, and the same as rows of start, end, value, certainty and events."""

    subject: Markup
    attribute: Markup
    wide: Markup
    narrow: Markup
    rows: list[tuple[Markup, Markup, Markup, bool, bool, list[Markup]]]


def _drawn(teller: Teller, histories: Sequence[History]) -> list[Drawn]:
    found = []
    for number, one in enumerate(histories[:MOST_HISTORIES]):
        name = str(one.key["attribute"])
        said = [teller.held(part.held, name) or Markup() for part in one.segments]
        stretches = [
            drawing.Stretch(part.start, part.end, text.striptags(), part.held.certain, drawing.amount(part.held.values))
            for part, text in zip(one.segments, said, strict=True)
        ]
        subject, attribute = key_row(teller, one.key)
        title = f"{subject.striptags()}: {attribute.striptags()}"
        rows = [
            (
                _moment(teller, part.start),
                _moment(teller, part.end),
                text,
                part.held.certain,
                part.held.may_be_absent,
                [teller.event(id_) for id_ in part.held.events],
            )
            for part, text in zip(one.segments, said, strict=True)
        ]
        wide, narrow = (
            _picture(teller, stretches, title, f"history-{number}", breadth)
            for breadth in (drawing.WIDE, drawing.NARROW)
        )
        found.append(Drawn(subject, attribute, wide, narrow, rows))
    return found


def _picture(teller: Teller, stretches: Sequence[drawing.Stretch], title: str, name: str, breadth: int) -> Markup:
    svg = drawing.draw(stretches, title, name, teller.matter.last_second, teller.view.lang, breadth)
    return Markup(svg)  # noqa: S704 - SVG that escapes its texts


def _moment(teller: Teller, second: int | None) -> Markup:
    return Markup("…") if second is None else teller.date(moment_text(second))


def _versions(archive: Archive, teller: Teller, kind: str, name: str) -> list[Version]:
    """What was recorded of a document within the view, the latest first. Raises UnknownError if that is nothing."""
    basis = teller.matter.basis
    found = archive.show(name, chronicle=teller.id, known=basis.known, position=basis.position, zone=basis.zone)
    records = [one for one in found if one.header.kind == kind]
    if not records:
        raise UnknownError(f"there is no {kind} {shown(name)}")
    told = [_version(teller, one, before) for before, one in pairwise([None, *records]) if one is not None]
    return told[::-1]


def _version(teller: Teller, record: Record, before: Record | None) -> Version:
    document, header = record.document, record.header
    plain = written(to_plain(document))
    was = {} if before is None else to_plain(before.document)
    now = to_plain(document)
    names = sorted(name for name in {*was, *now} if was.get(name) != now.get(name)) if before is not None else []
    return Version(
        header.version,
        record.position,
        recorded_text(header.recorded),
        header.recorded_by,
        None if record.reported is None else instant_text(record.reported)[:10],
        tuple(names),
        getattr(document, "note", None),
        document.reason if isinstance(document, Redacted) else None,
        header.leaf().hex(),
        teller.view.link("api", "prove", id=header.id, chronicle=header.chronicle, version=header.version),
        msgspec.json.format(msgspec.json.encode(plain), indent=2).decode(),
    )
