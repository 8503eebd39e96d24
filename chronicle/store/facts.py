"""The index rows of an event: of its facts, and of when it occurred."""

from __future__ import annotations

from typing import Any

import rfc8785

from chronicle.event.model import Event, LogDocument
from chronicle.event.span import SINCE_EVER, shape_of, span_of, when_of
from chronicle.event.standing import standing_of
from chronicle.store.lanes import lane_of
from chronicle.store.reports import Report


def fact_rows(position: int, chronicle: str, document: LogDocument, first: int, now: Report) -> list[tuple[Any, ...]]:
    """One row for each fact of an event, in the order of the table's columns; none for other documents.

    `first` is the position of the id's first version, `now` the report of this one as of its own position.
    """
    if not isinstance(document, Event) or not document.facts:
        return []
    occurred = when_of(document.occurred)
    rows = []
    for ordinal, fact in enumerate(document.facts):
        span = span_of(fact, occurred)
        rows.append(
            (
                chronicle,
                fact.subject,
                fact.attribute,
                False,
                dimensions_text(fact.dimensions),
                "" if fact.period is None else shape_of(fact.period),
                lane_of(span),
                span.from_lo,
                position,
                ordinal,
                span.from_hi,
                span.until_lo,
                span.until_hi,
                None if fact.value is None else fact.value.same,
                fact.holds,
                first,
                None,
                SINCE_EVER if now.reported is None else now.reported,
                now.visible,
                None,
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
