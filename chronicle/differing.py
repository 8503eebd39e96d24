"""The half of the hall that holds two questions against each other."""

from __future__ import annotations

from chronicle.asking import Asked, Scope
from chronicle.state.diff import Diff, Difference, Side, change, differences
from chronicle.state.page import Allowance, Turn, page
from chronicle.store.place import Place


def difference(
    before: Asked,
    after: Asked,
    scope: Scope,
    turn: Turn | None = None,
    limit: int | None = None,
    *,
    allowance: Allowance | None = None,
) -> Diff:
    """What differs between the states of two questions."""
    if scope.chronicle is not None:
        for one in (before, after):
            one.require_chronicle(scope.chronicle)
    begun_by = max(before.last_second, after.last_second)

    def of_place(place: Place) -> list[Difference]:
        sides = (Side(one.of_place(place, scope, begun_by), one.last_second, one.reading) for one in (before, after))
        return differences(*sides)

    places = (place for place in before.touched(after, scope, turn, allowance) if turn is None or place >= turn[:3])
    found, end = page(((place, of_place(place)) for place in places), turn, limit)
    if end is None and allowance is not None:
        end = allowance.turn
    claims = after.claims(fact for one in found for fact in one.facts)
    return Diff(before.basis, after.basis, tuple(change(one, claims) for one in found), end.text if end else None)
