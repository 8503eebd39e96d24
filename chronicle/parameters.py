"""Parameters of questions that are written as text, as several doors take them."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.errors import QuestionError
from chronicle.event.cursor import Cursor


def dimensions_of(pairs: Iterable[str] | None) -> dict[str, str]:
    """`KEY=VALUE`, several of them, as a mapping. Raises QuestionError."""
    return dict(_pair(pair, "dimension: expected KEY=VALUE, such as partner=usa") for pair in pairs or ())


def basis_of(text: str) -> str | dict[str, object]:
    """A basis: a date, or bounds such as `known=2026-02,as_of=2025`. Raises QuestionError."""
    if "=" not in text:
        return text
    bounds: dict[str, object] = {}
    for part in text.split(","):
        name, value = _pair(part, "a basis is a date, or NAME=VALUE,… such as known=2026-02,as_of=2025")
        bounds[name.replace("-", "_")] = _position(value) if name == "position" else value
    return bounds


def place_of(text: str) -> int | Cursor:
    """A place in the log: a position, or the cursor of what was read last, which is longer. Raises QuestionError."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else Cursor.parse(text)


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise QuestionError("position: expected the number of a record, such as position=42")
    return int(text)


def _pair(text: str, expected: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise QuestionError(expected)
    return name, value
