"""Documents into records: all or nothing, in one transaction that holds the write lock from its start.

Canonical forms, salts and digests are made before; the head row is read once the lock is held and written last.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from chronicle.errors import Problem, RefusedError
from chronicle.event.canonical import SALT_BYTES, canonical, digest, type_of
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Retraction, Source
from chronicle.event.references import references
from chronicle.store import dialect
from chronicle.store.admit import Admission
from chronicle.store.facts import fact_rows
from chronicle.store.reports import (
    Report,
    cited_sources,
    latest_report,
    next_report,
    published_last,
    revise_reports,
    source_date,
)
from chronicle.store.schema import citation, fact, head, payload, record, report, version
from chronicle.store.versions import Receipt, Step, Stored, plan_run


@dataclass(frozen=True, slots=True)
class Appended:
    """The head's position after the append, a receipt for each document in order, and what is worth a warning."""

    position: int
    receipts: tuple[Receipt, ...]
    warnings: tuple[Problem, ...]


Progress = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


def append(
    writer: Engine,
    drafts: Sequence[Draft],
    now: int,
    recorded_by: str,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Appended:
    """Append every new or changed document, one record each, in order; `now` is microseconds since the epoch.

    All records share one recorded instant, later than any before it. `dry_run` answers with the receipts and warnings
    there would be and takes everything back. `progress` is told of each document when it is planned and when it is
    written. Raises RefusedError with every problem; then nothing is written.
    """
    told = _Told(progress, 2 * len(drafts))
    prepared = [(draft, canonical(draft.document)) for draft in drafts]
    salts = [secrets.token_bytes(SALT_BYTES) for _ in prepared]
    with writer.begin() as connection:
        dialect.lock_log(connection)
        steps = _plan(connection, prepared, told)
        problems = Admission(connection, steps).problems()
        if any(problem.is_error for problem in problems):
            raise RefusedError(problems)
        log = connection.execute(select(head.c.position, head.c.recorded)).one()
        if not any(step.appends for step in steps):
            return Appended(log.position, tuple(step.receipt for step in steps), tuple(problems))
        writing = _Writing(connection, log.position, max(now, log.recorded + 1), recorded_by)
        receipts: list[Receipt] = []
        for step, salt in zip(steps, salts, strict=True):
            receipts.append(writing.take(step, salt) if step.appends else _settled(step, receipts))
            told.more(1)
        writing.flush()
        connection.execute(update(head).values(position=writing.position, recorded=writing.recorded))
        if dry_run:
            connection.rollback()
        position = log.position if dry_run else writing.position
        return Appended(position, tuple(receipts), (*problems, *writing.warnings))


class _Told:
    """Counts what is done, and tells whoever wants to know."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._done = 0
        self._total = total

    def more(self, done: int) -> None:
        self._done += done
        if self._progress is not None:
            self._progress(self._done, self._total)


def _settled(step: Step, receipts: Sequence[Receipt]) -> Receipt:
    """The receipt of an unchanged document; it may repeat one that this very append has written."""
    if step.receipt.position:
        return step.receipt
    made = step.receipt
    same = (
        r
        for r in receipts
        if (r.chronicle, r.kind, r.id, r.version) == (made.chronicle, made.kind, made.id, made.version)
    )
    return step.at(next(same).position)


def _plan(connection: Connection, prepared: Sequence[tuple[Draft, bytes]], told: _Told) -> list[Step]:
    """What each document does, in the order given."""
    runs: dict[DocumentId, list[int]] = defaultdict(list)
    for index, (draft, _) in enumerate(prepared):
        runs[draft.id].append(index)
    planned: dict[int, Step] = {}
    refused: list[Problem] = []
    for id, indexes in runs.items():  # noqa: A001
        steps = plan_run(id, [prepared[index] for index in indexes], _stored(connection, id))
        if steps is None:
            draft = prepared[indexes[0]][0]
            message = f"there is no {draft.document.kind} {draft.document.id} to retract"
            refused.append(draft.problem(Fault(("id",), "unknown-id", message)))
        else:
            planned.update(zip(indexes, steps, strict=True))
        told.more(len(indexes))
    if refused:
        raise RefusedError(refused)
    return [planned[index] for index in range(len(prepared))]


def _stored(connection: Connection, id: DocumentId) -> list[Stored]:  # noqa: A002
    """All versions of an id, oldest first."""
    chronicle, kind, name = id
    rows = connection.execute(
        select(record.c.position, record.c.version, payload.c.payload, version.c.retracted)
        .join(payload, payload.c.position == record.c.position)
        .join(version, version.c.position == record.c.position)
        .where(record.c.chronicle == chronicle, record.c.kind == kind, record.c.id == name)
        .order_by(record.c.version)
    )
    return [Stored(*row) for row in rows]


class _Writing:
    """The rows of one append, gathered and written in batches."""

    def __init__(self, connection: Connection, position: int, recorded: int, recorded_by: str) -> None:
        self.position = position
        self.recorded = recorded
        self.warnings: list[Problem] = []
        self._connection = connection
        self._recorded_by = recorded_by
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._dates: dict[tuple[str, str], int | None] = {}

    def take(self, step: Step, salt: bytes) -> Receipt:
        """Give the document the next position and gather its rows."""
        self.position += 1
        receipt, document = step.at(self.position), step.draft.document
        chronicle, kind, name = step.draft.id
        self._rows["record"].append(
            {
                "position": self.position,
                "chronicle": chronicle,
                "kind": kind,
                "id": name,
                "version": receipt.version,
                "type": type_of(document),
                "recorded": self.recorded,
                "recorded_by": self._recorded_by,
                "digest": digest(step.payload, salt),
            }
        )
        self._rows["payload"].append({"position": self.position, "payload": step.payload, "salt": salt})
        before = self._supersede(step) if receipt.version > 1 else None
        self._rows["version"].append(
            {
                "position": self.position,
                "first": before.first if before else self.position,
                "retracted": isinstance(document, Retraction),
                "superseded": None,
            }
        )
        cited = {(cited_kind, cited_id) for _, cited_kind, cited_id in references(document)}
        self._rows["citation"] += [{"position": self.position, "kind": k, "id": i} for k, i in sorted(cited)]
        self._rows["fact"] += fact_rows(self.position, chronicle, document)
        if kind == "event":
            self._report(step, {name for kind, name in cited if kind == "source"}, before.position if before else None)
        if kind == "source":
            self._date(chronicle, name, published_last(document) if isinstance(document, Source) else None)
        return receipt

    def flush(self) -> None:
        """Write what is gathered."""
        for table in (record, payload, version, citation, fact, report):
            if rows := self._rows.pop(table.name, []):
                dialect.insert_rows(self._connection, table, rows)

    def _supersede(self, step: Step) -> Any:
        """Close the version before; its position and that of the id's first version."""
        self.flush_before_reading()
        chronicle, kind, name = step.draft.id
        before = self._connection.execute(
            select(version.c.position, version.c.first)
            .join(record, record.c.position == version.c.position)
            .where(record.c.chronicle == chronicle, record.c.kind == kind, record.c.id == name)
            .where(record.c.version == step.receipt.version - 1)
        ).one()
        self._connection.execute(
            update(version).where(version.c.position == before.position).values(superseded=self.position)
        )
        return before

    def flush_before_reading(self) -> None:
        """Rows of earlier documents must be there before they are asked for; those of this one wait."""
        ready = {name: [row for row in rows if row["position"] < self.position] for name, rows in self._rows.items()}
        waiting = {name: [row for row in rows if row["position"] >= self.position] for name, rows in self._rows.items()}
        self._rows = defaultdict(list, ready)
        self.flush()
        self._rows = defaultdict(list, waiting)

    def _report(self, step: Step, cited: set[str], before: int | None) -> None:
        chronicle = step.draft.chronicle
        earlier = None if before is None else latest_report(self._connection, before)
        known = set() if before is None else cited_sources(self._connection, before)
        now = next_report(
            earlier, sorted(cited - known), self.recorded, lambda source: self._date_of(chronicle, source)
        )
        self._rows["report"].append({"position": self.position, "since": self.position, **now._asdict()})
        if earlier is not None and _is_earlier(now, earlier):
            message = "is reported earlier than the version it mends"
            self.warnings.append(step.draft.problem(warning(("sources",), "reported-earlier", message)))

    def _date_of(self, chronicle: str, source: str) -> int | None:
        if (chronicle, source) not in self._dates:
            self._dates[chronicle, source] = source_date(self._connection, chronicle, source)
        return self._dates[chronicle, source]

    def _date(self, chronicle: str, source: str, date: int | None) -> None:
        """A source has a date from this position on: events that already cite it are reported accordingly."""
        if date == self._date_of(chronicle, source):
            return
        self._dates[chronicle, source] = date
        self.flush()
        revise_reports(self._connection, chronicle, source, self.position, lambda s: self._date_of(chronicle, s))


def _is_earlier(now: Report, earlier: Report) -> bool:
    return now.reported is not None and earlier.reported is not None and now.reported < earlier.reported
