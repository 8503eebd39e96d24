"""The oracle: DESIGN 5.4-5.6 by enumerating every possible world over small integer times. Plain on purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

NEVER = 10**6


@dataclass(frozen=True)
class Claim:
    """A fact of one key. `starts` and `ends` are all the instants at which it may begin and end."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    at_most_a_day: bool
    event: str
    reported: float
    first: int
    order: int
    value: str | None

    @property
    def rank(self) -> tuple[float, int, int]:
        return self.reported, self.first, self.order


def answer(claims: list[Claim], x: int, *, by_report: bool) -> tuple[dict[str, Claim], bool]:
    """Every possible value with the claim that wins with the latest start, and whether there may be none."""
    winners: dict[str, tuple[tuple[float, ...], Claim]] = {}
    absent = False
    for covering in worlds(claims, x):
        if not covering:
            absent = True
            continue
        start, claim = _winner(covering, by_report=by_report)
        if claim.value is None:
            absent = True
            continue
        strength = (start, *claim.rank)
        if claim.value not in winners or winners[claim.value][0] < strength:
            winners[claim.value] = (strength, claim)
    return {value: claim for value, (_, claim) in winners.items()}, absent


def sides(claims: list[Claim], x: int, *, by_report: bool) -> tuple[set[Claim], set[Claim]]:
    """The claims that cover x in some world, and those that win in some."""
    cover: set[Claim] = set()
    win: set[Claim] = set()
    for covering in worlds(claims, x):
        cover |= {claim for _, claim in covering}
        win |= {_winner(covering, by_report=by_report)[1]} if covering else set()
    return cover, win


def worlds(claims: list[Claim], x: int) -> Iterator[list[tuple[int, Claim]]]:
    """In each world, which claims cover x, with the instant at which each began."""
    changes: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        changes[(claim.starts, None if claim.at_most_a_day else claim.event)].append(claim)
    for world in product(*(_covering(shared, x) for shared in changes.values())):
        yield [pair for change in world for pair in change]


def _winner(covering: list[tuple[int, Claim]], *, by_report: bool) -> tuple[int, Claim]:
    return max(covering, key=lambda pair: pair[1].rank if by_report else (pair[0], *pair[1].rank))


def _covering(shared: list[Claim], x: int) -> set[tuple[tuple[int, Claim], ...]]:
    """Which of the claims that share a start cover x, in each of their worlds; equal outcomes once."""
    outcomes = set()
    for start in shared[0].starts:
        lasting = [{end > x for end in claim.ends if end > start} for claim in shared]
        for choice in product(*lasting):
            pairs = zip(shared, choice, strict=True)
            outcomes.add(tuple((start, claim) for claim, lasts in pairs if start <= x and lasts))
    return outcomes
