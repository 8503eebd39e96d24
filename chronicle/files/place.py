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
    """A document's place: its file as the user named it, and how to find its fields."""

    file: str
    locate: Locate

    def problem(self, fault: Fault) -> Problem:
        """The fault with its file, line and column."""
        line, column = self.locate(fault.path)
        return Problem(self.file, line, column, fault.code, fault.message, fault.severity)


def nearest(marks: dict[Path, tuple[int, int]]) -> Locate:
    """Find fields in a table of marks; `marks[()]` is the document itself."""

    def locate(path: Path) -> tuple[int, int]:
        while path not in marks:
            path = path[:-1]
        return marks[path]

    return locate
