"""The facts of many keys that may hold at a second, found by their extents: the cost is that of the answer.

Which places (attributes of subjects) can have an answer is asked of the extents. Where many of them hold among those
that come next in the order of the answer, or many in all, these are gone through, which is sooner done than to sort
them; where they are few, their index by time says. Of each place those facts are read that `candidates` would give, and
perhaps more; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)

from chronicle.store.among import is_among
from chronicle.store.candidates import Spares, candidates
from chronicle.store.effective import effective, parameters
from chronicle.store.extents import FIRST
from chronicle.store.foreseen import declarations
from chronicle.store.head import read_head
from chronicle.store.hot import EVER, begin_in_lane, last_claim
from chronicle.store.lanes import ENDING, WIDTHS
from chronicle.store.place import ROW, Pair, Place, pair, place_of
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import extent, fact

UNDECLARED = ""
"""No attribute is called so: it is read as those are that nobody has declared."""

FEW = 10_000
"""Up to so many extents are sorted rather than all gone through."""

LOOKED = 1_000
"""How many extents are looked at to see how many of them hold."""

DENSE = 32
"""Where one of so many holds, or more, all are gone through."""

PAGE = 2_000
"""How many facts are read at a time, at most."""

STEP = 250
"""How many are read at first; each time after that three times more."""

CHUNK = 100
"""Of how many places facts are read at first, where they are few; each time after that of ten times more."""


def holding(
    connection: Connection,
    horizon: Horizon,
    chronicle: str,
    attribute: str | None = None,
    *,
    x: int,
    spares: Spares,
    since: Place | None = None,
) -> Iterator[tuple[Place, list[Pair]]]:
    """The facts that can matter to the state at the second `x`, for each attribute of each subject, in order.

    Of attributes whose facts nobody `spares` that is all of them that may hold. `since` is the place to begin with.
    Memory is that of one place, and of the names of a few.
    """
    bounds: dict[str, Any] = {"chronicle": chronicle, "x": x, **parameters(horizon)}
    if attribute is not None:
        bounds["attribute"] = attribute
    given = tuple(name for name in ("chronicle", "attribute") if name in bounds)
    lows = {f"low_{width}": _low(width, x) for width in range(len(WIDTHS) + 1)}
    here = _before(since or Place(chronicle, "", ""))
    coming = _coming(given).rows(connection, **bounds, **here, most=LOOKED)
    declarations(connection, horizon.position, chronicle, (name for name, *_ in coming))
    looked, held = (sum(row[column] for row in coming) for column in (1, 2))
    is_dense = looked < LOOKED or held * DENSE > looked
    found = [] if is_dense else _stabbed(given).rows(connection, **bounds, **lows, **here, most=FEW + 1)
    is_few = not is_dense and len(found) <= FEW
    if not is_few and not is_dense and attribute is not None:
        yield from candidates(connection, horizon, chronicle, None, attribute, begun_by=x, spares=spares, since=since)
        return
    is_known = horizon.known is not None
    is_latest = not is_known and horizon.position >= read_head(connection).position
    is_wide = not spares(chronicle, UNDECLARED)
    query = _held(given, is_few=is_few, is_known=is_known, is_latest=is_latest, is_wide=is_wide)
    if not is_wide:
        names = {name for _, name in found} if is_few else {name for name, *_ in coming}
        bounds["spared"] = msgspec.json.encode(sorted(one for one in names if spares(chronicle, one))).decode()

    def whole(place: Place) -> Iterator[tuple[Place, list[Pair]]]:
        return candidates(connection, horizon, *place, begun_by=x, spares=spares)

    if not is_few:
        yield from _pages(partial(query.rows, connection, **bounds), here, whole)
        return
    places = sorted({Place(chronicle, *row) for row in found})
    first, size = 0, CHUNK
    while some := places[first : first + size]:
        upto = {"last_subject": some[-1].subject, "last_attribute": some[-1].attribute}
        yield from _pages(partial(query.rows, connection, **bounds, **lows, **upto), _before(some[0]), whole)
        first, size = first + size, 10 * size


def _pages(
    ask: Callable[..., list[Any]],
    here: dict[str, Any],
    whole: Callable[[Place], Iterator[tuple[Place, list[Pair]]]],
) -> Iterator[tuple[Place, list[Pair]]]:
    """The facts of place after place from somewhere on; those of more than a page of facts as `whole` gives them."""
    most = min(PAGE, STEP)
    while True:
        rows = ask(**here, most=most)
        last = place_of(rows[-1]) if len(rows) == most else None
        for place, group in groupby(rows, place_of):
            if place != last:
                yield place, [pair(row) for row in group]
        if last is None:
            return
        if place_of(rows[0]) == last:
            yield from whole(last)
            here = _behind(last)
        else:
            here = _before(last)
        most = min(PAGE, 3 * most)


def _low(width: int, x: int) -> int:
    """Extents of a width that begin before have ended by `x`."""
    return max(x - WIDTHS[width] + 1, FIRST) if width < len(WIDTHS) else FIRST


_OF_EXTENT = ("chronicle", "subject", "attribute", "dimensions", "shape", "lane")
_ORDER = tuple(extent.c[name] for name in ("subject", "attribute", "dimensions", "shape", "lane"))
_UNORDERED = (_ORDER[0] + "", *_ORDER[1:])
"""The same, for conditions that are not to choose the index."""


def _before(place: Place) -> dict[str, Any]:
    """Before all extents of a place."""
    return {
        "at_subject": place.subject,
        "at_attribute": place.attribute,
        "at_dimensions": "",
        "at_shape": "",
        "at_lane": -1,
    }


def _behind(place: Place) -> dict[str, Any]:
    """Behind all extents of a place; dimensions are JSON, so that none begins with a tilde."""
    return _before(place) | {"at_dimensions": "~"}


def _reaching(given: tuple[str, ...], order: tuple[ColumnElement[Any], ...]) -> list[ColumnElement[bool]]:
    """The extents in which something may hold at `x`, from somewhere on."""
    return [*(extent.c[name] == bindparam(name) for name in given), _behind_here(order), *_holds(extent)]


def _behind_here(order: tuple[ColumnElement[Any], ...]) -> ColumnElement[bool]:
    return tuple_(*order) > tuple_(*(bindparam(f"at_{column.name}") for column in _ORDER))


def _holds(extents: FromClause) -> list[ColumnElement[bool]]:
    return [
        extents.c.begins <= bindparam("x"),
        extents.c.ends > bindparam("x"),
        extents.c.position <= bindparam("position"),
    ]


def _by_time(
    given: tuple[str, ...], columns: tuple[ColumnElement[Any], ...], *more: ColumnElement[bool]
) -> CompoundSelect[Any]:
    """Columns of the extents, sought in the stretches of time in which those of each width begin that have not ended.

    Each width is sought by itself: PostgreSQL would rather go through all that have begun than join them with a list.
    """
    return union_all(
        *(
            select(*columns)
            .where(extent.c.width == literal_column(str(width)), extent.c.begins >= bindparam(f"low_{width}"))
            .where(*_reaching(given, _UNORDERED), *more)
            for width in range(len(WIDTHS) + 1)
        )
    )


@cache
def _stabbed(given: tuple[str, ...]) -> Prepared:
    return Prepared(_by_time(given, (extent.c.subject, extent.c.attribute)).limit(bindparam("most")))


@cache
def _coming(given: tuple[str, ...]) -> Prepared:
    """How many extents come next, in the order of the answer, and in how many something may hold, by attribute."""
    following = (
        select(*(extent.c[name] for name in ("attribute", "begins", "ends", "position")))
        .where(extent.c.chronicle == bindparam("chronicle"), _behind_here(_ORDER))
        .order_by(*_ORDER)
        .limit(bindparam("most"))
        .subquery("following")
    )
    wanted = [following.c.attribute == bindparam("attribute")] if "attribute" in given else []
    holds = func.count(case((and_(*wanted, *_holds(following)), 1)))
    return Prepared(select(following.c.attribute, func.count(), holds).group_by(following.c.attribute))


@cache
def _held(given: tuple[str, ...], *, is_few: bool, is_known: bool, is_latest: bool, is_wide: bool) -> Prepared:
    """The facts, in the order of places. What is superseded need not be looked at where the latest is asked for."""
    found = _found(given) if is_few else extent
    here = and_(
        *(fact.c[name] == found.c[name] for name in _OF_EXTENT),
        ~fact.c.past if is_latest else fact.c.past.in_((false(), true())),
        fact.c.from_lo <= bindparam("x"),
        *(() if is_wide else (fact.c.from_lo >= _since(found, is_known=is_known),)),
    )
    query = (
        select(*ROW)
        .select_from(found.join(fact, here))
        .where((fact.c.lane < literal_column(str(ENDING))) | (fact.c.until_hi - literal_column("1") > bindparam("x")))
        .where(*effective(fact, is_known=is_known))
    )
    if not is_few:
        query = query.where(*_reaching(given, _ORDER))
    return Prepared(query.order_by(found.c.subject, found.c.attribute).limit(bindparam("most")))


def _found(given: tuple[str, ...]) -> FromClause:
    """The extents by time, up to a last place.

    PostgreSQL is to find them before it looks for facts, whose cost it overrates so much that it does not see the rest.
    """
    last = tuple_(bindparam("last_subject"), bindparam("last_attribute"))
    return (
        _by_time(given, tuple(extent.c[name] for name in _OF_EXTENT), tuple_(*_UNORDERED[:2]) <= last)
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _since(found: FromClause, *, is_known: bool) -> ColumnElement[int]:
    """From where on facts of an extent's lane need be read (`store.hot`): all, unless the attribute is `spared`."""
    begin = begin_in_lane(found, last_claim(found, _OF_EXTENT[:-1], is_known=is_known))
    return case((is_among(found.c.attribute, bindparam("spared")), begin), else_=EVER)
