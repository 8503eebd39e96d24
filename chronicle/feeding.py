"""The feeding part of the hall: sinks put down, watched, stopped and run; how one is run is told in `sending`."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from chronicle.errors import ConflictError, QuestionError, near, shown
from chronicle.feed.address import networks, require_allowed
from chronicle.feed.filter import Filter
from chronicle.feed.secret import Secret, check_secret, new_secret, rotated
from chronicle.feed.standing import SinkStanding
from chronicle.feed.webhook import endpoint
from chronicle.sending import Sender, Settings, channel_of, secrets_of
from chronicle.store import read, sinks
from chronicle.store.archive import Store
from chronicle.store.head import at_position, read_head
from chronicle.store.sinks import ACTIVE, DISABLED, PAUSED, Sink

OVERLAP = 24 * 60 * 60
"""For how many seconds the old secret signs beside a new one, unless told otherwise."""

Kind = Literal["webhook", "nats"]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


class Sinks:
    """The sinks of an archive. Every method may raise StoreError; QuestionError for a sink that is not there."""

    def __init__(self, archive: Store, now: Callable[[], int]) -> None:
        self._archive = archive
        self._now = now
        self._sender = Sender(archive, now)

    def add(
        self,
        name: str,
        url: str,
        *,
        filter: Filter | None = None,  # noqa: A002
        after: int = 0,
        allow: Sequence[str] = (),
        secret: str | None = None,
        stream: str = "CHRONICLE",
        prefix: str = "chronicle",
    ) -> str | None:
        """Put a sink down; the records after a position will be sent to it. The secret of a webhook, else None.

        A URL of nats:// or tls:// is a NATS server, whose `stream` gets subjects below `prefix`; any other is that of
        an HTTP endpoint, whose deliveries a `secret` signs (a new one, if none is given). Raises QuestionError.
        """
        if not _NAME.fullmatch(name):
            raise QuestionError("a sink is named with lower case letters, digits, _ and -, at most 40")
        kind: Kind = "nats" if url.partition(":")[0] in ("nats", "tls") else "webhook"
        text = None
        if kind == "nats":
            if not _TOKEN.fullmatch(stream) or not all(_TOKEN.fullmatch(part) for part in prefix.split(".")):
                raise QuestionError("a stream and the parts of a prefix are named with letters, digits, _ and -")
            settings = Settings(url, stream=stream, prefix=prefix)
        else:
            require_allowed(endpoint(url).hostname or "", networks(allow))
            settings = Settings(url, allow=tuple(allow))
            text = new_secret() if secret is None else check_secret(secret)
        channel_of(kind, settings, [], self._now).close()  # what it cannot be made from is refused now
        with self._archive.writing() as engine:
            sinks.prepare(engine)
        with self._archive.reading() as connection:
            start = at_position(read_head(connection), after)
        with self._archive.writing() as engine, engine.begin() as connection:
            if sinks.sinks(connection, name):
                raise QuestionError(f"there is a sink {name} already: remove it first, or choose another name")
            sinks.add(
                connection,
                Sink(
                    name,
                    kind,
                    _json(settings),
                    _json(filter or Filter()),
                    _json([] if text is None else [Secret(text)]),
                    ACTIVE,
                    start.text,
                    start.text,
                    start.position,
                    delivered=0,
                    attempts=0,
                    next=0,
                    updated=self._now(),
                    error=None,
                    owner=None,
                    fence=0,
                    leased=0,
                ),
            )
        return text

    def remove(self, name: str) -> None:
        """Remove a sink, its place and its dead letters."""
        self._changed(name, sinks.remove)

    def pause(self, name: str) -> None:
        """Send nothing more; a delivery that is under way ends."""
        self._changed(name, sinks.change, status=PAUSED)

    def resume(self, name: str) -> None:
        """Send again, at once, what a pause, a failure or the other side stopped."""
        self._changed(name, sinks.change, status=ACTIVE, attempts=0, next=0, error=None)

    def rotate(self, name: str, *, secret: str | None = None, overlap: int = OVERLAP) -> str:
        """A new secret of a webhook; the old one signs beside it for so many seconds more."""
        one = self._sink(name)
        if one.kind != "webhook":
            raise QuestionError(f"{name}: is no webhook, so it has no secret")
        text = new_secret() if secret is None else check_secret(secret)
        there = rotated(secrets_of(one), text, self._now() + overlap * 1_000_000)
        self._changed(name, sinks.change, secrets=_json(there))
        return text

    def rewind(self, name: str, after: int) -> None:
        """Send again what comes after a position, whether it was delivered or not."""
        with self._archive.reading() as connection:
            start = at_position(read_head(connection), after)
        values: dict[str, Any] = {"cursor": start.text, "position": start.position, "begun": start.text}
        values |= {"attempts": 0, "next": 0, "error": None, "fence": sinks.sink.c.fence + 1, "leased": 0}
        self._changed(name, sinks.change, **values)

    def replay(self, name: str) -> int:
        """Send the dead letters again, in order, up to the first that fails; how many were delivered."""
        return self._sender.replay(self._sink(name))

    def standings(self, name: str | None = None) -> list[SinkStanding]:
        """How all sinks stand, or one, by name."""
        if name is not None:
            self._sink(name)
        with self._archive.reading() as connection:
            head = read_head(connection).position
            return [self._stands(connection, one, head) for one in sinks.sinks(connection, name)]

    def run(self, name: str) -> SinkStanding:
        """Send a sink what it lacks, up to the head of the log or the first failure.

        What failed before is not tried again before its time. Raises ConflictError when another runner has the lease,
        or the log is another or was restored.
        """
        one = self._sink(name)
        if one.status == ACTIVE and one.next <= self._now():
            self._sender.send(one)
        [standing] = self.standings(name)
        return standing

    def follow(self, *, stop: threading.Event, pause: float = 0.25) -> None:
        """Run all sinks, those to come too, each in a thread of its own, until told to stop."""
        running: dict[str, threading.Thread] = {}
        while not stop.is_set():
            with self._archive.reading() as connection:
                there = [one.name for one in sinks.sinks(connection)]
            for name in there:
                if name not in running or not running[name].is_alive():
                    running[name] = threading.Thread(target=self._keep_up, args=(name, stop, pause), name=name)
                    running[name].start()
            stop.wait(pause)
        for thread in running.values():
            thread.join()

    def _keep_up(self, name: str, stop: threading.Event, pause: float) -> None:
        asked = False
        while not stop.is_set():
            try:
                if not asked or self._lacks(name):
                    self.run(name)
                    asked = True
            except ConflictError as error:
                if error.code not in ("lease-lost", "leased"):
                    self._changed(name, sinks.change, status=DISABLED, error=str(error))
            except QuestionError:
                return  # it was removed
            stop.wait(pause)

    def _lacks(self, name: str) -> bool:
        """The log does not end where the sink is: there is something to send, or the log is not what it was."""
        with self._archive.reading() as connection:
            head = read_head(connection)
            there = sinks.sinks(connection, name)
        if not there:
            raise QuestionError(f"there is no sink {name} any more")
        return there[0].cursor != at_position(head, head.position).text

    def _stands(self, connection: Any, one: Sink, head: int) -> SinkStanding:
        waiting = read.recorded_at(connection, one.position + 1) if one.position < head else None
        return SinkStanding(
            name=one.name,
            kind=one.kind,
            url=msgspec.json.decode(one.settings, type=Settings).url,
            filter=msgspec.json.decode(one.filter),
            status=one.status,
            position=one.position,
            head=head,
            seconds=0 if waiting is None else max(0, (self._now() - waiting) // 1_000_000),
            delivered=one.delivered,
            attempts=one.attempts,
            next=one.next,
            updated=one.updated,
            owner=one.owner if one.leased > self._now() else None,
            error=one.error,
            dead=tuple(
                {"position": letter.position, "attempts": letter.attempts, "error": letter.error}
                for letter in sinks.dead_letters(connection, one.name)
            ),
        )

    def _sink(self, name: str) -> Sink:
        with self._archive.reading() as connection:
            there = sinks.sinks(connection)
        found = next((one for one in there if one.name == name), None)
        if found is None:
            raise QuestionError(f"there is no sink {shown(name)} here{near(name, [one.name for one in there])}")
        return found

    def _changed(self, name: str, how: Callable[..., None], **values: Any) -> None:
        self._sink(name)
        with self._archive.writing() as engine, engine.begin() as connection:
            how(connection, name, **values)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
