"""The index rows of an event: of its facts, and of when it occurred."""

from __future__ import annotations

from typing import Any

import rfc8785

from chronicle.event.model import Event, LogDocument
from chronicle.event.span import SINCE_EVER, shape_of, span_of
from chronicle.event.standing import standing_of
from chronicle.store.lanes import lane_of
from chronicle.store.reports import Report
from chronicle.when import When


def fact_rows(position: int, chronicle: str, document: LogDocument, first: int, now: Report) -> list[dict[str, Any]]:
    """One row for each fact of an event; none for other documents.

    `first` is the position of the id's first version, `now` the report of this one as of its own position.
    """
    if not isinstance(document, Event) or not document.facts:
        return []
    occurred = When.parse(document.occurred)
    rows = []
    for ordinal, fact in enumerate(document.facts):
        span = span_of(fact, occurred)
        rows.append(
            {
                "chronicle": chronicle,
                "subject": fact.subject,
                "attribute": fact.attribute,
                "past": False,
                "dimensions": dimensions_text(fact.dimensions),
                "shape": "" if fact.period is None else shape_of(fact.period),
                "lane": lane_of(span),
                "from_lo": span.from_lo,
                "position": position,
                "ordinal": ordinal,
                "from_hi": span.from_hi,
                "until_lo": span.until_lo,
                "until_hi": span.until_hi,
                "value": None if fact.value is None else fact.value.same,
                "holds": fact.holds,
                "first": first,
                "superseded": None,
                "reported": SINCE_EVER if now.reported is None else now.reported,
                "visible": now.visible,
                "revised": None,
            }
        )
    return rows


def occurrence_row(position: int, chronicle: str, event: Event, reported: int | None) -> dict[str, Any]:
    """The row of a version of an event that no other has superseded; `reported` is as of its own position."""
    return {
        "position": position,
        **standing_of(When.parse(event.occurred))._asdict(),
        "superseded": None,
        "reported": SINCE_EVER if reported is None else reported,
        "chronicle": chronicle,
        "id": event.id,
        "type": event.type,
    }


def dimensions_text(dimensions: dict[str, str]) -> str:
    """One text for equal dimensions: RFC 8785 JSON, empty for none."""
    return rfc8785.dumps(dimensions).decode() if dimensions else ""
