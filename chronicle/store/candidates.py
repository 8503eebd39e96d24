"""The facts that may decide a state, key by key. Nothing is decided here: which of them wins is for `state` to say.

A state at a second needs of a hot key only its latest facts, so they are read from there on, lane by lane, until a rule
that the caller gives says that no earlier one can matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from chronicle.event.candidate import FOREVER, Candidate
from chronicle.store import dialect
from chronicle.store.effective import effective, overtaken, visible
from chronicle.store.lanes import ENDING, LANES, breadth, is_ending
from chronicle.store.place import KEY, ROW, Pair, Place, pair, place_of
from chronicle.store.prepared import Prepared
from chronicle.store.read import LATEST, Horizon
from chronicle.store.schema import fact, head

FEW = 24
"""So many facts of an attribute of a subject are read before anything is known of them; most have fewer."""

HOT = 4 * FEW
"""With more than so many facts an attribute of a subject is worth reading from the latest on."""

PAGE = 2_000
"""How many facts are read at a time where many are asked for."""

STEP = 4
"""How many facts of a lane are read at first; each time after that so many times more."""

FIRST = -(2**63)

EVER = cast(literal_column(f"'{FIRST}'"), BigInteger)
"""The first second in statements, as text: PostgreSQL takes the digits for a number of a type that no index knows."""

Claimed = Callable[[Sequence[Candidate]], int | None]
"""Given facts of one key, the second from which on one of them certainly outdoes whatever must have begun before."""

ClaimedOf = Callable[[str, str], Claimed | None]
"""(chronicle, attribute) -> the rule for its keys; None where all facts are needed."""


def candidates(
    connection: Connection,
    horizon: Horizon,
    chronicle: str,
    subject: str | None = None,
    attribute: str | None = None,
    *,
    begun_by: int = LATEST,
    claimed: ClaimedOf = lambda _, __: None,
    since: Place | None = None,
) -> Iterator[tuple[Place, list[Pair]]]:
    """The facts of the effective versions (DESIGN 5.2) of a chronicle, for each attribute of each subject, in order.

    Left out is what can only begin after the second `begun_by`, and what by the rules of `claimed` cannot matter then.
    `since` is the place to begin with. The keys carry the value of every fact. Memory is that of one place.
    """
    wanted = {"chronicle": chronicle, "subject": subject, "attribute": attribute}
    given = tuple(name for name, value in wanted.items() if value is not None)
    bounds = {name: wanted[name] for name in given} | _bounds(horizon)
    is_known = horizon.known is not None
    if subject is not None and attribute is not None:
        rule = claimed(chronicle, attribute)
        if rule is not None and not is_known:
            rows = _STANDING_OUT.rows(connection, **bounds, begun_by=begun_by, most=FEW + 1)
            if rows:
                yield Place(chronicle, subject, attribute), list(map(pair, rows))
                return
            [(count, *one)] = _COUNTED.rows(connection, **wanted, most=FEW + 1)
            if count <= FEW:
                return
        else:
            rows = _few(is_known=is_known).rows(connection, **bounds, most=FEW + 1)
            if len(rows) <= FEW:
                if pairs := [pair(row) for row in rows if row[7] <= begun_by and _is_effective(row, horizon)]:
                    yield Place(chronicle, subject, attribute), pairs
                return
            one = rows[0][4:6]
        if rule is not None:
            place = Place(chronicle, subject, attribute)
            foreseen = _foresee(connection, horizon, place, one, begun_by)
            yield place, list(_latest_first(foreseen, horizon, place, begun_by, rule))
            return
    bounds |= {"begun_by": begun_by, "most": PAGE}
    many = _many(given, is_known=is_known)
    rows = many.rows(connection, **bounds, **_at(_before(since or Place(chronicle, "", ""))))
    pending: list[Any] = []
    while rows:
        last = rows[-1] if len(rows) == PAGE else None
        for place, group in groupby(rows, place_of):
            if pending and place_of(pending[0]) != place:
                yield place_of(pending[0]), [pair(row) for row in pending]
                pending = []
            pending += group
        if last is None:
            break
        here = place_of(last)
        rule = claimed(here.chronicle, here.attribute) if len(pending) > HOT else None
        if rule is None:
            rows = many.rows(connection, **bounds, **_at(last))
        else:
            yield here, list(_latest_first(Foreseen(connection), horizon, here, begun_by, rule))
            pending = []
            rows = many.rows(connection, **bounds, **_at(_behind(here)))
    if pending:
        yield place_of(pending[0]), [pair(row) for row in pending]


class Foreseen:
    """Questions that will be asked if things are as they mostly are, with their answers, which came in one message."""

    def __init__(self, connection: Connection, questions: Sequence[tuple[Prepared, dict[str, Any]]] = ()) -> None:
        self.connection = connection
        self._asked = [*questions]
        self._answers = dialect.answers(connection, self._asked) if questions else []

    def rows(self, question: Prepared, **values: Any) -> list[Any]:
        """What a query answers, be it foreseen or not."""
        for asked, answer in zip(self._asked, self._answers, strict=True):
            if asked == (question, values):
                return answer
        return question.rows(self.connection, **values)


def _foresee(connection: Connection, horizon: Horizon, place: Place, one: Sequence[str], x: int) -> Foreseen:
    """What `_latest_first` asks of a place that has a key of these dimensions and shape, and mostly no other."""
    if not dialect.has_arrays(connection):
        return Foreseen(connection)
    is_known = horizon.known is not None
    dimensions, shape = one
    key = {**place._asdict(), **_bounds(horizon), "dimensions": dimensions, "shape": shape}
    pasts = (False, True) if is_known else (False,)
    return Foreseen(
        connection,
        [
            (_HEAD, {}),
            *(
                (_NEXT_SHAPE, _shape_after(place, before, past=past))
                for past in pasts
                for before in (None, (dimensions, shape))
            ),
            (_lasting(is_known=is_known), {**key, "past": False, **_lasting_from(x, LATEST, LATEST), "most": STEP}),
        ],
    )


def _latest_first(foreseen: Foreseen, horizon: Horizon, place: Place, x: int, claimed: Claimed) -> Iterator[Pair]:
    """Of each key of a place the facts that can matter at the second `x`, and perhaps some more."""
    is_known = horizon.known is not None
    [(last,)] = foreseen.rows(_HEAD)
    pasts = (False,) if not is_known and horizon.position >= last else (False, True)
    for dimensions, shape in _shapes(foreseen, place, pasts):
        key = {**place._asdict(), **_bounds(horizon), "dimensions": dimensions, "shape": shape}
        since = None
        for past in pasts:
            if since is None:
                since = _since(foreseen, {**key, "past": past}, x, claimed, is_known=is_known)
        asked = {**key, **_lows(since, x), "begun_by": x, "since": FIRST if since is None else since}
        lanes = _lanes(is_known=is_known, is_lateral=dialect.has_arrays(foreseen.connection))
        for rows in dialect.answers(foreseen.connection, [(lanes, {**asked, "past": past}) for past in pasts]):
            yield from map(pair, rows)


def _since(foreseen: Foreseen, key: dict[str, Any], x: int, claimed: Claimed, *, is_known: bool) -> int | None:
    """When the latest fact began that claims `x`, among those that begin on a known day and may hold for ever."""
    found: list[Candidate] = []
    before, most = _lasting_from(x, LATEST, LATEST), STEP
    while True:
        rows = foreseen.rows(_lasting(is_known=is_known), **key, **before, most=most)
        found += (pair(row)[1] for row in rows)
        since = claimed(found)
        if since is not None or len(rows) < most:
            return since
        before, most = _lasting_from(*rows[-1][7:10]), most * STEP


def _lasting_from(second: int, position: int, ordinal: int) -> dict[str, int]:
    return {"from_lo": second, "at": position, "ordinal": ordinal}


def _lows(since: int | None, x: int) -> dict[str, int]:
    """From where on facts of each lane need be read: those before had all begun before `since`, or ended by `x`."""
    lows = dict.fromkeys(_LOWS, FIRST)
    for name, lane, reach in _BOUNDED:
        if is_ending(lane):
            lows[name] = max(FIRST, x - reach)
        elif since is not None:
            lows[name] = max(FIRST, since - reach)
    return lows


def _shapes(foreseen: Foreseen, place: Place, pasts: tuple[bool, ...]) -> dict[tuple[str, str], None]:
    """The dimensions and shapes of a place's keys, each found by one seek from the one before."""
    found: dict[tuple[str, str], None] = {}
    for past in pasts:
        at = _shape_after(place, None, past=past)
        while rows := foreseen.rows(_NEXT_SHAPE, **at):
            [one] = rows
            found[tuple(one)] = None
            at = _shape_after(place, one, past=past)
    return found


