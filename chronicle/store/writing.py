"""The rows of one append, gathered and written in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from chronicle.errors import Problem
from chronicle.event.canonical import Header, digest, type_of
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Event, LogDocument, Retraction, Source
from chronicle.event.references import references
from chronicle.event.words import tokens
from chronicle.store import dialect
from chronicle.store.facts import fact_rows, occurrence_row
from chronicle.store.head import Head
from chronicle.store.reports import (
    Report,
    cited_sources,
    latest_report,
    next_report,
    published_last,
    revise_reports,
    source_date,
)
from chronicle.store.schema import citation, fact, occurrence, payload, record, report, version, words
from chronicle.store.versions import Receipt


class Writing:
    """Gives documents their positions, from that of the head on, and writes what belongs to each.

    `leaves` are the hashes of the new headers, in order; `warnings` what is odd about the new versions.
    """

    def __init__(self, connection: Connection, head: Head, recorded: int, recorded_by: str) -> None:
        self.position = head.position
        self.recorded = recorded
        self.recorded_by = recorded_by
        self.warnings: list[Problem] = []
        self.leaves: list[bytes] = []
        self._archive = head.archive
        self._connection = connection
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
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
        header = Header(
            self._archive,
            receipt.chronicle,
            receipt.kind,
            receipt.id,
            receipt.version,
            type_of(document),
            self.recorded,
            self.recorded_by,
            digest(content, salt),
        )
        self.leaves.append(header.leaf())
        self._rows["record"].append({"position": self.position, **header.columns()})
        self._rows["payload"].append({"position": self.position, "payload": content, "salt": salt})
        before = self._supersede(receipt) if receipt.version > 1 else None
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
        self._rows["fact"] += fact_rows(self.position, receipt.chronicle, document)
        if (listed := tokens(document)) is not None:
            self._rows["words"].append({"position": self.position, "words": listed})
        if receipt.kind == "event":
            sources = {name for kind, name in cited if kind == "source"}
            if self._report(receipt.chronicle, sources, before.position if before else None) and problem is not None:
                message = "is reported earlier than the version it mends"
                self.warnings.append(problem(warning(("sources",), "reported-earlier", message)))
        if isinstance(document, Event):
            reported = self._rows["report"][-1]["reported"]
            self._rows["occurrence"].append(occurrence_row(self.position, receipt.chronicle, document, reported))
        if receipt.kind == "source":
            self._date(
                receipt.chronicle, receipt.id, published_last(document) if isinstance(document, Source) else None
            )
        return receipt

    def flush(self) -> None:
        """Write what is gathered."""
        for table in (record, payload, version, citation, fact, occurrence, report, words):
            if rows := self._rows.pop(table.name, []):
                dialect.insert_rows(self._connection, table, rows)

    def take_redacted(self, receipt: Receipt, digest: bytes) -> None:
        """Give the next position to a version whose content is gone: its header and nothing else."""
        self.position += 1
        before = self._supersede(receipt) if receipt.version > 1 else None
        header = {name: getattr(receipt, name) for name in ("chronicle", "kind", "id", "version")}
        recorded = {"type": None, "recorded": self.recorded, "recorded_by": self.recorded_by, "digest": digest}
        self._rows["record"].append({"position": self.position, **header, **recorded})
        self._rows["version"].append(
            {
                "position": self.position,
                "first": before.first if before else self.position,
                "retracted": False,
                "superseded": None,
            }
        )

    def _supersede(self, receipt: Receipt) -> Any:
        """Close the version before; its position and that of the id's first version."""
        self.flush_before_reading()
        chronicle, kind, name = receipt.chronicle, receipt.kind, receipt.id
        before = self._connection.execute(
            select(version.c.position, version.c.first)
            .join(record, record.c.position == version.c.position)
            .where(record.c.chronicle == chronicle, record.c.kind == kind, record.c.id == name)
            .where(record.c.version == receipt.version - 1)
        ).one()
        for table in (version, occurrence):
            self._connection.execute(
                update(table).where(table.c.position == before.position).values(superseded=self.position)
            )
        return before

    def flush_before_reading(self) -> None:
        """Rows of earlier documents must be there before they are asked for; those of this one wait."""
        ready = {name: [row for row in rows if row["position"] < self.position] for name, rows in self._rows.items()}
        waiting = {name: [row for row in rows if row["position"] >= self.position] for name, rows in self._rows.items()}
        self._rows = defaultdict(list, ready)
        self.flush()
        self._rows = defaultdict(list, waiting)

    def _report(self, chronicle: str, cited: set[str], before: int | None) -> bool:
        """Whether the version is reported earlier than the one before it."""
        earlier = None if before is None else latest_report(self._connection, before)
        known = set() if before is None else cited_sources(self._connection, before)
        now = next_report(
            earlier, sorted(cited - known), self.recorded, lambda source: self._date_of(chronicle, source)
        )
        self._rows["report"].append({"position": self.position, "since": self.position, **now._asdict()})
        return earlier is not None and _is_earlier(now, earlier)

    def _date_of(self, chronicle: str, source: str) -> int | None:
        if (chronicle, source) not in self._dates:
            self._dates[chronicle, source] = source_date(self._connection, chronicle, source)
        return self._dates[chronicle, source]

    def undate(self, chronicle: str, source: str) -> None:
        """A source has no date from the last position on."""
        self._dates[chronicle, source] = None
        revise_reports(self._connection, chronicle, source, self.position, lambda s: self._date_of(chronicle, s))

    def _date(self, chronicle: str, source: str, date: int | None) -> None:
        """A source has a date from this position on: events that already cite it are reported accordingly."""
        if date == self._date_of(chronicle, source):
            return
        self._dates[chronicle, source] = date
        self.flush()
        revise_reports(self._connection, chronicle, source, self.position, lambda s: self._date_of(chronicle, s))


def _is_earlier(now: Report, earlier: Report) -> bool:
    return now.reported is not None and earlier.reported is not None and now.reported < earlier.reported
