"""What both clients do with httpx: how one is set up, and how an answer is read within limits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import httpx

from chronicle.client.address import base_of, token_of
from chronicle.client.calling import Lost, Outside, Reply, Send
from chronicle.client.limits import Limits
from chronicle.errors import StoreError

OUTSIDE = Outside(time.monotonic, time.time, random.random)
"""The clocks and the chance of this machine; no secret is made of it."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A server, the headers that every request to it has, and what is taken from it."""

    base: str
    headers: dict[str, str]
    limits: Limits
    outside: Outside

    @classmethod
    def to(cls, url: str, token: str | None, limits: Limits, outside: Outside) -> Wire:
        """Raises QuestionError for what is no address, or no token."""
        agent = f"chronicle-client/{version('chronicle-service')}"
        return cls(base_of(url), {"accept": "*/*", "user-agent": agent, **token_of(token)}, limits, outside)

    def settings(self) -> dict[str, Any]:
        """How a client of httpx is made; redirects are looked at by us, for they must not take the token elsewhere."""
        return {
            "headers": self.headers,
            "timeout": httpx.Timeout(self.limits.silence),
            "follow_redirects": False,
            "limits": httpx.Limits(max_connections=20, keepalive_expiry=15),
        }

    def request(self, send: Send) -> dict[str, Any]:
        """What is sent, as httpx takes it."""
        asked = send.request
        parameters = {"params": list(asked.parameters)} if asked.parameters else {}
        return {
            "method": asked.method,
            "url": send.url,
            "headers": dict(asked.headers),
            "content": asked.body,
            **parameters,
        }

    def gathering(self) -> Gathering:
        """What takes the parts of an answer to a request that is sent now."""
        return Gathering(self.limits, self.outside.monotonic)


class Gathering:
    """An answer, part by part."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._until = clock() + limits.seconds
        self._parts: list[bytes] = []
        self._bytes = 0

    def take(self, part: bytes) -> None:
        """One part more. Raises StoreError once they are too many, TimeoutError once they take too long."""
        self._bytes += len(part)
        self._parts.append(part)
        if self._bytes > self._limits.most:
            raise StoreError(f"the server's answer has more than {self._limits.most} bytes: ask for less at a time")
        if self._clock() > self._until:
            raise TimeoutError(f"the answer did not end within {self._limits.seconds:g} s")

    def reply(self, response: httpx.Response) -> Reply:
        """The whole of it."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, b"".join(self._parts))


LOST = (httpx.RequestError, httpx.StreamError, TimeoutError)
"""What httpx says of a connection that fails, and we of one that is too slow."""


def lost(error: Exception) -> Lost:
    """Why there is no answer."""
    return Lost(f"{type(error).__name__}: {error}".rstrip(": "))
