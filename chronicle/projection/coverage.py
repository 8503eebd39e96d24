"""What rests on which source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from chronicle.event.model import Event
from chronicle.projection.projection import Moment, Projection, on

WITHOUT = ""

_SOURCES = "CASE len(sources) WHEN 0 THEN [''] ELSE list_distinct(list_transform(sources, lambda one: one.source)) END"
"""In a columnar query: the sources that a row rests on, each once."""


class _Rests(NamedTuple):
    """How many facts of an event rest on a source, and how many of them on no other."""

    facts: int = 0
    alone: int = 0


class SourceCoverage(Projection):
    """How many events and facts rest on each source, and how many facts on it alone.

    What cites none is counted under a source of None. `first` and `last` are the years of the first and the last event.
    """

    name = "source_coverage"
    columns = {
        "chronicle": str,
        "source": str,
        "events": int,
        "facts": int,
        "facts_alone": int,
        "first": str,
        "last": str,
    }
    columnar = """
        WITH resting AS (
            SELECT chronicle, unnest(named) AS source, len(named) = 1 AND named != [''] AS is_alone
            FROM (SELECT chronicle, sources_or_none(sources) AS named FROM facts)
        ), rested AS (
            SELECT chronicle, source, count(*) AS facts, count(*) FILTER (is_alone) AS alone FROM resting GROUP BY ALL
        ), cited AS (
            SELECT chronicle, event, second, reported, year, unnest(sources_or_none(sources)) AS source FROM events
        ), counted AS (
            SELECT
                chronicle, source, count(*) AS events,
                arg_min(year, (second, reported, event)) AS first, arg_max(year, (second, reported, event)) AS last
            FROM cited
            GROUP BY ALL
        )
        SELECT
            chronicle || '/' || source,
            json_object(source, json_array(
                events, coalesce(facts, 0), coalesce(alone, 0), nullif(first, ''), nullif(last, '')
            ))
        FROM counted LEFT JOIN rested USING (chronicle, source)
    """.replace("sources_or_none(sources)", _SOURCES)

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{source}" for source in _cited(event)}

    @on("*")
    def _count(self, state: Any, event: Event, moment: Moment) -> Any:
        """A part's own source is cited by all of its events: only those that have been so far are kept."""
        counts = {}
        for source, rests in _cited(event).items():
            if source in state or not state:
                year = moment.year or None
                events, facts, alone, first, _ = state.get(source, [0, 0, 0, year, None])
                counts[source] = [events + 1, facts + rests.facts, alone + rests.alone, first, year]
        return counts

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, source = part.split("/")
        yield chronicle, source or None, *state[source]


def _cited(event: Event) -> dict[str, _Rests]:
    """What of an event rests on each source; a fact rests on its own sources, else on its event's."""
    own = {citation.source: _Rests() for citation in event.sources} or {WITHOUT: _Rests()}
    for fact in event.facts:
        on_it = {citation.source for citation in fact.sources} or set(own)
        for source in on_it:
            facts, alone = own.get(source, _Rests())
            own[source] = _Rests(facts + 1, alone + (len(on_it) == 1 and source != WITHOUT))
    return own
