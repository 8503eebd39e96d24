"""One thing wrong within one document, before anyone knows in which file it stands."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """`path` leads to the faulty field; () is the document itself."""

    path: Path
    code: str
    message: str
    severity: str = "error"


def field_of(path: Path) -> str:
    """The field a path leads to, by the documents' own names: what authors name, they may name unprintably."""
    names = [part for part in path if isinstance(part, str)]
    return next((name for name in names if name in ("dimensions", "labels")), names[-1] if names else "document")


def warning(path: Path, code: str, message: str) -> Fault:
    """A fault that is told and let through."""
    return Fault(path, code, message, "warning")
