"""The log of a release, frozen: a small archive as SQL text, and what that release answered from it.

`python -m tests.store.frozen FOLDER`, run with a release's package first on the path, writes REVISION.sql and
REVISION.jsonl there. It is run once for each release whose tables differ from those of the one before.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from chronicle.service import Archive
from chronicle.store import schema

CHRONICLE = "frozen"
START = 1_767_225_600_000_000
"""2026-01-01 in microseconds; each append is a minute later than the one before."""

Plain = dict[str, Any]


def _fact(attribute: str, value: Any = None, **more: Any) -> Plain:
    return {"subject": "land", "attribute": attribute, **({} if value is None else {"value": value}), **more}


def _money(amount: str, qualifier: str | None = None) -> Plain:
    return {"amount": amount, "unit": "USD", **({} if qualifier is None else {"qualifier": qualifier})}


def _event(id_: str, occurred: str, *facts: Plain, **more: Any) -> Plain:
    return {"id": id_, "type": "any.thing", "occurred": occurred, "title": f"Of {id_}", "facts": list(facts), **more}


def _cites(*sources: str) -> list[Plain]:
    return [{"source": source} for source in sources]


HISTORY: list[list[Plain]] = [
    [
        {"kind": "chronicle", "id": CHRONICLE, "title": "Frozen", "description": "Every kind.", "languages": ["en"]},
        {"kind": "source", "id": "early", "title": "Early", "published": "2025-02", "url": "https://example.org/e"},
        {"kind": "source", "id": "late", "title": "Late", "published": "2025-11-30", "author": "A", "language": "az"},
        {"kind": "source", "id": "undated", "title": "Undated", "publisher": "P"},
        {"kind": "entity", "id": "land", "label": "Land", "labels": {"az": "Ölkə"}, "type": "country"},
        {"kind": "entity", "id": "person", "label": "Şəxs", "description": "A person."},
        {"kind": "attribute", "id": "member", "cardinality": "many"},
        {"kind": "attribute", "id": "turnover", "measures": "period", "unit": "USD", "sum_of": ["sold", "bought"]},
        {"kind": "attribute", "id": "goal", "measures": "target", "unit": "GW"},
        {"kind": "attribute", "id": "rate", "resolution": "latest-reported"},
    ],
    [
        _event(
            "signed",
            "1994",
            _fact("partner", {"entity": "person"}),
            _fact("member", "north"),
            _fact("member", "south", until="2001-01-20"),
            type="agreement.signed",
            participants=["land", {"entity": "person", "role": "signatory"}],
            sources=[{"source": "early", "locator": "page 3", "quote": "it was signed"}],
            tags=["energy"],
            summary="A line of *prose*.",
        ),
        _event(
            "figures",
            "2024",
            _fact("turnover", _money("1.55e9"), period="2024", dimensions={"partner": "sea"}),
            _fact("turnover", _money("133e6", "more-than"), period="2024-01/2024-09", dimensions={"partner": "sea"}),
            _fact("open", 16, at="2024-12-31"),
            _fact("ratio", Decimal("0.30"), at="2024-12"),
            _fact("ready", value=True, **{"from": "2024-06"}),
            type="statistic.reported",
            sources=_cites("early", "late"),
        ),
        _event(
            "plan",
            "[..2025-03-01]",
            _fact("goal", {"low": 7, "high": 8, "unit": "GW"}, at="2025-03-01", due="2030"),
            type="plan.announced",
            stated_by="person",
            sources=_cites("late"),
        ),
        _event("lasting", "1990/1999-06~", _fact("ruler", "one", **{"from": "unknown"}), sources=_cites("undated")),
        _event("season", "2004-21", _fact("ruler", "two", through="2010?")),
        _event("ancient", "-0044-03-15", _fact("ruler", "three", **{"from": ".."}, until="unknown")),
        _event("set", "[1667, 1668, 1670..1672]", _fact("rate", "5"), sources=_cites("late")),
    ],
    [
        _event(
            "set2",
            "1800",
            _fact("rate", "4"),
            sources=_cites("early"),
            related=[{"event": "set", "relation": "led-to"}],
        )
    ],
    [
        {"kind": "source", "id": "early", "title": "Early", "published": "2025-03", "url": "https://example.org/e"},
        _event("season", "2004-22", _fact("ruler", "two", through="2010?"), note="The season was misread."),
        _event("gone", "2020", _fact("ruler", "four")),
    ],
    [
        {"id": "gone", "retracted": True, "note": "It never was."},
        _event("season", "2004-21", _fact("ruler", "two", through="2010?")),
        _event("denied", "2005", _fact("partner", holds=False), _fact("member", "north", holds=False)),
        _event("kept", "2025-05-01T12:00:00+04:00", _fact("ruler", "five")),
    ],
    [
        _event("secret", "2021", _fact("ruler", "nobody")),
        _event(
            "done",
            "2025-12",
            related=[{"event": "plan", "relation": "fulfils"}],
            type="plan.fulfilled",
            sources=_cites("late"),
        ),
    ],
]
"""Every kind of document, value and fact time; a revised source, a correction and its reversal, a retraction."""

QUESTIONS: list[tuple[str, Plain]] = [
    ("state", {"as_of": "2025-12-31"}),
    ("state", {"as_of": "1994-06-30"}),
    ("state", {"as_of": "2004-04-15", "zone": "Asia/Baku"}),
    ("state", {"as_of": "2026", "known": "2025-06"}),
    ("state", {"as_of": "2026", "position": 18, "resolution": "latest-reported"}),
    ("history", {"subject": "land", "attribute": "ruler"}),
    ("history", {"subject": "land", "attribute": "partner"}),
    ("diff", {"before": {"position": 19}, "after": {"position": 25}, "as_of": "2026"}),
    ("diff", {"before": "1993", "after": "2024"}),
    ("events", {"as_of": "2025-06"}),
    ("events", {"as_of": "2031", "known": "2025-10"}),
    ("conflicts", {"as_of": "2006"}),
]
"""Questions of fixed bounds to each verb that answers with what the log says."""


def answers(archive: Archive) -> Iterator[bytes]:
    """What an archive says to each question, then every record with its hash, then the log as it is exported; lines."""
    for verb, bounds in QUESTIONS:
        answer = getattr(archive, verb)(**bounds).as_json()
        yield msgspec.json.encode({"verb": verb, "bounds": bounds, "answer": answer}) + b"\n"
    for one in archive.follow(wait=False):
        header = one.header
        named = [header.kind, header.id, header.version, header.leaf().hex()]
        yield msgspec.json.encode([one.position, *named, one.first, one.reported, one.visible]) + b"\n"
    yield from archive.export(to="jsonl").chunks


def thaw(sql: Path, into: Path) -> str:
    """The URL of an archive made from SQL text."""
    with closing(sqlite3.connect(into)) as connection:
        connection.executescript(sql.read_text(encoding="utf-8"))
    return f"sqlite:///{into}"


def dumped(connection: sqlite3.Connection) -> Iterator[str]:
    """A database as SQL: indexes of words are made anew, for as they are dumped they cannot be read in."""
    virtual = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
    theirs = ["PRAGMA writable_schema", "INSERT INTO sqlite_master"]
    theirs += [begin for name, _ in virtual for begin in (f'INSERT INTO "{name}', f"CREATE TABLE '{name}_")]
    for line in connection.iterdump():
        if line == "COMMIT;":
            for name, sql in virtual:
                yield f"{sql};"
                yield f"INSERT INTO {name} ({name}) VALUES ('rebuild');"  # noqa: S608 - a name of ours
        if not line.startswith(tuple(theirs)):
            yield line


def freeze(folder: Path) -> None:
    """Write the log of the release that runs, and its answers."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "chronicle.db"
        minutes = iter(range(1_000))
        now = lambda: START + 60_000_000 * next(minutes)  # noqa: E731 - a clock that goes on whenever it is looked at
        with Archive.open(f"sqlite:///{file}", recorded_by="tester", now=now) as archive:
            for documents in HISTORY:
                archive.append(documents, chronicle=CHRONICLE)
            if schema.REVISION > "0001":
                archive.append([_event("keyed", "2022")], chronicle=CHRONICLE, key="a key")
                archive.redact("secret", reason="it must go")
            said = b"".join(answers(archive))
            if schema.REVISION > "0001":
                note = {"checkpoint": archive.checkpoint()[1], "verifier": archive.verifier().text}
                said += msgspec.json.encode(note) + b"\n"
        with closing(sqlite3.connect(file)) as connection:
            text = "".join(f"{line}\n" for line in dumped(connection))
    (folder / f"{schema.REVISION}.sql").write_text(text, encoding="utf-8")
    (folder / f"{schema.REVISION}.jsonl").write_bytes(said)


if __name__ == "__main__":
    freeze(Path(sys.argv[1]))
