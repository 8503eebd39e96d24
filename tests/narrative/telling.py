"""A small chronicle for tests of the report, told as of any date, without a database."""

from __future__ import annotations

from typing import Any

from chronicle.event.canonical import Header, from_plain
from chronicle.event.model import Attribute, Chronicle, Entity, Event, Source
from chronicle.event.record import Record
from chronicle.narrative.formats import markdown
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.order import Order
from chronicle.narrative.report import compose
from chronicle.state.answer import Basis
from chronicle.when import When, resolve_bound

RECORDED = 1_900_000_000_000_000  # in 2030

SOURCE = {"id": "paper", "title": "A paper", "publisher": "The Press", "published": "2026-02-24"}
PLACES = [
    {"id": "az", "label": "Azerbaijan", "type": "country"},
    {"id": "us", "label": "United States", "type": "country"},
    {"id": "bp", "label": "bp", "type": "company"},
    {"id": "ann", "label": "Ann Lee", "type": "person"},
]


def number(digits: str) -> dict[str, str]:
    """A number as documents hold it."""
    return {"$number": digits}


def event(**fields: Any) -> dict[str, Any]:
    """An event of the paper, unless it says otherwise."""
    given = {"id": "one", "type": "thing.happened", "occurred": "2025", "title": "A thing happened"}
    return {**given, "sources": [{"source": "paper", "locator": "page 1"}], **fields}


def matter(
    *events: dict[str, Any],
    as_of: str = "2026-03-01",
    sources: list[dict[str, Any]] | None = None,
    entities: list[dict[str, Any]] | None = None,
    attributes: list[dict[str, Any]] | None = None,
    about: dict[str, Any] | None = None,
    known: str | None = None,
    zone: str = "UTC",
) -> ReportMatter:
    """What a report of these events is made from; the state is left empty."""
    bound = resolve_bound(as_of, zone=zone, now=RECORDED)
    bibliography = {one["id"]: _read("source", one, Source) for one in sources or [SOURCE]}
    glossary = {one["id"]: _read("entity", one, Entity) for one in entities or PLACES}
    return ReportMatter(
        chronicle="test",
        archive="archive-1",
        basis=Basis(len(events), bound.text, known, zone, None),
        last_second=bound.last,
        events=tuple(_record(position, plain, bibliography) for position, plain in enumerate(events, 1)),
        state=(),
        about={"test": _read("chronicle", about or {"id": "test", "title": "Tests"}, Chronicle)},
        sources=bibliography,
        entities=glossary,
        attributes={one["id"]: _read("attribute", one, Attribute) for one in attributes or []},
    )


def told(*events: dict[str, Any], **rest: Any) -> str:
    """The report, without its colophon."""
    return as_markdown(matter(*events, **rest)).partition("## Colophon")[0]


def as_markdown(given: ReportMatter) -> str:
    """The narrative without pictures, as Markdown."""
    return markdown.write(compose(given, Order(pictures=False)))


def _read(kind: str, plain: dict[str, Any], model: type[Any]) -> Any:
    document = from_plain(kind, plain)
    assert isinstance(document, model)
    return document


def _record(position: int, plain: dict[str, Any], sources: dict[str, Source]) -> Record:
    document = _read("event", plain, Event)
    header = Header("archive-1", "test", "event", document.id, 1, document.type, RECORDED, "tests", b"")
    published = [sources[one.source].published for one in document.sources if one.source in sources]
    days = [When.parse(text).strict_hi for text in published if text is not None]
    reported = min((day - 1 for day in days if day is not None), default=None)
    visible = header.recorded // 1_000_000 if reported is None else reported
    return Record(position, header, document, position, reported, visible)
