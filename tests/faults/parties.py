"""The processes of a run, each as it is in life, which can be killed and started again at any time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from tests.project.checkout import ROOT

SEND = """
import sys, threading
from chronicle import Archive, sending
from chronicle.feed import jetstream, schedule, webhook
schedule.DELAYS = (0, *[1] * 60)
sending.DELAYS = schedule.DELAYS
sending.LEASE = 2_000_000
jetstream.PATIENCE = webhook.PATIENCE = 3
Archive.open(sys.argv[1]).sinks().follow(stop=threading.Event(), pause=0.25)
"""
"""What `chronicle sinks run --follow` does, with a second between tries, short leases and little patience.

By the published schedule hundreds of faults would take weeks.
"""


class Party:
    """A program of this interpreter, with all processes that it starts."""

    def __init__(self, folder: Path, name: str, *command: str) -> None:
        self.name = name
        self.kills = 0
        self._log = folder / f"{name}.log"
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Let it run; what it says on stderr is kept in a file."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it, and what it has started, as a crash does; it must be running."""
        self.check()
        self.kills += 1
        self.end()

    def end(self) -> None:
        """End it, if it runs."""
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def check(self) -> None:
        """Nobody ends by himself."""
        assert self._process is not None
        assert self._process.poll() is None, f"{self.name} has ended: {self._log.read_text()[-4_000:]}"

    def tell(self, line: str) -> None:
        """Give it a line of input."""
        pipe = self._pipe("stdin")
        pipe.write(f"{line}\n".encode())
        pipe.flush()

    def hear(self) -> str:
        """Wait for a line of its output."""
        return self._pipe("stdout").readline().decode()

    def _pipe(self, name: str) -> IO[bytes]:
        assert self._process is not None
        pipe: IO[bytes] | None = getattr(self._process, name)
        assert pipe is not None
        return pipe


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server(folder: Path, url: str, port: int) -> Party:
    """`chronicle serve` in two processes."""
    command = ["-m", "chronicle", "serve", "--db", url, "--port", str(port), "--workers", "2"]
    return Party(folder, "server", *command)


def await_port(party: Party, port: int, within: float = 60) -> None:
    """Wait until somebody listens at a port."""
    until = time.monotonic() + within
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            party.check()
            assert time.monotonic() < until, f"{party.name} does not listen at {port}"
            time.sleep(0.05)
        else:
            return
