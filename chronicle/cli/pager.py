"""Long answers through the reader's pager, on a terminal only and as git does it."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from chronicle.cli import output

Command = TypeVar("Command", bound=Callable[..., None])


def paged(command: Command) -> Command:
    """The command, with what it prints going through CHRONICLE_PAGER, PAGER or less; blank or `cat` is none."""

    @functools.wraps(command)
    def through_pager(*args: object, **options: object) -> None:
        with _pager():
            command(*args, **options)

    return through_pager  # type: ignore[return-value] # wraps keeps the signature that Typer reads


@contextmanager
def _pager() -> Iterator[None]:
    chosen = os.environ.get("CHRONICLE_PAGER", os.environ.get("PAGER", "less"))
    words = shlex.split(chosen) if chosen.count('"') % 2 == chosen.count("'") % 2 == 0 else []
    both_terminals = sys.stdin.isatty() and sys.stdout.isatty()
    if not both_terminals or words in ([], ["cat"]) or shutil.which(words[0]) is None:
        yield
        return
    sys.stdout.flush()
    width = shutil.get_terminal_size().columns
    # -F: leave at once what fits the screen, -R: keep colours, -X: keep what was shown.
    pager = subprocess.Popen(words, stdin=subprocess.PIPE, env={"LESS": "FRX", **os.environ})  # noqa: S603 - the user's own
    assert pager.stdin is not None
    kept = os.dup(sys.stdout.fileno())
    os.dup2(pager.stdin.fileno(), sys.stdout.fileno())
    pager.stdin.close()
    try:
        with output.as_wide_as(width):
            yield
    finally:
        with suppress(BrokenPipeError):  # the reader has seen enough
            sys.stdout.flush()
        os.dup2(kept, sys.stdout.fileno())
        os.close(kept)
        pager.wait()
