"""The days on which facts have a bound: between two dates nothing else changes a state (`state.sweep`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, literal_column, or_, select, tuple_

from chronicle.event.span import DAY, EARLIEST, FOREVER
from chronicle.store.effective import effective, parameters
from chronicle.store.place import ROW, Pair, Place, pair
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import bound, fact

MUCH = 20_000
"""The places of more versions are too many to be kept in memory."""

AFTERWARDS = 3
"""So many seconds, at most, after a bound of a fact its weight can change last (`state.sweep`)."""

FIRST, LAST = EARLIEST + DAY, FOREVER - DAY
"""Between these seconds bounds have their days; close to the ends of time lie those of dates that have none."""

Seconds = tuple[int, int]
"""The earlier and the later of two seconds that states are asked for at."""


def bound_rows(facts: Iterable[Sequence[Any]]) -> list[tuple[str, int, int]]:
    """The rows of some facts, given as rows of their table: chronicle, day and position, in order.

    Days are those of UTC, numbered from 1970-01-01 on.
    """
    return sorted(
        {(row[0], second // DAY, row[8]) for row in facts for second in _bounds_of(row) if FIRST <= second <= LAST}
    )


def has_passed(row: Sequence[Any], seconds: Seconds) -> bool:
    """A fact, given as a row of its table, has a bound between two seconds; between a second and itself there is none.

    The columns up to `until_hi` will do.
    """
    first, last = seconds
    return first != last and any(first - AFTERWARDS < second <= last for second in _bounds_of(row))


def forget(connection: Connection, positions: Sequence[int]) -> None:
    """Remove the rows of the facts at some positions, which are still there."""
    for start in range(0, len(positions), 500):
        here = fact.c.position.in_(positions[start : start + 500])
        for chronicle, day, position in bound_rows(connection.execute(select(fact).where(here))):
            gone = (bound.c.chronicle == chronicle, bound.c.day == day, bound.c.position == position)
            connection.execute(delete(bound).where(*gone))


def are_few(connection: Connection, chronicle: str, seconds: Seconds, position: int, *, most: int) -> bool:
    """At most so many versions up to a position have a bound on the days between two seconds.

    Close to the ends of time nobody can tell, and the answer is no.
    """
    first, last = seconds
    if first - AFTERWARDS < FIRST or last > LAST:
        return False
    [(found,)] = _COUNTED.rows(connection, **_days(chronicle, seconds, position), most=most + 1)
    return bool(found <= most)


def moved(connection: Connection, chronicle: str, seconds: Seconds, position: int) -> list[Place]:
    """The places of which a fact up to a position has a bound between two seconds, in order; where they `are_few`."""
    values = _days(chronicle, seconds, position) | _between(seconds)
    return sorted(Place(chronicle, *row) for row in _MOVED.rows(connection, **values))


def moved_since(
    connection: Connection, since: Place, attribute: str | None, seconds: Seconds, position: int, *, most: int
) -> list[Place]:
    """The same from a place on, of one attribute or of all, and at most so many; however many bounds there are.

    The facts are gone through where they lie.
    """
    values: dict[str, Any] = {**since._asdict(), **_between(seconds), "position": position, "most": most}
    if attribute is not None:
        values["only"] = attribute
    rows = _moved_since(is_of_one=attribute is not None).rows(connection, **values)
    return [Place(since.chronicle, *row) for row in rows]


def facts(connection: Connection, horizon: Horizon, place: Place, seconds: Seconds) -> list[Pair]:
    """The facts of one place that have a bound between two seconds."""
    values = {**place._asdict(), **_between(seconds), **parameters(horizon)}
    return [pair(row) for row in _facts(is_known=horizon.known is not None).rows(connection, **values)]


def _bounds_of(row: Sequence[Any]) -> tuple[int, int, int, int]:
    return row[7], row[10] - 1, row[11], row[12] - 2


def _between(seconds: Seconds) -> dict[str, int]:
    return {"first": seconds[0] - AFTERWARDS, "last": seconds[1]}


def _days(chronicle: str, seconds: Seconds, position: int) -> dict[str, Any]:
    first, last = _between(seconds).values()
    return {"chronicle": chronicle, "first_day": first // DAY, "last_day": last // DAY, "position": position}


_BOUNDS = (fact.c.from_lo, fact.c.from_hi - 1, fact.c.until_lo, fact.c.until_hi - 2)
_IS_BETWEEN = (
    fact.c.from_lo <= bindparam("last"),
    or_(*((one > bindparam("first")) & (one <= bindparam("last")) for one in _BOUNDS)),
)
_PLACE = (fact.c.subject, fact.c.attribute)
_HERE = (
    bound.c.chronicle == bindparam("chronicle"),
    bound.c.day >= bindparam("first_day"),
    bound.c.day <= bindparam("last_day"),
    bound.c.position <= bindparam("position"),
)
_COUNTED = Prepared(
    select(func.count()).select_from(
        select(literal_column("1")).select_from(bound).where(*_HERE).limit(bindparam("most")).subquery("counted")
    )
)
_MOVED = Prepared(
    select(*_PLACE).where(fact.c.position.in_(select(bound.c.position).where(*_HERE)), *_IS_BETWEEN).distinct()
)


@cache
def _facts(*, is_known: bool) -> Prepared:
    here = (fact.c[name] == bindparam(name) for name in Place._fields)
    return Prepared(select(*ROW).where(*here, *_IS_BETWEEN, *effective(fact, is_known=is_known)))


@cache
def _moved_since(*, is_of_one: bool) -> Prepared:
    return Prepared(
        select(*_PLACE)
        .where(fact.c.chronicle == bindparam("chronicle"))
        .where(*([fact.c.attribute == bindparam("only")] if is_of_one else []))
        .where(tuple_(*_PLACE) >= tuple_(bindparam("subject"), bindparam("attribute")))
        .where(fact.c.position + literal_column("0") <= bindparam("position"), *_IS_BETWEEN)
        .distinct()
        .order_by(*_PLACE)
        .limit(bindparam("most"))
    )
