"""How many events there are, by type and year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chronicle.event.model import Event
from chronicle.projection.projection import Moment, Projection, on


class EventCounts(Projection):
    """How many events there are, by type and year."""

    name = "event_counts"
    columns = {"chronicle": str, "type": str, "year": str, "events": int}
    columnar = """
        SELECT chronicle, json_group_object(type, years)
        FROM (
            SELECT chronicle, type, json_group_object(year, events) AS years
            FROM (SELECT chronicle, type, year, count(*) AS events FROM events GROUP BY ALL)
            GROUP BY ALL
        )
        GROUP BY ALL
    """

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (moment.chronicle,)

    @on("*")
    def _count(self, state: Any, event: Event, moment: Moment) -> None:
        years = state.setdefault(event.type, {})
        years[moment.year] = years.get(moment.year, 0) + 1

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        return ((part, type_, year, state[type_][year]) for type_ in sorted(state) for year in sorted(state[type_]))
