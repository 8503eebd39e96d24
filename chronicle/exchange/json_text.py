"""Foreign JSON: values as Python has them, numbers as their digits, and the lines on which they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

from chronicle.errors import InputError
from chronicle.event.fault import Path
from chronicle.event.json_walk import is_deep, walk

LineOf = Callable[[Path], int]
"""The line, from 1, on which the value at a path begins; of the nearest one around it if it is not there."""

DEEPEST = 64


def read_json(text: str, file: str) -> tuple[Any, LineOf]:
    """The value that a text is. Raises InputError with the line of what is no JSON."""
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise InputError(f"{file}:{error.lineno}:{error.colno}: is no JSON here: {error.msg}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{file}: is nested too deeply, or holds NaN or Infinity, which are no JSON") from None
    if is_deep(found, DEEPEST):
        raise InputError(f"{file}: has lists and fields more than {DEEPEST} deep")
    places: dict[Path, int] = {}

    def line_of(path: Path) -> int:
        if "\n" not in text:
            return 1
        if not places:
            places.update(_lines(text))
        while path not in places and path:
            path = path[:-1]
        return places.get(path, 1)

    return found, line_of


def fields(item: object) -> dict[str, Any]:
    """The fields of an object; none of anything else, which foreign files have in its place."""
    return item if isinstance(item, dict) else {}


def items(item: object) -> list[Any]:
    """The items of a list; none of anything else."""
    return item if isinstance(item, list) else []


def text_of(item: object) -> str:
    """Text, or a number as its digits; empty for anything else."""
    return item if isinstance(item, str) else ""


def _constant(_: str) -> NoReturn:
    raise ValueError


def _lines(text: str) -> dict[Path, int]:
    """The line of every value of a text that is JSON."""
    lines: dict[Path, int] = {}
    line, counted = 1, 0
    for path, at, is_name in walk(text):
        if not is_name:
            line, counted = line + text.count("\n", counted, at), at
            lines[path] = line
    return lines
