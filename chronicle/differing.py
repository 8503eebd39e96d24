"""The half of the hall that holds two questions against each other.

Two states of knowledge differ at most where some event is seen otherwise, two dates where a fact has a bound between
them, so that only those places are looked at, many together. States of knowledge that lie far apart are compared place
by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from heapq import merge
from itertools import groupby, islice

from chronicle.asking import Asked, Scope
from chronicle.event.candidate import Candidate
from chronicle.state.diff import Diff, Difference, Side, causes, change, differences, passing
from chronicle.state.page import Allowance, Facts, Turn, page, paired
from chronicle.state.rows import Reading
from chronicle.store import bounds, together, touched
from chronicle.store.place import Place
from chronicle.store.read import Horizon

PLACES = 500
"""How many places are looked at together."""

SCATTERED = 32
"""To find a fact by itself takes as long as to go through so many where they lie, or a little longer."""

Caused = tuple[Difference, tuple[Candidate, ...]]
Found = Iterator[tuple[Place, list[Caused]]]
Facing = Iterator[tuple[tuple[str, str, str], Facts, Facts]]
"""Places with their facts on either side."""


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
    most = touched.MUCH if allowance is None else touched.LITTLE
    is_near = before.basis.resolution == after.basis.resolution and (
        before.horizon == after.horizon or touched.is_within(after.connection, before.horizon, after.horizon, most)
    )
    if is_near and before.last_second == after.last_second:
        found = _learned(before, after, scope, turn)
    else:
        sought = _sought(before, after, scope, turn, is_bounded=allowance is not None) if is_near else None
        facing = _both_states(before, after, scope, turn) if sought is None else sought
        found = _place_by_place(before, after, scope, facing if allowance is None else allowance.of(facing))
    told, end = page(found, turn, limit)
    if end is None and allowance is not None:
        end = allowance.turn
    claims = after.claims(fact for one, because in told for fact in (*one.facts, *because))
    changes = tuple(change(one, because, claims) for one, because in told)
    return Diff(before.basis, after.basis, changes, end.text if end else None)


def _learned(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Found:
    """What differs between two states of knowledge over one date."""
    seen = _seen(before, after, scope, turn)
    places = sorted(seen)
    for first in range(0, len(places), PLACES):
        yield from _learned_of(before, after, scope, {place: seen[place] for place in places[first : first + PLACES]})


def _seen(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> dict[Place, set[int]]:
    """The places that two states of knowledge can see otherwise, with the first positions of the events they do."""
    connection, horizons = after.connection, (before.horizon, after.horizon)
    first, last = sorted((before.last_second, after.last_second))
    seen = touched.touched(connection, *horizons, begun_by=last, ended_by=first)
    for named in touched.redeclared(connection, *horizons):
        if before.reading(*named) != after.reading(*named):
            seen |= {place: set() for place in touched.places_of(connection, *named) if place not in seen}
    asked = (scope.chronicle, scope.subject, scope.attribute)
    return {
        place: firsts
        for place, firsts in seen.items()
        if all(wanted in (None, name) for wanted, name in zip(asked, place, strict=True))
        and (turn is None or place >= turn[:3])
    }


def _learned_of(before: Asked, after: Asked, scope: Scope, seen: Mapping[Place, set[int]]) -> Found:
    """The same of some places, each with the first positions of the events that are seen otherwise."""
    both, connection = (before, after), after.connection
    alike = {place for place in seen if before.reading(*place[::2]) == after.reading(*place[::2])}
    plain = {place for place in alike if after.reading(*place[::2]) == Reading()}
    few = sorted(together.cold(connection, sorted(plain)))
    out = together.standing_out(connection, before.horizon, after.horizon, few, after.last_second)
    sides = []
    for one, pairs in zip(both, out, strict=True):
        facts = one.keyed(pairs, scope)
        for place in seen.keys() - few:
            facts |= one.of_place(place, scope, is_whole=place not in plain)
        sides.append(Side(facts, one.last_second, one.reading))
    found = differences(*sides)
    firsts = {first for difference in found if (place := Place(*difference.key[:3])) in alike for first in seen[place]}
    others = []
    for one, side in zip(both, sides, strict=True):
        whole = {key: facts for key, facts in side.facts.items() if key[:3] not in alike}
        stated = together.stated(connection, one.horizon, firsts, one.last_second)
        others.append(side._replace(facts=one.keyed(stated, scope) | whole))
    for place, group in groupby(found, key=lambda difference: Place(*difference.key[:3])):
        yield place, [(difference, causes(difference, *others)) for difference in group]


def _both_states(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Facing:
    """The facts that can matter to two states, wherever there are any."""
    both = (before, after)
    return paired(*(one.places(scope, begun_by=one.last_second, is_whole=False, after=turn) for one in both))


def _sought(before: Asked, after: Asked, scope: Scope, turn: Turn | None, *, is_bounded: bool) -> Facing | None:
    """The same where the states of two dates can differ, each seen from its own horizon.

    None where both are to be gone through: of one subject, and where the answer `is_bounded` and too much happened.
    """
    if scope.subject is not None:
        return None
    moved = _moved(before, after, scope, turn, is_bounded=is_bounded)
    if moved is None:
        return None
    seen = {} if before.horizon == after.horizon else _seen(before, after, scope, turn)
    return _facing(before, after, scope, (place for place, _ in groupby(merge(sorted(seen), moved))))


def _moved(before: Asked, after: Asked, scope: Scope, turn: Turn | None, *, is_bounded: bool) -> Iterator[Place] | None:
    """The places of facts with a bound between two dates, in order; None if `is_bounded` and there are many."""
    connection, position = after.connection, max(before.horizon.position, after.horizon.position)
    first, last = sorted((before.last_second, after.last_second))
    chronicles = sorted({*before.chronicles(scope, turn), *after.chronicles(scope, turn)})
    most = touched.LITTLE if is_bounded else min(bounds.MUCH, position // SCATTERED)
    are_few = {one: bounds.are_few(connection, one, (first, last), position, most=most) for one in chronicles}
    if is_bounded and not all(are_few.values()):
        return None

    def places() -> Iterator[Place]:
        for chronicle in chronicles:
            since = Place(*turn[:3]) if turn is not None and turn.chronicle == chronicle else Place(chronicle, "", "")
            if are_few[chronicle]:
                found = bounds.moved(connection, chronicle, (first, last), position)
                yield from (one for one in found if one >= since and scope.attribute in (None, one.attribute))
                continue
            listed = partial(bounds.moved_since, connection, attribute=scope.attribute, seconds=(first, last))
            while found := listed(since=since, position=position, most=PLACES + 1):
                yield from found[:PLACES]
                if len(found) <= PLACES:
                    break
                since = found[-1]

    return places()


def _facing(before: Asked, after: Asked, scope: Scope, places: Iterator[Place]) -> Facing:
    """Places with their facts on either side, those of few facts with all that have begun by the later date."""
    both, connection, begun_by = (before, after), after.connection, max(before.last_second, after.last_second)
    while some := list(islice(places, PLACES)):
        few = together.cold(connection, some)
        found: dict[Horizon, dict[Place, Facts]] = {}
        for horizon, one in {one.horizon: one for one in both}.items():
            groups = groupby(together.begun(connection, horizon, sorted(few), begun_by), lambda pair: pair[0][:3])
            found[horizon] = {Place(*place): one.keyed([*group], scope) for place, group in groups}
        for place in some:
            if place in few:
                was, now = (found[one.horizon].get(place, {}) for one in both)
            else:
                was, now = (one.of_place(place, scope, is_whole=False) for one in both)
            yield place, was, now


def _are_of_dates(before: Asked, after: Asked) -> bool:
    """Both see the same facts and read them alike, so that what differs has begun or ended."""
    return before.horizon == after.horizon and before.basis.resolution == after.basis.resolution


def _place_by_place(before: Asked, after: Asked, scope: Scope, facing: Facing) -> Found:
    """The same of any two questions, wherever their facts may make a difference."""
    both = (before, after)
    first, last = sorted(one.last_second for one in both)
    is_of_dates = _are_of_dates(before, after)
    for name, *facts in facing:
        place = Place(*name)
        sides = [Side(own, one.last_second, one.reading) for own, one in zip(facts, both, strict=True)]
        found = differences(*sides)
        if not found:
            continue
        shared = [side._replace(facts={}) for side in sides]  # the same facts, of which some have begun or ended since
        told = [(one, causes(one, *shared) if is_of_dates else ()) for one in found]
        if all(because for _, because in told):
            yield place, told
        elif is_of_dates:
            moved = after.keyed(bounds.facts(after.connection, after.horizon, place, (first, last)), scope)
            yield place, [(one, because or passing(moved.get(one.key, ()), *sides)) for one, because in told]
        else:
            whole = [
                side._replace(facts=one.of_place(place, scope, begun_by=last))
                for side, one in zip(sides, both, strict=True)
            ]
            yield place, [(one, because or causes(one, *whole)) for one, because in told]
