"""Records to an HTTP endpoint, one request each, signed as Standard Webhooks 1.0 asks (standardwebhooks.com).

The endpoint is not trusted: it is reached at an address that was looked at before, redirects are not followed, and no
answer, slow or long, holds a delivery up for more than PATIENCE.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from urllib3.exceptions import HTTPError

from chronicle.errors import QuestionError
from chronicle.event.cursor import Cursor
from chronicle.event.record import Record
from chronicle.feed.address import Network, UnsafeAddressError, reachable
from chronicle.feed.connection import Plain, Secure
from chronicle.feed.deadline import Deadline
from chronicle.feed.envelope import CONTENT_TYPE, envelope
from chronicle.feed.outcome import Outcome
from chronicle.feed.secret import signatures

PATIENCE = 20
"""Seconds for one delivery, from the connection to the end of the answer; the specification asks for 15 to 30."""

MOST_READ = 65_536
"""Bytes of an answer that are read; a longer one costs the connection."""

GONE = 410

FAILURES = (OSError, HTTPException, HTTPError)
"""What the system, the standard library and urllib3 say of a connection."""


class Webhook:
    """An endpoint. `secrets` are those that sign, the newest first; `clock` gives microseconds since 1970."""

    batch = 50

    def __init__(
        self,
        url: str,
        secrets: list[str],
        clock: Callable[[], int],
        *,
        allowed: Sequence[Network] = (),
    ) -> None:
        self._url = endpoint(url)
        self._secrets = secrets
        self._clock = clock
        self._allowed = allowed
        self._connection: Plain | Secure | None = None
        self._deadline = Deadline(PATIENCE, self._give_up)

    def resume(self, begun: Cursor, cursor: Cursor) -> Cursor:  # noqa: ARG002 - see `Channel`
        """Where the last delivery ended: what an endpoint has, it does not say."""
        return cursor

    def send(self, records: Sequence[Record], beat: Callable[[], None]) -> Outcome:
        """Deliver records one after the other; see `Channel`."""
        for sent, record in enumerate(records):
            beat()
            failed = self._deliver(record, sent)
            if failed is not None:
                self._hang_up()
                return failed
        return Outcome(len(records))

    def close(self) -> None:
        """Hang up for good."""
        self._deadline.close()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _deliver(self, record: Record, sent: int) -> Outcome | None:
        """Nothing if the endpoint took the record, else why not."""
        late = Outcome(sent, f"no answer within {PATIENCE:g} s")
        with self._deadline.over() as is_late:
            try:
                failed = self._answered(self._request(record, is_late), sent)
            except UnsafeAddressError as error:
                return Outcome(sent, str(error))
            except (*FAILURES, ValueError) as error:  # ValueError: an answer that is no HTTP
                cause = error.__cause__ if isinstance(error, HTTPError) and error.__cause__ is not None else error
                return late if is_late() else Outcome(sent, f"{type(cause).__name__}: {cause}")
            return late if is_late() else failed  # headers that were cut off are read as if they had ended

    def _request(self, record: Record, is_late: Callable[[], bool]) -> Any:
        body, second = envelope(record), self._clock() // 1_000_000
        id_ = record.cursor.text
        headers = {
            "host": self._url.netloc,
            "content-type": CONTENT_TYPE,
            "user-agent": "chronicle",
            "webhook-id": id_,
            "webhook-timestamp": str(second),
            "webhook-signature": signatures(self._secrets, id_, second, body),
        }
        path = f"{self._url.path or '/'}{'?' if self._url.query else ''}{self._url.query}"
        fresh = self._connection is None
        try:
            return self._sent(path, body, headers)
        except FAILURES:
            if fresh or is_late():
                raise
            self._hang_up()  # it may have closed a connection that was idle: that is no failure of this delivery
            return self._sent(path, body, headers)

    def _sent(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        if self._connection is None:
            self._connection = self._connected()
        self._connection.request("POST", path, body=body, headers=headers, preload_content=False)
        return self._connection.getresponse()

    def _connected(self) -> Plain | Secure:
        """A connection to the first address of the host that takes one."""
        host, is_tls = self._url.hostname or "", self._url.scheme == "https"
        port = self._url.port or (443 if is_tls else 80)
        failed: Exception = OSError(f"{host} has no address")
        for address in reachable(host, port, self._allowed):
            made: Plain | Secure = (
                Secure(
                    address,
                    port,
                    timeout=PATIENCE,
                    ssl_context=ssl.create_default_context(),
                    server_hostname=host,
                    assert_hostname=host,
                )
                if is_tls
                else Plain(address, port, timeout=PATIENCE)
            )
            try:
                made.connect()
            except FAILURES as error:
                made.close()
                failed = error
            else:
                return made
        raise failed

    def _answered(self, response: Any, sent: int) -> Outcome | None:
        rest = len(response.read(MOST_READ + 1))
        if rest > MOST_READ or response.headers.get("connection", "").lower() == "close":
            self._hang_up()
        if 200 <= response.status < 300:
            return None
        asked = _seconds(response.headers.get("retry-after"), self._clock() // 1_000_000)
        return Outcome(
            sent, f"answered {response.status} {response.reason or ''}".rstrip(), asked, response.status == GONE
        )

    def _give_up(self) -> None:
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)  # which, unlike close, wakes whoever reads from it


def endpoint(text: str) -> SplitResult:
    """The parts of an endpoint's URL. Raises QuestionError for one that cannot be one, or has a name and password."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise QuestionError(f"the URL of a webhook cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise QuestionError("the URL of a webhook is https://HOST/PATH, without name, password and fragment")
    if any(ord(letter) <= 32 or ord(letter) >= 127 for letter in text):
        raise QuestionError("the URL of a webhook has letters that it must write as %XX, or its host as xn--")
    return parts


def _seconds(retry_after: str | None, now: int) -> int:
    """What `Retry-After` asks for (RFC 9110 section 10.2.3), as seconds from now; 0 for what cannot be read."""
    if retry_after is None:
        return 0
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:9])
    try:
        return max(0, int(parsedate_to_datetime(retry_after).timestamp()) - now)
    except (ValueError, OverflowError):
        return 0
