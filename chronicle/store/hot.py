"""The facts of an attribute of a subject that is told of often, as far as they can matter at a second.

Its extents say in which lanes something may hold, and its last fact that surely does how far back to go in each: the
cost is that of what can matter, however often it was told of. Nothing is decided here, as in `candidates`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
)

from chronicle.store import dialect
from chronicle.store.effective import effective, parameters
from chronicle.store.extents import FIRST
from chronicle.store.lanes import ENDING, LANES, breadth
from chronicle.store.place import ROW, Pair, Place, pair
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import extent, fact

EVER = cast(literal_column(f"'{FIRST}'"), BigInteger)
"""The first second in statements, as text: PostgreSQL takes the digits for a number of a type that no index knows."""


def of_place(connection: Connection, horizon: Horizon, place: Place, x: int) -> list[Pair]:
    """Of each key of a place, which has one value at a time, the facts that can matter at the second `x`."""
    question = _of_place(is_known=horizon.known is not None, is_lateral=dialect.has_arrays(connection))
    return list(map(pair, question.rows(connection, **place._asdict(), x=x, **parameters(horizon))))


def last_claim(found: FromClause, keys: tuple[str, ...], *, is_known: bool) -> ColumnElement[Any]:
    """When the last fact began that claims `x` in every world, of those that begin on a known day; null for none.

    What must have begun before cannot matter. `keys` are the columns that the facts share with what was `found`.
    """
    claim = fact.alias("claim")
    return (
        select(claim.c.from_lo)
        .where(*(claim.c[name] == found.c[name] for name in keys))
        .where(~claim.c.past, claim.c.lane == literal_column("0"))
        .where(claim.c.from_lo <= bindparam("x"), claim.c.from_lo > literal_column(str(-(2**62))))
        .where(claim.c.from_hi <= bindparam("x") + literal_column("1"), claim.c.until_lo > bindparam("x"))
        .where(*effective(claim, is_known=is_known))
        .order_by(claim.c.from_lo.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )


def begin_in_lane(found: FromClause, since: ColumnElement[Any]) -> ColumnElement[Any]:
    """From where on facts of a lane need be read so that none is missed that may have begun at a second or later."""
    reaches = {lane: reach for lane in range(LANES) if (reach := breadth(lane)) is not None}
    beyond = case(
        *(
            (found.c.lane == literal_column(str(lane)), literal_column(str(reach - 1)))
            for lane, reach in reaches.items()
        )
    )
    return func.coalesce(since - beyond, EVER)


_KEY = (*Place._fields, "dimensions", "shape")


@cache
def _of_place(*, is_known: bool, is_lateral: bool) -> Prepared:
    """`is_lateral` has facts sought lane by lane: PostgreSQL would read all of a key that has most of them."""
    claims = last_claim(extent, _KEY, is_known=is_known)
    found = (
        select(*(extent.c[name] for name in (*_KEY, "lane")), claims.label("since"))
        .where(*(extent.c[name] == bindparam(name) for name in Place._fields))
        .where(extent.c.begins <= bindparam("x"), extent.c.ends > bindparam("x"))
        .where(extent.c.position + literal_column("0") <= bindparam("position"))
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    facts = (
        select(*ROW)
        .where(*(fact.c[name] == found.c[name] for name in (*_KEY, "lane")), fact.c.past.in_((false(), true())))
        .where(fact.c.from_lo >= begin_in_lane(found, found.c.since), fact.c.from_lo <= bindparam("x"))
        .where(fact.c.from_hi > func.coalesce(found.c.since, EVER))
        .where((fact.c.lane < literal_column(str(ENDING))) | (fact.c.until_hi - literal_column("1") > bindparam("x")))
        .where(*effective(fact, is_known=is_known))
    )
    if not is_lateral:
        return Prepared(facts.select_from(found.join(fact, true())))
    sought = facts.correlate(found).offset(literal_column("0")).lateral("sought")
    return Prepared(select(*sought.c).select_from(found.join(sought, true())))
