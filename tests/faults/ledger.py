"""What somebody who is sent the log writes down of it, so that it is there after a kill: a line for each record.

A line has a fixed width: the position, the leaf of the record (the hash of its header) and its cursor, with which its
reader goes on. So the size of the file is how many there are, and half a line can only be the last.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

WIDTH = 12 + 1 + 64 + 1 + 45 + 1


class Line(NamedTuple):
    """A record: its place, its leaf in hexadecimal, and the cursor behind it."""

    position: int
    leaf: str
    cursor: str

    def written(self) -> bytes:
        """The line."""
        return f"{self.position:012d} {self.leaf} {self.cursor}\n".encode()


class Ledger:
    """The file of one who writes; whatever half a line a kill has left is cut off first."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.ftruncate(self._file, count(path) * WIDTH)

    def last(self) -> str:
        """The cursor of the last line; empty without any."""
        size = os.fstat(self._file).st_size
        return os.pread(self._file, WIDTH, size - WIDTH).decode().split()[2] if size else ""

    def write(self, lines: Iterable[Line]) -> None:
        """Put lines down: after a kill they are there, but for the end that was not written yet."""
        written = b"".join(line.written() for line in lines)
        while written:
            written = written[os.write(self._file, written) :]


def count(path: Path) -> int:
    """How many whole lines a file has; 0 where there is none."""
    return path.stat().st_size // WIDTH if path.exists() else 0


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file, one at a time."""
    with path.open("rb") as file:
        for line in file:
            position, leaf, cursor = line.decode().split()
            yield Line(int(position), leaf, cursor)


def digest(records: Iterable[tuple[int, str]]) -> tuple[int, str]:
    """How many records, and the SHA-256 over their positions and leaves in their order."""
    told, number = hashlib.sha256(), 0
    for position, leaf in records:
        told.update(f"{position} {leaf}\n".encode())
        number += 1
    return number, told.hexdigest()
