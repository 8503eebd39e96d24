"""What held of one key over all time: segments, each with the values that hold or may hold in it (DESIGN section 5).

The answer of `resolve` can only change where an instant passes a bound of a fact, so the line is swept from one bound
to the next (`state.sweep`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chronicle.event.candidate import Candidate
from chronicle.state.resolve import changes
from chronicle.state.sweep import DAWN, Moment, Sweep


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


def history(
    facts: Iterable[Candidate], *, by_report: bool = False, since: int | None = None, last: int | None = None
) -> Iterator[Segment]:
    """The segments of one key in order of time, coalesced; times at which nothing can hold are left out.

    Each is found when it is asked for. `since` is the start of the first one that is wanted, `last` the last second of
    them all.
    """
    found = coalesce(_pieces(facts, DAWN if since is None else since, by_report=by_report))
    return found if last is None else _until(found, last)


def coalesce(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Join segments that touch and say the same: the same values, with the same certainty."""
    before: Segment | None = None
    facts: dict[Candidate, None] = {}
    for segment in segments:
        if before is not None and before.end == segment.start and _says(before) == _says(segment):
            before = before._replace(end=segment.end)
            facts |= dict.fromkeys(segment.facts)
            continue
        if before is not None:
            yield before._replace(facts=tuple(facts))
        before, facts = segment, dict.fromkeys(segment.facts)
    if before is not None:
        yield before._replace(facts=tuple(facts))


def _until(segments: Iterable[Segment], last: int) -> Iterator[Segment]:
    """The part of a history up to and including the second `last`."""
    for segment in segments:
        if segment.start is not None and segment.start > last:
            return
        yield segment._replace(end=last + 1) if segment.end is None or segment.end > last else segment


def _says(segment: Segment) -> tuple[object, ...]:
    return segment.may_be_absent, tuple(fact.value for fact in segment.winners)


def _pieces(facts: Iterable[Candidate], since: int, *, by_report: bool) -> Iterator[Segment]:
    """What holds from one second, at which something else wins, to the next."""
    before: Moment | None = None
    for moment in Sweep(changes(facts), since, by_report=by_report).moments():
        if before is not None and before.winners:
            yield _segment(before, moment.second)
        before = moment
    if before is not None and before.winners:
        yield _segment(before, None)


def _segment(moment: Moment, end: int | None) -> Segment:
    second, winners, may_be_absent = moment
    return Segment(None if second == DAWN else second, end, winners, may_be_absent, winners)
