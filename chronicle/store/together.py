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
from chronicle.store.bounds import Seconds, has_passed
from chronicle.store.candidates import FEW, lasting, stands_out
from chronicle.store.effective import SIDES, effective, of_both, parameters, reported
from chronicle.store.hot import EVER
from chronicle.store.place import ROW, Pair, Place, pair
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import fact, version


def cold(connection: Connection, places: Sequence[Place]) -> set[Place]:
    """The places that have no more than `candidates.FEW` facts."""
    return {Place(*row) for row in _COLD.rows(connection, places=_text(places))}


def standing_out(
    connection: Connection, one: Horizon, other: Horizon, places: Sequence[Place], seconds: Seconds
) -> tuple[list[Pair], list[Pair]]:
    """For each horizon the facts that can matter at one of two seconds, where a key has one value, the latest.

    They are those of the places of which something that can matter is not the same at both, or has a bound between the
    seconds. All facts of the places are gone through, so that they should have few.
    """
    question = _standing_out((one.known is not None, other.known is not None))
    first, last = seconds
    asked = {"places": _text(places), "begun_by": first, "last": last, **of_both(one, other)}
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in question.rows(connection, **asked):
        found[row[:3]].append(row)

    def is_otherwise(row: Any) -> bool:
        *_, before, after, is_one, is_other = row
        return not (is_one and is_other) or before != after or has_passed(row, seconds)

    differ = [row for rows in found.values() if any(map(is_otherwise, rows)) for row in rows]
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
    """As `candidates` has it for one place; what is hidden at both horizons, from the first second on, is left out.

    Behind the columns of a row stand, for each horizon, when the fact was reported, and whether it is effective.
    """

    def effective_at(facts: FromClause, side: str) -> ColumnElement[bool]:
        return and_(*effective(facts, is_known=are_known[SIDES.index(side)], side=side))

    lasts = select(func.max(_HERE.c.from_lo)).where(
        _of(_ASKED, _HERE), *lasting(_HERE), *(effective_at(_HERE, side) for side in SIDES)
    )
    since = func.coalesce(lasts.correlate(_ASKED).scalar_subquery(), EVER)
    claim = select(*_ASKED.c, since.label("since")).cte("claim").prefix_with("MATERIALIZED")
    return Prepared(
        select(
            *ROW[:-1],
            *(reported(fact, side).label(f"reported{side}") for side in SIDES),
            *(effective_at(fact, side).label(f"effective{side}") for side in SIDES),
        )
        .select_from(claim.join(fact, _of(claim)))
        .where(
            stands_out(claim.c.since),
            fact.c.from_lo <= bindparam("last"),
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
