"""Where the states of two questions can differ: only there they are looked at (`differing`).

Two states of knowledge differ at most where some event is seen otherwise, two dates where a fact has a bound between
them. If that is much, to look it up costs more than to go through all there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from heapq import merge
from itertools import groupby

from chronicle.asking import Asked, Scope
from chronicle.state.page import Turn
from chronicle.store import bounds, touched
from chronicle.store.place import Place

LISTED = 500
"""How many places are listed at a time where the facts are gone through."""

SCATTERED = 32
"""To find a fact by itself takes as long as to go through so many where they lie, or a little longer."""

Seen = Mapping[Place, set[int]]
"""Places with the first positions of the events that are seen otherwise."""


def sought(
    before: Asked, after: Asked, scope: Scope, turn: Turn | None, *, is_bounded: bool
) -> tuple[Seen, Iterator[Place]] | None:
    """What is seen otherwise, and all places where the two states can differ, in order.

    None where both states are to be gone through: those of one subject, and those that lie far apart, which are closer
    where the answer `is_bounded`.
    """
    if scope.subject is not None or before.basis.resolution != after.basis.resolution:
        return None
    most = touched.LITTLE if is_bounded else touched.MUCH
    horizons = before.horizon, after.horizon
    if before.horizon != after.horizon and not touched.is_within(after.connection, *horizons, most):
        return None
    moved: Iterator[Place] | None = iter(())
    if before.last_second != after.last_second:
        moved = _moved(before, after, scope, turn, is_bounded=is_bounded)
    if moved is None:
        return None
    seen = {} if before.horizon == after.horizon else _seen(before, after, scope, turn)
    return seen, (place for place, _ in groupby(merge(sorted(seen), moved)))


def _seen(before: Asked, after: Asked, scope: Scope, turn: Turn | None) -> Seen:
    """The places that two states of knowledge can see otherwise."""
    connection, horizons = after.connection, (before.horizon, after.horizon)
    first, last = sorted((before.last_second, after.last_second))
    seen = touched.touched(connection, *horizons, begun_by=last, ended_by=first)
    for named in touched.redeclared(connection, *horizons):
        if before.reading(*named) != after.reading(*named):
            seen |= {place: set() for place in touched.places_of(connection, *named) if place not in seen}
    return {
        place: firsts
        for place, firsts in seen.items()
        if scope.chronicle in (None, place.chronicle)
        and scope.attribute in (None, place.attribute)
        and (turn is None or place >= turn[:3])
    }


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
            while found := listed(since=since, position=position, most=LISTED + 1):
                yield from found[:LISTED]
                if len(found) <= LISTED:
                    break
                since = found[-1]

    return places()
