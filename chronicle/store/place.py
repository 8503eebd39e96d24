"""A row of facts: the place it lies in, its columns, and the key and the candidate it becomes."""

from __future__ import annotations

from typing import Any, NamedTuple

from chronicle.event.candidate import Candidate, Key
from chronicle.store.effective import reported
from chronicle.store.schema import fact

Pair = tuple[Key, Candidate]


class Place(NamedTuple):
    """An attribute of a subject; there may be several keys of it."""

    chronicle: str
    subject: str
    attribute: str


KEY = tuple(fact.c[name] for name in fact.primary_key.columns.keys())  # noqa: SIM118 - a collection of columns
ROW = (
    *KEY,
    *(fact.c[name] for name in ("from_hi", "until_lo", "until_hi", "value", "holds", "first")),
    reported(fact).label("reported"),
)


def place_of(row: Any) -> Place:
    """The place of a row of facts."""
    return Place(row[0], row[1], row[2])


def pair(row: Any) -> Pair:
    """A fact, from a row of the columns `ROW`, under its key."""
    (chronicle, subject, attribute, _, dimensions, shape, _, from_lo, position, ordinal) = row[:10]
    from_hi, until_lo, until_hi, value, holds, first, reported = row[10:17]
    return (
        Key(chronicle, subject, attribute, dimensions, shape, value or ""),
        Candidate(
            from_lo,
            from_hi,
            until_lo,
            until_hi,
            (reported, first, ordinal),
            value if holds else None,
            position,
            ordinal,
        ),
    )
