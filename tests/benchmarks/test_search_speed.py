"""What a search costs beside a bare query of the database's full text index that finds the same rows."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import Connection, TextClause, text

from chronicle.files.mapping import read_mappings
from chronicle.service import Archive
from chronicle.state.search import terms
from chronicle.store.append import Command, append
from chronicle.store.lookup import Part, candidates
from chronicle.store.read import Horizon
from tests.builders import CHRONICLE, NOW, an_event, url_of
from tests.postgresql import Server

EVENTS = int(os.environ.get("CHRONICLE_BENCH_EVENTS", "20000"))

SHARES = {"one in a thousand": ("rare7", 1_000), "one in fifty": ("some7", 50), "a tenth": ("many7", 10)}


def an_archive(url: str) -> Archive:
    """As many events as are asked for, whose words have known shares."""
    archive = Archive.open(url, recorded_by="bench", now=lambda: NOW)
    for begin in range(0, EVENTS, 5_000):
        documents = [
            an_event(f"x{n}", title=f"Rare{n % 1_000} some{n % 50} many{n % 10}", summary=f"Word{n} of {n % 977}")
            for n in range(begin, min(begin + 5_000, EVENTS))
        ]
        append(archive._store.writer, Command(read_mappings(documents, CHRONICLE).drafts), NOW, "bench")  # noqa: SLF001
    with archive._store.writer.begin() as connection:  # noqa: SLF001
        connection.execute(text("ANALYZE"))
    return archive


def milliseconds(work: Callable[[], object]) -> float:
    """By the clock, for the database may be another process; the median of several."""

    def once() -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return median(once() for _ in range(7)) * 1_000


def _bare(connection: Connection, query: TextClause, asked: str) -> object:
    return connection.execute(query, {"asked": asked}).all()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_search(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The bare query, the candidates, and the whole answer with its ranking, for words of several shares."""
    url = url_of(tmp_path / "chronicle.db")
    if backend == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.archive()
    with an_archive(url) as archive, archive._store.reading() as connection:  # noqa: SLF001 - the layers one by one
        bare = text(
            "SELECT rowid FROM words_search WHERE words_search MATCH :asked"
            if backend == "sqlite"
            else "SELECT position FROM words WHERE array_to_tsvector(string_to_array(words, ' ')) "
            "@@ CAST(:asked AS tsquery)"
        )
        horizon = Horizon(archive.position())
        for name, (word, share) in SHARES.items():
            asked = f'"{word}"' if backend == "sqlite" else f"'{word}'"
            part = Part(terms(f'"{word}"')[0].words, is_whole=True)
            rows = connection.execute(bare, {"asked": asked}).all()
            found = candidates(connection, horizon, [part])
            answer = archive.search(f'"{word}"')
            assert EVENTS // share == len(rows) == len(found) == answer.total
            least = milliseconds(partial(_bare, connection, bare, asked))
            proposed = milliseconds(partial(candidates, connection, horizon, [part]))
            whole = milliseconds(partial(archive.search, f'"{word}"'))
            print(
                f"\n{backend}, {name} of {EVENTS}: bare {least:.2f} ms, "
                f"candidates {proposed / least:.1f} times, "
                f"ranked answer {whole / least:.1f} times ({whole / len(rows):.3f} ms a document)",
                end="",
            )
