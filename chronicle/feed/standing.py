"""How a sink stands, as whoever watches it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chronicle.state.answer import recorded_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkStanding:
    """How far a sink is behind the log, and since when, in seconds; what failed last, and when it is tried again.

    `dead` are the records that were given up, each with its position. Times are in microseconds since 1970, UTC.
    """

    name: str
    kind: str
    url: str
    filter: dict[str, Any]
    status: str
    position: int
    head: int
    seconds: int
    delivered: int
    attempts: int
    next: int
    updated: int
    owner: str | None
    error: str | None
    dead: tuple[dict[str, Any], ...]

    @property
    def behind(self) -> int:
        """How many records are still to be looked at."""
        return self.head - self.position

    def as_json(self) -> dict[str, object]:
        """One object of `sinks lag`; `parked` counts the dead."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {
            **fields,
            "behind": self.behind,
            "parked": len(self.dead),
            "next": recorded_text(self.next) if self.next else None,
            "updated": recorded_text(self.updated),
            "dead": list(self.dead),
        }
