"""Candidate facts, documents and records as they stood at a position. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, select

from chronicle.errors import StoreError
from chronicle.event.canonical import Header, decode
from chronicle.event.draft import DocumentId
from chronicle.event.model import LogDocument, Redacted, Redaction
from chronicle.event.record import Record
from chronicle.store.head import Head, read_head
from chronicle.store.prepared import Prepared, Question
from chronicle.store.reports import MICROSECONDS
from chronicle.store.schema import payload, record, redacted, report, version

LATEST = 2**63 - 1
"""The largest number of a column; as microseconds it lies in the year 294247, far before the last second of a date."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far an answer sees: records up to `position`, and of events only what was reported by the second `known`."""

    position: int
    known: int | None = None


def position_at(connection: Connection, second: int) -> int:
    """The last position recorded up to and including a second; 0 if there is none."""
    end = min((second + 1) * MICROSECONDS, LATEST)
    upto = select(func.max(record.c.position)).where(record.c.recorded < end)
    return connection.execute(upto).scalar() or 0


def recorded_at(connection: Connection, position: int) -> int:
    """The microsecond at which a position was recorded; 0 before the first."""
    return connection.execute(select(record.c.recorded).where(record.c.position == position)).scalar() or 0


def effective_events(
    connection: Connection,
    horizon: Horizon,
    chronicle: str | None = None,
    narrowed: Callable[[Select[Any]], Select[Any]] = lambda rows: rows,
) -> Iterator[Record]:
    """The effective versions of a chronicle's events (or of all), retractions left out, by their first positions.

    `narrowed` leaves rows of `record` and `version` out.
    """
    wanted = [record.c.kind == "event", ~version.c.retracted, *effective(horizon)]
    if chronicle is not None:
        wanted.append(record.c.chronicle == chronicle)
    rows = _records(report.c.reported, report.c.visible).join(report, report.c.position == record.c.position)
    yield from _read(connection, connection.execute(narrowed(rows.where(*wanted).order_by(version.c.first))))


def documents(
    connection: Connection, position: int, chronicle: str | None, kind: str, *, after: int = 0
) -> Iterator[Record]:
    """The latest documents of a kind within the position, none retracted, in the order of their first positions.

    Those whose first position comes after one.
    """
    wanted = [record.c.kind == kind, ~version.c.retracted, version.c.first > after, *_latest(position)]
    if chronicle is not None:
        wanted.append(record.c.chronicle == chronicle)
    yield from _read(connection, connection.execute(_records().where(*wanted).order_by(version.c.first)))


def records_after(
    connection: Connection, position: int, most: int, *, until: int | None = None, chronicle: str | None = None
) -> list[Record]:
    """The records after a position, in the order of the log, at most so many.

    `until` is the last position that is wanted, and events are as reported there, else as at the head; `chronicle`
    keeps those of one chronicle.
    """
    if until is None and chronicle is None:
        return list(following(connection, read_head(connection), position, most))
    return _reported_later(connection, position, most, until, chronicle)


def following(connection: Connection, head: Head, position: int, most: int) -> Iterator[Record]:
    """The same of all chronicles and as at the head; each is decoded when it is taken, without the connection."""
    (page, values), (revised, stretch) = questions_of_following(position, most)
    rows = page.rows(connection, **values)
    if rows and revised.rows(connection, **stretch) != [(0,)]:
        return iter(_reported_later(connection, position, most, None, None))
    return _as_recorded(connection, head, rows)


def questions_of_following(position: int, most: int) -> tuple[Question, Question]:
    """What `following` asks: the rows, and whether their reports were revised."""
    return (_FOLLOWING, {"after": position, "most": most}), (_REVISED, {"after": position, "last": position + most})


def _reported_later(
    connection: Connection, position: int, most: int, until: int | None, chronicle: str | None
) -> list[Record]:
    """The records after a position with the reports that hold at another, or at the head."""
    reported = _latest_report() if until is None else _report_at(until)
    wanted = [record.c.position > position]
    if until is not None:
        wanted.append(record.c.position <= until)
    if chronicle is not None:
        wanted.append(record.c.chronicle == chronicle)
    rows = connection.execute(
        _records(report.c.reported, report.c.visible, whole=True)
        .join(report, and_(report.c.position == record.c.position, reported), isouter=True)
        .where(*wanted)
        .order_by(record.c.position)
        .limit(most)
    )
    return list(_read(connection, rows))


