"""When a version was reported (DESIGN 5.1), kept for every state of the sources.

Sources are read at their latest version within the position asked at, so a source that gains or changes its date adds
rows from its own position on; earlier positions keep their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from chronicle.event.canonical import decode
from chronicle.event.model import LogDocument, Source
from chronicle.store import dialect
from chronicle.store.prepared import Prepared
from chronicle.store.schema import citation, fact, payload, record, redacted, report, version
from chronicle.when import When

MICROSECONDS = 1_000_000


class Report(NamedTuple):
    """`reported` is the last second of the earliest new source, None if undated; `known` sees it from `visible` on."""

    reported: int | None
    visible: int


DateOf = Callable[[str], int | None]
"""Source id -> the last second of its published date, None if it has none."""


def next_report(before: Report | None, new_sources: Iterable[str], recorded: int, date_of: DateOf) -> Report:
    """The report of a version, from that of the version before it and the sources it cites that the other did not."""
    dates = [date for source in new_sources if (date := date_of(source)) is not None]
    if dates:
        return Report(min(dates), min(dates))
    return before or Report(None, recorded // MICROSECONDS)


def published_last(source: Source) -> int | None:
    """The last second of a source's latest possible day, by its strict bounds."""
    if source.published is None:
        return None
    end = When.parse(source.published).strict_hi
    return None if end is None else end - 1


def revise_reports(connection: Connection, chronicle: str, source: str, since: int, date_of: DateOf) -> None:
    """Add what changes at position `since` for all events that cite the source, now that its date is another."""
    firsts = connection.execute(
        select(version.c.first)
        .join(citation, citation.c.position == version.c.position)
        .join(record, record.c.position == version.c.position)
        .where(citation.c.kind == "source", citation.c.id == source, record.c.chronicle == chronicle)
        .where(record.c.kind == "event")
        .distinct()
    ).scalars()
    for first in list(firsts):
        _revise_chain(connection, first, since, date_of)


def _revise_chain(connection: Connection, first: int, since: int, date_of: DateOf) -> None:
    chain = connection.execute(
        select(version.c.position, record.c.recorded)
        .join(record, record.c.position == version.c.position)
        .where(version.c.first == first, version.c.position.not_in(select(redacted.c.position)))
        .order_by(version.c.position)
    ).all()
    before: Report | None = None
    cited_before: Collection[str] = ()
    for position, recorded in chain:
        cited_now = cited_sources(connection, position)
        current = next_report(before, [s for s in cited_now if s not in cited_before], recorded, date_of)
        if current != latest_report(connection, position):
            connection.execute(insert(report).values(position=position, since=since, **current._asdict()))
            facts = update(fact).where(fact.c.position == position, fact.c.revised.is_(None))
            connection.execute(facts.values(revised=since))
        before, cited_before = current, cited_now


def cited_sources(connection: Connection, position: int) -> set[str]:
    """The sources that the record at a position cites."""
    return {source for (source,) in _CITED.rows(connection, position=position)}


def latest_report(connection: Connection, position: int) -> Report | None:
    """The report of a version as the sources stand at the head."""
    rows = _LATEST.rows(connection, position=position)
    return Report(*rows[0]) if rows else None


def report_and_sources(connection: Connection, position: int) -> tuple[Report | None, frozenset[str]]:
    """Both of these at once."""
    at = {"position": position}
    reported, cited = dialect.answers(connection, [(_LATEST, at), (_CITED, at)])
    return Report(*reported[0]) if reported else None, frozenset(source for (source,) in cited)


def source_date(connection: Connection, chronicle: str, source: str) -> int | None:
    """The last second of a source's published date in its latest version; None if undated, retracted or unknown."""
    rows = _SOURCE.rows(connection, chronicle=chronicle, source=source)
    return declared_date(decode("source", rows[0][0]) if rows else None)


def declared_date(document: LogDocument | None) -> int | None:
    """The same of the latest document of a source."""
    return published_last(document) if isinstance(document, Source) else None


_CITED = Prepared(
    select(citation.c.id).where(citation.c.position == bindparam("position"), citation.c.kind == "source")
)
_LATEST = Prepared(
    select(report.c.reported, report.c.visible)
    .where(report.c.position == bindparam("position"))
    .order_by(report.c.since.desc())
    .limit(1)
)
_SOURCE = Prepared(
    select(payload.c.payload)
    .join(record, record.c.position == payload.c.position)
    .where(record.c.chronicle == bindparam("chronicle"), record.c.kind == "source", record.c.id == bindparam("source"))
    .order_by(record.c.version.desc())
    .limit(1)
)
