"""A projection as of a date: the events that had occurred by then, told in the order of occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.event.value import Number
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import Moment, Projection, moment_of
from chronicle.state.answer import Basis

States = Mapping[str, Any]
"""The states of a projection by part; a part without an event has none."""


@dataclass(frozen=True, slots=True)
class Projected:
    """A projection as of a date. `states` are by part; `before` are those by the latest dates, where `dating` is both.

    An event certainly counted is in both, one that may have occurred is in `states` only.
    """

    basis: Basis
    projection: Projection
    states: States
    last_second: int
    before: States | None = field(default=None)

    @property
    def state(self) -> Any:
        """The state of a projection that has one part; its initial value before the first event."""
        return self.states[""] if "" in self.states else self.projection.initial()

    def rows(self) -> list[dict[str, Any]]:
        """The rows of all parts, by column, in the order of the parts."""
        return [
            dict(zip(self.projection.columns, row, strict=True))
            for part in sorted(self.states)
            for row in self.projection.rows_of(self.states[part], part, self.last_second)
        ]

    def as_json(self) -> dict[str, object]:
        """The basis, the projection, and its rows, or its states where it declares no columns."""
        told: dict[str, object] = {
            "basis": self.basis.as_json(),
            "projection": self.projection.name,
            "version": self.projection.version,
            "dating": self.projection.dating,
        }
        if self.projection.columns:
            told["rows"] = [{name: written(item) for name, item in row.items()} for row in self.rows()]
        else:
            told["states"] = dict(sorted(self.states.items()))
        if self.before is not None:
            told["certain"] = dict(sorted(self.before.items()))
        return told


def written(item: Any) -> Any:
    """A cell as JSON has it: decimals as numbers with their digits kept."""
    return Number(f"{item:f}").written() if isinstance(item, Decimal) else item


def project(projection: Projection, records: Iterable[Record], basis: Basis, last_second: int) -> Projected:
    """The projection of effective events as of a second. Raises ProjectionError if a handler fails."""
    events = [(record, record.document) for record in records if isinstance(record.document, Event)]
    if projection.dating == "both":
        earliest = replay(projection, events, last_second, "earliest")
        return Projected(
            basis, projection, earliest, last_second, before=replay(projection, events, last_second, "latest")
        )
    return Projected(basis, projection, replay(projection, events, last_second, projection.dating), last_second)


def replay(
    projection: Projection,
    events: Iterable[tuple[Record, Event]],
    last_second: int | None,
    dating: Literal["earliest", "latest"],
) -> States:
    """The states after all events that stand no later than a second, or after all; in no order but that of moments."""
    parts: dict[str, list[tuple[Moment, Event]]] = defaultdict(list)
    for record, event in events:
        moment = moment_of(record, event, dating)
        if last_second is None or moment.second <= last_second:
            for part in projection.parts_of(event, moment):
                parts[part].append((moment, event))
    states: dict[str, Any] = {}
    for part, told in parts.items():
        state = projection.initial()
        for moment, event in sorted(told, key=lambda one: one[0]):
            state = projection.fold(state, event, moment)
        states[part] = from_bytes(to_bytes(state))
    return states
