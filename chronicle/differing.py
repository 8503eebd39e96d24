"""The half of the hall that holds two questions against each other.

Two states of knowledge over one date differ at most where some event is seen otherwise, two dates where a fact has a
bound between them, so that only those places are looked at, many together; states of knowledge that lie far apart, or
are of other dates as well, are compared place by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from chronicle.asking import Asked, Scope
from chronicle.event.candidate import Candidate
from chronicle.state.diff import Diff, Difference, Side, causes, change, differences
from chronicle.state.page import Allowance, Facts, Turn, page, paired
from chronicle.state.rows import Reading
from chronicle.store import together, touched
from chronicle.store.place import Place

PLACES = 500
"""How many places are looked at together."""

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
    is_timeless = before.last_second == after.last_second and before.basis.resolution == after.basis.resolution
    most = touched.MUCH if allowance is None else touched.LITTLE
    if is_timeless and touched.is_within(after.connection, before.horizon, after.horizon, most):
        found = _learned(before, after, scope, turn)
    else:
        found = _place_by_place(before, after, scope, turn, allowance)
    told, end = page(found, turn, limit)
    if end is None and allowance is not None:
        end = allowance.turn
    claims = after.claims(fact for one, because in told for fact in (*one.facts, *because))
    changes = tuple(change(one, because, claims) for one, because in told)
    return Diff(before.basis, after.basis, changes, end.text if end else None)


def _learned(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Found:
    """What differs between two states of knowledge over one date."""
    connection, horizons = after.connection, (before.horizon, after.horizon)
    seen = touched.touched(connection, *horizons, after.last_second)
    for named in touched.redeclared(connection, *horizons):
        if before.reading(*named) != after.reading(*named):
            seen |= {place: set() for place in touched.places_of(connection, *named) if place not in seen}
    asked = (scope.chronicle, scope.subject, scope.attribute)
    places = sorted(
        place
        for place in seen
        if all(wanted in (None, name) for wanted, name in zip(asked, place, strict=True))
        and (turn is None or place >= turn[:3])
    )
    for first in range(0, len(places), PLACES):
        yield from _learned_of(before, after, scope, {place: seen[place] for place in places[first : first + PLACES]})


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


def _moved(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Facing:
    """The same where the states of two dates, seen from one horizon, can differ."""
    connection, horizon, seconds = after.connection, after.horizon, (before.last_second, after.last_second)
    for chronicle in after.chronicles(scope, turn):
        since = Place(*turn[:3]) if turn is not None and turn.chronicle == chronicle else Place(chronicle, "", "")
        while places := touched.moved(connection, horizon, seconds, since, scope.attribute, most=PLACES + 1):
            few = together.cold(connection, places)
            pairs = together.begun(connection, horizon, sorted(few), max(seconds))
            found = {place: [*group] for place, group in groupby(pairs, key=lambda one: Place(*one[0][:3]))}
            for place in places[:PLACES]:
                if place in few:
                    facts = after.keyed(found.get(place, ()), scope)
                    yield place, facts, facts
                else:
                    was, now = (one.of_place(place, scope, is_whole=False) for one in (before, after))
                    yield place, was, now
            if len(places) <= PLACES:
                break
            since = places[-1]


def _place_by_place(before: Asked, after: Asked, scope: Scope, turn: Turn | None, allowance: Allowance | None) -> Found:
    """The same of any two questions: of two dates where something happens between them, else where anything holds."""
    both = (before, after)
    begun_by = max(one.last_second for one in both)
    is_of_dates = before.horizon == after.horizon and before.basis.resolution == after.basis.resolution
    is_sought = is_of_dates and scope.subject is None and allowance is None
    places = _moved(before, after, scope, turn) if is_sought else _both_states(before, after, scope, turn)
    for name, *facts in places if allowance is None else allowance.of(places):
        place = Place(*name)
        sides = [Side(own, one.last_second, one.reading) for own, one in zip(facts, both, strict=True)]
        found = differences(*sides)
        if not found:
            continue
        shared = [side._replace(facts={}) for side in sides]  # the same facts, of which some have begun or ended since
        told = [(one, causes(one, *shared) if is_of_dates else ()) for one in found]
        if not all(because for _, because in told):
            whole = [
                side._replace(facts=one.of_place(place, scope, begun_by=begun_by))
                for side, one in zip(sides, both, strict=True)
            ]
            told = [(one, because or causes(one, *whole)) for one, because in told]
        yield place, told
