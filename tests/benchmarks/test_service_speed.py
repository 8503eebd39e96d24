"""What the service answers and takes, with many clients, beside the same one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.benchmarks.load import Request, load
from tests.builders import a_fact, an_event, url_of
from tests.web.server import Running, running

SUBJECTS = 1_000
CLIENTS = 64
APPENDERS = 32
COUNT = 2_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of many subjects, each with a fact of its own."""
    here = url_of(tmp_path_factory.mktemp("service") / "chronicle.db")
    with Archive.open(here) as archive:
        archive.append([an_event(f"e{n}", {**a_fact(n), "subject": f"s{n}"}) for n in range(SUBJECTS)], chronicle="c")
    return here


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[Running]:
    """A server of it, in two processes, that logs what is wrong only."""
    with running(url, tmp_path / "log", "--workers", "2", CHRONICLE_LOG="warning") as started:
        yield started


def point(number: int, kept: int) -> Request:
    """The state of a subject; of so many different ones in turn."""
    return f"/api/state?as_of=2026-01-01&chronicle=c&subject=s{number % kept}&attribute=attribute", None


def appending(prefix: str, number: int) -> Request:
    """An append of one event."""
    return "/api/append", json.dumps({"chronicle": "c", "documents": [an_event(f"{prefix}-{number}")]}).encode()


def test_questions(server: Running) -> None:
    """Answers that are kept take less than those that are not, and none fails."""
    fresh = load(server.port, CLIENTS, SUBJECTS, lambda number: point(number, SUBJECTS))
    load(server.port, CLIENTS, 1_000, lambda number: point(number, 50))
    kept = load(server.port, CLIENTS, COUNT, lambda number: point(number, 50))
    print(f"\npoint state, afresh: {fresh}\npoint state, kept:   {kept}")

    assert ([], []) == (fresh.failed, kept.failed)
    assert kept.rate > fresh.rate


def test_appends(server: Running, url: str) -> None:
    """Clients that append at once do so at least five times as fast as one alone, and nothing is lost."""
    alone = load(server.port, 1, 200, lambda number: appending("alone", number))
    together = load(server.port, APPENDERS, COUNT, lambda number: appending("together", number))
    print(f"\nappends of one client: {alone}\nof {APPENDERS} clients:        {together}")

    with Archive.open(url) as archive:
        there = {record.header.id for record in archive.follow(after=SUBJECTS, wait=False)}
    wanted = {f"alone-{n}" for n in range(200)} | {f"together-{n}" for n in range(COUNT)}
    assert ([], [], set()) == (alone.failed, together.failed, wanted - there)
    assert together.rate >= 5 * alone.rate


def test_questions_amid_appends(server: Running) -> None:
    """Of many clients one in ten appends and the others ask: none fails."""

    def mixed(number: int) -> Request:
        return appending("mixed", number) if number % 10 == 0 else point(number, 50)

    found = load(server.port, CLIENTS, COUNT, mixed)
    print(f"\none append to nine questions: {found}")

    assert [] == found.failed
