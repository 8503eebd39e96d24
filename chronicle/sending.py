"""How a sink is run: by one runner at a time, who has its lease and notes with its fence how far it is.

Delivery is at least once and in the order of the log. Where an endpoint fails, the log waits for it, by a schedule, and
goes on without a record only when that has been given up; what was given up is kept by its position.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from chronicle.errors import ConflictError, MissingExtraError
from chronicle.event.cursor import Cursor
from chronicle.event.record import Record
from chronicle.feed.address import networks
from chronicle.feed.filter import Filter
from chronicle.feed.outcome import Channel, Outcome
from chronicle.feed.schedule import DELAYS, next_delay
from chronicle.feed.secret import Secret, signing
from chronicle.store import read, sinks
from chronicle.store.archive import Store
from chronicle.store.head import check_cursor, read_head
from chronicle.store.sinks import DISABLED, Dead, Sink

LEASE = 60_000_000
"""For how many microseconds a runner that says nothing keeps a lease."""

PAGE = 500
"""How many records are read at once."""


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a sink leads. `allow` are networks that a webhook may reach though they are not public."""

    url: str
    allow: tuple[str, ...] = ()
    stream: str = ""
    prefix: str = ""


class Batch(msgspec.Struct, frozen=True):
    """Records that are wanted, and the last one that is done with once they are sent."""

    wanted: list[Record]
    last: Record


