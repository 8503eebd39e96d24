"""The half of the hall that finds documents by their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from chronicle.asking import Asked
from chronicle.errors import QuestionError, shown
from chronicle.event.model import Entity
from chronicle.event.record import Record
from chronicle.event.words import token
from chronicle.state.search import Filter, Hits, Place, named, place, search, terms
from chronicle.store import lookup, read

AT_ONCE = 500
"""How many candidates are read at a time."""

LONGEST = 18


def found(
    connection: Any,
    asked: Asked,
    query: str,
    wanted: Filter,
    *,
    chronicle: str | None,
    limit: int,
    after: str | None,
    stretch: int | None = None,
) -> Hits:
    """The documents within the horizon that have every word of the query, whatever the date asked about.

    Those of a `stretch` of so many candidates are ranked among each other, in the order of the log stretch by stretch;
    without one, all are. Raises QuestionError for a query without a word, and for what no page said comes `after` it.
    """
    named_terms = terms(query)
    begin, start = _begin(after, in_stretches=stretch is not None)
    if chronicle is not None:
        asked.require_chronicle(chronicle)
    candidates = lookup.candidates(
        connection,
        asked.horizon,
        [lookup.Part(tuple(map(token, term.words)), is_whole=term.exact) for term in named_terms],
        chronicle=chronicle,
        kinds=("event",) if wanted.is_of_events and not wanted.kinds else wanted.kinds,
        types=wanted.types,
        after=begin,
        most=None if stretch is None else stretch + 1,
    )
    is_cut = stretch is not None and len(candidates) > stretch
    labels: dict[tuple[str, str], str] = {}
    fitting = (one for one in _read(connection, asked, candidates[:stretch], labels) if wanted.fits(one.document))
    total, results, last = search(fitting, named_terms, labels, limit, start)
    following = None if last is None else last.text
    if stretch is not None and (following is not None or is_cut):
        following = f"{begin}~{following}" if following is not None else f"{candidates[stretch - 1].position}~"
    basis = replace(asked.basis, as_of=None)
    return Hits(basis, query, total, tuple(results), following, is_whole=not is_cut and not begin)


def _begin(after: str | None, *, in_stretches: bool) -> tuple[int, Place | None]:
    """After which position a stretch begins, and after which place in it a page. Raises QuestionError."""
    if after is None:
        return 0, None
    if not in_stretches:
        return 0, place(after)
    position, mark, rest = after.partition("~")
    if not mark or not (position.isascii() and position.isdigit() and len(position) <= LONGEST):
        raise QuestionError(f"after: {shown(after)} is not what a search gave as its next")
    return int(position), place(rest) if rest else None


def _read(
    connection: Any, asked: Asked, candidates: Sequence[lookup.Candidate], labels: dict[tuple[str, str], str]
) -> Iterator[Record]:
    """The documents that may have what is asked for; before each, the labels of what it names are in `labels`."""
    for begin in range(0, len(candidates), AT_ONCE):
        here = candidates[begin : begin + AT_ONCE]
        events = {one.position for one in here if one.kind == "event"}
        others = {one.position for one in here} - events
        records = read.effective_at(connection, asked.horizon, events)
        missing = {(one.header.chronicle, name) for one in records for name in named(one.document)} - labels.keys()
        for entity in read.latest_of(connection, asked.horizon.position, "entity", missing):
            if isinstance(entity.document, Entity):
                labels[entity.header.chronicle, entity.header.id] = entity.document.label
        yield from records
        yield from read.latest_at(connection, asked.horizon.position, others)
