"""A version of an event that is read when it is first looked at: of a long answer, most never are."""

from __future__ import annotations

from collections.abc import Callable

from chronicle.event.model import Event


class Stated:
    """The event at a position, and the version it is. `read` makes the event of the position and its payload."""

    __slots__ = ("_content", "_event", "_read", "position", "version")

    def __init__(self, read: Callable[[int, bytes], Event], position: int, version: int, content: bytes) -> None:
        self._read = read
        self._content = content
        self._event: Event | None = None
        self.position = position
        self.version = version

    @property
    def event(self) -> Event:
        """The event; raises what `read` raises."""
        if self._event is None:
            self._event = self._read(self.position, self._content)
        return self._event

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stated):
            return NotImplemented
        return (self.position, self.version, self._content) == (other.position, other.version, other._content)

    def __hash__(self) -> int:
        return hash((self.position, self.version))