class Sender:
    """Runs sinks; one for each program that does."""

    def __init__(self, archive: Store, now: Callable[[], int]) -> None:
        self._archive = archive
        self._now = now
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def send(self, one: Sink) -> None:
        """Page after page, until there is nothing new or a delivery fails. Raises ConflictError."""
        wanted = msgspec.json.decode(one.filter, type=Filter)
        with self._leased(one) as fence, self._opened(one) as channel:
            beat = self._beat(one.name, fence)
            try:
                cursor = channel.resume(Cursor.parse(one.begun), Cursor.parse(one.cursor))
            except OSError as error:
                self._failed(one, fence, Cursor.parse(one.cursor), None, Outcome(0, str(error)))
                return
            if cursor.text != one.cursor:
                self._note(one.name, fence, cursor, 0, attempts=0, next=0, error=None)
            while True:
                with self._archive.reading() as connection:
                    head = read_head(connection)
                    check_cursor(head, cursor)
                    page = read.records_after(connection, cursor.position, PAGE)
                if not page:
                    return
                for some in batches(page, wanted, channel.batch):
                    outcome = channel.send(some.wanted, beat) if some.wanted else Outcome(0)
                    if outcome.error is not None:
                        before = cursor if outcome.sent == 0 else some.wanted[outcome.sent - 1].cursor
                        tried = one if outcome.sent == 0 else one._replace(attempts=0)
                        self._failed(tried, fence, before, some.wanted[outcome.sent], outcome)
                        return
                    cursor, one = some.last.cursor, one._replace(attempts=0)
                    self._note(one.name, fence, cursor, outcome.sent, attempts=0, next=0, error=None)

    def replay(self, one: Sink) -> int:
        """Send the dead letters again, in order, up to the first that fails; how many were delivered."""
        with self._leased(one) as fence, self._opened(one) as channel:
            beat = self._beat(one.name, fence)
            with self._archive.reading() as connection:
                buried = sinks.dead_letters(connection, one.name)
            for done, letter in enumerate(buried):
                with self._archive.reading() as connection:
                    records = read.records_after(connection, letter.position - 1, 1)
                outcome = channel.send(records, beat)
                with self._archive.writing() as engine, engine.begin() as connection:
                    sinks.hold(connection, one.name, fence)
                    if outcome.error is None:
                        sinks.revive(connection, one.name, letter.position)
                    else:
                        again = letter._replace(attempts=letter.attempts + 1, error=outcome.error, failed=self._now())
                        sinks.bury(connection, again)
                if outcome.error is not None:
                    return done
            return len(buried)

    def _failed(self, one: Sink, fence: int, before: Cursor, failed: Record | None, outcome: Outcome) -> None:
        """Note a failure: when to try again, or that the record is given up, or that nothing is wanted any more.

        Where no record failed, but the other side could not even be asked what it has, it is tried for ever.
        """
        now, attempts = self._now(), one.attempts + 1
        if failed is None:
            attempts = min(attempts, len(DELAYS) - 1)
        values: dict[str, Any] = {"attempts": attempts, "error": outcome.error}
        letter, delay = None, next_delay(attempts, outcome.retry_after)
        if outcome.is_gone:
            values["status"] = DISABLED
        elif delay is not None:
            values["next"] = now + delay * 1_000_000
        elif failed is not None:
            before, letter = failed.cursor, Dead(one.name, failed.position, attempts, str(outcome.error), now)
            values |= {"attempts": 0, "next": 0}
        self._note(one.name, fence, before, outcome.sent, letter=letter, **values)

    def _note(
        self, name: str, fence: int, cursor: Cursor, sent: int, *, letter: Dead | None = None, **values: Any
    ) -> None:
        now = self._now()
        more = {"delivered": sinks.sink.c.delivered + sent, "updated": now, "leased": now + LEASE}
        with self._archive.writing() as engine, engine.begin() as connection:
            sinks.hold(connection, name, fence, cursor=cursor.text, position=cursor.position, **more, **values)
            if letter is not None:
                sinks.bury(connection, letter)

    def _beat(self, name: str, fence: int) -> Callable[[], None]:
        last = [self._now()]

        def beat() -> None:
            if self._now() - last[0] > LEASE // 4:
                last[0] = self._now()
                with self._archive.writing() as engine, engine.begin() as connection:
                    sinks.hold(connection, name, fence, leased=last[0] + LEASE)

        return beat

    @contextmanager
    def _leased(self, one: Sink) -> Iterator[int]:
        now = self._now()
        with self._archive.writing() as engine, engine.begin() as connection:
            fence = sinks.take(connection, one.name, owner=self._owner, now=now, until=now + LEASE)
        if fence is None:
            raise ConflictError("leased", f"{one.name}: another runner sends to it, or it is paused: see its lag")
        try:
            yield fence
        finally:
            with self._archive.writing() as engine, engine.begin() as connection:
                sinks.release(connection, one.name, fence)

    @contextmanager
    def _opened(self, one: Sink) -> Iterator[Channel]:
        settings = msgspec.json.decode(one.settings, type=Settings)
        channel = channel_of(one.kind, settings, signing(secrets_of(one), self._now()), self._now)
        try:
            yield channel
        finally:
            channel.close()


def channel_of(kind: str, settings: Settings, texts: list[str], now: Callable[[], int]) -> Channel:
    """The channel of a sink. Raises QuestionError for settings that it cannot be made from, MissingExtraError."""
    try:
        if kind == "nats":
            from chronicle.feed.jetstream import JetStream  # noqa: PLC0415 - an extra

            return JetStream(settings.url, settings.stream, settings.prefix)
        from chronicle.feed.webhook import Webhook  # noqa: PLC0415 - an extra

        return Webhook(settings.url, texts, now, allowed=networks(settings.allow))
    except ModuleNotFoundError as error:
        raise MissingExtraError("Sinks", "feeds", str(error.name)) from error


def batches(page: Sequence[Record], wanted: Filter, most: int) -> Iterator[Batch]:
    """A page in shares of at most so many wanted records; what is not wanted is done with along with them."""
    some: list[Record] = []
    for record in page:
        if wanted.wants(record):
            some.append(record)
        if len(some) == most:
            yield Batch(some, record)
            some = []
    yield Batch(some, page[-1])


def secrets_of(one: Sink) -> list[Secret]:
    """The secrets of a sink, the newest first, those included that sign no more."""
    return msgspec.json.decode(one.secrets, type=list[Secret])
