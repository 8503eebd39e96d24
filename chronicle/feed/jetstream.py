"""Records into a stream of NATS JetStream, in the order of the log.

What the stream has is asked of the stream, never of our memory or of the server's window for duplicates: its last
message names the record it carries, and the next one is accepted only if that is still the last (the headers
`Nats-Expected-Last-Sequence` and `Nats-Msg-Id`). So a stream that is new is filled again, a publisher that was taken
over from is refused, and nothing is in the stream twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import nats
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from chronicle.errors import QuestionError
from chronicle.event.cursor import Cursor
from chronicle.event.record import Record
from chronicle.feed.envelope import CONTENT_TYPE, envelope
from chronicle.feed.outcome import Outcome

PATIENCE = 10
"""Seconds for what the server is asked."""

CARRIED = "Chronicle-Cursor"
"""The header in which a message names its record."""

EXPECTED = "Nats-Expected-Last-Sequence"


class JetStream:
    """A stream on a server; it is made, with the subjects `PREFIX.>`, where there is none."""

    batch = 500

    def __init__(self, url: str, stream: str, prefix: str) -> None:
        self._url = server(url)
        self._stream = stream
        self._prefix = prefix
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_exception_handler(_told_otherwise)
        self._client: Any = None
        self._js: Any = None
        self._sequence = 0

    def resume(self, begun: Cursor, cursor: Cursor) -> Cursor:
        """After the last record that the stream has. Raises OSError where the server cannot be asked.

        A stream that never had a message is filled from where the sink began; one that was emptied goes on.
        """
        try:
            return self._runner.run(self._resumed(begun, cursor))
        except (TimeoutError, NatsError) as error:
            self._forget()
            raise OSError(_said(error)) from error

    def send(self, records: Sequence[Record], beat: Callable[[], None]) -> Outcome:
        """Publish records; see `Channel`."""
        beat()
        try:
            return self._runner.run(self._published(records))
        except (TimeoutError, NatsError, OSError) as error:
            self._forget()
            return Outcome(0, _said(error))

    def close(self) -> None:
        """Hang up."""
        self._forget()
        self._runner.close()

    async def _resumed(self, begun: Cursor, cursor: Cursor) -> Cursor:
        js = await self._connected()
        try:
            state = (await js.stream_info(self._stream)).state
        except NotFoundError:
            state = (await js.add_stream(name=self._stream, subjects=[f"{self._prefix}.>"])).state
        self._sequence = state.last_seq
        if not state.messages:
            return cursor if state.last_seq else begun
        message = await js.get_msg(self._stream, state.last_seq)
        carried = (message.headers or {}).get(CARRIED)
        if carried is None:
            raise OSError(f"the stream {self._stream} has messages that are none of ours: give the sink one of its own")
        last = Cursor.parse(carried)
        if last[:2] != cursor[:2]:
            raise OSError(
                f"the stream {self._stream} has records of another log or epoch: give the sink one of its own"
            )
        return last

    async def _published(self, records: Sequence[Record]) -> Outcome:
        js = await self._connected()
        waiting = []
        for after, record in enumerate(records, self._sequence):
            id_ = record.cursor.text
            headers = {"Nats-Msg-Id": id_, CARRIED: id_, EXPECTED: str(after), "content-type": CONTENT_TYPE}
            waiting.append(await js.publish_async(self.subject(record), envelope(record), headers=headers))
        sent, failed = 0, None
        for answer in await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), PATIENCE):
            if isinstance(answer, BaseException):
                failed = answer
                break
            sent += 1
            self._sequence = answer.seq
        if failed is None:
            return Outcome(sent)
        if not isinstance(failed, Exception):
            raise failed
        await self._hung_up()  # what the stream has now is asked anew
        return Outcome(sent, _said(failed))

    def subject(self, record: Record) -> str:
        """PREFIX.CHRONICLE.KIND, and of an event its type; a dot in a chronicle's name becomes an underscore."""
        header = record.header
        parts = [self._prefix, header.chronicle.replace(".", "_"), header.kind]
        return ".".join(parts if header.type is None else [*parts, header.type])

    async def _connected(self) -> Any:
        if self._client is None:

            async def quiet(_: Exception) -> None:
                """What goes wrong is told by what is asked next."""

            self._client = await nats.connect(
                self._url,
                allow_reconnect=False,
                max_reconnect_attempts=1,  # of the first connection: 0 would be without end
                reconnect_time_wait=0.1,
                connect_timeout=PATIENCE,
                error_cb=quiet,
            )
            self._js = self._client.jetstream(timeout=PATIENCE)
        return self._js

    async def _hung_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _forget(self) -> None:
        self._runner.run(self._hung_up())


def server(text: str) -> str:
    """The URL of a server. Raises QuestionError."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise QuestionError(f"the URL of a NATS server cannot be read: {error}") from error
    if parts.scheme not in ("nats", "tls") or not parts.hostname:
        raise QuestionError("the URL of a NATS server is nats://HOST:PORT or tls://HOST:PORT")
    return text


def _told_otherwise(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A connection that is reset also ends a task of the library, which nobody asks: what is asked next tells it."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def _said(error: BaseException) -> str:
    if isinstance(error, APIError):
        return f"NATS: {error.description} ({error.err_code})"
    return f"NATS: {error}" if str(error) else f"NATS: {type(error).__name__}"
