"""Facts as a table (RFC 4180, UTF-8): one row for each fact of the events, with all that is needed to read it alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from chronicle.event.model import Citation, Fact
from chronicle.event.value import EntityValue, Figure, Flag, Quantity, Range, Text, Value
from chronicle.exchange.cells import defused, joined
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When, instant_text

Row = dict[str, str]

SOURCE_COLUMNS: dict[str, str] = {
    "source_titles": "title",
    "source_publishers": "publisher",
    "source_authors": "author",
    "source_published": "published",
    "source_urls": "url",
    "source_languages": "language",
}
"""Columns about the sources, and the field of a source that each lists."""

COLUMNS = (
    *("chronicle", "event", "version", "type", "occurred", "earliest", "latest", "title"),
    *("subject", "attribute", "cardinality", "dimensions", "holds", "value", "value_type", "label"),
    *("amount", "unit", "qualifier", "low", "high"),
    *("from", "at", "until", "through", "period", "due", "reported"),
    *("sources", "locators", "quotes", *SOURCE_COLUMNS),
)


def to_csv(selection: Selection) -> Export:
    """The table, with a header row; an event without a fact has no row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    left_out = []
    for told in selection.events:
        if not told.event.facts:
            left_out.append((told.id, "states no fact"))
        event = _event(told)
        for fact in told.event.facts:
            row = {**event, **_fact(selection, told, fact)}
            writer.writerow({name: defused(cell) for name, cell in row.items()})
    return Export((text.getvalue().encode(),), tuple(left_out))


def _event(told: Told) -> Row:
    event, record = told.event, told.record
    occurred = When.parse(event.occurred)
    return {
        "chronicle": told.chronicle,
        "event": event.id,
        "version": str(record.header.version),
        "type": event.type,
        "occurred": event.occurred,
        "earliest": occurred.earliest,
        "latest": occurred.latest,
        "title": event.title,
        "reported": "" if record.reported is None else instant_text(record.reported),
    }


def _fact(selection: Selection, told: Told, fact: Fact) -> Row:
    times = {name: getattr(fact, name) or "" for name in ("at", "until", "through", "period", "due")}
    citations = fact.sources or told.event.sources
    return {
        "subject": fact.subject,
        "attribute": fact.attribute,
        "cardinality": selection.attribute(told.chronicle, fact.attribute).cardinality,
        "dimensions": joined(f"{key}={value}" for key, value in sorted(fact.dimensions.items())),
        "holds": "true" if fact.holds else "false",
        **({} if fact.value is None else _value(fact.value, lambda entity: selection.label(told.chronicle, entity))),
        "from": fact.from_ or "",
        **times,
        **_sources(selection, told, citations),
    }


def _value(value: Value, label: Callable[[str], str]) -> Row:
    match value:
        case Text():
            return {"value": value.text, "value_type": "text"}
        case Flag():
            return {"value": "true" if value.flag else "false", "value_type": "boolean"}
        case EntityValue():
            return {"value": value.entity, "value_type": "entity", "label": label(value.entity)}
        case Figure():
            digits = value.number.digits
            return {"value": digits, "value_type": "number", "amount": digits}
        case Quantity():
            amount, qualifier = value.amount.digits, value.qualifier or ""
            return {"value_type": "quantity", "amount": amount, "unit": value.unit, "qualifier": qualifier}
        case Range():
            low, high = value.low.digits, value.high.digits
            return {"value_type": "range", "low": low, "high": high, "unit": value.unit}
    raise AssertionError(value)


def _sources(selection: Selection, told: Told, citations: list[Citation]) -> Row:
    """Lists of the same length and order, a citation an item; one of which nothing says anything is empty."""
    sources = [selection.source(told, citation) for citation in citations]
    lists = {
        "sources": [citation.source for citation in citations],
        "locators": [citation.locator or "" for citation in citations],
        "quotes": [citation.quote or "" for citation in citations],
        **{column: [getattr(one, field) or "" for one in sources] for column, field in SOURCE_COLUMNS.items()},
    }
    return {column: joined(items) if any(items) else "" for column, items in lists.items()}