def records_as_recorded(
    connection: Connection, position: int, most: int, chronicles: Sequence[str] = ()
) -> list[Record]:
    """The records after a position, at most so many, each as reported when it was recorded: these never change.

    `chronicles` keeps those of some chronicles. The content of what is redacted later is gone all the same.
    """
    if not chronicles:
        found = _FOLLOWING.rows(connection, after=position, most=most)
        return list(_as_recorded(connection, read_head(connection), found))
    rows = connection.execute(
        _records(report.c.reported, report.c.visible, whole=True)
        .join(report, and_(report.c.position == record.c.position, report.c.since == record.c.position), isouter=True)
        .where(record.c.position > position, record.c.chronicle.in_(chronicles))
        .order_by(record.c.position)
        .limit(most)
    )
    return list(_read(connection, rows))


def _as_recorded(connection: Connection, head: Head, rows: Sequence[Any]) -> Iterator[Record]:
    """Records whose report is the one of their own position; rows as the driver has them."""
    gone = {row[0]: _redacted(connection, row[0], row[2], row[3]) for row in rows if row[9] is None}
    return _made(head, rows, gone)


def _made(head: Head, rows: Sequence[Any], gone: Mapping[int, Redacted]) -> Iterator[Record]:
    archive, epoch = head.archive, head.epoch
    for position, chronicle, kind, id_, number, type_, recorded, by, digest, content, first, reported, visible in rows:
        header = Header(archive, chronicle, kind, id_, number, type_, recorded, by, digest)
        document = gone[position] if content is None else decoded(position, kind, content)
        yield Record(position, header, document, first, reported, visible, epoch)


def last_of(connection: Connection, chronicle: str, until: int) -> int | None:
    """The last position up to another that has a record of a chronicle; None if there is none."""
    upto = select(record.c.position).where(record.c.chronicle == chronicle, record.c.position <= until)
    return connection.execute(upto.order_by(record.c.position.desc()).limit(1)).scalar()


def redated(connection: Connection, after: int, until: int) -> list[Record]:
    """The events effective at position `until` whose report changed after another, by a new date of a source."""
    changed = select(report.c.position).where(
        report.c.since > after, report.c.since <= until, report.c.position < report.c.since
    )
    rows = connection.execute(
        _records(report.c.reported, report.c.visible)
        .join(report, report.c.position == record.c.position)
        .where(record.c.position.in_(changed), ~version.c.retracted, *effective(Horizon(until)))
    )
    return list(_read(connection, rows))


def payloads_at(connection: Connection, positions: set[int]) -> dict[int, bytes]:
    """The payloads of the records at some positions; none of those that are redacted."""
    found: dict[int, bytes] = {}
    ordered = sorted(positions)
    for start in range(0, len(ordered), 500):
        here = payload.c.position.in_(ordered[start : start + 500])
        rows = connection.execute(select(payload.c.position, payload.c.payload).where(here))
        found |= {row.position: row.payload for row in rows}
    return found


def effective_at(connection: Connection, horizon: Horizon, positions: set[int]) -> list[Record]:
    """The records at some positions that are effective events, in no particular order."""
    found: list[Record] = []
    ordered = sorted(positions)
    for start in range(0, len(ordered), 500):
        rows = connection.execute(
            _records(report.c.reported, report.c.visible)
            .join(report, report.c.position == record.c.position)
            .where(record.c.kind == "event", ~version.c.retracted, *effective(horizon))
            .where(record.c.position.in_(ordered[start : start + 500]))
        )
        found += _read(connection, rows)
    return found


def latest_at(connection: Connection, position: int, positions: set[int]) -> list[Record]:
    """The records at some positions that are the latest of their ids within a position, none retracted; in no order."""
    found: list[Record] = []
    ordered = sorted(positions)
    for start in range(0, len(ordered), 500):
        here = record.c.position.in_(ordered[start : start + 500])
        found += _read(connection, connection.execute(_records().where(here, ~version.c.retracted, *_latest(position))))
    return found


