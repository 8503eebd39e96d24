"""Looking up words: by the index on both databases, kept with every row, and an index that lies is found."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from chronicle.service import Archive
from chronicle.store import lookup
from chronicle.store.archive import Store
from chronicle.store.read import Horizon
from tests.builders import CHRONICLE, an_archive, an_entity, an_event, url_of
from tests.postgresql import Server

WORDS = [f"word{n}" for n in range(400)]


def filled(url: str) -> Store:
    """An archive of two thousand events, each with a word that few have and one that all have."""
    entities = [an_entity(f"e{n}", label=f"Called{n}") for n in range(50)]
    events = [
        an_event(f"x{n}", title=f"every {WORDS[n % len(WORDS)]}", participants=[f"e{n % 50}"]) for n in range(2_000)
    ]
    an_archive(*entities, *events, url=url).close()
    store = Store.open(url, create=False)
    with store.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    return store


def plan(store: Store, *parts: lookup.Part) -> str:
    """How the database means to look for candidates."""
    with store.reading() as connection:
        query = lookup.query(connection, Horizon(10_000), parts)
        compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
        if connection.dialect.name == "postgresql":  # so small a table is else read from end to end
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        values = (
            compiled.params
            if compiled.positiontup is None
            else tuple(compiled.params[name] for name in compiled.positiontup)
        )
        rows = connection.exec_driver_sql(explain + str(compiled), values)
        return "\n".join(str(row[-1]) for row in rows)


def test_sqlite_asks_fts5(tmp_path: Path) -> None:
    """Each part is looked up in the full text index, and nothing is read from end to end."""
    store = filled(url_of(tmp_path / "chronicle.db"))
    told = plan(store, lookup.Part(("word7",), is_whole=False), lookup.Part(("every",), is_whole=True))
    store.close()
    assert 2 == told.count("SCAN words_search VIRTUAL TABLE INDEX 0:M")
    assert not {"record", "version", "words", "citation"} & {
        line.split()[1] for line in told.splitlines() if line.startswith("SCAN")
    }


def test_postgresql_asks_the_index(postgresql: Server) -> None:
    """Each part is looked up in the index of text search vectors."""
    store = filled(postgresql.archive())
    told = plan(store, lookup.Part(("word7",), is_whole=True))
    store.close()
    assert "Bitmap Index Scan on words_search" in told
    assert "Seq Scan on words" not in told
    assert "Seq Scan on citation" not in told


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("INSERT INTO words_search (words_search, rowid, words) VALUES ('delete', 2, 'b entity')", 2),
        ("INSERT INTO words_search (rowid, words) VALUES (1, 'stranger')", 1),
        ("INSERT INTO words_search (rowid, words) VALUES (9, 'stranger')", 9),
        ("INSERT INTO words_search (words_search) VALUES ('delete-all')", 1),
    ],
)
def test_an_index_that_lies_is_found(tmp_path: Path, statement: str, position: int) -> None:
    """What is found by words is held against the words: what it lacks, and what it has too much."""
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:
        archive.append([an_entity(name) for name in "abc"], chronicle=CHRONICLE)
        assert () == archive.verify().findings
        with sqlite3.connect(tmp_path / "chronicle.db") as forger:
            forger.execute(statement)
        forger.close()
        [finding] = archive.verify().findings
    assert (position, "index") == (finding.position, finding.kind)


def test_a_copy_is_searched(url_on_disk: str, tmp_path: Path) -> None:
    """A backup, of whatever database, finds what the archive finds."""
    with an_archive(an_event("x", title="Some word"), url=url_on_disk) as archive:
        archive.backup(tmp_path / "copy.db")
    with Archive.open(url_of(tmp_path / "copy.db"), create=False) as copy:
        assert ["x"] == [hit.record.header.id for hit in copy.search("word").results]
