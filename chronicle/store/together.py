"""The facts of many places, asked for together. Nothing is decided here, as in `candidates`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from chronicle.store.among import elements, is_among, item
from chronicle.store.candidates import FEW, lasting, stands_out
from chronicle.store.effective import effective, parameters, reported
from chronicle.store.hot import EVER
from chronicle.store.place import ROW, Pair, Place, pair
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import fact, version

SIDES = (0, 1)
"""The two horizons that a statement is about, as the ends of names of parameters and columns."""


def cold(connection: Connection, places: Sequence[Place]) -> set[Place]:
    """The places that have no more than `candidates.FEW` facts."""
    return {Place(*row) for row in _COLD.rows(connection, places=_text(places))}


def standing_out(
    connection: Connection, one: Horizon, other: Horizon, places: Sequence[Place], begun_by: int
) -> tuple[list[Pair], list[Pair]]:
    """For each horizon the facts that can matter at the second `begun_by` where a key has one value, the latest.

    They are those of the places of which something that can matter is not the same at both. All facts of the places are
    gone through, so that they should have few.
    """
    sides = zip(SIDES, (one, other), strict=True)
    bounds = {f"{name}_{side}": value for side, horizon in sides for name, value in parameters(horizon).items()}
    question = _standing_out((one.known is not None, other.known is not None))
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in question.rows(connection, places=_text(places), begun_by=begun_by, **bounds):
        found[row[:3]].append(row)
    differ = [
        row
        for rows in found.values()
        if any(not (is_one and is_other) or before != after for *_, before, after, is_one, is_other in rows)
        for row in rows
    ]
    return (
        [pair((*row[:-4], row[-4])) for row in differ if row[-2]],
        [pair((*row[:-4], row[-3])) for row in differ if row[-1]],
    )


def stated(connection: Connection, horizon: Horizon, firsts: Collection[int], begun_by: int) -> list[Pair]:
    """The facts of events, named by their first positions, that may have begun."""
    question = _stated(is_known=horizon.known is not None)
    rows = question.rows(connection, firsts=_text(sorted(firsts)), begun_by=begun_by, **parameters(horizon))
    return list(map(pair, rows))


def begun(connection: Connection, horizon: Horizon, places: Sequence[Place], begun_by: int) -> list[Pair]:
    """All facts of the places that may have begun, place by place in their order."""
    question = _begun(is_known=horizon.known is not None)
    rows = question.rows(connection, places=_text(places), begun_by=begun_by, **parameters(horizon))
    return sorted(map(pair, rows), key=lambda one: one[0])


def _text(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


_ONE = elements(bindparam("places")).table_valued("value", name="one")
_ASKED = (
    select(*(item(_ONE.c.value, number).label(name) for number, name in enumerate(Place._fields)))
    .select_from(_ONE)
    .cte("asked")
    .prefix_with("MATERIALIZED")
)


def _of(asked: Any, facts: Any = fact) -> Any:
    return and_(*(facts.c[name] == asked.c[name] for name in Place._fields))


_HERE = fact.alias("here")
_MORE: Select[Any] = (
    select(literal_column("1")).where(_of(_ASKED, _HERE)).limit(literal_column("1")).offset(literal_column(str(FEW)))
)
_COLD = Prepared(select(*_ASKED.c).where(_MORE.correlate(_ASKED).scalar_subquery().is_(None)))


@cache
def _standing_out(are_known: tuple[bool, bool]) -> Prepared:
    """As `candidates` has it for one place; what is hidden at both horizons alone is left out.

    Behind the columns of a row stand, for each horizon, when the fact was reported, and whether it is effective.
    """

    def effective_at(facts: FromClause, side: int) -> ColumnElement[bool]:
        return and_(*effective(facts, is_known=are_known[side], side=f"_{side}"))

    lasts = select(func.max(_HERE.c.from_lo)).where(
        _of(_ASKED, _HERE), *lasting(_HERE), *(effective_at(_HERE, side) for side in SIDES)
    )
    since = func.coalesce(lasts.correlate(_ASKED).scalar_subquery(), EVER)
    claim = select(*_ASKED.c, since.label("since")).cte("claim").prefix_with("MATERIALIZED")
    return Prepared(
        select(
            *ROW[:-1],
            *(reported(fact, f"_{side}").label(f"reported_{side}") for side in SIDES),
            *(effective_at(fact, side).label(f"effective_{side}") for side in SIDES),
        )
        .select_from(claim.join(fact, _of(claim)))
        .where(
            stands_out(claim.c.since),
            fact.c.from_lo <= bindparam("begun_by"),
            or_(*(effective_at(fact, side) for side in SIDES)),
        )
    )


@cache
def _begun(*, is_known: bool) -> Prepared:
    return Prepared(
        select(*ROW)
        .select_from(_ASKED.join(fact, _of(_ASKED)))
        .where(fact.c.from_lo <= bindparam("begun_by"), *effective(fact, is_known=is_known))
    )


@cache
def _stated(*, is_known: bool) -> Prepared:
    return Prepared(
        select(*ROW)
        .select_from(version.join(fact, fact.c.position == version.c.position))
        .where(is_among(version.c.first, bindparam("firsts")), fact.c.from_lo <= bindparam("begun_by"))
        .where(*effective(fact, is_known=is_known))
    )
