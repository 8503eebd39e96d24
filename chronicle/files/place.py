"""Where in a file a document and each of its fields stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chronicle.errors import Problem
from chronicle.event.fault import Fault, Path

Locate = Callable[[Path], tuple[int, int]]
"""The (line, column) of a field, both from 1; of the nearest enclosing one if the field itself is not there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A document's place: its file as a problem names it, and how to find its fields."""

    file: str
    locate: Locate

    def problem(self, fault: Fault) -> Problem:
        """The fault with its file, line and column."""
        line, column = self.locate(fault.path)
        return Problem(self.file, line, column, fault.code, fault.message, fault.severity)


class Lines:
    """Offsets into a text as (line, column). Lines end with LF, CRLF or CR, as editors and YAML 1.2 have it.

    Counting begins at an offset `start` in line `line`, which itself begins at `head`; so whoever goes through a long
    text need not count the same lines again and again.
    """

    __slots__ = ("_head", "_line", "_start", "_text")

    def __init__(self, text: str, start: int = 0, line: int = 1, head: int = 0) -> None:
        self._text, self._start, self._line, self._head = text, start, line, head

    def place(self, at: int) -> tuple[int, int]:
        """The place of the character at an offset that is not before the start."""
        line, head = self._count(at)
        return line, at - head + 1

    def since(self, at: int) -> Lines:
        """The same text, counted from a later offset on."""
        return Lines(self._text, at, *self._count(at))

    def _count(self, at: int) -> tuple[int, int]:
        """The line of an offset, and where that line begins."""
        text, start = self._text, self._start
        crs = text.count("\r", start, at)
        lone = crs - text.count("\r\n", start, at + 1) if crs else 0
        last = max(text.rfind("\n", start, at), text.rfind("\r", start, at) if lone else -1)
        return self._line + text.count("\n", start, at) + lone, last + 1 if last >= 0 else self._head


def nearest(marks: dict[Path, int], lines: Lines) -> Locate:
    """Find fields in a table of offsets; `marks[()]` is the document itself."""

    def locate(path: Path) -> tuple[int, int]:
        while path not in marks:
            path = path[:-1]
        return lines.place(marks[path])

    return locate


def printable(path: str) -> str:
    """A path as problems name it: as it was given, but characters that could pass for a new line are written out."""
    return path if path.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in path)
