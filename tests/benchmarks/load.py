"""Many clients of a server at once, each with a connection that it keeps, and what they saw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from tests.web.server import HOST

Request = tuple[str, bytes | None]
"""What to ask for, and the JSON to post, if any."""


@dataclass(frozen=True)
class Load:
    """How long each request took, sorted, in seconds; what was answered with another status than 200; and all of it."""

    took: Sequence[float]
    failed: Sequence[int]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.took) / self.seconds

    def within(self, share: float) -> float:
        """The milliseconds within which a share of the requests was answered."""
        return 1_000 * self.took[min(len(self.took) - 1, int(share * len(self.took)))]

    def __str__(self) -> str:
        return f"{self.rate:7,.0f}/s, half within {self.within(0.5):.1f} ms, 99 % within {self.within(0.99):.1f} ms"


def load(port: int, clients: int, count: int, make: Callable[[int], Request], pace: float | None = None) -> Load:
    """Let so many clients send requests 0, 1, 2 … together, each the next one when it has its answer.

    With a `pace` of so many requests a second each is due at a time of its own, whatever became of the others, and what
    it took counts from then on: a server that stands still for a while keeps all waiting that come in the meantime.
    """
    return asyncio.run(_load(port, clients, count, make, pace))


async def _load(port: int, clients: int, count: int, make: Callable[[int], Request], pace: float | None) -> Load:
    took: list[float] = []
    failed: list[int] = []
    numbers = iter(range(count))
    connections = [await asyncio.open_connection(HOST, port) for _ in range(clients)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in numbers:
            request = _bytes(*make(number))
            sent = perf_counter()
            if pace is not None:
                due = began + number / pace
                await asyncio.sleep(due - sent)
                sent = due
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            took.append(perf_counter() - sent)
            if (status := int(head[9:12])) != 200:
                failed.append(status)
        writer.close()
        await writer.wait_closed()

    began = perf_counter()
    await asyncio.gather(*(client(*one) for one in connections))
    return Load(sorted(took), failed, perf_counter() - began)


def _bytes(path: str, body: bytes | None) -> bytes:
    if body is None:
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _length(head: bytes) -> int:
    _, _, rest = head.partition(b"content-length: ")
    return int(rest[: rest.index(b"\r\n")])
