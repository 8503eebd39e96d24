"""Those who are sent the log, as other people's programs are; each writes down what it got, and can be killed.

`python -m tests.faults.receivers hook PORT FILE SECRET`: a webhook, which checks signatures with the library of those
who wrote the specification, and answers once the record is written down.
`python -m tests.faults.receivers events URL FILE`: reads `/api/follow`, and comes back with the id that it wrote last.
`python -m tests.faults.receivers stream URL FILE`: reads `/api/stream` by long-polling (Durable Streams).
"""

from __future__ import annotations

import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
from standardwebhooks.webhooks import Webhook

from tests.faults.ledger import Ledger, Line

AGAIN = 0.2
"""Seconds after which one whose connection failed comes back."""

SILENCE = 20.0
"""Seconds without a byte after which a connection is given up: the server gives a sign of life every 15."""


class Record(msgspec.Struct):
    """What is written down of a record."""

    position: int
    leaf: str
    cursor: str = ""


class Delivery(msgspec.Struct):
    """A webhook's body."""

    id: str
    sequence: str
    data: Record


_records = msgspec.json.Decoder(list[Record])
_record = msgspec.json.Decoder(Record)
delivery = msgspec.json.Decoder(Delivery)


class _Hook(socketserver.StreamRequestHandler):
    """Takes the requests of a connection, one after the other."""

    disable_nagle_algorithm = True
    server: _Listening

    def handle(self) -> None:
        """Until the sender hangs up or is killed, in the midst of a request or not."""
        try:
            while self.rfile.readline().startswith(b"POST "):
                headers: dict[str, str] = {}
                while line := self.rfile.readline().strip():
                    name, _, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                length = int(headers.get("content-length", "-1"))
                if length < 0 or len(body := self.rfile.read(length)) < length:
                    return
                self.server.take(headers, body)
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except ConnectionError:
            return


class _Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, ledger: Ledger, secret: str) -> None:
        super().__init__(("127.0.0.1", port), _Hook)
        self._ledger = ledger
        self._verifier = Webhook(secret)
        self._lock = threading.Lock()

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Write a delivery down. Raises WebhookVerificationError for one that is not signed."""
        self._verifier.verify(body, headers)
        told = delivery.decode(body)
        assert headers["webhook-id"] == told.id
        assert int(told.sequence) == told.data.position
        with self._lock:
            self._ledger.write([Line(told.data.position, told.data.leaf, told.id)])


def take_events(client: httpx.Client, ledger: Ledger, last: str) -> str:
    """One stream of events, as far as it goes; the id of the last."""
    headers = {"last-event-id": last} if last else {}
    with client.stream("GET", "/api/follow", headers=headers) as answer:
        answer.raise_for_status()
        for some in _events(answer.iter_bytes()):
            ledger.write(Line(one.position, one.leaf, id_) for id_, one in some if one is not None)
            last = some[-1][0] or last
    return last


def _events(parts: Iterator[bytes]) -> Iterator[list[tuple[str, Record | None]]]:
    """The events that are whole, with their ids, as they come; an id alone has no record."""
    rest = b""
    for part in parts:
        *blocks, rest = (rest + part).split(b"\n\n")
        found: list[tuple[str, Record | None]] = []
        for block in blocks:
            fields = dict(line.split(b":", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            assert fields.get(b"event", b"").strip() != b"problem", block
            data, id_ = fields.get(b"data"), fields.get(b"id", b"").strip().decode()
            found.append((id_, None if data is None else _record.decode(data)))
        if found:
            yield found


def take_stream(client: httpx.Client, ledger: Ledger, last: str) -> str:
    """Pages of the stream until one cannot be had; the offset after the last."""
    asked: dict[str, Any] = {"live": "long-poll"}
    while True:
        answer = client.get("/api/stream", params={**asked, "offset": last or "-1"})
        answer.raise_for_status()
        if answer.status_code == httpx.codes.OK:
            ledger.write(Line(one.position, one.leaf, one.cursor) for one in _records.decode(answer.content))
        last, asked["cursor"] = answer.headers["stream-next-offset"], answer.headers["stream-cursor"]


def go_on(url: str, ledger: Ledger, take: Any) -> None:
    """Take whatever comes, for ever: a connection that fails is followed by another."""
    with httpx.Client(base_url=url, timeout=SILENCE) as client:
        while True:
            try:
                take(client, ledger, ledger.last())
            except httpx.TransportError:
                time.sleep(AGAIN)
            except httpx.HTTPStatusError as error:
                if error.response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    raise
                time.sleep(AGAIN)


def main(kind: str, place: str, file: str, *secret: str) -> None:
    """Be one of them until killed."""
    ledger = Ledger(Path(file))
    if kind == "hook":
        _Listening(int(place), ledger, *secret).serve_forever()
    go_on(place, ledger, {"events": take_events, "stream": take_stream}[kind])


if __name__ == "__main__":
    main(*sys.argv[1:])
