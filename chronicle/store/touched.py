"""Where what two questions see of the log may give other answers."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select, text, union

from chronicle.store.effective import SIDES, effective, of_both, reported
from chronicle.store.lanes import ENDING
from chronicle.store.place import Place
from chronicle.store.prepared import Prepared
from chronicle.store.read import LATEST, Horizon
from chronicle.store.schema import fact, record, report, version

LITTLE = 2_000
"""Versions of events between two horizons that are looked at for one page."""

MUCH = 100_000
"""With more versions between them, what they touched is too much to be kept in memory."""

Attributes = list[tuple[str, str]]
"""(chronicle, attribute)."""


def is_within(connection: Connection, one: Horizon, other: Horizon, most: int) -> bool:
    """At most so many versions, so many revised reports, and so many that one knows, lie between two horizons."""
    low, high, early, late = _between(one, other).values()
    if high - low > most:
        return False
    revised = report.c.since > low, report.c.since <= high, report.c.position < report.c.since
    seen = report.c.visible > early, report.c.visible <= late
    return not any(
        connection.execute(select(report.c.position).where(*these).offset(most).limit(1)).first()
        for these in (revised, seen)
    )


def touched(
    connection: Connection, one: Horizon, other: Horizon, *, begun_by: int, ended_by: int
) -> dict[Place, set[int]]:
    """The places of facts that two horizons see otherwise, and of which some may hold between two seconds.

    Each has the first positions of events that they see otherwise, and that say something of it that may have begun;
    some may be there that they see alike.
    """
    found: dict[Place, set[int]] = defaultdict(set)
    lasting = set()
    asked = {**_between(one, other), "begun_by": begun_by, "ended_by": ended_by}
    for *names, first, lasts in _TOUCHED.rows(connection, **asked):
        place = Place(*names)
        found[place].add(first)
        if lasts:
            lasting.add(place)
    return {place: found[place] for place in lasting}


def of_place(connection: Connection, one: Horizon, other: Horizon, place: Place) -> set[int]:
    """The first positions of the events that two horizons see otherwise, of those that say something of a place.

    All facts of the place are gone through.
    """
    question = _of_place((one.known is not None, other.known is not None))
    rows = question.rows(connection, **place._asdict(), **of_both(one, other))
    return {first for (first,) in rows}


def redeclared(connection: Connection, one: Horizon, other: Horizon) -> Attributes:
    """The attributes that were declared between two horizons."""
    low, high, *_ = _between(one, other).values()
    declared = select(record.c.chronicle, record.c.id).where(
        record.c.kind == "attribute", record.c.position > low, record.c.position <= high
    )
    return [(chronicle, attribute) for chronicle, attribute in connection.execute(declared.distinct())]


def places_of(connection: Connection, chronicle: str, attribute: str) -> list[Place]:
    """All places of an attribute."""
    of_it = _places().where(fact.c.chronicle == chronicle, fact.c.attribute == attribute, text("attribute <> ''"))
    return [Place(*row) for row in connection.execute(of_it.distinct())]


def _between(one: Horizon, other: Horizon) -> dict[str, int]:
    """After which position and second, and up to which, two horizons see otherwise."""
    low, high = sorted((one.position, other.position))
    early, late = sorted(LATEST if bound.known is None else bound.known for bound in (one, other))
    return {"low": low, "high": high, "early": early, "late": late}


def _places(*more: Any) -> Select[Any]:
    return select(*(fact.c[name] for name in Place._fields), *more)


def _touched() -> Prepared:
    within = version.c.position > bindparam("low"), version.c.position <= bindparam("high")
    said = select(version.c.first).join(report, report.c.position == version.c.position)
    changed = union(
        select(version.c.first).where(*within),
        said.where(
            report.c.since > bindparam("low"),
            report.c.since <= bindparam("high"),
            report.c.position < report.c.since,
        ),
        said.where(report.c.visible > bindparam("early"), report.c.visible <= bindparam("late")),
    )
    return Prepared(
        _places(fact.c.first, (fact.c.lane < ENDING) | (fact.c.until_hi - 1 > bindparam("ended_by")))
        .join(version, version.c.position == fact.c.position)
        .where(version.c.first.in_(changed), fact.c.from_lo <= bindparam("begun_by"))
    )


_TOUCHED = _touched()


@cache
def _of_place(are_known: tuple[bool, bool]) -> Prepared:
    sides = zip(SIDES, are_known, strict=True)
    before, after = (and_(*effective(fact, is_known=is_known, side=side)) for side, is_known in sides)
    was, now = (reported(fact, side) for side in SIDES)
    here = (fact.c[name] == bindparam(name) for name in Place._fields)
    is_otherwise = (before != after) | (before & (was != now))
    return Prepared(select(fact.c.first).where(*here, is_otherwise))
