"""What held of one key over all time: segments, each with the values that hold or may hold in it (DESIGN section 5).

The answer of `resolve` can only change where an instant passes a bound of a fact, so the line is swept from one bound
to the next with the facts that still matter there. What has certainly ended, and what a fact without an end hides in
every world, is let go: the cost is that of the facts which can hold side by side, not of all there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chronicle.event.candidate import FOREVER, Candidate
from chronicle.event.span import EARLIEST
from chronicle.event.value import value_order
from chronicle.state.resolve import Change, Order, Outcome, changes, order, outcome

DAWN = EARLIEST + 4
DUSK = FOREVER - 4
"""The first and last seconds that are told apart: before and after them lie only dates without a bound."""


class Segment(NamedTuple):
    """The time `[start, end)` in which the same values hold or may hold; None is without bound.

    `winners` has, for each possible value in the order of values, the fact that wins at the start of the segment;
    `facts` all that win somewhere in it, in the order in which they come to.
    """

    start: int | None
    end: int | None
    winners: tuple[Candidate, ...]
    may_be_absent: bool
    facts: tuple[Candidate, ...]

    @property
    def certain(self) -> bool:
        """All worlds agree on the one value."""
        return len(self.winners) == 1 and not self.may_be_absent


def history(facts: Iterable[Candidate], *, by_report: bool = False) -> list[Segment]:
    """The segments of one key in order of time, coalesced; times at which nothing can hold are left out."""
    return coalesce(_pieces(sorted(changes(facts), key=lambda change: change.first), by_report=by_report))


def coalesce(segments: Iterable[Segment]) -> list[Segment]:
    """Join segments that touch and say the same: the same values, with the same certainty."""
    joined: list[Segment] = []
    for segment in segments:
        before = joined[-1] if joined else None
        if before is not None and before.end == segment.start and _says(before) == _says(segment):
            facts = tuple(dict.fromkeys((*before.facts, *segment.facts)))
            joined[-1] = before._replace(end=segment.end, facts=facts)
        else:
            joined.append(segment)
    return joined


def until(segments: Iterable[Segment], last: int) -> list[Segment]:
    """The part of a history up to and including the second `last`."""
    return [
        segment._replace(end=last + 1) if segment.end is None or segment.end > last else segment
        for segment in segments
        if segment.start is None or segment.start <= last
    ]


def _says(segment: Segment) -> tuple[object, ...]:
    return segment.may_be_absent, tuple(fact.value for fact in segment.winners)


def _pieces(ordered: list[Change], *, by_report: bool) -> Iterator[Segment]:
    bounds = _bounds(ordered)
    active: list[Change] = []
    coming = 0
    for start, end in zip(bounds, [*bounds[1:], None], strict=True):
        while coming < len(ordered) and ordered[coming].first <= start:
            active.append(ordered[coming])
            coming += 1
        active = _that_matter(active, start, by_report=by_report)
        found: Outcome = outcome(active, start, by_report=by_report)
        if found.winners:
            winners = tuple(sorted(found.winners, key=lambda fact: value_order(fact.value or "")))
            yield Segment(None if start == DAWN else start, end, winners, found.may_be_absent, winners)


def _bounds(changes: list[Change]) -> list[int]:
    """Every second at which the outcome can differ from that of the second before, from DAWN on.

    It compares the instant with the first and last shared beginning, with the one after (a rival must begin later to
    win), and with the seconds on either side of what an end can be.
    """
    found = {DAWN}
    for change in changes:
        for second in (change.first, change.last):
            found.update((second, second + 1, second + 2))
        for fact in change.facts:
            found.update((fact.until_lo, fact.until_lo + 1, fact.until_hi - 1, fact.until_hi, fact.until_hi + 1))
    return sorted(second for second in found if DAWN <= second <= DUSK)


def _that_matter(active: list[Change], x: int, *, by_report: bool) -> list[Change]:
    """Without the changes that can win, or bar another from winning, at no second from `x` on."""
    lasting = max((strength for one in active if (strength := _lasting(one, x, by_report=by_report))), default=())
    return [
        one
        for one in active
        if any(fact.until_hi - 1 > x for fact in one.facts)
        and max(order(one.last, fact, by_report=by_report) for fact in one.facts) >= lasting
    ]


def _lasting(change: Change, x: int, *, by_report: bool) -> Order | None:
    """The strongest claim that a change makes, in every world, to every second from `x` on."""
    if change.last > x:
        return None
    endless = [order(change.first, fact, by_report=by_report) for fact in change.facts if fact.until_lo >= FOREVER]
    return max(endless, default=None)
