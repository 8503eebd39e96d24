"""What the state of one key costs beside a row that is looked up by its primary key through the same layers."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from chronicle.event.candidate import Candidate
from chronicle.service import Archive
from chronicle.state.resolve import resolve
from chronicle.state.rows import Reading, by_key
from chronicle.store.archive import Store
from chronicle.store.candidates import candidates
from chronicle.store.head import read_head
from chronicle.store.prepared import Prepared
from chronicle.store.read import Horizon
from chronicle.store.schema import record
from chronicle.when import resolve_bound
from tests.benchmarks import world
from tests.benchmarks.filled import AS_OF, KNOWN, Filled, X
from tests.benchmarks.race import Figure, Work, race_questions
from tests.benchmarks.temporal import Place

ROW = Prepared(select(record).where(record.c.position == bindparam("position")))

CHECKED = 200
"""Questions whose answers are compared before any is timed."""


def keys(at: Filled, questions: int = 1_000) -> list[Figure]:
    """A key that is told of ten times, and one that is told of ever more, as latest known and with all three bounds."""
    drawn = random.Random(2)  # noqa: S311 - no secrets
    store = Store.open(at.url, create=False)
    with store.reading() as connection:
        head = read_head(connection).position
        positions = [1 + drawn.randrange(head) for _ in range(questions)]
        last = max(2, world.subjects(at.scale))
        cold = [(world.subject(drawn.randrange(1, last)), drawn.choice(world.ATTRIBUTES)) for _ in positions]
        hot = [(world.subject(0), drawn.choice(world.ATTRIBUTES)) for _ in positions]
        known = resolve_bound(KNOWN, zone="UTC", now=0).last
        now, half, then = Horizon(head), Horizon(head // 2), Horizon(head // 2, known)

        def asking(horizon: Horizon, asked: list[Place]) -> Work:
            for place in asked[:CHECKED]:
                assert ask(connection, horizon, place, whole=True) == ask(connection, horizon, place)
            return lambda number: ask(connection, horizon, asked[number])

        contestants = {
            "a row by its key": lambda number: ROW.rows(connection, position=positions[number]),
            "chronicle": asking(now, cold),
            "chronicle, at a position": asking(half, cold),
            "chronicle, three bounds": asking(then, cold),
            "chronicle, hot key": asking(now, hot),
            "chronicle, hot key, three bounds": asking(then, hot),
            **_others(at, head // 2, drawn, questions),
        }
        found = race_questions("state of a key", at.place.name, at.scale, contestants, questions=questions)
    store.close()
    return found


def ask(connection: Connection, horizon: Horizon, place: Place, *, whole: bool = False) -> list[Any]:
    """What holds for a key at the second; `whole`: decided from every fact that it has."""
    reading = Reading()
    return [
        resolve(facts, X)
        for _, pairs in candidates(
            connection, horizon, world.CHRONICLE, *place, begun_by=X, spares=lambda _, __: not whole
        )
        for facts in _of_each_key(pairs, reading)
    ]


def _of_each_key(pairs: Any, reading: Reading) -> list[list[Candidate]]:
    return list(by_key(pairs, lambda _, __: reading).values())


def _others(at: Filled, position: int, drawn: random.Random, questions: int) -> dict[str, Work]:
    """What others do for a key of exact facts, once they have been seen to answer as the archive does."""
    day = date.fromisoformat(AS_OF)
    if not at.others:
        return {}
    exact = sorted(at.exact)
    asked = [drawn.choice(exact) for _ in range(questions)]
    contestants: dict[str, Work] = {}
    with Archive.open(at.url, create=False) as archive:
        for other in at.others:
            for place in asked[:CHECKED]:
                assert value_of(archive, place) == other.one(place, day)
            contestants[other.name] = lambda number, other=other: other.one(asked[number], day)  # type: ignore[misc]
        if (maria := at.maria) is not None:
            for place in asked[:CHECKED]:
                assert value_of(archive, place, position=position) == maria.one(place, day, position)
            rows = [drawn.choice(maria.events) for _ in asked]
            contestants["mariadb, at a position"] = lambda number: maria.one(asked[number], day, position)
            contestants["mariadb, a row by its key"] = lambda number: maria.row(rows[number])
    return contestants


def value_of(archive: Archive, place: Place, *, position: int | None = None) -> str | None:
    """The certain value of a key of exact facts."""
    facts = archive.state(
        as_of=AS_OF, position=position, chronicle=world.CHRONICLE, subject=place[0], attribute=place[1]
    ).facts
    assert all(one.row.certain for one in facts)
    return facts[0].candidate.value if facts else None
