"""The outcome of one key from second to second: the line is walked from one bound of a fact to the next.

Between two bounds of its own a change claims the same: its threat stays, and a fact of it can win with a latest `from`
that is fixed, or that slides along with the second which is asked about, for it may begin just now. So at a bound only
those changes are weighed that have it. What has certainly ended is let go, and what a fact without an end hides in
every world from then on: the cost is that of the facts which can hold side by side, not of all there are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from chronicle.event.candidate import FOREVER, Candidate
from chronicle.event.span import EARLIEST
from chronicle.event.value import value_order
from chronicle.state.resolve import Change, Order, latest_winning_from, order

DAWN = EARLIEST + 4
DUSK = FOREVER - 4
"""The first and last seconds that are told apart: before and after them lie only dates without a bound."""

Found = dict[str | None, Candidate]
"""The fact that wins, by its value."""


class Moment(NamedTuple):
    """What holds from a second on: for each possible value, in the order of values, the fact that wins."""

    second: int
    winners: tuple[Candidate, ...]
    may_be_absent: bool


class _Fixed(NamedTuple):
    """A fact whose latest winning `from` stays as it is: how strong its claim is, and which change it is of."""

    order: Order
    number: int
    place: int
    claim: Order
    fact: Candidate


class _Sliding(NamedTuple):
    """A fact whose latest winning `from` lies so many seconds after the present one: none, or minus one."""

    offset: int
    rank: Order
    number: int
    place: int
    fact: Candidate


class _Claims(NamedTuple):
    """What a change claims up to its next bound."""

    threat: Order | None
    fixed: list[_Fixed]
    sliding: list[_Sliding]


class Sweep:
    """The changes of one key that matter at a second, and what they claim."""

    def __init__(self, changes: Collection[Change], start: int, *, by_report: bool) -> None:
        self._second = start
        self._by_report = by_report
        self._coming = sorted(changes, key=lambda change: change.first, reverse=True)
        values = {fact.value for change in changes for fact in change.facts if fact.value is not None}
        self._places = {value: place for place, value in enumerate(sorted(values, key=value_order))}
        self._active: dict[int, tuple[Change, _Claims]] = {}
        self._bounds: list[tuple[int, int]] = []
        """A heap of seconds and the numbers of changes that are weighed anew then."""
        self._reaches: list[tuple[Order, int]] = []
        """A heap of the strongest claims that changes can ever make, with their numbers."""
        self._lasting: Order = max((self._lasts(one, start) for one in changes), default=())
        """The strongest claim that is made, in every world, to every second from the present one on."""
        self._threats: list[tuple[Order, int]] = []
        self._fixed: list[_Fixed] = []
        self._sliding: defaultdict[str | None, list[_Sliding]] = defaultdict(list)
        self._begun: Found = {}
        """Of each value the sliding fact that begins last."""

    def moments(self) -> Iterator[Moment]:
        """What holds at the start, and at each later second at which other facts win; in order."""
        before: tuple[Found, bool] | None = None
        while True:
            self._advance()
            found = self._found()
            may_be_absent = found.pop(None, None) is not None or not self._threats
            if before != (found, may_be_absent):
                before = found, may_be_absent
                winners = sorted(found.values(), key=lambda fact: self._places[fact.value or ""])
                yield Moment(self._second, tuple(winners), may_be_absent)
            if (following := self._following()) is None:
                return
            self._second = following

    def _following(self) -> int | None:
        """The next second at which something is to be weighed."""
        seconds = [bound for bound, _ in self._bounds[:1]] + [change.first for change in self._coming[-1:]]
        return min((second for second in seconds if second <= DUSK), default=None)

    def _advance(self) -> None:
        """Weigh what is at a bound or begins, and let go what matters no more."""
        while self._bounds and self._bounds[0][0] <= self._second:
            number = heappop(self._bounds)[1]
            if number in self._active:
                self._weigh(number, self._take_out(number))
        while self._coming and self._coming[-1].first <= self._second:
            change = self._coming.pop()
            reach = max(self._order(change.last, fact) for fact in change.facts)
            if reach >= self._lasting:
                number = len(self._coming)
                heappush(self._reaches, (reach, number))
                self._weigh(number, change)
        while self._reaches and self._reaches[0][0] < self._lasting:
            number = heappop(self._reaches)[1]
            if number in self._active:
                self._take_out(number)

    def _weigh(self, number: int, change: Change) -> None:
        """Put in what a change claims at the present second, unless all its facts have ended."""
        second = self._second
        if all(fact.until_hi - 1 <= second for fact in change.facts):
            return
        claims = _Claims(change.threat(second, by_report=self._by_report), [], [])
        for place, fact in enumerate(change.facts):
            latest = latest_winning_from(fact, change, second)
            if latest is None:
                continue
            if latest >= second - 1:
                claims.sliding.append(_Sliding(latest - second, fact.rank, number, place, fact))
            else:
                claim = (latest, *fact.rank)
                claims.fixed.append(_Fixed(self._order(latest, fact), number, place, claim, fact))
        self._active[number] = change, claims
        if claims.threat is not None:
            insort(self._threats, (claims.threat, number))
        for fixed in claims.fixed:
            insort(self._fixed, fixed)
        for sliding in claims.sliding:
            insort(self._sliding[sliding.fact.value], sliding)
            self._begun[sliding.fact.value] = self._sliding[sliding.fact.value][-1].fact
        bound = min((one for one in _bounds(change) if one > second), default=None)
        if bound is not None:
            heappush(self._bounds, (bound, number))
        self._lasting = max(self._lasting, self._lasts(change, second))

    def _take_out(self, number: int) -> Change:
        """Undo what `_weigh` put in."""
        change, claims = self._active.pop(number)
        if claims.threat is not None:
            del self._threats[bisect_left(self._threats, (claims.threat, number))]
        for fixed in claims.fixed:
            del self._fixed[bisect_left(self._fixed, fixed)]
        for sliding in claims.sliding:
            value = sliding.fact.value
            there = self._sliding[value]
            del there[bisect_left(there, sliding)]
            if there:
                self._begun[value] = there[-1].fact
            else:
                del self._sliding[value], self._begun[value]
        return change

    def _found(self) -> Found:
        """What can win now: whatever claims as strongly as the strongest threat of another change."""
        (second, _), (first, strongest) = [((), 0), ((), 0), *self._threats[-2:]][-2:]
        won: dict[str | None, _Fixed] = {}
        for one in self._fixed[bisect_left(self._fixed, (second,)) :]:
            is_able = one.order >= first or one.number == strongest
            if is_able and (one.fact.value not in won or won[one.fact.value].claim < one.claim):
                won[one.fact.value] = one
        found = {value: one.fact for value, one in won.items()}
        if not self._by_report and first < (self._second - 1,):
            return found | self._begun
        for value, there in self._sliding.items():
            for offset, _, number, _, fact in reversed(there):
                rival = second if number == strongest else first
                if rival <= self._order(self._second + offset, fact):
                    found[value] = fact
                    break
        return found

    def _lasts(self, change: Change, second: int) -> Order:
        """The strongest claim that a change makes, in every world, to every second from one on."""
        if change.last > second:
            return ()
        endless = [self._order(change.first, fact) for fact in change.facts if fact.until_lo >= FOREVER]
        return max(endless, default=())

    def _order(self, start: int, fact: Candidate) -> Order:
        return order(start, fact, by_report=self._by_report)


def _bounds(change: Change) -> set[int]:
    """Every second at which what a change claims can differ from what it claimed at the second before.

    The present one is compared with the first and last shared beginning, with the one after (a rival must begin later
    to win), and with the seconds on either side of what an end can be.
    """
    found = {one + more for one in (change.first, change.last) for more in (0, 1, 2)}
    for fact in change.facts:
        found.update((fact.until_lo, fact.until_lo + 1, fact.until_hi - 1, fact.until_hi, fact.until_hi + 1))
    return found
