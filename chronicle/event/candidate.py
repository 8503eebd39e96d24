"""The facts that may answer a question, as the store hands them over: bounds, rank and identity, no text.

Instants are whole seconds since 1970-01-01T00:00:00Z. Bounds are half-open, `[lo, hi)`.
"""

from __future__ import annotations

from typing import NamedTuple

from chronicle.event.span import FOREVER, SINCE_EVER

__all__ = ["FOREVER", "SINCE_EVER", "Candidate", "Key"]


class Key(NamedTuple):
    """What a value is the value *of* (DESIGN 5.3). `value` is set for `many` attributes, `shape` for period facts."""

    chronicle: str
    subject: str
    attribute: str
    dimensions: str
    shape: str
    value: str


class Candidate(NamedTuple):
    """One fact of an effective version.

    `from_lo <= from < from_hi`, `until_lo <= until < until_hi`, and `from < until` in every possible world.
    `rank` is (reported, first position of the event's id, order within the event); an undated report is SINCE_EVER.
    `value` is the same text for values that are *the same* (DESIGN 3), and None for a denial.
    """

    from_lo: int
    from_hi: int
    until_lo: int
    until_hi: int
    rank: tuple[int, int, int]
    value: str | None
    position: int
    ordinal: int

    @property
    def event(self) -> int:
        """The event, named by the position of its first version."""
        return self.rank[1]