def latest_of(connection: Connection, position: int, kind: str, ids: set[tuple[str, str]]) -> list[Record]:
    """The latest documents of a kind within the position by (chronicle, id), none retracted; in no order."""
    found: list[Record] = []
    by_chronicle: dict[str, list[str]] = {}
    for chronicle, id in sorted(ids):  # noqa: A001
        by_chronicle.setdefault(chronicle, []).append(id)
    for chronicle, named in by_chronicle.items():
        for start in range(0, len(named), 500):
            here = record.c.chronicle == chronicle, record.c.kind == kind, record.c.id.in_(named[start : start + 500])
            rows = connection.execute(_records().where(*here, ~version.c.retracted, *_latest(position)))
            found += _read(connection, rows)
    return found


def versions_of(connection: Connection, horizon: Horizon, id: str, chronicle: str | None = None) -> list[Record]:  # noqa: A002
    """Every version of an id within the horizon, of whatever kind and chronicle, oldest first."""
    position = horizon.position
    report_now = _report_at(position)
    query = (
        _records(report.c.reported, report.c.visible, whole=True)
        .join(report, and_(report.c.position == record.c.position, report_now), isouter=True)
        .where(record.c.id == id, record.c.position <= position)
        .order_by(record.c.chronicle, record.c.kind, record.c.version)
    )
    if chronicle is not None:
        query = query.where(record.c.chronicle == chronicle)
    if horizon.known is not None:
        untimed = (record.c.kind != "event") | payload.c.payload.is_(None)
        query = query.where(untimed | (report.c.visible <= horizon.known))
    return list(_read(connection, connection.execute(query)))


def with_content(connection: Connection, id: str) -> list[DocumentId]:  # noqa: A002
    """Every (chronicle, kind, id) of an id of which some version has content, redactions left out; sorted."""
    columns = (record.c.chronicle, record.c.kind, record.c.id)
    rows = (
        select(*columns)
        .join(payload, payload.c.position == record.c.position)
        .where(record.c.id == id, record.c.kind != "redaction")
        .distinct()
        .order_by(*columns)
    )
    return [(row.chronicle, row.kind, row.id) for row in connection.execute(rows)]


def leaves(connection: Connection, after: int, most: int) -> list[tuple[bytes, bytes | None, bytes | None]]:
    """The headers of the records after a position, at most so many, each with payload and salt; None once redacted."""
    archive = read_head(connection).archive
    rows = log_rows(connection, after, most)
    return [(header_of(archive, row).encode(), row.payload, row.salt) for row in rows]


def log_rows(connection: Connection, after: int, most: int) -> Sequence[Any]:
    """The rows of the log after a position, at most so many: the columns of `record`, payload and salt."""
    rows = (
        select(record, payload.c.payload, payload.c.salt)
        .join(payload, payload.c.position == record.c.position, isouter=True)
        .where(record.c.position > after)
        .order_by(record.c.position)
        .limit(most)
    )
    return connection.execute(rows).all()


def header_of(archive: str, row: Any) -> Header:
    """The header of a row of `record`."""
    return Header(
        archive, row.chronicle, row.kind, row.id, row.version, row.type, row.recorded, row.recorded_by, row.digest
    )


def redactions(connection: Connection, position: int, chronicle: str | None = None) -> list[DocumentId]:
    """What has no content any more of the records within the position: (chronicle, kind, id), each once, sorted."""
    gone = [one for (one,) in GONE.rows(connection) if one <= position]
    found: set[DocumentId] = set()
    for start in range(0, len(gone), 500):
        here = record.c.position.in_(gone[start : start + 500])
        rows = connection.execute(select(record.c.chronicle, record.c.kind, record.c.id).where(here))
        found |= {(row.chronicle, row.kind, row.id) for row in rows}
    return sorted(one for one in found if chronicle in (None, one[0]))


GONE = Prepared(select(redacted.c.position))


