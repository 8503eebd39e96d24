"""Answers kept in memory while the log stays as it is.

An answer is kept under all of the request that it depends on, its content coding among them, for as long as the log
ends where it ended: an append or a redaction lets go of all of them. Where the log ends is read once for all the
requests that wait for it, and always after a request has come in, so that a client that has appended is never answered
from before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

MOST_BYTES = 64 * 1024 * 1024
MOST_OF_ONE = 256 * 1024

Key = tuple[str, ...] | tuple[bytes, ...]
Headers = tuple[tuple[bytes, bytes], ...]


class Kept(NamedTuple):
    """An answer of status 200, the headers as they were sent: tuples, which the garbage collector need not look at.

    `records` is how many of the log it tells one who follows it.
    """

    headers: Headers
    body: bytes
    records: int = 0


class Ends:
    """Where the log ends, read in a thread; requests that come while it is read wait for the next time."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._thread = ThreadPoolExecutor(1, "chronicle-end")  # its own, so that it does not wait behind questions
        self._running: asyncio.Task[str] | None = None
        self._next: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """Where it ends; read after the call."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[str] | None) -> str:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read)


class KeptAnswers:
    """At most so many bytes of answers, all from one end of the log; the oldest go first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._end = ""
        self._bytes = 0
        self._answers: dict[Key, Kept] = {}

    def at(self, end: str, key: Key) -> Kept | None:
        """The answer under a key, if there is one from this end of the log."""
        return self._answers.get(key) if end == self._end else None

    def keep(self, end: str, key: Key, answer: Kept) -> None:
        """Keep an answer that was computed after the log was seen to end there."""
        if len(answer.body) > MOST_OF_ONE:
            return
        if end != self._end:
            self._answers.clear()
            self._end, self._bytes = end, 0
        if key not in self._answers:
            self._bytes += len(answer.body)
        self._answers[key] = answer
        while self._bytes > self._most:
            oldest = next(iter(self._answers))
            self._bytes -= len(self._answers.pop(oldest).body)
