"""The facts that may decide a state, key by key. Nothing is decided here: which of them wins is for `state` to say.

A state at a second needs of a key that is told of often only what may matter then (`store.hot`), where the caller
allows to leave out the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
    tuple_,
)

from chronicle.event.candidate import FOREVER
from chronicle.store import foreseen, hot
from chronicle.store.effective import effective, overtaken, parameters, visible
from chronicle.store.extents import FIRST
from chronicle.store.hot import EVER
from chronicle.store.lanes import LANES
from chronicle.store.place import KEY, ROW, Pair, Place, pair, place_of
from chronicle.store.prepared import Prepared, Question
from chronicle.store.read import LATEST, Horizon
from chronicle.store.schema import fact

FEW = 24
"""So many facts of an attribute of a subject are read before anything is known of them; most have fewer."""

HOT = 4 * FEW
"""With more than so many facts an attribute of a subject is worth reading by its extents."""

PAGE = 2_000
"""How many facts are read at a time where many are asked for."""

Spares = Callable[[str, str], bool]
"""(chronicle, attribute) -> facts that cannot matter may be left out: each key has one value at a time, the latest."""


def candidates(
    connection: Connection,
    horizon: Horizon,
    chronicle: str,
    subject: str | None = None,
    attribute: str | None = None,
    *,
    begun_by: int = LATEST,
    spares: Spares | None = None,
    since: Place | None = None,
) -> Iterator[tuple[Place, list[Pair]]]:
    """The facts of the effective versions (DESIGN 5.2) of a chronicle, for each attribute of each subject, in order.

    Left out is what can only begin after the second `begun_by`, and where one `spares` much of what cannot matter then.
    `since` is the place to begin with. The keys carry the value of every fact. Memory is that of one place.
    """
    wanted = {"chronicle": chronicle, "subject": subject, "attribute": attribute}
    given = tuple(name for name, value in wanted.items() if value is not None)
    bounds = {name: wanted[name] for name in given} | parameters(horizon)
    is_known = horizon.known is not None
    if subject is not None and attribute is not None:
        place = Place(chronicle, subject, attribute)
        likely = _of_place(bounds, begun_by, is_known=is_known, is_spared=spares is not None)
        foreseen.declarations(connection, horizon.position, chronicle, [attribute], [likely])
        is_spared = spares is not None and spares(chronicle, attribute)
        is_likely = is_spared or spares is None
        question, values = likely if is_likely else _of_place(bounds, begun_by, is_known=is_known, is_spared=False)
        rows = question.rows(connection, **values)
        pairs: list[Pair] = []
        if is_spared and not is_known:
            pairs = list(map(pair, rows)) or hot.of_place(connection, horizon, place, begun_by)
        elif len(rows) <= FEW:
            pairs = [pair(row) for row in rows if row[7] <= begun_by and _is_effective(row, horizon)]
        elif is_spared:
            pairs = hot.of_place(connection, horizon, place, begun_by)
        if pairs:
            yield place, pairs
        if is_spared or len(rows) <= FEW:
            return
    bounds |= {"begun_by": begun_by, "most": PAGE}
    many = _many(given, is_known=is_known)
    rows = many.rows(connection, **bounds, **_at(_before(since or Place(chronicle, "", ""))))
    pending: list[Any] = []
    while rows:
        foreseen.declarations(connection, horizon.position, chronicle, (row[2] for row in rows))
        last = rows[-1] if len(rows) == PAGE else None
        for place, group in groupby(rows, place_of):
            if pending and place_of(pending[0]) != place:
                yield place_of(pending[0]), [pair(row) for row in pending]
                pending = []
            pending += group
        if last is None:
            break
        here = place_of(last)
        if len(pending) > HOT and spares is not None and spares(here.chronicle, here.attribute):
            if pairs := hot.of_place(connection, horizon, here, begun_by):
                yield here, pairs
            pending = []
            rows = many.rows(connection, **bounds, **_at(_behind(here)))
        else:
            rows = many.rows(connection, **bounds, **_at(last))
    if pending:
        yield place_of(pending[0]), [pair(row) for row in pending]


def _of_place(bounds: dict[str, Any], begun_by: int, *, is_known: bool, is_spared: bool) -> Question:
    """What is asked first about one place."""
    if is_spared and not is_known:
        return _STANDING_OUT, {**bounds, "begun_by": begun_by, "most": FEW + 1}
    return _few(is_known=is_known), {**bounds, "most": FEW + 1}


def _is_effective(row: Any, horizon: Horizon) -> bool:
    position, superseded = row[8], row[17]
    if position > horizon.position:
        return False
    is_latest = superseded is None or superseded > horizon.position
    return is_latest if horizon.known is None else row[18] <= horizon.known and (is_latest or not row[19])


@cache
def _few(*, is_known: bool) -> Prepared:
    more = (
        (visible(fact).label("visible"), case((fact.c.superseded.is_not(None), overtaken(fact)), else_=False))
        if is_known
        else ()
    )
    place = (fact.c[name] == bindparam(name) for name in Place._fields)
    return Prepared(select(*ROW, fact.c.superseded, *more).where(*place).order_by(*KEY).limit(bindparam("most")))


def lasting(facts: FromClause) -> list[ColumnElement[bool]]:
    """Facts of the key without dimensions and periods that have surely begun by the second `begun_by` and never end."""
    return [
        facts.c.dimensions == literal_column("''"),
        facts.c.shape == literal_column("''"),
        facts.c.from_hi - literal_column("1") <= bindparam("begun_by"),
        facts.c.until_lo >= literal_column(str(FOREVER)),
    ]


def stands_out(since: ColumnElement[int]) -> ColumnElement[bool]:
    """A fact of another key, or one that need not have begun before the last that is `lasting`."""
    return (fact.c.from_hi > since) | (fact.c.dimensions != "") | (fact.c.shape != "")


def _standing_out() -> Prepared:
    """The facts of a place that can matter at a second, if the place has fewer than `most`, and none otherwise.

    Of the key without dimensions and periods those are left out that must have begun before one that certainly holds
    then and never ends (`state.resolve.standing_out`).
    """
    at_place = [fact.c[name] == bindparam(name) for name in Place._fields]
    needed = ("dimensions", "shape", "from_lo", "from_hi", "until_lo", "position", "superseded")
    few = select(*(fact.c[name] for name in needed)).where(*at_place).limit(bindparam("most")).subquery("few")
    lasts = and_(*lasting(few), *effective(few, is_known=False))
    since = func.coalesce(func.max(case((lasts, few.c.from_lo))), EVER).label("since")
    claim = select(since).having(func.count() < bindparam("most")).subquery("claim")
    return Prepared(
        select(*ROW)
        .select_from(claim.join(fact, stands_out(claim.c.since)))
        .where(*at_place, fact.c.from_lo <= bindparam("begun_by"), *effective(fact, is_known=False))
    )


_STANDING_OUT = _standing_out()


@cache
def _many(given: tuple[str, ...], *, is_known: bool) -> Prepared:
    free = tuple(column for column in KEY if column.name not in given)  # in the order of an index that begins with them
    after = tuple_(*(bindparam(f"at_{column.name}") for column in free))
    query = (
        select(*ROW)
        .where(*(fact.c[name] == bindparam(name) for name in given), tuple_(*free) > after)
        .where(fact.c.from_lo <= bindparam("begun_by"))
        .where(*effective(fact, is_known=is_known))
    )
    if "attribute" in given and "subject" not in given:
        query = query.where(text("fact.attribute <> ''"))
    return Prepared(query.order_by(*free).limit(bindparam("most")))


def _at(row: Sequence[Any]) -> dict[str, Any]:
    """The key of a row by name; the database need not take them all."""
    return {f"at_{column.name}": value for column, value in zip(KEY, row, strict=False)}


def _before(place: Place) -> tuple[Any, ...]:
    """A key before all those of a place."""
    return (*place, False, "", "", -1, FIRST, 0, -1)


def _behind(place: Place) -> tuple[Any, ...]:
    """A key behind all those of a place; dimensions are JSON, so that none begins with a tilde."""
    return (*place, True, "~", "~", LANES, LATEST, LATEST, 2**31 - 1)
