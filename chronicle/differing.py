"""The half of the hall that holds two questions against each other.

What is found of many places is explained together: what changed, by the events that are seen otherwise or have passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from chronicle.asking import Asked, Scope
from chronicle.event.candidate import Candidate
from chronicle.seeking import Seen, sought
from chronicle.state.diff import Diff, Difference, Side, causes, change, differences, hiders
from chronicle.state.page import Allowance, Facts, Turn, page, paired
from chronicle.state.rows import Reading
from chronicle.store import bounds, together, touched
from chronicle.store.place import Pair, Place

PLACES = 500
"""How many places are looked up together."""

FACTS = 2_000
"""With so many facts, or a place more, differences are looked for, and explained together."""

Caused = tuple[Difference, tuple[Candidate, ...]]
Found = Iterator[tuple[Place, list[Caused]]]
Facing = Iterator[tuple[tuple[str, str, str], Facts, Facts]]
"""Places, in order, with their facts on either side."""


def difference(
    before: Asked,
    after: Asked,
    scope: Scope,
    turn: Turn | None = None,
    limit: int | None = None,
    *,
    allowance: Allowance | None = None,
) -> Diff:
    """What differs between the states of two questions. Both have the same connection."""
    if scope.chronicle is not None:
        for one in (before, after):
            one.require_chronicle(scope.chronicle)
    where = sought(before, after, scope, turn, is_bounded=allowance is not None)
    seen: Seen | None
    if where is not None:
        seen, places = where
        facing = _facing(before, after, scope, places)
    else:
        seen = {} if before.horizon == after.horizon else None
        facing = _both_states(before, after, scope, turn)
    found = _found(before, after, scope, facing if allowance is None else allowance.of(facing), seen)
    told, end = page(found, turn, limit)
    if end is None and allowance is not None:
        end = allowance.turn
    claims = after.claims(fact for one, because in told for fact in (*one.facts, *because))
    changes = tuple(change(one, because, claims) for one, because in told)
    return Diff(before.basis, after.basis, changes, end.text if end else None)


def _both_states(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Facing:
    """The facts that can matter to two states, wherever there are any."""
    both = (before, after)
    return paired(*(one.places(scope, begun_by=one.last_second, is_whole=False, after=turn) for one in both))


def _facing(before: Asked, after: Asked, scope: Scope, places: Iterator[Place]) -> Facing:
    """The same of some places; those of few facts are read together."""
    both, connection = (before, after), after.connection
    while some := list(islice(places, PLACES)):
        few = together.cold(connection, some)
        found: list[dict[tuple[str, ...], Facts]] = []
        for one, pairs in zip(both, _of_few(before, after, sorted(few)), strict=True):
            found.append(defaultdict(dict))
            for key, facts in one.keyed(pairs, scope).items():
                found[-1][key[:3]][key] = facts
        for place in some:
            if place in few:
                was, now = (facts.get(place, {}) for facts in found)
            else:
                was, now = (one.of_place(place, scope, is_whole=False) for one in both)
            yield place, was, now


def _of_few(before: Asked, after: Asked, places: list[Place]) -> tuple[list[Pair], list[Pair]]:
    """The facts of places that have few: what stands out where it can be told from the rest, otherwise all."""
    connection, horizons = after.connection, (before.horizon, after.horizon)
    first, last = sorted((before.last_second, after.last_second))
    named = {place[::2] for place in places}
    plainly = {name for name in named if before.reading(*name) == after.reading(*name) == Reading()}
    plain = [place for place in places if place[::2] in plainly]
    out = together.standing_out(connection, *horizons, plain, (first, last))
    if rest := [place for place in places if place[::2] not in plainly]:
        begun = {one: together.begun(connection, one, rest, last) for one in {*horizons}}
        out = out[0] + begun[before.horizon], out[1] + begun[after.horizon]
    return out


def _found(before: Asked, after: Asked, scope: Scope, facing: Facing, seen: Seen | None) -> Found:
    """What differs between two questions, by places, and the causes. `seen` is None where it has to be looked for."""
    both = (before, after)
    for batch in _batched(facing):
        sides = [Side(facts, one.last_second, one.reading) for facts, one in zip(batch, both, strict=True)]
        if found := differences(*sides):
            yield from _explained(before, after, scope, found, seen)


def _are_alike(before: Asked, after: Asked, place: Place) -> bool:
    """The facts of a place are read alike."""
    return before.reading(*place[::2]) == after.reading(*place[::2])


def _batched(facing: Facing) -> Iterator[tuple[Facts, Facts]]:
    """Places together; memory is that of `FACTS` facts, and of one place."""
    was: Facts = {}
    now: Facts = {}
    held = 0
    for _, earlier, later in facing:
        was |= earlier
        now |= later
        held += sum(map(len, earlier.values())) + sum(map(len, later.values()))
        if held >= FACTS:
            yield was, now
            was, now, held = {}, {}, 0
    yield was, now


def _explained(before: Asked, after: Asked, scope: Scope, found: list[Difference], seen: Seen | None) -> Found:
    """Differences by places, with their causes.

    They are sought among the events that are seen otherwise. Only where none of the values that held explains it, what
    else has a bound between the dates is looked at.
    """
    both, horizons = (before, after), (before.horizon, after.horizon)
    first, last = sorted(one.last_second for one in both)
    places = {Place(*one.key[:3]) for one in found}
    alike = {place for place in places if _are_alike(before, after, place)}
    whole = [
        {key: facts for place in places - alike for key, facts in one.of_place(place, scope, begun_by=last).items()}
        for one in both
    ]

    def sides(firsts: set[int]) -> list[Side]:
        stated = [together.stated(after.connection, horizon, firsts, last) if firsts else [] for horizon in horizons]
        return [
            Side(one.keyed(pairs, scope) | facts, one.last_second, one.reading)
            for one, pairs, facts in zip(both, stated, whole, strict=True)
        ]

    def otherwise(place: Place) -> Iterable[int]:
        if seen is None:
            return touched.of_place(after.connection, *horizons, place)
        return seen.get(place, ())

    firsts = {event for place in alike for event in otherwise(place)}
    others = sides(firsts)
    told = [(one, causes(one, *others)) for one in found]
    unexplained = {Place(*one.key[:3]) for one, because in told if not because}
    if unexplained and first != last:
        passing = (bounds.facts(after.connection, after.horizon, one, (first, last)) for one in unexplained & alike)
        others = sides(firsts | {fact.event for facts in passing for _, fact in facts})
    for place, group in groupby(told, key=lambda one: Place(*one[0].key[:3])):
        yield place, [(one, because or hiders(one, *others)) for one, because in group]
