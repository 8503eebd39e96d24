"""The three tables of a segment: versions of events, their facts, and when versions were reported after all.

Instants are Unix seconds, null where nothing bounds them; `recorded` alone is a timestamp, in microseconds. `first` is
the position of the id's first version: of those with the same `first`, the last one stands, unless it is a retraction.
`reported` is as it was at the version's own position, null if undated, and `known` sees the version from `visible` on.
A row of `revisions` takes the place of both from position `since` on. The columns of facts are those of
`event.columns`; they repeat what is needed of their event, so that most questions need one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from chronicle.event.columns import BOUNDS, PRECISION, SCALE, TIMES, time_columns, value_columns
from chronicle.event.model import Citation, Event, Retraction
from chronicle.event.span import EARLIEST, FOREVER
from chronicle.event.standing import standing_of, year_of
from chronicle.when import When

if TYPE_CHECKING:
    import pyarrow as pa  # an extra, and slow to load

EVENTS, FACTS, REVISIONS = "events", "facts", "revisions"
TABLES = (EVENTS, FACTS, REVISIONS)

Row = dict[str, Any]


class Version(NamedTuple):
    """A version of an event as the log has it; `recorded` is in microseconds, the rest in seconds."""

    position: int
    first: int
    chronicle: str
    id: str
    version: int
    recorded: int
    reported: int | None
    visible: int
    document: Event | Retraction


class Revision(NamedTuple):
    """When the version at a position counts as reported from position `since` on."""

    position: int
    since: int
    reported: int | None
    visible: int


def schemas() -> dict[str, pa.Schema]:
    """The columns of each table. Raises ImportError where pyarrow is not installed."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    text, whole, amount = pa.string(), pa.int64(), pa.decimal128(PRECISION, SCALE)
    citations = pa.list_(pa.struct(dict.fromkeys(("source", "locator", "quote"), text)))
    version = {
        **dict.fromkeys(("position", "first", "version"), whole),
        "chronicle": text,
        "event": text,
        "type": text,
        **dict.fromkeys(("earliest", "latest"), whole),
        **dict.fromkeys(("earliest_year", "latest_year"), text),
        **dict.fromkeys(("reported", "visible"), whole),
        "recorded": pa.timestamp("us", tz="UTC"),
    }
    events = {
        **version,
        "retracted": pa.bool_(),
        **dict.fromkeys(("occurred", "title", "stated_by"), text),
        "participants": pa.list_(pa.struct({"entity": text, "role": text})),
        "related": pa.list_(pa.struct({"event": text, "relation": text})),
        "tags": pa.list_(text),
        "sources": citations,
    }
    facts = {
        **version,
        "ordinal": whole,
        **dict.fromkeys(("subject", "attribute"), text),
        "dimensions": pa.map_(text, text),
        "holds": pa.bool_(),
        **dict.fromkeys(("value", "value_type", "text", "entity"), text),
        **dict.fromkeys(("amount", "low", "high"), amount),
        **dict.fromkeys(("unit", "qualifier"), text),
        **dict.fromkeys(TIMES, text),
        **dict.fromkeys(BOUNDS, whole),
        "sources": citations,
    }
    revisions = dict.fromkeys(Revision._fields, whole)
    return {EVENTS: pa.schema(events), FACTS: pa.schema(facts), REVISIONS: pa.schema(revisions)}


def event_row(one: Version) -> Row:
    """The row of a version; a retraction says which event it withdraws, and nothing more."""
    row = {**one._asdict(), "event": one.id, "retracted": isinstance(one.document, Retraction)}
    del row["document"], row["id"]
    document = one.document
    if isinstance(document, Retraction):
        return {**row, "sources": _cited(document.sources)}
    parts = [
        {"entity": p} if isinstance(p, str) else {"entity": p.entity, "role": p.role} for p in document.participants
    ]
    return {
        **row,
        **_standing(document),
        "type": document.type,
        "occurred": document.occurred,
        "title": document.title,
        "stated_by": document.stated_by,
        "participants": parts,
        "related": [{"event": other.event, "relation": other.relation} for other in document.related],
        "tags": document.tags,
        "sources": _cited(document.sources),
    }


def fact_rows(one: Version, event: Row) -> Iterator[Row]:
    """The rows of a version's facts, in order, `ordinal` counting from 0; `event` is its own row."""
    document = one.document
    if isinstance(document, Retraction) or not document.facts:
        return
    when = When.parse(document.occurred)
    about = {name: event[name] for name in _OF_EVENT}
    for ordinal, fact in enumerate(document.facts):
        yield {
            **about,
            "ordinal": ordinal,
            "subject": fact.subject,
            "attribute": fact.attribute,
            "dimensions": sorted(fact.dimensions.items()),
            "holds": fact.holds,
            **value_columns(fact.value),
            **time_columns(fact, when),
            "sources": _cited(fact.sources) or event["sources"],
        }


_STANDING = ("earliest", "latest", "earliest_year", "latest_year")
_OF_VERSION = ("position", "first", "version", "chronicle", "event", "reported", "visible", "recorded")
_OF_EVENT = (*_OF_VERSION, "type", *_STANDING)


def _standing(event: Event) -> Row:
    earliest, latest = standing_of(When.parse(event.occurred))
    return {
        "earliest": None if earliest == EARLIEST else earliest,
        "latest": None if latest == FOREVER else latest,
        "earliest_year": year_of(earliest),
        "latest_year": year_of(latest),
    }


def _cited(citations: list[Citation]) -> list[Row]:
    return [{"source": one.source, "locator": one.locator, "quote": one.quote} for one in citations]
