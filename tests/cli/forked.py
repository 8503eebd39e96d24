"""Runs `chronicle` again and again, each time in a process of its own, without the second that its imports take.

One process imports the command and then forks for every request. The streams of a request are those it sends along, so
a command sees files and pipes as it would from a shell. What an interpreter reads when it starts (PYTHONUTF8, LC_ALL …)
was read before: commands that need such variables need a new interpreter.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer.main

STREAMS = 3


class Forge:
    """A process from which commands are forked; it ends with the one that started it."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )
        self._answers = self._ours.makefile("r")

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]) -> int:
        """Run one command with three open files as its streams; answers its exit code, negative for a signal."""
        request = json.dumps([str(Path.cwd()), list(arguments), dict(environment)]).encode()
        socket.send_fds(self._ours, [len(request).to_bytes(8)], streams)
        self._ours.sendall(request)
        return int(self._answers.readline())


def _serve(asked: socket.socket) -> None:
    import chronicle.__main__  # noqa: F401, PLC0415 - what this process is for
    from chronicle.cli.main import app  # noqa: PLC0415 - as above

    group: Any = typer.main.get_command(app)
    list(group.commands.values())  # each is loaded when it is looked up
    while True:
        length, streams, _, _ = socket.recv_fds(asked, 8, STREAMS)
        if not length:
            return
        with asked.makefile("rb", buffering=0) as reading:
            request = bytearray()
            while len(request) < int.from_bytes(length):
                request += reading.read(int.from_bytes(length) - len(request)) or b""
        child = os.fork()
        if child == 0:
            asked.close()
            _become(streams, *json.loads(request))
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _become(streams: Sequence[int], folder: str, arguments: Sequence[str], environment: dict[str, str]) -> NoReturn:
    """Be the command: its streams, its folder, its environment. Never returns to the loop of the parent."""
    from chronicle import __main__ as program  # noqa: PLC0415 - imported before the fork
    from chronicle.cli.main import run  # noqa: PLC0415 - as above

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (_text(number) for number in range(STREAMS))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.modules["__main__"] = program
    sys.argv = [str(program.__file__), *arguments]
    code: Any = 1
    try:
        run()
        code = 0
    except SystemExit as ended:
        code = 0 if ended.code is None else ended.code
    except BaseException:  # noqa: BLE001 - an interpreter prints whatever ends it
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.flush()
        os._exit(code)


def _text(number: int) -> Any:
    reading = number == 0
    return open(
        number,
        "r" if reading else "w",
        encoding="utf-8",
        closefd=False,
        errors="strict" if number < 2 else "backslashreplace",
    )


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
