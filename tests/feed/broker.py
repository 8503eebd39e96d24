"""A NATS server as its wheel brings it, which can be killed and come back with what it had."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import nats

PROGRAM = Path(sys.executable).parent / "nats-server"


class Broker:
    """A server with JetStream on a loopback port; `folder` has its streams."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let it run; it takes connections when this is done."""
        settings = self.folder / "server.conf"
        self.folder.mkdir(exist_ok=True)
        settings.write_text(
            f'port: {self.port}\nhost: "127.0.0.1"\njetstream {{ store_dir: {json.dumps(str(self.folder / "js"))}, '
            "sync_interval: always }\n"
        )
        self._process = subprocess.Popen(
            [PROGRAM, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        asyncio.run(self._ready())

    def kill(self) -> None:
        """End it as a crash does."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def wipe(self) -> None:
        """Take away what it had; it must not run."""
        shutil.rmtree(self.folder / "js")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def messages(self, stream: str = "CHRONICLE") -> list[tuple[str, dict[str, str], dict[str, Any]]]:
        """All that a stream has, in its order: subject, headers and body."""
        return asyncio.run(self._messages(stream))

    async def _ready(self) -> None:
        for _ in range(500):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
        raise AssertionError("the server does not take connections")

    async def _messages(self, stream: str) -> list[tuple[str, dict[str, str], dict[str, Any]]]:
        client = await nats.connect(self.url)
        try:
            js = client.jetstream()
            last = (await js.stream_info(stream)).state.last_seq
            found = [await js.get_msg(stream, number) for number in range(1, last + 1)]
        finally:
            await client.close()
        return [(str(one.subject), dict(one.headers or {}), json.loads(one.data or b"")) for one in found]
