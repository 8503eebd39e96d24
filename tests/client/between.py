"""What lies between a client and a real server: passes connections on, and fails in the ways that it is told to."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Fault = Literal["pass", "busy", "cut before", "cut after", "cut within"]
"""What becomes of the next request.

It is passed on; it is answered with 503 and is not passed on; the connection is cut before it is passed on, after it
has been carried out and before anything of the answer is sent, or with half of the answer sent.
"""

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Between:
    """Listens at a port of its own; a connection carries one request, the next in the line of `faults`."""

    def __init__(self, port: int) -> None:
        self.faults: deque[Fault] = deque()
        self.requests: list[bytes] = []
        self.port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # it was closed
                return
            with connection, suppress(ConnectionError):
                self._pass(connection, _request(connection))

    def _pass(self, connection: socket.socket, request: bytes) -> None:
        self.requests.append(request)
        fault = self.faults.popleft() if self.faults else "pass"
        if fault == "busy":
            connection.sendall(BUSY)
        if fault in ("busy", "cut before"):
            return
        answer = self._answer(request)
        if fault == "cut within":
            connection.sendall(answer[: answer.index(b"\r\n\r\n") + 6])
        if fault == "pass":
            connection.sendall(answer)

    def _answer(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"host:"))]
        host = f"Host: 127.0.0.1:{self.port}".encode()
        asked = b"\r\n".join([*lines, host, b"Connection: close"]) + b"\r\n\r\n" + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as server:
            server.sendall(asked)
            return b"".join(iter(lambda: server.recv(65_536), b""))


@contextmanager
def between(port: int) -> Iterator[Between]:
    """One in front of a server at a port."""
    standing = Between(port)
    try:
        yield standing
    finally:
        standing.close()


def _request(connection: socket.socket) -> bytes:
    """A request as a whole: its head, and as much as that announces."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _more(connection)
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ConnectionError("the client has hung up")
    return part
