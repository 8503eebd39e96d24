"""The extents of keys: the stretches of time at which some fact of a key, of whatever version, may hold.

They say where a state of many keys has to look, and never what it finds there. What is superseded counts too, so that
an extent serves every position and every bound of knowledge, and an append can but widen it. Facts of one lane
(`store.lanes`) whose stretches meet have one extent; a lane of facts that may hold for ever has one, without end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    SmallInteger,
    String,
    and_,
    bindparam,
    delete,
    func,
    select,
)

from chronicle.store import dialect
from chronicle.store.lanes import WIDTHS, is_ending
from chronicle.store.prepared import Prepared
from chronicle.store.read import LATEST
from chronicle.store.schema import extent, fact

FIRST = -(2**63)

Lane = tuple[str, str, str, str, str, int]
"""Chronicle, subject, attribute, dimensions, shape and the number of the lane."""


class Extent(NamedTuple):
    """Some fact may hold at a second x with `begins <= x < ends`; the first that may is at `position`."""

    begins: int
    ends: int
    position: int


New = Mapping[Lane, Sequence[Extent]]
"""The extents of facts that are to come, by their lanes."""


def extent_of(lane: int, from_lo: int, until_hi: int, position: int) -> Extent:
    """The extent of one fact, given its lane, the bounds of its `from` and its `until`, and its position."""
    return Extent(from_lo, until_hi - 1 if is_ending(lane) else LATEST, position)


def united(extents: Iterable[Extent]) -> list[Extent]:
    """Extents as few as possible that are of the same seconds, in order; each has the first position of its parts."""
    made: list[Extent] = []
    for one in sorted(extents):
        if made and one.begins <= made[-1].ends:
            last = made[-1]
            made[-1] = Extent(last.begins, max(last.ends, one.ends), min(last.position, one.position))
        else:
            made.append(one)
    return made


def extent_rows(lane: Lane, extents: Iterable[Extent]) -> Iterator[tuple[Any, ...]]:
    """The rows of a lane's extents, in the order of the table's columns."""
    for begins, ends, position in extents:
        yield (*lane, begins, ends, bisect_left(WIDTHS, ends - begins), position)


def added(facts: Iterable[Sequence[Any]]) -> dict[Lane, list[Extent]]:
    """The extents of new facts, given as rows of their table, by their lanes."""
    new: dict[Lane, list[Extent]] = defaultdict(list)
    for row in facts:
        new[(*row[:3], *row[4:7])].append(extent_of(row[6], row[7], row[12], row[8]))
    return new


def widen(connection: Connection, new: New, meeting: Iterable[list[Any]]) -> list[tuple[Any, ...]]:
    """Let the extents take in new ones, which meet these; the rows that remain to be put in, in order."""
    gone: list[tuple[Any, ...]] = []
    made: list[tuple[Any, ...]] = []
    for (lane, ours), there in zip(new.items(), meeting, strict=True):
        if len(there) == 1 and all(there[0][0] <= one.begins and one.ends <= there[0][1] for one in ours):
            continue
        after = set(united(chain(map(Extent._make, there), ours)))
        gone += ((*lane, one[0]) for one in there if one not in after)
        made += extent_rows(lane, after.difference(there))
    for row in gone:
        _TAKE_OUT.run(connection, **dict(zip(_ROW, row, strict=True)))
    return sorted(made)


def lanes_at(connection: Connection, positions: Sequence[int]) -> list[Lane]:
    """The lanes of the facts at some positions."""
    found: set[Lane] = set()
    for start in range(0, len(positions), 500):
        here = fact.c.position.in_(positions[start : start + 500])
        found |= {tuple(row) for row in connection.execute(select(*(fact.c[name] for name in _LANE)).where(here))}
    return sorted(found)


def make_again(connection: Connection, lanes: Iterable[Lane]) -> None:
    """Make the extents of some lanes anew from the facts that are left in them."""
    for lane in lanes:
        here = dict(zip(_LANE, lane, strict=True))
        facts = select(fact.c.lane, fact.c.from_lo, fact.c.until_hi, fact.c.position).where(
            fact.c.past.in_((False, True)), *(fact.c[name] == value for name, value in here.items())
        )
        left = united(extent_of(*row) for row in connection.execute(facts))
        connection.execute(delete(extent).where(*(extent.c[name] == value for name, value in here.items())))
        if left:
            dialect.insert_rows(connection, extent, [*extent_rows(lane, left)])


def meeting(connection: Connection, new: New) -> Iterator[list[Any]]:
    """For each lane the extents that meet the new ones, and perhaps some more."""
    if len(new) < WORTH_ASKING_TOGETHER or not dialect.has_arrays(connection):
        for one in _stretches(new):
            here, (begins, ends) = dict(zip(_LANE, one[:6], strict=True)), one[6:]
            if is_ending(one[5]):
                yield _MEETING.rows(connection, **here, low=begins, high=ends)
            else:
                yield _ENDLESS.rows(connection, **here)
        return
    query, values = meeting_together(new)
    yield from by_lane(new, query.rows(connection, **values))


def meeting_together(new: New) -> tuple[Prepared, dict[str, Any]]:
    """The same as one question to a database that takes arrays, of at least one lane; `by_lane` reads the answer."""
    return _MEETING_ALL, dict(zip(_ASKED_NAMES, map(list, zip(*_stretches(new), strict=True)), strict=True))


def by_lane(new: New, rows: Iterable[Any]) -> list[list[Any]]:
    """For each lane the extents that an answer has of it."""
    found: dict[Lane, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[:6]].append(row[6:])
    return [found[lane] for lane in new]


def _stretches(new: New) -> list[tuple[Any, ...]]:
    """Each lane with the first second and the last that is new in it."""
    return [(*lane, min(one.begins for one in ours), max(one.ends for one in ours)) for lane, ours in new.items()]


WORTH_ASKING_TOGETHER = 4

_LANE = ("chronicle", "subject", "attribute", "dimensions", "shape", "lane")
_ROW = (*_LANE, "begins")
_HERE = tuple(extent.c[name] == bindparam(name) for name in _LANE)
_FOUND = (extent.c.begins, extent.c.ends, extent.c.position)
_ENDLESS = Prepared(select(*_FOUND).where(*_HERE))
_BEFORE = (
    select(func.max(extent.c.begins))
    .where(*_HERE, extent.c.begins <= bindparam("low"))
    .correlate(None)
    .scalar_subquery()
)
_MEETING = Prepared(
    select(*_FOUND).where(
        *_HERE,
        extent.c.begins >= func.coalesce(_BEFORE, bindparam("low", type_=BigInteger)),
        extent.c.begins <= bindparam("high"),
    )
)
"""The extents of a lane never meet, so that only the last that begins before can reach as far."""
_ASKED_NAMES = (*(f"{name}s" for name in _LANE), "lows", "highs")
_ASKED = (
    func.unnest(
        *(bindparam(f"{name}s", type_=ARRAY(SmallInteger if name == "lane" else String)) for name in _LANE),
        *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("lows", "highs")),
    )
    .table_valued(*_LANE, "low", "high")
    .render_derived()
)
_MEETING_ALL = Prepared(
    select(*(extent.c[name] for name in _LANE), *_FOUND).join(
        _ASKED,
        and_(
            *(extent.c[name] == _ASKED.c[name] for name in _LANE),
            extent.c.begins <= _ASKED.c.high,
            extent.c.ends >= _ASKED.c.low,
        ),
    )
)
_TAKE_OUT = Prepared(delete(extent).where(*(extent.c[name] == bindparam(name) for name in _ROW)))
