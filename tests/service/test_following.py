"""Following: a table that is brought along for ever, and who stands by meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chronicle import Archive, ConflictError
from chronicle.making import LEASE
from chronicle.projection.shipped import SHIPPED
from chronicle.running import Tables
from tests.builders import CHRONICLE, Clock, an_event, url_of

COUNTS = SHIPPED["event_counts"]


class EnoughError(Exception):
    """The test has seen what it wanted."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def archive(clock: Clock, tmp_path: Path) -> Iterator[Archive]:
    """One event, that its table has, and one that it has not."""
    with Archive.open(url_of(tmp_path / "x.db"), now=clock) as archive:
        archive.append([an_event("a")], chronicle=CHRONICLE)
        with archive.tables() as tables:
            tables.run(COUNTS)
        archive.append([an_event("b")], chronicle=CHRONICLE)
        yield archive


def test_what_is_taken_is_told_page_by_page(archive: Archive) -> None:
    """And after each run there is a pause, in which more may come."""
    told: list[Any] = []

    def pause() -> None:
        told.append("pause")
        if len(told) > 4:
            raise EnoughError
        if len(told) == 2:
            archive.append([an_event("c")], chronicle=CHRONICLE)

    with archive.tables() as tables, pytest.raises(EnoughError):
        tables.follow(COUNTS, pause=pause, tell=lambda *at: told.append(at))

    assert [(2, 2), "pause", (3, 3), "pause", "pause"] == told


def test_a_second_follower_stands_by_and_takes_over(archive: Archive, clock: Clock) -> None:
    """When the first says nothing any more; the first cannot write then."""
    store = archive._store  # noqa: SLF001 - two runners of one archive
    first, second = Tables(store, store, clock), Tables(store, store, clock)
    frozen = first._live(COUNTS)  # noqa: SLF001 - a runner that stops within
    assert frozen is not None
    pauses = iter("ab")
    positions = []

    def pause() -> None:
        positions.append(second.standings()[0].position)
        if next(pauses) == "b":
            raise EnoughError
        clock.now += LEASE + 1_000_000

    with pytest.raises(ConflictError, match="taken over"), first._leased(frozen):  # noqa: SLF001, PT012 - as above
        with pytest.raises(EnoughError):
            second.follow(COUNTS, pause=pause)
        raise KeyboardInterrupt

    assert [1, 2] == positions