def _shape_after(place: Place, one: Sequence[str] | None, *, past: bool) -> dict[str, Any]:
    """Where to look for the dimensions and shape that come after others; first of all where there are none."""
    dimensions, shape = one or ("", "")
    lane = LANES if one else -1
    return {**place._asdict(), "past": past, "at_dimensions": dimensions, "at_shape": shape, "at_lane": lane}


def _bounds(horizon: Horizon) -> dict[str, Any]:
    return {"position": horizon.position} | ({} if horizon.known is None else {"known": horizon.known})


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


def _standing_out() -> Prepared:
    """The facts of a place that can matter at a second, if the place has fewer than `most`, and none otherwise.

    Of the key without dimensions and periods those are left out that must have begun before one that certainly holds
    then and never ends (`state.resolve.standing_out`).
    """
    at_place = [fact.c[name] == bindparam(name) for name in Place._fields]
    needed = ("dimensions", "shape", "from_lo", "from_hi", "until_lo", "position", "superseded")
    few = select(*(fact.c[name] for name in needed)).where(*at_place).limit(bindparam("most")).subquery("few")
    lasts = and_(
        few.c.dimensions == literal_column("''"),
        few.c.shape == literal_column("''"),
        few.c.from_hi - literal_column("1") <= bindparam("begun_by"),
        few.c.until_lo >= literal_column(str(FOREVER)),
        *effective(few, is_known=False),
    )
    since = func.coalesce(func.max(case((lasts, few.c.from_lo))), EVER).label("since")
    claim = select(since).having(func.count() < bindparam("most")).subquery("claim")
    stands_out = (fact.c.from_hi > claim.c.since) | (fact.c.dimensions != "") | (fact.c.shape != "")
    return Prepared(
        select(*ROW)
        .select_from(claim.join(fact, stands_out))
        .where(*at_place, fact.c.from_lo <= bindparam("begun_by"), *effective(fact, is_known=False))
    )


