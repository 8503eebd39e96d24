"""The network between those who send and those who are sent to: connections are cut, refused and held still.

`python -m tests.faults.network TARGET…`: listens at a free port for each port of loopback that is named, prints them,
and passes connections on. Each line of its input is a fault: ROUTE (counted from 0), KIND, SECONDS.

- `cut`: all connections of the route are reset, in whatever they are.
- `request`, `answer`: the next bytes of each connection that way are passed on by half, and then it is reset.
- `refuse`: connections are reset, and new ones as soon as they come, for some seconds.
- `still`: nothing is passed on for some seconds, new connections wait too.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from typing import cast

HOST = "127.0.0.1"
KINDS = ("cut", "request", "answer", "refuse", "still")

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: a socket that is closed then sends RST, and no FIN."""


class Side(asyncio.Protocol):
    """One end of a connection that is passed on; `way` is what its bytes are to the other end."""

    def __init__(self, route: Route, way: str) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: Side | None = None
        self._route = route
        self._way = way

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client comes, or the server has taken what a client asked for."""
        self.transport = cast("asyncio.Transport", transport)
        if self._way == "request":
            self.transport.pause_reading()
            self._route.begin(self)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, or half of them."""
        assert self.other is not None
        half = self in self._route.halved
        if self.other.transport is not None:
            self.other.transport.write(data[: len(data) // 2] if half else data)
        if half:
            self._route.reset(self)

    def pause_writing(self) -> None:
        """The other end sends more than this one takes."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """It has been taken."""
        if self.other is not None and self.other.transport is not None and not self._route.is_still:
            self.other.transport.resume_reading()

    def connection_lost(self, _: Exception | None) -> None:
        """One end hangs up: so does the other, once it has what was sent."""
        self._route.end(self)
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    @property
    def way(self) -> str:
        """`request` or `answer`."""
        return self._way


class Route:
    """All that goes from a port here to one of a server."""

    def __init__(self, target: int) -> None:
        self.halved: set[Side] = set()
        self.is_still = False
        self._is_refusing = False
        self._target = target
        self._sides: set[Side] = set()
        self._beginning: set[asyncio.Task[None]] = set()

    async def listen(self) -> int:
        """The port that it listens at from now on."""
        server = await asyncio.get_running_loop().create_server(lambda: Side(self, "request"), HOST, 0)
        return int(server.sockets[0].getsockname()[1])

    def begin(self, client: Side) -> None:
        """Pass a new connection on."""
        self._sides.add(client)
        task = asyncio.create_task(self._connect(client))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    def end(self, side: Side) -> None:
        """A connection is no more."""
        self._sides.discard(side)
        self.halved.discard(side)

    def reset(self, side: Side) -> None:
        """Hang up at once at both ends, and say that it is no orderly end."""
        for one in (side, side.other):
            if one is not None and one.transport is not None:
                one.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                one.transport.abort()

    async def strike(self, kind: str, seconds: float) -> None:
        """Let a fault happen, and be over."""
        if kind in ("cut", "refuse"):
            for side in [*self._sides]:
                self.reset(side)
        if kind in ("request", "answer"):
            self.halved = {side for side in self._sides if side.way == kind}
        if kind == "refuse":
            self._is_refusing = True
            await asyncio.sleep(seconds)
            self._is_refusing = False
        if kind == "still":
            self.is_still = True
            for side in self._sides:
                self._read(side, on=False)
            await asyncio.sleep(seconds)
            self.is_still = False
            for side in self._sides:
                self._read(side, on=side.other is not None)

    def _read(self, side: Side, *, on: bool) -> None:
        if side.transport is not None and not side.transport.is_closing():
            if on:
                side.transport.resume_reading()
            else:
                side.transport.pause_reading()

    async def _connect(self, client: Side) -> None:
        server = Side(self, "answer")
        try:
            if self._is_refusing:
                raise ConnectionRefusedError
            await asyncio.get_running_loop().create_connection(lambda: server, HOST, self._target)
        except OSError:
            self.reset(client)
            return
        self._sides.add(server)
        client.other, server.other = server, client
        if client not in self._sides:  # it has gone meanwhile
            self.reset(server)
        for side in (client, server):
            self._read(side, on=not self.is_still)


async def pass_on(targets: list[int]) -> None:
    """Pass on until the input ends."""
    routes = [Route(target) for target in targets]
    print(*[await route.listen() for route in routes], flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    faults = set()
    while line := (await lines.readline()).decode().split():
        faults.add(asyncio.create_task(routes[int(line[0])].strike(line[1], float(line[2]))))
        faults = {fault for fault in faults if not fault.done()}


if __name__ == "__main__":
    asyncio.run(pass_on([int(port) for port in sys.argv[1:]]))
