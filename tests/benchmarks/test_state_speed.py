"""What a state costs beside a row that is looked up by its primary key, in the same run and of the same database.

SCALE says of how many facts, else 100,000. Times are those of the processor for SQLite and of the clock for PostgreSQL,
medians of interleaved questions. What is timed has been held against a state that reads every fact.
"""

from __future__ import annotations

import random
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text

from chronicle.service import Archive
from chronicle.state.resolve import claimed_since, resolve
from chronicle.state.rows import Reading, by_key
from chronicle.store.archive import Store
from chronicle.store.candidates import candidates
from chronicle.store.head import read_head
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import record
from tests.benchmarks import world
from tests.builders import url_of
from tests.postgresql import Server

QUESTIONS = 1_000
AS_OF, X = "2001-09-08", 999_993_599
KNOWN = 500_000_000

ROW = Prepared(select(record).where(record.c.position == bindparam("position")))

Work = Callable[[], object]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world in a file."""
    file = tmp_path_factory.mktemp("state") / "world.db"
    store = Store.open(url_of(file), create=True)
    world.fill(store)
    store.close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, filled: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The world, in a file and on a server."""
    if request.param == "sqlite":
        return url_of(filled)
    server: Server = request.getfixturevalue("postgresql")
    there = server.database()
    monkeypatch.setenv("CHRONICLE_PROOF", str(filled.parent / "proof"))
    Archive.restore(str(filled), there)
    store = Store.open(there, create=False)
    with store.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    store.close()
    return there


def medians(url: str, works: dict[str, Iterator[Work]]) -> dict[str, float]:
    """Seconds of one piece of each work, all of them in turns; those of the first are a row by its key."""
    clock = thread_time if url.startswith("sqlite") else perf_counter
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(QUESTIONS):
        for name, work in works.items():
            one = next(work)
            began = clock()
            one()
            took[name].append(clock() - began)
    found = {name: median(times) for name, times in took.items()}
    least = next(iter(found.values()))
    for name, seconds in found.items():
        worst = sorted(took[name])[QUESTIONS * 99 // 100]
        print(f"\n{name}: {seconds * 1e6:.0f} µs, {seconds / least:.1f} times a row; p99 {worst * 1e6:.0f} µs", end="")
    return found


def test_one_key(url: str) -> None:
    """A key that is told of ten times, and one that is told of ever more, as latest known and with all three bounds."""
    drawn = random.Random(2)  # noqa: S311 - no secrets
    store = Store.open(url, create=False)
    with store.reading() as connection:
        head = read_head(connection).position

        def rows() -> Iterator[Work]:
            while True:
                position = drawn.randrange(head) + 1
                yield lambda position=position: ROW.rows(connection, position=position)  # type: ignore[misc]

        def states(horizon: Horizon, *, hot: bool) -> Iterator[Work]:
            def ask(subject: str, attribute: str, *, whole: bool) -> list[Any]:
                rule = None if whole else (lambda facts: claimed_since(facts, X))
                found = candidates(
                    connection, horizon, world.CHRONICLE, subject, attribute, begun_by=X, claimed=lambda _, __: rule
                )
                reading = Reading()
                return [
                    resolve(facts, X) for _, pairs in found for facts in by_key(pairs, lambda _, __: reading).values()
                ]

            while True:
                number = 0 if hot else 1 + drawn.randrange(world.subjects(world.SCALE) - 1)
                asked = world.subject(number), drawn.choice(world.ATTRIBUTES)
                assert ask(*asked, whole=True) == ask(*asked, whole=False)
                yield lambda asked=asked: ask(*asked, whole=False)  # type: ignore[misc]

        now, then = Horizon(head), Horizon(head // 2, KNOWN)
        found = medians(
            url,
            {
                "a row by its key": rows(),
                "a key": states(now, hot=False),
                "a key, three bounds": states(then, hot=False),
                "a hot key": states(now, hot=True),
                "a hot key, three bounds": states(then, hot=True),
            },
        )
    store.close()
    assert found["a row by its key"] < found["a key"]


def test_one_key_of_an_archive(url: str) -> None:
    """All that a question costs, beside all that it costs to show an event."""
    drawn = random.Random(3)  # noqa: S311 - no secrets
    with Archive.open(url, create=False) as archive:

        def shown() -> Iterator[Work]:
            while True:
                yield lambda: archive.show("event-17")

        def states() -> Iterator[Work]:
            while True:
                asked = world.subject(drawn.randrange(world.subjects(world.SCALE))), drawn.choice(world.ATTRIBUTES)
                yield lambda asked=asked: archive.state(  # type: ignore[misc]
                    as_of=AS_OF, chronicle=world.CHRONICLE, subject=asked[0], attribute=asked[1]
                )

        medians(url, {"an event shown": shown(), "a key": states()})


def test_the_whole_world(url: str) -> None:
    """In pages, whose memory does not grow; and what differs between two positions a thousand records apart."""
    with Archive.open(url, create=False) as archive:
        count, turn, began = 0, None, thread_time()
        while True:
            page = archive.state(as_of=AS_OF, after=turn, limit=2_000)
            count, turn = count + len(page.facts), page.next
            if turn is None:
                break
        took = thread_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\n{count:,} rows, {took / count * 1e6:.0f} µs a row; at most {peak:.0f} MiB so far", end="")
        position = archive.position()
        began = perf_counter()
        changes = archive.diff({"position": position - 1_000}, {"position": position}, as_of=AS_OF).changes
        print(f"\n{len(changes)} changes by 1,000 records in {perf_counter() - began:.2f} s", end="")
    assert count > 0
    assert 0 < len(changes) <= 1_000