def _records(*more: ColumnElement[Any], whole: bool = False) -> Select[Any]:
    """The records that have content; `whole` has redacted ones too."""
    columns: list[Any] = [record, payload.c.payload, version.c.first, *more]
    return (
        select(*columns)
        .join(version, version.c.position == record.c.position)
        .join(payload, payload.c.position == record.c.position, isouter=whole)
    )


def _read(connection: Connection, rows: Iterable[Any]) -> Iterator[Record]:
    head = read_head(connection)
    for row in rows:
        header = header_of(head.archive, row)
        reported, visible = getattr(row, "reported", None), getattr(row, "visible", None)
        document = (
            _redacted(connection, row.position, row.kind, row.id)
            if row.payload is None
            else decoded(row.position, row.kind, row.payload)
        )
        yield Record(row.position, header, document, row.first, reported, visible, head.epoch)


def decoded(position: int, kind: str, content: bytes) -> LogDocument:
    """The document of a payload. Raises StoreError for a payload that cannot be one."""
    try:
        return decode(kind, content)
    except (ValueError, TypeError, KeyError, AttributeError, msgspec.DecodeError) as error:
        raise StoreError(f"the content of position {position} cannot be read: run chronicle verify") from error


def _redacted(connection: Connection, position: int, kind: str, name: str) -> Redacted:
    """What stands where the content of a record was. Raises StoreError if no redaction says where it went."""
    found = connection.execute(
        select(payload.c.position, payload.c.payload)
        .join(redacted, redacted.c.redaction == payload.c.position)
        .where(redacted.c.position == position)
    ).one_or_none()
    if found is None:
        raise StoreError(f"the content of position {position} is missing: run chronicle verify")
    redaction = decode("redaction", found.payload)
    assert isinstance(redaction, Redaction)
    return Redacted(kind=kind, id=name, redacted=True, reason=redaction.reason, redaction=found.position)


def _latest(position: int) -> list[ColumnElement[bool]]:
    """The highest version within the position."""
    superseded = version.c.superseded
    return [version.c.position <= position, superseded.is_(None) | (superseded > position)]


def _report_at(position: int) -> ColumnElement[bool]:
    """The report row that holds at a position."""
    other = report.alias()
    upto = select(func.max(other.c.since)).where(other.c.position == report.c.position, other.c.since <= position)
    return report.c.since == upto.scalar_subquery()


def _latest_report() -> ColumnElement[bool]:
    """The newest report row of a version."""
    other = report.alias()
    newest = select(func.max(other.c.since)).where(other.c.position == report.c.position)
    return report.c.since == newest.scalar_subquery()


def effective(horizon: Horizon, held: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
    """The highest version within the position that is visible by `known`, and the report row that holds there.

    `held` is another way to say which row that is.
    """
    position, known = horizon.position, horizon.known
    holds = _report_at(position) if held is None else held
    if known is None:
        return [*_latest(position), holds]
    later, later_report, since = version.alias(), report.alias(), report.alias()
    upto = select(func.max(since.c.since)).where(since.c.position == later.c.position, since.c.since <= position)
    overtaken = exists().where(
        later.c.first == version.c.first,
        later.c.position > version.c.position,
        later.c.position <= position,
        later_report.c.position == later.c.position,
        later_report.c.since == upto.scalar_subquery(),
        later_report.c.visible <= known,
    )
    return [version.c.position <= position, holds, report.c.visible <= known, ~overtaken]


_REVISED = Prepared(
    select(func.coalesce(func.max(report.c.since - report.c.position), 0)).where(
        report.c.position > bindparam("after"), report.c.position <= bindparam("last")
    )
)
"""How long after they were recorded reports of some records were revised at the latest; 0 for not at all."""

_FOLLOWING = Prepared(
    select(record, payload.c.payload, version.c.first, report.c.reported, report.c.visible)
    .join(version, version.c.position == record.c.position)
    .join(payload, payload.c.position == record.c.position, isouter=True)
    .join(report, and_(report.c.position == record.c.position, report.c.since == record.c.position), isouter=True)
    .where(record.c.position > bindparam("after"))
    .order_by(record.c.position)
    .limit(bindparam("most"))
)
