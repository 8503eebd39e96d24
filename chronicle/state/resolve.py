"""Which value of one key holds at an instant, in which of the possible worlds (DESIGN 5.4-5.6).

Every `from` and `until` is somewhere within its bounds. Facts whose `from` dates the same change share one instant;
all other choices are independent, so instead of enumerating worlds each fact is asked: with its own `from` as late as
allowed, can everything else be out of the way? This costs one pass over the facts of the key. The tests hold the
answer against an enumeration of all worlds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from chronicle.event.candidate import FOREVER, Candidate

DAY = 86_400

Order = tuple[int, ...]


class Outcome(NamedTuple):
    """The answer for one key at one instant.

    `winners` holds, for each possible value, the fact that wins with the latest possible `from`, latest first.
    `may_be_absent` is true if in some world there is no value. One winner that may not be absent is certain.
    `denial` is the denial that wins with the latest possible `from`, if one can.
    """

    winners: tuple[Candidate, ...]
    may_be_absent: bool
    denial: Candidate | None = None

    @property
    def certain(self) -> bool:
        """All worlds agree (on one value, or on none)."""
        return not self.winners or (len(self.winners) == 1 and not self.may_be_absent)


class Change:
    """Facts of one key that share one `from` instant, somewhere in `[first, last]`, before the `until` of each."""

    __slots__ = ("facts", "first", "last")

    def __init__(self, facts: Sequence[Candidate]) -> None:
        self.facts = facts
        self.first = facts[0].from_lo
        self.last = min(facts[0].from_hi - 1, min(fact.until_hi for fact in facts) - 2)

    def threat(self, x: int, *, by_report: bool) -> Order | None:
        """The strongest claim to `x` that some fact makes in every world; None if all can be out of the way at once."""
        if self.last > x:
            return None
        stays = [fact for fact in self.facts if not _can_have_ended(fact, self.first, x)]
        return max((order(self.first, fact, by_report=by_report) for fact in stays), default=None)


def changes(facts: Iterable[Candidate]) -> list[Change]:
    """Facts that date the same change together: equal bounds, at most a day wide or asserted by one event."""
    shared: dict[tuple[int, ...], list[Candidate]] = defaultdict(list)
    for fact in facts:
        bounds = (fact.from_lo, fact.from_hi)
        narrow = fact.from_hi - fact.from_lo <= DAY
        shared[bounds if narrow else (*bounds, fact.event)].append(fact)
    return [Change(together) for together in shared.values()]


def resolve(facts: Sequence[Candidate], x: int, *, by_report: bool = False) -> Outcome:
    """Resolve one key at the second `x`; `by_report` is `resolution: latest-reported` (a later report wins).

    No facts give no winners, certainly. The cost is linear in the number of facts.
    """
    if not by_report and len(facts) > 1:
        facts = standing_out(facts, x)
    if len(facts) == 1 and is_sure(facts[0], x):  # as most keys come out: what the rest would say, sooner
        return Outcome((facts[0],), may_be_absent=False)
    return outcome(changes(facts), x, by_report=by_report)


def is_sure(fact: Candidate, x: int) -> bool:
    """A fact that is the only one of its key is the value at the second `x` in every world."""
    return fact.from_hi - 1 <= x < fact.until_lo and fact.value is not None


def is_over(fact: Candidate, x: int) -> bool:
    """A fact has certainly ended by the second `x`, and says nothing of when the others of its change began."""
    return fact.from_hi < fact.until_hi <= x + 1


def standing_out(facts: Iterable[Candidate], x: int) -> list[Candidate]:
    """Without most of the facts that change nothing at `x`: what begins later, and what must have begun before another.

    That other one has certainly begun, and never ends, so that it claims `x` in every world.
    """
    begun = [fact for fact in facts if fact[0] <= x]
    since = _lasting_since(begun, x)
    return begun if since is None else [fact for fact in begun if fact[1] > since]


def outcome(changes: Collection[Change], x: int, *, by_report: bool) -> Outcome:
    """Resolve one key, given its changes, at the second `x`."""
    threats = _threats(changes, x, by_report=by_report)
    winners: dict[str | None, tuple[Order, Candidate]] = {}
    for claim, fact in _able(changes, threats, x, by_report=by_report):
        if fact.value not in winners or winners[fact.value][0] < claim:
            winners[fact.value] = (claim, fact)

    _, denial = winners.pop(None, (None, None))
    ordered = sorted(winners.values(), key=lambda winner: winner[0], reverse=True)
    return Outcome(tuple(fact for _, fact in ordered), denial is not None or not threats, denial)


def able(facts: Iterable[Candidate], x: int, *, by_report: bool = False) -> frozenset[Candidate]:
    """All facts of a key, denials among them, that win at the second `x` in some world."""
    together = changes(facts)
    threats = _threats(together, x, by_report=by_report)
    return frozenset(fact for _, fact in _able(together, threats, x, by_report=by_report))


def _lasting_since(facts: Iterable[Candidate], x: int) -> int | None:
    """When the last fact began, at the earliest, that has certainly begun by `x` and never ends."""
    return max((fact[0] for fact in facts if fact[1] <= x + 1 and fact[2] >= FOREVER), default=None)


Threats = list[tuple[Order, Change]]


def _threats(changes: Collection[Change], x: int, *, by_report: bool) -> Threats:
    """The two changes that claim `x` most strongly in every world; fewer if there are fewer."""
    claims = ((change.threat(x, by_report=by_report), change) for change in changes)
    return sorted(((threat, change) for threat, change in claims if threat is not None), key=_strongest)[:2]


def _able(
    changes: Collection[Change], threats: Threats, x: int, *, by_report: bool
) -> Iterator[tuple[Order, Candidate]]:
    """Each fact that can win, with how strong its claim is when its `from` is as late as that allows."""
    for change in changes:
        rival = next((threat for threat, other in threats if other is not change), None)
        for fact in change.facts:
            latest = latest_winning_from(fact, change, x)
            if latest is not None and (rival is None or rival <= order(latest, fact, by_report=by_report)):
                yield (latest, *fact.rank), fact


def _can_have_ended(fact: Candidate, start: int, x: int) -> bool:
    """Some `until` with start < until <= x is allowed."""
    return max(fact.until_lo, start + 1) <= min(fact.until_hi - 1, x)


def latest_winning_from(fact: Candidate, change: Change, x: int) -> int | None:
    """The latest instant of the change at which `fact` covers x and beats the facts it shares it with.

    Those of higher rank must have ended by x, which needs their `until` to lie after the shared instant.
    """
    latest = min(change.last, x)
    if fact.until_hi - 1 <= x:
        return None
    for other in change.facts:
        if other.rank > fact.rank:
            if other.until_lo > x:
                return None
            latest = min(latest, min(other.until_hi - 1, x) - 1)
    return latest if latest >= change.first else None


def order(start: int, fact: Candidate, *, by_report: bool) -> Order:
    """How strong a claim is that begins at `start`: by `from`, report and record, or by report and record alone."""
    return fact.rank if by_report else (start, *fact.rank)


def _strongest(threat: tuple[Order, Change]) -> Order:
    """Sort key: the strongest threat first."""
    return tuple(-part for part in threat[0])
