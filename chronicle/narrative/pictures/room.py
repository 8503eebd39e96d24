"""What is taken on a line of a picture."""

from __future__ import annotations

from bisect import bisect_left


class Row:
    """Intervals of one line that do not touch one another."""

    def __init__(self) -> None:
        self._lefts: list[float] = []
        self._rights: list[float] = []

    def free(self, left: float, right: float) -> bool:
        """Nothing lies between."""
        at = bisect_left(self._lefts, right)
        return at == 0 or self._rights[at - 1] <= left

    def take(self, left: float, right: float) -> bool:
        """Take the interval if it is free; whether it was."""
        if not self.free(left, right):
            return False
        at = bisect_left(self._lefts, left)
        self._lefts.insert(at, left)
        self._rights.insert(at, right)
        return True