_STANDING_OUT = _standing_out()


def _counted() -> Prepared:
    """How many facts a place has, `most` at most; and the dimensions and shape of some."""
    at_place = [fact.c[name] == bindparam(name) for name in Place._fields]
    few = select(fact.c.dimensions, fact.c.shape).where(*at_place).limit(bindparam("most")).subquery("few")
    return Prepared(select(func.count(), func.min(few.c.dimensions), func.min(few.c.shape)).select_from(few))


_COUNTED = _counted()


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


_OFKEY = tuple(fact.c[name] == bindparam(name) for name in (*Place._fields, "past", "dimensions", "shape"))


@cache
def _lasting(*, is_known: bool) -> Prepared:
    back = tuple_(fact.c.from_lo, fact.c.position, fact.c.ordinal)
    return Prepared(
        select(*ROW)
        .where(*_OFKEY, fact.c.lane == literal_column("0"))
        .where(back < tuple_(bindparam("from_lo"), bindparam("at"), bindparam("ordinal")))
        .where(*effective(fact, is_known=is_known))
        .order_by(fact.c.from_lo.desc(), fact.c.position.desc(), fact.c.ordinal.desc())
        .limit(bindparam("most"))
    )


@cache
def _lanes(*, is_known: bool, is_lateral: bool) -> Prepared:
    """The facts of a key in each lane from a second on.

    `is_lateral` has them sought lane after lane: PostgreSQL would read all facts of a key that has most of them.
    """
    wanted = union_all(
        *(
            select(literal_column(str(lane)).label("lane"), cast(bindparam(f"low_{lane}"), BigInteger).label("low"))
            for lane in range(LANES)
        )
    ).cte("wanted")
    in_lane = (
        fact.c.lane == wanted.c.lane,
        fact.c.from_lo >= wanted.c.low,
        fact.c.from_lo <= bindparam("begun_by"),
        fact.c.from_hi > bindparam("since"),
        (fact.c.lane < literal_column(str(ENDING))) | (fact.c.until_hi - literal_column("1") > bindparam("begun_by")),
        *effective(fact, is_known=is_known),
    )
    if not is_lateral:
        return Prepared(select(*ROW).select_from(wanted.join(fact, and_(*_OFKEY, *in_lane))))
    found = select(*ROW).where(*_OFKEY, *in_lane).correlate(wanted).offset(literal_column("0")).lateral("found")
    return Prepared(select(*found.c).select_from(wanted.join(found, true())))


_HEAD = Prepared(select(head.c.position))
_LOWS = [f"low_{lane}" for lane in range(LANES)]
_BOUNDED = [(name, lane, reach) for lane, name in enumerate(_LOWS) if (reach := breadth(lane)) is not None]


_NEXT_SHAPE = Prepared(
    select(fact.c.dimensions, fact.c.shape)
    .where(*(fact.c[name] == bindparam(name) for name in (*Place._fields, "past")))
    .where(
        tuple_(fact.c.dimensions, fact.c.shape, fact.c.lane)
        > tuple_(*(bindparam(f"at_{name}") for name in ("dimensions", "shape", "lane")))
    )
    .order_by(fact.c.dimensions, fact.c.shape, fact.c.lane)
    .limit(1)
)
"""With the lane in it, for SQLite looks through all rows that begin with what it is to begin behind."""
