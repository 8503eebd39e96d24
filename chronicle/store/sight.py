"""What the log has of the ids that appends are about: asked for at once where the database is elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

from sqlalchemy import ARRAY, Connection, Select, String, and_, bindparam, func, select, true

from chronicle.event.canonical import decode
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import Event, LogDocument
from chronicle.event.references import references
from chronicle.store import dialect
from chronicle.store.extents import Lane, New, added, by_lane, meeting, meeting_together
from chronicle.store.facts import fact_rows
from chronicle.store.head import Head, head_of, read_head
from chronicle.store.prepared import Prepared, Question
from chronicle.store.reports import Report
from chronicle.store.schema import answered, payload, record, version
from chronicle.store.versions import Stored

_TOGETHER = 5_000
"""Ids that are asked for in one message."""


class Sight:
    """What is read of an id is known from then on, until this is told that it has been appended to.

    That holds in a transaction that appends, for nobody else appends meanwhile, and in one that sees one moment. What
    was not looked at before it is needed is read then.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_elsewhere = dialect.has_arrays(connection)
        self._stored: dict[DocumentId, list[Stored]] = {}
        self._latest: dict[DocumentId, LogDocument | None] = {}
        self._answered: dict[str, tuple[bytes, bytes] | None] = {}
        self._meeting: dict[Lane, list[Any]] = {}

    def lock(self, drafts: Collection[Draft], others: Collection[DocumentId], keys: Collection[str]) -> Head:
        """Lock the log; its head. Along with it the drafts and the ids are looked at, and what keys were answered."""
        if not self._is_elsewhere:
            dialect.lock_log(self._connection)
            return read_head(self._connection)
        drafted, cited = {draft.id for draft in drafts} | {*others}, _cited(drafts)
        is_much = len(drafted) + len(cited) > _TOGETHER
        questions: list[Question] = [(dialect.LOCK, {}), (_ANSWERED, {"keys": [*keys]})][: 2 if keys else 1]
        new = {} if is_much else added(chain.from_iterable(map(_facts, drafts)))
        if not is_much:
            questions += _questions(drafted, cited)
        if new:
            questions.append(meeting_together(new))
        locked, *found = dialect.answers(self._connection, questions, begin=True)
        dialect.check_isolation(locked)
        if new:
            self._meeting = dict(zip(new, by_lane(new, found.pop()), strict=True))
        if keys:
            self._answered |= dict.fromkeys(keys) | {key: said for key, *said in found.pop(0)}
        if is_much:
            self._look(drafted, cited)
        else:
            self._take(drafted, cited, found)
        return head_of([row[:4] for row in locked])

    def look(self, drafts: Collection[Draft]) -> None:
        """Read what will be needed of the ids of documents, and of those that they cite."""
        if self._is_elsewhere:
            self._look({draft.id for draft in drafts}, _cited(drafts))

    def stored(self, id: DocumentId) -> list[Stored]:  # noqa: A002
        """All versions of an id, oldest first."""
        if id not in self._stored:
            chronicle, kind, name = id
            rows = _STORED.rows(self._connection, chronicle=chronicle, kind=kind, id=name)
            self._stored[id] = [
                Stored(position, number, content, bool(gone)) for position, number, content, gone in rows
            ]
        return self._stored[id]

    def latest(self, id: DocumentId) -> LogDocument | None:  # noqa: A002
        """The latest document of an id that has any content left; a retraction counts as one."""
        if id not in self._latest:
            chronicle, kind, name = id
            rows = _LATEST.rows(self._connection, chronicle=chronicle, kind=kind, id=name)
            self._latest[id] = decode(kind, rows[0][0]) if rows else None
        return self._latest[id]

    def answered(self, key: str) -> tuple[bytes, bytes] | None:
        """The digest of what was asked under an idempotency key, and the answer; None before the first."""
        if key not in self._answered:
            rows = _ANSWER.rows(self._connection, key=key)
            self._answered[key] = rows[0] if rows else None
        return self._answered[key]

    def meeting(self, new: New) -> list[list[Any]]:
        """As `extents.meeting`, of what was foreseen if all was; whoever asks is about to change them."""
        known = [self._meeting.pop(lane, None) for lane in new]
        found = [one for one in known if one is not None]
        return found if len(found) == len(new) else [*meeting(self._connection, new)]

    def forget(self, ids: Iterable[DocumentId]) -> None:
        """Read ids anew when they are asked for again: they have been appended to."""
        for id in ids:  # noqa: A001
            self._stored.pop(id, None)
            self._latest.pop(id, None)

    def _look(self, drafted: set[DocumentId], cited: set[DocumentId]) -> None:
        for some in _parts(drafted - self._stored.keys()):
            self._take(some, set(), dialect.answers(self._connection, _questions(some, set())))
        for some in _parts(cited - self._latest.keys()):
            self._take(set(), some, dialect.answers(self._connection, _questions(set(), some)))

    def _take(self, drafted: set[DocumentId], cited: set[DocumentId], found: list[list[Any]]) -> None:
        """Remember the answers to the questions of these ids."""
        if drafted:
            versions: dict[DocumentId, list[Stored]] = defaultdict(list)
            for chronicle, kind, name, *row in found.pop(0):
                versions[chronicle, kind, name].append(Stored(*row))
            self._stored |= {one: versions[one] for one in drafted}
        if cited:
            self._latest |= dict.fromkeys(cited)
            self._latest |= {
                (chronicle, kind, name): decode(kind, content) for chronicle, kind, name, content in found.pop(0)
            }


