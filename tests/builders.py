"""Documents and archives that say only what a test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chronicle.errors import Problem
from chronicle.files.mapping import read_mappings
from chronicle.service import Archive
from chronicle.store import schema
from chronicle.store.append import Appended, Command, append
from chronicle.store.archive import Store

CHRONICLE = "c"
IN_MEMORY = "sqlite://"

Mapping = dict[str, Any]


def instant(text: str) -> int:
    """Microseconds since 1970 for `2026-01-01` or `2026-01-01T12:00:00`, in UTC."""
    return round(datetime.fromisoformat(f"{text}+00:00" if "T" in text else f"{text}T00:00:00+00:00").timestamp() * 1e6)


NOW = instant("2026-03-01")


class Clock:
    """A clock that shows what it was set to."""

    def __init__(self, now: str = "2026-03-01") -> None:
        self.now = instant(now)

    def __call__(self) -> int:
        return self.now

    def set(self, now: str) -> None:
        """Show another time from now on."""
        self.now = instant(now)


def a_source(id: str = "s", published: str | None = "2025-06-01", **more: Any) -> Mapping:  # noqa: A002
    """A source, published on a day of no importance."""
    return {"kind": "source", "id": id, "title": f"Source {id}", "published": published, **more}


def an_entity(id: str = "e", **more: Any) -> Mapping:  # noqa: A002
    """An entity."""
    return {"kind": "entity", "id": id, "label": f"Entity {id}", **more}


def an_attribute(id: str = "attribute", **more: Any) -> Mapping:  # noqa: A002
    """An attribute of one value, unless told otherwise."""
    return {"kind": "attribute", "id": id, "label": f"Attribute {id}", **more}


def a_fact(value: Any = None, **more: Any) -> Mapping:
    """`subject.attribute = value`."""
    return {"subject": "subject", "attribute": "attribute", "value": value, **more}


def an_event(
    id: str = "event",  # noqa: A002
    *facts: Mapping,
    sources: Iterable[str] = (),
    **more: Any,
) -> Mapping:
    """An event of 2025 that asserts some facts and cites some sources."""
    return {
        "id": id,
        "type": "any.thing",
        "occurred": "2025",
        "title": f"Event {id}",
        "facts": list(facts),
        "sources": [{"source": source} for source in sources],
        **more,
    }


def a_retraction(of: str, kind: str = "event", *, sources: Iterable[str] = (), **more: Any) -> Mapping:
    """A document that withdraws an id."""
    cited = [{"source": source} for source in sources]
    return {"kind": kind, "id": of, "retracted": True, "sources": cited, **more}


def load(store: Store, *documents: Mapping, now: int = NOW, dry_run: bool = False) -> Appended:
    """Append documents to a store, all of the same chronicle unless they say otherwise."""
    reading = read_mappings(documents, CHRONICLE)
    assert [] == [problem for problem in reading.problems if problem.is_error]
    return append(store.writer, Command(reading.drafts), now, "tester", dry_run=dry_run)


def outcomes(appended: Appended) -> list[str]:
    """What became of each document."""
    return [receipt.outcome for receipt in appended.receipts]


def codes(problems: Iterable[Problem]) -> set[str]:
    """The kinds of problems there are."""
    return {problem.code for problem in problems}


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.reading() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in schema.metadata.sorted_tables
        }


def column(store: Store, name: str) -> list[Any]:
    """A column of the headers, in the order of positions."""
    with store.reading() as connection:
        rows = connection.execute(select(schema.record.c[name]).order_by(schema.record.c.position))
        return list(rows.scalars())


def url_of(path: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{path}"


def an_archive(*documents: Mapping, clock: Clock | None = None, url: str = IN_MEMORY) -> Archive:
    """An archive that holds some documents."""
    archive = Archive.open(url, recorded_by="tester", now=clock or Clock())
    if documents:
        archive.append(documents, chronicle=CHRONICLE)
    return archive


def values(archive: Archive, **question: Any) -> list[Any]:
    """The values that hold or may hold, as written: numbers as their digits."""
    return [_digits(fact.value.plain()) for fact in archive.state(**question).facts]


def _digits(plain: Any) -> Any:
    if isinstance(plain, dict):
        return plain["$number"] if plain.keys() == {"$number"} else {key: _digits(item) for key, item in plain.items()}
    return plain
