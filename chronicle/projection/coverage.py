"""What rests on which source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chronicle.event.model import Event
from chronicle.projection.projection import Moment, Projection, on

WITHOUT = ""


class SourceCoverage(Projection):
    """How many events and facts rest on each source; what cites none is counted under a source of None."""

    name = "source_coverage"
    columns = {"chronicle": str, "source": str, "events": int, "facts": int}

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{source}" for source in _cited(event)}

    @on("*")
    def _count(self, state: Any, event: Event, moment: Moment) -> None:
        state[f"{moment.chronicle}/{event.id}"] = _cited(event)

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, source = part.split("/")
        facts = sum(cited.get(source, 0) for cited in state.values())
        yield chronicle, source or None, len(state), facts


def _cited(event: Event) -> dict[str, int]:
    """Source -> how many facts of the event rest on it; a fact rests on its own sources, else on its event's."""
    own = {citation.source: 0 for citation in event.sources} or {WITHOUT: 0}
    for fact in event.facts:
        for source in {citation.source for citation in fact.sources} or set(own):
            own[source] = own.get(source, 0) + 1
    return own
