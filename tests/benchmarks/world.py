"""A seeded world to measure on: facts of many subjects, some keys much told of, dates vague, versions mended.

It is written by the code that writes appends, from documents made here, without what admits and compares them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chronicle.event.canonical import SALT_BYTES, canonical, from_plain
from chronicle.store.archive import Store
from chronicle.store.head import read_head, write_head
from chronicle.store.schema import REVISION
from chronicle.store.tree import grow
from chronicle.store.versions import Receipt
from chronicle.store.writing import Writing

SCALE = int(os.environ.get("SCALE", "100_000"))
"""How many facts there are."""

CHRONICLE = "world"
ATTRIBUTES = ("population", "ruler", "capital", "turnover", "debt")
TOLD = 10
"""Facts of a key, on average."""

VAGUE = 0.1
"""The share of dates that are vague."""

START, DAYS = date(1900, 1, 1), 45_000
SOURCES = 40
BATCH = 20_000

Plain = dict[str, Any]


def subject(number: int) -> str:
    """The name of a subject."""
    return f"subject-{number:07d}"


def subjects(scale: int) -> int:
    """How many there are."""
    return max(1, scale // TOLD // len(ATTRIBUTES))


def documents(scale: int, seed: int = 1, vague: float = VAGUE) -> Iterator[tuple[Plain, int]]:
    """Sources, then as many events of one fact each, with their versions; of the same seed always the same.

    One fact in twenty is of the first subject; eight events in a hundred mend an earlier one, three retract one, a
    tenth of all dates (or another share) is `vague`, a fifth of all facts end.
    """
    drawn = random.Random(seed)  # noqa: S311 - no secrets
    for number in range(SOURCES):
        published = (START + timedelta(days=DAYS * number // SOURCES)).isoformat()
        yield {"kind": "source", "id": f"source-{number}", "title": f"Source {number}", "published": published}, 1
    versions: dict[int, int] = {}
    for number in range(scale):
        kind = drawn.random()
        mended = drawn.randrange(number) if number and kind < 0.11 else None
        named = number if mended is None else mended
        versions[named] = version = versions.get(named, 0) + 1
        sources = [{"source": f"source-{drawn.randrange(SOURCES)}"}]
        if version > 1 and kind < 0.03:
            yield {"id": f"event-{named}", "retracted": True, "note": "no", "sources": sources}, version
            continue
        day = START + timedelta(days=drawn.randrange(DAYS))
        fact: Plain = {
            "subject": subject(0 if drawn.random() < 0.05 else drawn.randrange(subjects(scale))),
            "attribute": ATTRIBUTES[drawn.randrange(len(ATTRIBUTES))],
            "value": f"value {drawn.randrange(1_000)}",
        }
        if drawn.random() < 0.2:
            fact["until"] = (day + timedelta(days=1 + drawn.randrange(4_000))).isoformat()
        occurred = _vague(day, drawn) if drawn.random() < vague else day.isoformat()
        event = {"type": "any.thing", "occurred": occurred, "title": f"Event {named}", "facts": [fact]}
        yield {"id": f"event-{named}", **event, "sources": sources}, version


def _vague(day: date, drawn: random.Random) -> str:
    year = f"{day.year:04d}"
    month = f"{year}-{day.month:02d}"
    return drawn.choice([year, month, f"{year}~", f"{month}?", f"{year[:3]}X", f"[..{year}]"])


def kept(scale: int, folder: Path = Path(".bench")) -> Path:
    """The file of a world of so many facts; what takes an hour to make is made once."""
    file = folder / f"world-{scale}-{REVISION}.db"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        begun = file.with_suffix(".begun.db")
        for left in folder.glob(f"{begun.name}*"):
            left.unlink()
        store = Store.open(f"sqlite:///{begun}", create=True)
        fill(store, scale)
        store.close()
        begun.rename(file)
    return file


def fill(store: Store, scale: int = SCALE, seed: int = 1) -> None:
    """Append the world to an empty archive."""
    write(store, documents(scale, seed))


def write(store: Store, made: Iterator[tuple[Plain, int]]) -> None:
    """Append documents, given with their versions, to an empty archive."""
    is_over = False
    recorded = 1_700_000_000_000_000
    while not is_over:
        with store.writer.begin() as connection:
            before = read_head(connection)
            recorded += 1_000_000
            writing = Writing(connection, before, recorded, "bench")
            for _ in range(BATCH):
                plain, version = next(made, (None, 0))
                if plain is None:
                    is_over = True
                    break
                kind = plain.get("kind", "event")
                document = from_plain(kind, plain)
                receipt = Receipt(CHRONICLE, kind, plain["id"], version, 0, "")
                writing.take(receipt, document, canonical(document), bytes(SALT_BYTES))
            writing.flush()
            grow(connection, before.position, writing.leaves)
            write_head(connection, writing.position, recorded)
    with store.writer.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
