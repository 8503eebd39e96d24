"""What a person at a terminal sees: tables that fit, colours that can be refused, a pager."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.cli.shell import COMMAND, chronicle, environment

STYLE = re.compile(r"\x1b\[[0-9;]*m")
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*3[0-7]m")


def shown(archive: Path, *arguments: str, columns: int = 80, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a terminal of so many columns is sent by a command that reads from it and writes to it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = environment(archive, **{"TERM": "xterm", "PAGER": "", **more})
    variables = {name: value for name, value in variables.items() if name != "COLUMNS" and value != "unset"}
    with subprocess.Popen([*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=variables):
        os.close(theirs)
        pieces = []
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux ends a terminal so
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 100, 200])
@pytest.mark.parametrize("command", [("events",), ("state",), ("show", "charter-2026"), ("search", "corridor")])
def test_tables_fit(archive: Path, command: tuple[str, ...], columns: int) -> None:
    """No line is longer than the terminal is wide, and no word of the table is missing."""
    first = 0 if command[0] == "search" else 1  # the line above the table says the basis, however long
    table = STYLE.sub("", shown(archive, *command, columns=columns)).splitlines()[first:]
    full = "\n".join(chronicle(archive, *command).stdout.decode().splitlines()[first:])
    assert columns >= max(map(len, table))
    flat = "".join("".join(table).split())
    words = {word for word in re.findall(r"[\w.-]+", full) if len(word) < columns // 2}
    assert set() == {word for word in words if word not in flat}


def test_a_narrow_terminal(archive: Path) -> None:
    """Where words do not fit side by side, each row is told line by line."""
    text = STYLE.sub("", shown(archive, "state", "--as-of", "2025", "--attribute", "exports", columns=40))
    assert ["subject   azerbaijan", "attribute exports partner=usa", "value     $61.8 million"] == [
        " ".join(line.split()[:1]).ljust(9) + " " + " ".join(line.split()[1:]) for line in text.splitlines()[1:4]
    ]


def test_colours(archive: Path) -> None:
    """An error is red on a terminal, and plain where NO_COLOR is set or the terminal has no colours."""
    kinds = [{"NO_COLOR": "unset"}, {"NO_COLOR": "1"}, {"NO_COLOR": "unset", "TERM": "dumb"}]
    said = [shown(archive, "show", "none", more=kind) for kind in kinds]
    assert [True, False, False] == [COLOUR.search(text) is not None for text in said]
    assert all("nothing in the log has the id 'none'" in STYLE.sub("", text) for text in said)


def test_no_colours_in_a_file(archive: Path) -> None:
    """What goes into a pipe has no styles at all."""
    run = chronicle(archive, "show", "none", NO_COLOR="", TERM="xterm")
    assert b"\x1b" not in run.stdout + run.stderr


@pytest.mark.parametrize("name", ["PAGER", "CHRONICLE_PAGER"])
def test_a_pager(archive: Path, name: str) -> None:
    """Answers go through the pager, laid out for the terminal."""
    text = STYLE.sub("", shown(archive, "events", more={name: "cat -n"}))
    numbered = [line.partition("\t") for line in text.splitlines()]
    assert list(range(1, len(numbered) + 1)) == [int(number) for number, _, _ in numbered]
    assert 80 >= max(len(line) for _, _, line in numbered[1:])


@pytest.mark.parametrize("pager", ["no-such-pager", "cat", "", "'"])
def test_no_pager(archive: Path, pager: str) -> None:
    """A pager that is not there, or none, loses nothing."""
    assert "trade-2025" in shown(archive, "events", more={"PAGER": pager})


def test_a_pager_that_ends_early(archive: Path) -> None:
    """Who has seen enough is told nothing more, and no error either."""
    assert 1 == len(shown(archive, "report", "azerbaijan-us", more={"PAGER": "head -n 1"}).splitlines())
