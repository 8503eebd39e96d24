"""What the service answers and takes, with many clients, beside the same one by one.

SCALE says among how many facts, else 10,000: SCALE=10000000 takes an hour to make them, once, into `.bench`.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.benchmarks import world
from tests.benchmarks.load import Request, load
from tests.builders import an_event, url_of
from tests.web.server import Running, running

SCALE = int(os.environ.get("SCALE", "10_000"))
CLIENTS = 64
APPENDERS = 32
COUNT = 2_000
PACE, PACE_KEPT = 800, 3_000


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Running]:
    """A server of the world, in two processes, that logs what is wrong only."""
    with serving(url_of(world.kept(SCALE).resolve()), tmp_path) as started:
        yield started


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An archive to append to."""
    here = url_of(tmp_path / "chronicle.db")
    with Archive.open(here) as archive:
        archive.append([an_event("first")], chronicle="c")
    return here


@pytest.fixture
def taking(url: str, tmp_path: Path) -> Iterator[Running]:
    """A server of it."""
    with serving(url, tmp_path) as started:
        yield started


def serving(url: str, folder: Path) -> AbstractContextManager[Running]:
    """Two processes, as there are cores; whoever asks is on this machine too, and may ask as often as it likes."""
    return running(url, folder / "log", "--workers", "2", CHRONICLE_LOG="warning", CHRONICLE_RATE="0")


def points(seed: int, many: int) -> Callable[[int], Request]:
    """The states of so many keys of the world, each on a day of its own, in turn."""
    drawn = random.Random(seed)  # noqa: S311 - no secrets
    days = drawn.sample(range(world.DAYS), many)

    def point(day: int) -> str:
        subject, attribute = drawn.randrange(world.subjects(SCALE)), drawn.choice(world.ATTRIBUTES)
        about = f"chronicle={world.CHRONICLE}&subject={world.subject(subject)}&attribute={attribute}"
        return f"/api/state?as_of={world.START + timedelta(days=day)}&{about}"

    asked = list(map(point, days))
    return lambda number: (asked[number % many], None)


def appending(prefix: str, number: int) -> Request:
    """An append of one event."""
    return "/api/append", json.dumps({"chronicle": "c", "documents": [an_event(f"{prefix}-{number}")]}).encode()


def test_questions(asked: Running) -> None:
    """Answers that are kept take less than those that are not, and none fails."""
    few = points(1, 50)
    fresh = load(asked.port, CLIENTS, COUNT, points(2, COUNT))
    load(asked.port, CLIENTS, 1_000, few)
    kept = load(asked.port, CLIENTS, 10 * COUNT, few)
    paced = load(asked.port, CLIENTS, 10 * PACE, points(3, 10 * PACE), PACE)
    paced_kept = load(asked.port, CLIENTS, 10 * PACE_KEPT, few, PACE_KEPT)
    print(f"\npoint state of {SCALE:,} facts, afresh: {fresh}\nkept: {kept}")
    print(f"afresh, {PACE}/s asked for: {paced}\nkept, {PACE_KEPT}/s asked for: {paced_kept}")

    assert [[]] * 4 == [one.failed for one in (fresh, kept, paced, paced_kept)]
    assert kept.rate > fresh.rate


def test_appends(taking: Running, url: str) -> None:
    """Clients that append at once do so at least five times as fast as one alone, and nothing is lost."""
    alone = load(taking.port, 1, 200, lambda number: appending("alone", number))
    together = load(taking.port, APPENDERS, COUNT, lambda number: appending("together", number))
    print(f"\nappends of one client: {alone}\nof {APPENDERS} clients:        {together}")

    with Archive.open(url) as archive:
        there = {record.header.id for record in archive.follow(after=1, wait=False)}
    wanted = {f"alone-{n}" for n in range(200)} | {f"together-{n}" for n in range(COUNT)}
    assert ([], [], set()) == (alone.failed, together.failed, wanted - there)
    assert together.rate >= 5 * alone.rate


def test_questions_amid_appends(taking: Running) -> None:
    """Of many clients one in ten appends and the others ask: none fails."""

    def mixed(number: int) -> Request:
        question = f"/api/state?as_of=2026-01-{1 + number % 28:02d}&chronicle=c", None
        return appending("mixed", number) if number % 10 == 0 else question

    found = load(taking.port, CLIENTS, COUNT, mixed)
    print(f"\none append to nine questions: {found}")

    assert [] == found.failed
