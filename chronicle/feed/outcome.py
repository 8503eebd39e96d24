"""What came of sending records, and what every channel does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chronicle.event.cursor import Cursor
from chronicle.event.record import Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of the records, from the first on, are delivered, and why no more are.

    `retry_after` is in seconds, where the other side asked for a pause; `is_gone` says that it wants nothing any more.
    """

    sent: int
    error: str | None = None
    retry_after: int = 0
    is_gone: bool = False


class Channel(Protocol):
    """A way to one other system, open for a while. Records go through it in the order of the log, at least once."""

    batch: int
    """How many records are given to `send` at once."""

    def resume(self, begun: Cursor, cursor: Cursor) -> Cursor:
        """Where to go on: after the last delivery, unless the other side knows better what it has.

        `begun` is where the sink began. Raises OSError where the other side cannot be asked.
        """

    def send(self, records: Sequence[Record], beat: Callable[[], None]) -> Outcome:
        """Deliver records in order, and stop at the first failure; `beat` is called now and then during long work."""

    def close(self) -> None:
        """Let go of connections."""
