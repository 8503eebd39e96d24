"""The index rows of an event: of its facts, and of when it occurred."""

from __future__ import annotations

from typing import Any

import rfc8785

from chronicle.event.model import Event, LogDocument
from chronicle.event.span import SINCE_EVER, shape_of, span_of, when_of
from chronicle.event.standing import standing_of


def fact_rows(position: int, chronicle: str, document: LogDocument) -> list[tuple[Any, ...]]:
    """One row for each fact of an event, in the order of the table's columns; none for other documents."""
    if not isinstance(document, Event) or not document.facts:
        return []
    occurred = when_of(document.occurred)
    rows = []
    for ordinal, fact in enumerate(document.facts):
        span = span_of(fact, occurred)
        rows.append(
            (
                position,
                ordinal,
                chronicle,
                fact.subject,
                fact.attribute,
                dimensions_text(fact.dimensions),
                "" if fact.period is None else shape_of(fact.period),
                None if fact.value is None else fact.value.same,
                fact.holds,
                span.from_lo,
                span.from_hi,
                span.until_lo,
                span.until_hi,
            )
        )
    return rows


def occurrence_row(position: int, chronicle: str, event: Event, reported: int | None) -> tuple[Any, ...]:
    """The row of a version of an event that no other has superseded; `reported` is as of its own position."""
    standing = standing_of(when_of(event.occurred))
    since = SINCE_EVER if reported is None else reported
    return (position, standing.earliest, standing.latest, None, since, chronicle, event.id, event.type)


def dimensions_text(dimensions: dict[str, str]) -> str:
    """One text for equal dimensions: RFC 8785 JSON, empty for none."""
    return rfc8785.dumps(dimensions).decode() if dimensions else ""
