"""Who waits for news of the log: one look for all, woken at once, and nothing kept for a client that stalls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chronicle.errors import ConflictError, StoreError
from chronicle.event.cursor import Cursor
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.web import watching
from chronicle.web.following import stretches
from chronicle.web.forms import RECORDS, Line
from chronicle.web.watching import Patience, Tail, Watcher
from tests.builders import CHRONICLE, Clock, an_event, url_of

EVERYTHING = Filter()
LONG = 60.0
"""Seconds that no test waits for: what is awaited comes, or the test hangs."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of one event."""
    with Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock()) as opened:
        opened.append([an_event("first")], chronicle=CHRONICLE)
        yield opened


async def always() -> bool:
    """Whoever asks is admitted."""
    return True


def append(archive: Archive, id: str) -> None:  # noqa: A002
    """Append an event."""
    archive.append([an_event(id)], chronicle=CHRONICLE)


def run(archive: Archive, test: Callable[[Watcher], Awaitable[Any]], seconds: float = 0.001) -> Any:
    """What a test answers that is given a watcher."""

    async def main() -> Any:
        watcher = Watcher(archive, seconds)
        try:
            return await test(watcher)
        finally:
            watcher.close()

    return asyncio.run(main())


async def looked(watcher: Watcher, times: int = 1) -> None:
    """Wait until it has looked so many times more."""
    until = watcher.looks + times
    while watcher.looks < until:  # noqa: ASYNC110 # for a condition, and no time
        await asyncio.sleep(0)


