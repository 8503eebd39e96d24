"""One look at the end of the log for all who wait for more of it, and what came last, read and written once for all.

A client that waits is a place in the log and nothing else: what it is to be sent is read when it can be sent. So one
that stalls holds a connection and no memory.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from chronicle.errors import ChronicleError
from chronicle.event.cursor import Cursor
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.web.forms import RECORDS, Line

MOST_LINES = 1_000
MOST_BYTES = 8 * 1024 * 1024
"""How many records are kept for those who follow closely, and of how many bytes; others read the log itself."""

MOST_AT_A_TIME = 500
"""Records that are read at once when the log has gone on."""

IDLE_LOOKS = 50
"""After how many looks that nobody waited for no more are taken."""


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds those who wait do.

    `look` lies between two looks at the end of the log, `beat` between two signs of life in a stream; after `poll` a
    client that waits is answered without anything, and after about a `lifetime` a stream ends.
    """

    look: float = 0.1
    poll: float = 20
    beat: float = 15
    lifetime: float = 60


class Lines(NamedTuple):
    """What is wanted of a stretch of the log; see `tailing.Stretch`."""

    lines: list[Line]
    cursor: Cursor
    up_to_date: bool


class Tail:
    """The last records of the log, as long as somebody follows it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._bytes = 0

    def begin(self) -> None:
        """Let go of all of them."""
        self.lines, self._bytes = [], 0

    def extend(self, lines: list[Line]) -> None:
        """Add what came after the last; a redaction lets go of all before it, for one of them has no content now."""
        for line in lines:
            if line.record.header.kind == "redaction":
                self.begin()
            self.lines.append(line)
            self._bytes += len(line.written(RECORDS))
        drop = max(0, len(self.lines) - MOST_LINES)
        self._bytes -= sum(len(line.written(RECORDS)) for line in self.lines[:drop])
        while self._bytes > MOST_BYTES and drop < len(self.lines):
            self._bytes -= len(self.lines[drop].written(RECORDS))
            drop += 1
        del self.lines[:drop]

    def after(self, cursor: Cursor, wanted: Filter, most: int) -> Lines | None:
        """What is wanted after a cursor, at most so many; None unless all that comes after it is here."""
        if not self.lines or (first := self.lines[0].record.cursor)[:2] != cursor[:2]:
            return None
        start = cursor.position - first.position + 1
        if not 0 <= start < len(self.lines):
            return None
        found: list[Line] = []
        for at in range(start, len(self.lines)):
            line = self.lines[at]
            if wanted.wants(line.record):
                found.append(line)
            if len(found) == most:
                return Lines(found, line.record.cursor, at == len(self.lines) - 1)
        return Lines(found, self.lines[-1].record.cursor, up_to_date=True)


class Watcher:
    """Wakes those who wait when the log has gone on; one for each process."""

    def __init__(self, archive: Archive, seconds: float) -> None:
        self.looks = 0
        self._archive = archive
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(1, "chronicle-watch")  # its own, so that it does not wait behind questions
        self._waiting = 0
        self._end: Cursor | None = None
        self._tail = Tail()
        self._task: asyncio.Task[None] | None = None
        self._nudge = asyncio.Event()
        self._news: asyncio.Future[None] | None = None
        self.is_closed = False

    async def read(self, after: int | Cursor, wanted: Filter, most: int) -> Lines:
        """What the log has now after a position or a cursor. Raises as `Archive.log` does."""
        place = after.text if isinstance(after, Cursor) else after
        found = await asyncio.to_thread(self._archive.log, after=place, wanted=wanted, limit=most)
        return Lines([Line(record) for record in found.records], found.cursor, found.up_to_date)

    async def follow(self, cursor: Cursor, wanted: Filter, most: int) -> Lines:
        """The same for one who has waited, from what was read for all, where that goes back far enough."""
        found = self._tail.after(cursor, wanted, most)
        return await self.read(cursor, wanted, most) if found is None else found

    async def beyond(self, cursor: Cursor, seconds: float) -> bool:
        """Wait until the log has gone on from a cursor, or cannot; False if it has not within so many seconds.

        Raises ChronicleError where the log cannot be read.
        """
        self._waiting += 1
        if self._task is None and not self.is_closed:
            self._task = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(seconds):
                while not self.is_closed and not self._is_beyond(cursor):
                    if self._news is None:
                        self._news = asyncio.get_running_loop().create_future()
                    await asyncio.shield(self._news)
        except TimeoutError:
            return self._end is not None and self._end != cursor
        finally:
            self._waiting -= 1
        return True

    def look(self) -> None:
        """Look at once, for this process has appended."""
        self._nudge.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.is_closed = True
        self.look()
        self._tell(None)
        self._thread.shutdown(wait=False)

    def _is_beyond(self, cursor: Cursor) -> bool:
        """The end is beyond a cursor, or of another log or epoch: then whoever reads on is told."""
        end = self._end
        return end is not None and (end[:2] != cursor[:2] or end.position > cursor.position)

    def _tell(self, error: ChronicleError | None) -> None:
        news, self._news = self._news, None
        if news is None:
            return
        if error is None:
            news.set_result(None)
        else:
            news.set_exception(error)
            news.exception()  # whoever waited may be gone

    async def _watch(self) -> None:
        idle = 0
        try:
            while idle < IDLE_LOOKS and not self.is_closed:
                self._nudge.clear()
                end, lines = await asyncio.get_running_loop().run_in_executor(self._thread, self._look, self._end)
                self.looks += 1
                idle = 0 if self._waiting else idle + 1
                if end != self._end:
                    if lines is None:
                        self._tail.begin()
                    else:
                        self._tail.extend(lines)
                    self._end = end
                    self._tell(None)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await self._nudge.wait()
        except ChronicleError as error:
            self._tell(error)
        finally:
            self._tail.begin()
            self._end = self._task = None

    def _look(self, end: Cursor | None) -> tuple[Cursor, list[Line] | None]:
        """Where the log ends, and what came after the end that was seen before; None where that was too much."""
        now = Cursor.parse(self._archive.cursor())
        if end is None or now[:2] != end[:2] or not 0 <= now.position - end.position <= MOST_AT_A_TIME:
            return now, None
        if now == end:
            return end, []
        found = self._archive.log(after=end.text, limit=now.position - end.position)
        return found.cursor, [Line(record) for record in found.records]
