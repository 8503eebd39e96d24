"""Where what two questions see of the log may give other answers."""

from __future__ import annotations

from sqlalchemy import Connection, select, text, union

from chronicle.store.read import LATEST, Horizon
from chronicle.store.schema import fact, record, report, version

LITTLE = 2_000
"""Versions of events between two horizons."""


def is_little(connection: Connection, one: Horizon, other: Horizon) -> bool:
    """At most `LITTLE` versions and reports lie between two horizons, so that what they touched is soon found."""
    low, high = sorted((one.position, other.position))
    early, late = sorted(LATEST if bound.known is None else bound.known for bound in (one, other))
    if high - low > LITTLE:
        return False
    between = select(report.c.position).where(report.c.visible > early, report.c.visible <= late)
    return connection.execute(between.offset(LITTLE).limit(1)).first() is None


def touched(connection: Connection, one: Horizon, other: Horizon) -> list[tuple[str, str, str]]:
    """Chronicle, subject and attribute of all facts of events, and by attributes, that two horizons see otherwise.

    Each is there once, in order, and some may be there that they see alike.
    """
    low, high = sorted((one.position, other.position))
    early, late = sorted(LATEST if bound.known is None else bound.known for bound in (one, other))
    changed = union(
        select(version.c.first).where(version.c.position > low, version.c.position <= high),
        select(version.c.first)
        .join(report, report.c.position == version.c.position)
        .where(report.c.since > low, report.c.since <= high, report.c.position < report.c.since),
        select(version.c.first)
        .join(report, report.c.position == version.c.position)
        .where(report.c.visible > early, report.c.visible <= late),
    )
    place = (fact.c.chronicle, fact.c.subject, fact.c.attribute)
    declared = (
        select(record.c.chronicle, record.c.id)
        .where(record.c.kind == "attribute", record.c.position > low, record.c.position <= high)
        .distinct()
    )
    found = {
        tuple(row)
        for row in connection.execute(
            select(*place)
            .join(version, version.c.position == fact.c.position)
            .where(version.c.first.in_(changed))
            .distinct()
        )
    }
    for chronicle, attribute in connection.execute(declared).all():
        of_it = select(*place).where(
            fact.c.chronicle == chronicle, fact.c.attribute == attribute, text("attribute <> ''")
        )
        found |= {tuple(row) for row in connection.execute(of_it.distinct())}
    return sorted(found)