def test_all_who_wait_are_woken_by_one_look(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred clients get what came, and the log was read once for it."""
    reads: list[Any] = []
    real = Archive.log

    def counted(self: Archive, **asked: Any) -> Any:
        reads.append(asked)
        return real(self, **asked)

    async def wait(watcher: Watcher) -> list[list[int]]:
        start = Cursor.parse(archive.cursor())

        async def client() -> list[int]:
            assert await watcher.beyond(start, LONG)
            found = await watcher.follow(start, EVERYTHING, 10)
            return [line.record.position for line in found.lines]

        clients = [asyncio.create_task(client()) for _ in range(100)]
        await looked(watcher)
        await asyncio.to_thread(append, archive, "second")
        return await asyncio.gather(*clients)

    monkeypatch.setattr(Archive, "log", counted)

    assert [[2]] * 100 == run(archive, wait)
    assert 1 == len(reads)


def test_an_append_of_this_process_is_seen_at_once(archive: Archive) -> None:
    """Told that there is something, it does not wait for its next look, which would be in a minute."""

    async def wait(watcher: Watcher) -> bool:
        start = Cursor.parse(archive.cursor())
        client = asyncio.create_task(watcher.beyond(start, LONG))
        await looked(watcher)
        await asyncio.to_thread(append, archive, "second")
        watcher.look()
        return await client

    assert run(archive, wait, LONG) is True


def test_nobody_waits_beyond_the_end_of_a_wait(archive: Archive) -> None:
    """Nothing came."""

    async def wait(watcher: Watcher) -> bool:
        return await watcher.beyond(Cursor.parse(archive.cursor()), 0.001)

    assert run(archive, wait) is False


def test_without_anybody_it_stops_looking(archive: Archive) -> None:
    """A server that nobody follows leaves its database alone."""

    async def wait(watcher: Watcher) -> int:
        await watcher.beyond(Cursor.parse(archive.cursor()), 0.001)
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))  # what looks
        return watcher.looks

    assert run(archive, wait) >= watching.IDLE_LOOKS


def test_a_database_that_fails_is_told_to_all(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody who waits hears of it, and who comes later waits again."""

    def fails(_: Archive) -> str:
        raise StoreError("the disk is gone")

    async def wait(watcher: Watcher) -> list[Any]:
        start = Cursor.parse(archive.cursor())
        with monkeypatch.context() as broken:
            broken.setattr(Archive, "cursor", fails)
            clients = [asyncio.create_task(watcher.beyond(start, LONG)) for _ in range(3)]
            told = await asyncio.gather(*clients, return_exceptions=True)
        return [*map(str, told), await watcher.beyond(start, 0.001)]

    assert [*["the disk is gone"] * 3, False] == run(archive, wait)


def test_a_log_that_is_restored_under_a_stream_ends_it(archive: Archive) -> None:
    """In another epoch a stream cannot go on, and says so."""

    async def wait(watcher: Watcher) -> None:
        found = await watcher.read(0, EVERYTHING, 10)
        telling = stretches(watcher, Patience(beat=LONG, lifetime=LONG), found, EVERYTHING, always)
        await anext(telling)
        waiting = asyncio.ensure_future(anext(telling))
        await looked(watcher)
        await asyncio.to_thread(archive.new_epoch)
        await waiting

    with pytest.raises(ConflictError, match="epoch"):
        run(archive, wait)


def test_a_stream_says_that_it_lives(archive: Archive) -> None:
    """Where nothing comes, a sign of life does, until its time is over."""

    async def wait(watcher: Watcher) -> list[bool]:
        found = await watcher.read(0, EVERYTHING, 10)
        telling = stretches(watcher, Patience(beat=0.001, lifetime=0.05), found, EVERYTHING, always)
        return [one is None async for one in telling]

    first, *others = run(archive, wait)
    assert first is False
    assert others
    assert all(others)


def test_what_comes_while_a_client_is_sent_something_is_not_lost(archive: Archive) -> None:
    """However much comes between two steps of a slow client, it gets all of it once and in order."""

    async def wait(watcher: Watcher) -> list[int]:
        found = await watcher.read(0, EVERYTHING, 10)
        telling = stretches(watcher, Patience(beat=LONG, lifetime=LONG), found, EVERYTHING, always)
        positions: list[int] = []
        for number in range(30):
            await asyncio.to_thread(append, archive, f"n{number}")
            if number % 7 == 0 and (stretch := await anext(telling)) is not None:
                positions += [line.record.position for line in stretch.lines]
        while positions[-1] < 31:
            stretch = await anext(telling)
            assert stretch is not None
            positions += [line.record.position for line in stretch.lines]
        return positions

    assert list(range(1, 32)) == run(archive, wait)


def test_a_server_that_ends_wakes_everybody(archive: Archive) -> None:
    """No client keeps a server from ending."""

    async def wait(watcher: Watcher) -> int:
        found = await watcher.read(0, EVERYTHING, 10)
        telling = stretches(watcher, Patience(beat=LONG, lifetime=LONG), found, EVERYTHING, always)
        await anext(telling)
        left = asyncio.ensure_future(anext(telling, None))
        await looked(watcher)
        watcher.close()
        return 0 if await left is None else 1

    assert 0 == run(archive, wait)


def test_a_redaction_is_not_outlived_by_what_was_read(archive: Archive) -> None:
    """Who goes on from before a redaction is not told what was redacted, though it had been read for others."""
    archive.append([an_event("secret", summary="nobody must know")], chronicle=CHRONICLE)

    async def wait(watcher: Watcher) -> bytes:
        start = Cursor.parse(archive.cursor(1))
        await watcher.beyond(Cursor.parse(archive.cursor()), 0.001)
        await asyncio.to_thread(append, archive, "third")
        assert await watcher.beyond(Cursor.parse(archive.cursor(2)), LONG)
        last = Cursor.parse(archive.cursor())
        await asyncio.to_thread(archive.redact, "secret", reason="asked for")
        assert await watcher.beyond(last, LONG)
        found = await watcher.follow(start, EVERYTHING, 10)
        return b"".join(line.written(RECORDS) for line in found.lines)

    told = run(archive, wait)
    assert b"nobody must know" not in told
    assert b"asked for" in told


def test_what_is_kept_has_an_end(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first, by number and by size; who is further back reads the log."""
    for number in range(9):
        append(archive, f"n{number}")
    lines = [Line(record) for record in archive.follow(wait=False)]
    monkeypatch.setattr(watching, "MOST_LINES", 6)
    tail = Tail()
    tail.extend(lines)
    by_number = [line.record.position for line in tail.lines]
    monkeypatch.setattr(watching, "MOST_BYTES", 2 * len(lines[-1].written(RECORDS)))
    tail.begin()
    tail.extend(lines)

    assert [5, 6, 7, 8, 9, 10] == by_number
    assert [9, 10] == [line.record.position for line in tail.lines]
    assert tail.after(Cursor.parse(archive.cursor(7)), EVERYTHING, 5) is None
    found = tail.after(Cursor.parse(archive.cursor(8)), EVERYTHING, 1)
    assert found is not None
    assert ([9], 9, False) == ([one.record.position for one in found.lines], found.cursor.position, found.up_to_date)


def test_a_stream_ends_for_who_is_not_admitted_any_more(archive: Archive) -> None:
    """At the next beat, although its time is not over."""
    asked = []

    async def once() -> bool:
        asked.append(True)
        return len(asked) == 1

    async def wait(watcher: Watcher) -> int:
        found = await watcher.read(0, EVERYTHING, 10)
        telling = stretches(watcher, Patience(beat=0.001, lifetime=LONG * 1_000), found, EVERYTHING, once)
        return len([one async for one in telling])

    assert run(archive, wait) > 0
    assert 2 == len(asked)
