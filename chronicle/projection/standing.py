"""How a projection's table stands, as whoever watches it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chronicle.state.answer import recorded_text


@dataclass(frozen=True, slots=True)
class Standing:
    """How a projection's table stands: how many records it is behind the log, and since when, in seconds.

    `parked` are the events left out because a handler failed on them, each with its position; `effects` those whose
    effects failed, likewise. `gathered` is up to which position it was filled from sealed segments, None if it was not.
    `progress` goes from 0 to 1: of the records of the log that are in it, or while it is filled of the events that were
    told. `records_per_second` is the speed of the last run that took anything, or of that which is under way.
    """

    name: str
    version: int
    generation: int
    status: str
    position: int
    head: int
    seconds: int
    updated: int
    owner: str | None
    error: str | None
    parked: tuple[dict[str, Any], ...]
    effects: tuple[dict[str, Any], ...] = ()
    gathered: int | None = None
    progress: float = 1.0
    records_per_second: float | None = None

    @property
    def behind(self) -> int:
        """How many records are still to be taken."""
        return self.head - self.position

    def as_json(self) -> dict[str, object]:
        """One object of `projections lag`."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        updated = recorded_text(self.updated) if self.updated else None
        return {
            **fields,
            "behind": self.behind,
            "updated": updated,
            "parked": list(self.parked),
            "effects": list(self.effects),
        }
