"""The rows of one append, gathered and written in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from chronicle.errors import Problem
from chronicle.event.canonical import Header, digest, type_of
from chronicle.event.draft import DocumentId
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Event, LogDocument, Retraction, Source
from chronicle.event.references import references
from chronicle.event.words import tokens
from chronicle.store import dialect
from chronicle.store.bounds import bound_rows
from chronicle.store.extents import added, meeting, widen
from chronicle.store.facts import fact_rows, occurrence_row
from chronicle.store.head import Head
from chronicle.store.prepared import Prepared
from chronicle.store.reports import (
    Report,
    declared_date,
    next_report,
    published_last,
    report_and_sources,
    revise_reports,
    source_date,
)
from chronicle.store.schema import (
    answered,
    bound,
    citation,
    extent,
    fact,
    node,
    occurrence,
    payload,
    record,
    report,
    version,
    words,
)
from chronicle.store.sight import Sight
from chronicle.store.versions import Receipt

TABLES = (record, payload, version, citation, fact, extent, bound, occurrence, report, words, node, answered)
"""What an append has rows in; what others refer to stands before them."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The version before: its position, that of the id's first one, and what is known of its report."""

    position: int
    first: int
    report: Report | None
    sources: frozenset[str]


class Writing:
    """Gives documents their positions, from that of the head on, and writes what belongs to each.

    `leaves` are the hashes of the new headers, in order; `warnings` what is odd about the new versions. What is in
    `sight` need not be read once more.
    """

    def __init__(
        self, connection: Connection, head: Head, recorded: int, recorded_by: str, sight: Sight | None = None
    ) -> None:
        self.position = head.position
        self.recorded = recorded
        self.recorded_by = recorded_by
        self.warnings: list[Problem] = []
        self.leaves: list[bytes] = []
        self._archive = head.archive
        self._connection = connection
        self._sight = sight
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._unwritten: dict[DocumentId, _Before] = {}
        self._superseded: dict[int, int] = {}
        self._dates: dict[tuple[str, str], int | None] = {}

    def take(
        self,
        receipt: Receipt,
        document: LogDocument,
        content: bytes,
        salt: bytes,
        problem: Callable[[Fault], Problem] | None = None,
    ) -> Receipt:
        """Give a document, whose canonical payload is `content`, the next position and gather its rows.

        `problem` gives what is odd about it a place.
        """
        self.position += 1
        receipt = replace(receipt, position=self.position)
        chronicle, kind, name = receipt.chronicle, receipt.kind, receipt.id
        header = Header(
            self._archive,
            chronicle,
            kind,
            name,
            receipt.version,
            type_of(document),
            self.recorded,
            self.recorded_by,
            digest(content, salt),
        )
        rows, position = self._rows, self.position
        self.leaves.append(header.leaf())
        rows["payload"].append((position, content, salt))
        before = self._supersede(receipt) if receipt.version > 1 else None
        self._head(header, before, retracted=isinstance(document, Retraction))
        cited = {(cited_kind, cited_id) for _, cited_kind, cited_id in references(document)}
        if isinstance(document, Event):
            cited |= {("event", one.event) for one in document.related}
        rows["citation"] += [(position, *one) for one in sorted(cited)]
        first = before.first if before else position
        if (listed := tokens(document)) is not None:
            rows["words"].append((position, listed))
        now, sources = None, frozenset(id_ for kind_, id_ in cited if kind_ == "source")
        if kind == "event":
            now = self._report(chronicle, sources, before)
            if problem is not None and before is not None and _is_earlier(now, before.report):
                message = "is reported earlier than the version it mends"
                self.warnings.append(problem(warning(("sources",), "reported-earlier", message)))
        if isinstance(document, Event):
            assert now is not None, "every event is reported"
            rows["fact"] += fact_rows(position, chronicle, document, first, now)
            rows["occurrence"].append(occurrence_row(position, chronicle, document, now.reported))
        self._unwritten[chronicle, kind, name] = _Before(position, first, now, sources)
        if kind == "source":
            self._date(receipt, published_last(document) if isinstance(document, Source) else None)
        return receipt

    def take_redacted(self, receipt: Receipt, type_: str | None, digest: bytes) -> None:
        """Give the next position to a version whose content is gone: its header and nothing else."""
        self.position += 1
        before = self._supersede(receipt) if receipt.version > 1 else None
        names = receipt.chronicle, receipt.kind, receipt.id
        header = Header(self._archive, *names, receipt.version, type_, self.recorded, self.recorded_by, digest)
        self._head(header, before, retracted=False)
        first = before.first if before else self.position
        self._unwritten[names] = _Before(self.position, first, None, frozenset())

    def _head(self, header: Header, before: _Before | None, *, retracted: bool) -> None:
        """The rows that every version has, whatever is left of it."""
        self._rows["record"].append((self.position, *header.columns().values()))
        first = before.first if before else self.position
        self._rows["version"].append((self.position, first, retracted, None))

    def holds(self, ids: Iterable[DocumentId]) -> bool:
        """Something is still to be written of these ids."""
        return not self._unwritten.keys().isdisjoint(ids)

    def add(self, table: Table, row: tuple[Any, ...]) -> None:
        """Gather a row that goes with the documents; its table is written after theirs."""
        self._rows[table.name].append(row)

    @property
    def is_little(self) -> bool:
        """What is gathered can be written in one message with other things."""
        return dialect.are_few(self._rows.values())

    def flush(self) -> None:
        """Write what is gathered."""
        new = added(self._rows[fact.name])
        there = meeting(self._connection, new) if self._sight is None else self._sight.meeting(new)
        self._rows[extent.name] += widen(self._connection, new, there)
        self._rows[bound.name] += bound_rows(self._rows[fact.name])
        dialect.insert_together(self._connection, {table: self._rows[table.name] for table in TABLES})
        for position, by in self._superseded.items():
            for statement in _SUPERSEDE:
                statement.run(self._connection, at=position, by=by)
        if self._sight is not None:
            self._sight.forget(self._unwritten)
        self._rows.clear()
        self._unwritten.clear()
        self._superseded.clear()

    def _supersede(self, receipt: Receipt) -> _Before:
        """Close the version before."""
        names = receipt.chronicle, receipt.kind, receipt.id
        before = self._unwritten.get(names)
        if before is None:
            before = self._before(names, receipt.version - 1)
        self._superseded[before.position] = self.position
        return before

    def _before(self, id: DocumentId, number: int) -> _Before:  # noqa: A002
        """What was written of a version earlier on."""
        chronicle, kind, name = id
        if self._sight is None:
            asked = {"chronicle": chronicle, "kind": kind, "id": name, "version": number}
            [(position, first)] = _VERSION.rows(self._connection, **asked)
        else:
            there = self._sight.stored(id)
            position, first = there[number - 1].position, there[0].position
        if kind != "event":
            return _Before(position, first, None, frozenset())
        return _Before(position, first, *report_and_sources(self._connection, position))

    def _report(self, chronicle: str, cited: frozenset[str], before: _Before | None) -> Report:
        new = sorted(cited if before is None else cited - before.sources)
        earlier = None if before is None else before.report
        now = next_report(earlier, new, self.recorded, lambda source: self._date_of(chronicle, source))
        self._rows["report"].append((self.position, self.position, *now))
        return now

    def _date_of(self, chronicle: str, source: str) -> int | None:
        if (chronicle, source) not in self._dates:
            self._dates[chronicle, source] = (
                source_date(self._connection, chronicle, source)
                if self._sight is None
                else declared_date(self._sight.latest((chronicle, "source", source)))
            )
        return self._dates[chronicle, source]

    def undate(self, chronicle: str, source: str) -> None:
        """A source has no date from the last position on."""
        self._dates[chronicle, source] = None
        revise_reports(self._connection, chronicle, source, self.position, lambda s: self._date_of(chronicle, s))

    def _date(self, receipt: Receipt, date: int | None) -> None:
        """A source has a date from this position on: events that already cite it are reported accordingly."""
        chronicle, source = receipt.chronicle, receipt.id
        is_known = receipt.version > 1 or (chronicle, source) in self._dates or self._is_cited(source)
        if is_known and date == self._date_of(chronicle, source):
            return
        self._dates[chronicle, source] = date
        if is_known:
            self.flush()
            revise_reports(self._connection, chronicle, source, self.position, lambda s: self._date_of(chronicle, s))

    def _is_cited(self, source: str) -> bool:
        """Something in the log cites a source of this name: what is loaded in batches may be declared after that."""
        return bool(_CITING.rows(self._connection, source=source))


def _is_earlier(now: Report, before: Report | None) -> bool:
    if before is None or now.reported is None or before.reported is None:
        return False
    return now.reported < before.reported


_VERSION = Prepared(
    select(version.c.position, version.c.first)
    .join(record, record.c.position == version.c.position)
    .where(*(record.c[name] == bindparam(name) for name in ("chronicle", "kind", "id", "version")))
)
_CITING = Prepared(
    select(citation.c.position).where(citation.c.kind == "source", citation.c.id == bindparam("source")).limit(1)
)
_SUPERSEDE = tuple(
    Prepared(update(table).where(table.c.position == bindparam("at")).values(superseded=bindparam("by"), **more))
    for table, more in ((version, {}), (occurrence, {}), (fact, {"past": True}))
)
