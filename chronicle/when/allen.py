"""Allen's thirteen relations between two dates, in three values: certain, impossible, or undetermined.

After J. F. Allen, "Maintaining Knowledge about Temporal Intervals", CACM 26 (1983). A text without any doubt is the
span it names: `1994` is the year, `1990/1999` ten of them, and exactly one relation holds. Whatever is doubtful
(qualifiers, unspecified or significant digits, sets, unknown ends) lies somewhere within its reasoning bounds, each end
for itself, and a relation is possible if some choice of the ends has it.

Each relation puts the four ends into one order, so a choice is found, if there is one, by giving each end in that order
the earliest instant that is left to it.
"""

from __future__ import annotations

from enum import StrEnum

from chronicle.when.when import When


class Relation(StrEnum):
    """How one span lies to another, by Allen's names."""

    BEFORE = "before"
    MEETS = "meets"
    OVERLAPS = "overlaps"
    STARTS = "starts"
    DURING = "during"
    FINISHES = "finishes"
    EQUALS = "equals"
    FINISHED_BY = "finished-by"
    CONTAINS = "contains"
    STARTED_BY = "started-by"
    OVERLAPPED_BY = "overlapped-by"
    MET_BY = "met-by"
    AFTER = "after"

    @property
    def converse(self) -> Relation:
        """The relation of the other span to this one."""
        ordered = list(Relation)
        return ordered[-1 - ordered.index(self)]


# The ends in order, what is at one instant together: a and A are the start and end of the one, b and B of the other.
_ORDERS = {
    Relation.BEFORE: ("a", "A", "b", "B"),
    Relation.MEETS: ("a", "Ab", "B"),
    Relation.OVERLAPS: ("a", "b", "A", "B"),
    Relation.STARTS: ("ab", "A", "B"),
    Relation.DURING: ("b", "a", "A", "B"),
    Relation.FINISHES: ("b", "a", "AB"),
    Relation.EQUALS: ("ab", "AB"),
    Relation.FINISHED_BY: ("a", "b", "AB"),
    Relation.CONTAINS: ("a", "b", "B", "A"),
    Relation.STARTED_BY: ("ab", "B", "A"),
    Relation.OVERLAPPED_BY: ("b", "a", "B", "A"),
    Relation.MET_BY: ("b", "aB", "A"),
    Relation.AFTER: ("b", "B", "a", "A"),
}
_DAWN, _DUSK = -(2**80), 2**80
"""The instants of open ends, beyond any date: two spans without a beginning begin together."""

Bounds = tuple[int, int]


def relations(one: When, other: When) -> frozenset[Relation]:
    """Every relation that `one` may have to `other`; never none, and exactly one if neither is in doubt."""
    bounds = dict(zip("aAbB", (*_ends(one), *_ends(other)), strict=True))
    return frozenset(relation for relation, order in _ORDERS.items() if _can_be(order, bounds))


def relates(one: When, relation: Relation, other: When) -> bool | None:
    """Whether `one` has the relation to `other`: certainly (True), certainly not (False), or perhaps (None)."""
    possible = relations(one, other)
    return None if relation in possible and len(possible) > 1 else relation in possible


def _can_be(order: tuple[str, ...], bounds: dict[str, Bounds]) -> bool:
    instant = _DAWN - 1
    for together in order:
        instant = max(instant + 1, *(bounds[end][0] for end in together))
        if any(instant > bounds[end][1] for end in together):
            return False
    return True


def _ends(when: When) -> tuple[Bounds, Bounds]:
    """The bounds of the first second and of the first second after, all included."""
    start, end = when.start, when.end
    first_lo = _DAWN + 1 if start.lo is None else start.lo
    first_hi = first_lo if start.is_definite else (_DUSK if start.hi is None else start.hi) - 1
    last_hi = _DUSK - 1 if end.hi is None else end.hi
    last_lo = last_hi if end.is_definite else (_DAWN if end.lo is None else end.lo) + 1
    return (
        (_DAWN, _DAWN) if start.kind == "open" else (first_lo, first_hi),
        (_DUSK, _DUSK) if end.kind == "open" else (last_lo, last_hi),
    )