def _facts(draft: Draft) -> list[tuple[Any, ...]]:
    """The facts of a document as rows; where it will stand and when it was reported is not known yet."""
    return fact_rows(0, draft.chronicle, draft.document, 0, Report(None, 0))


def needed(drafts: Iterable[Draft]) -> set[DocumentId]:
    """The ids whose versions say what becomes of documents: their own, and those that they cite."""
    return {draft.id for draft in drafts} | _cited(drafts)


def _cited(drafts: Iterable[Draft]) -> set[DocumentId]:
    """The ids whose latest documents say whether documents may be appended."""
    found: set[DocumentId] = set()
    for draft in drafts:
        where, document = draft.chronicle, draft.document
        found |= {(where, kind, name) for _, kind, name in references(document)}
        if isinstance(document, Event):
            found |= {(where, "event", one.event) for one in document.related}
            for fact in document.facts:
                found |= {(where, "attribute", fact.attribute), (where, "entity", fact.subject)}
    return found


def _parts(ids: Collection[DocumentId]) -> Iterator[set[DocumentId]]:
    listed = [*ids]
    for first in range(0, len(listed), _TOGETHER):
        yield {*listed[first : first + _TOGETHER]}


def _questions(drafted: Collection[DocumentId], cited: Collection[DocumentId]) -> list[Question]:
    """All versions of the one, the latest documents of the other; nothing where there is nothing to ask."""
    return [
        (statement, dict(zip(_ASKED_NAMES, map(list, zip(*ids, strict=True)), strict=True)))
        for statement, ids in ((_STORED_ALL, drafted), (_LATEST_ALL, cited))
        if ids
    ]


_OF_ID = ("chronicle", "kind", "id")
_ASKED_NAMES = tuple(f"{name}s" for name in _OF_ID)
_ASKED = (
    func.unnest(*(bindparam(name, type_=ARRAY(String)) for name in _ASKED_NAMES))
    .table_valued(*_OF_ID, name="asked")
    .render_derived()
)


def _of_id(chronicle: Any, kind: Any, name: Any) -> list[Any]:
    return [record.c.chronicle == chronicle, record.c.kind == kind, record.c.id == name]


_VERSIONS = (
    select(record.c.position, record.c.version, payload.c.payload, version.c.retracted)
    .join(version, version.c.position == record.c.position)
    .join(payload, payload.c.position == record.c.position, isouter=True)
    .order_by(record.c.version)
)
_STORED = Prepared(_VERSIONS.where(*_of_id(*map(bindparam, _OF_ID))))
_STORED_ALL = Prepared(
    _VERSIONS.with_only_columns(*(record.c[name] for name in _OF_ID), *_VERSIONS.selected_columns).join(
        _ASKED, and_(*_of_id(*_ASKED.c))
    )
)


def _content(chronicle: Any, kind: Any, name: Any) -> Select[tuple[bytes]]:
    return (
        select(payload.c.payload)
        .join(record, record.c.position == payload.c.position)
        .where(*_of_id(chronicle, kind, name))
        .order_by(record.c.version.desc())
        .limit(1)
    )


_LATEST = Prepared(_content(*map(bindparam, _OF_ID)))
_LATEST_ALL = Prepared(
    select(*_ASKED.c, (latest := _content(*_ASKED.c).correlate(_ASKED).lateral("latest")).c.payload).select_from(
        _ASKED.join(latest, true())
    )
)
_ANSWER = Prepared(select(answered.c.request, answered.c.answer).where(answered.c.key == bindparam("key")))
_ANSWERED = Prepared(
    select(answered.c.key, answered.c.request, answered.c.answer).where(
        answered.c.key == func.any(bindparam("keys", type_=ARRAY(String)))
    )
)
