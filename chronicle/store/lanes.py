"""The lanes of a key's facts: by how far their bounds lie apart, so that each lane can be read from the latest on.

Within a lane the last possible beginning of a fact, or its last possible end, lies no more than the lane's `breadth`
after its first possible beginning. A reader who goes back in time therefore knows when nothing more can matter.

Lanes 0 to 7 are of facts that may hold for ever, by how vague their beginning is; 8 to 15 of those that end, by their
whole extent.
"""

from __future__ import annotations

from bisect import bisect_left

from chronicle.event.span import DAY, FOREVER, Span

WIDTHS = tuple(DAY * 8**power for power in range(7))
"""A day, eight days, 64 days … 718 years; the last lane of each kind is of anything wider."""

ENDING = 8
"""The first lane of facts that end."""

LANES = 2 * ENDING


def lane_of(span: Span) -> int:
    """The lane of a fact.

    A fact that may end before it has surely begun counts as one that holds for ever: even once it has ended it says
    something of when the others of its change began.
    """
    is_ending = span.from_hi < span.until_hi <= FOREVER
    width = (span.until_hi if is_ending else span.from_hi) - span.from_lo
    return bisect_left(WIDTHS, width) + (ENDING if is_ending else 0)


def breadth(lane: int) -> int | None:
    """How far apart, at most, the bounds of a fact in the lane lie, in seconds; None for any distance."""
    place = lane % ENDING
    return WIDTHS[place] if place < len(WIDTHS) else None


def is_ending(lane: int) -> bool:
    """Facts of the lane have certainly ended at some time, and matter no more from then on."""
    return lane >= ENDING
