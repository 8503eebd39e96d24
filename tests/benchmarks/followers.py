"""`python -m tests.benchmarks.followers [CLIENTS] [RECORDS]`: how late a stream is while some of its clients stall.

One in ten clients takes nothing after it has asked. The others note when each record came; it is late by the time since
its append was asked for. One JSON object is printed: seconds, and bytes of the server's memory before and at the most.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.web.server import HOST, Running, running

CLIENTS = 1_000
RECORDS = 60
STALLED = 10
"""One in so many."""

EVERY = 0.5
"""Seconds between two appends."""

TEXT = "x" * 2_000
"""What makes a record as large as one with some facts and sources."""

Times = dict[int, float]


async def follow(port: int, path: str, arrived: Times, last: int, begun: asyncio.Semaphore) -> None:
    """Note when each record comes, up to the last one, over as many streams as that takes; say when one has begun."""
    last_id = b""
    while last not in arrived:
        reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 20)
        again = b"Last-Event-ID: %b\r\n" % last_id if last_id else b""
        writer.write(b"GET %b HTTP/1.1\r\nHost: %b\r\n%b\r\n" % (path.encode(), HOST.encode(), again))
        while last not in arrived and (line := await reader.readline()) not in (b"", b"0\r\n"):
            if line.startswith(b"retry:"):
                begun.release()
            if line.startswith(b"id:"):
                last_id = line[3:].strip()
            if line.startswith(b"data:"):
                arrived[json.loads(line[5:])["position"]] = perf_counter()
        writer.close()


async def stall(port: int, path: str) -> asyncio.StreamWriter:
    """Ask for a stream and take nothing of it."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1)
    reader._transport.pause_reading()  # type: ignore[attr-defined] # noqa: SLF001 # there is no other way to stall
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    return writer


async def append(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> tuple[int, float]:
    """Append an event; its position, and when it was asked for."""
    body = json.dumps({"chronicle": "c", "documents": [an_event(f"new{number}", summary=TEXT)]}).encode()
    head = f"POST /api/append HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    sent = perf_counter()
    writer.write(head.encode() + b"\r\n\r\n" + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    told: dict[str, Any] = json.loads(await reader.readexactly(length))
    return told["position"], sent


async def measure(server: Running, clients: int, records: int, begin: int) -> dict[str, Any]:
    """Let clients follow while records are appended."""
    before = memory(server)
    last = begin + records
    following = [f"/api/follow?after={begin}" for _ in range(clients)]
    arrivals: list[Times] = [{} for number in range(clients) if number % STALLED]
    stalled = [await stall(server.port, "/api/follow?after=0") for number in range(clients) if not number % STALLED]
    begun = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(follow(server.port, path, arrived, last, begun))
        for path, arrived in zip(following, arrivals, strict=False)
    ]
    for _ in tasks:
        await asyncio.wait_for(begun.acquire(), 60)
    await rest(server)
    connection = await asyncio.open_connection(HOST, server.port)  # now, for one that says nothing is closed
    at_most, busy = memory(server), processor(server)
    sent: Times = {}
    for number in range(records):
        position, when = await append(*connection, number)
        sent[position] = when
        at_most = max(at_most, memory(server))
        await asyncio.sleep(EVERY)
    await asyncio.gather(*tasks)
    at_most, busy = max(at_most, memory(server)), processor(server) - busy
    connection[1].close()
    for one in stalled:
        one.close()
    late = sorted(arrived[position] - when for arrived in arrivals for position, when in sent.items())
    return {
        "clients": clients,
        "stalled": len(stalled),
        "records": records,
        "deliveries": len(late),
        "p50_seconds": round(late[len(late) // 2], 4),
        "p99_seconds": round(late[int(len(late) * 0.99)], 4),
        "most_seconds": round(late[-1], 4),
        "processor_seconds": round(busy, 2),
        "memory_before": before,
        "memory_most": at_most,
        "memory_per_client": round((at_most - before) / clients),
    }


async def rest(server: Running) -> None:
    """Wait until a server has filled what lies between it and those that stall."""
    busy = -1.0
    while (now := processor(server)) - busy > 0.05:
        busy = now
        await asyncio.sleep(1)


def processor(server: Running) -> float:
    """The seconds of a processor that the processes of a server have taken."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in _processes(server)]
    return sum(int(one[11]) + int(one[12]) for one in stats) / os.sysconf("SC_CLK_TCK")


def memory(server: Running) -> int:
    """The bytes that the processes of a server have in memory."""
    return sum(_resident(pid) for pid in _processes(server))


def _processes(server: Running) -> list[int]:
    pid = server.process.pid
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def main(clients: int, records: int) -> dict[str, Any]:
    """Measure in an archive of its own, of so many records that a stalled client has much to take."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * clients + 1_024), hard))
    with TemporaryDirectory(prefix="chronicle-followers-") as folder:
        url = url_of(Path(folder) / "chronicle.db")
        with Archive.open(url) as archive:
            archive.append([an_event(f"e{number}", summary=TEXT) for number in range(5_000)], chronicle="c")
            begin = archive.position()
        with running(url, Path(folder) / "log", CHRONICLE_LOG="warning") as server:
            return asyncio.run(measure(server, clients, records, begin))


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])) if len(sys.argv) > 2 else main(CLIENTS, RECORDS)))
