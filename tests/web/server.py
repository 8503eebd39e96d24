"""A server as users start it: a process of its own that listens at a free port of loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
START_WITHIN = 60


@dataclass(frozen=True)
class Running:
    """Where it listens, its process, and the file of what it says on stderr."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def base(self) -> str:
        """The beginning of its addresses."""
        return f"http://{HOST}:{self.port}"

    def connected(self) -> socket.socket:
        """A connection of one's own to it."""
        return socket.create_connection((HOST, self.port), timeout=30)

    def stop(self) -> int:
        """Tell it to stop, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@contextmanager
def running(url: str, log: Path, *options: str, **environment: str) -> Iterator[Running]:
    """A server of the archive at a URL; it is stopped at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "chronicle", "serve", "--db", url, "--port", str(port), *options]
    with log.open("wb") as stderr:
        process = subprocess.Popen(command, stderr=stderr, env={**os.environ, **environment})
        server = Running(port, process, log)
        try:
            _wait(server)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def _wait(server: Running) -> None:
    until = time.monotonic() + START_WITHIN
    while True:
        try:
            server.connected().close()
        except ConnectionError:
            assert server.process.poll() is None, server.log.read_text()
            assert time.monotonic() < until, server.log.read_text()
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
