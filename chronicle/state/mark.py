"""Marks of where a page of an answer ended: named tuples, told as one line of JSON. Pure."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from chronicle.errors import QuestionError, shown

Mark = TypeVar("Mark", bound=tuple[Any, ...])


def mark_text(mark: tuple[Any, ...]) -> str:
    """A mark as one line."""
    return msgspec.json.encode(mark).decode()


def read_mark(text: str, kind: type[Mark]) -> Mark:
    """The mark of a kind that a text says. Raises QuestionError for any other text."""
    try:
        found: Mark = msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise QuestionError(f"after: {shown(text)} is not what a page said comes next") from error
    return found
