"""JSON (RFC 8259) to plain documents. Numbers keep their digits; NaN and doubled fields are refused."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NoReturn

from chronicle.errors import shown
from chronicle.event.fault import Path
from chronicle.event.json_walk import TOKEN, is_deep, walk
from chronicle.event.value import NUMBER_TAG
from chronicle.files.place import Lines, Locate, nearest
from chronicle.files.plain import (
    DEEPEST,
    MOST_NODES,
    TOO_DEEP,
    TOO_MANY,
    PlainDocument,
    SyntaxFault,
)

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # perhaps half of a pair
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_CONSTANTS = ("NaN", "Infinity", "-Infinity")


def read_json(text: str, line: int = 1) -> PlainDocument:
    """One document; `line` is where the text begins in its file. Raises SyntaxFault."""
    lines = Lines(text, line=line)
    if _is_crowded(text):
        raise SyntaxFault(line, 1, TOO_MANY, "size")
    try:
        plain = _DECODER.decode(text)
        if text.count("[") + text.count("{") > DEEPEST and is_deep(plain, DEEPEST):
            _refuse(text, lines)
    except json.JSONDecodeError as error:
        raise SyntaxFault(*lines.place(error.pos), f"is no JSON here: {error.msg}") from None
    except (ValueError, RecursionError):  # what the decoder refuses without saying where
        _refuse(text, lines)
        raise SyntaxFault(line, 1, TOO_DEEP) from None
    if _SURROGATE.search(text) and (half := _half(text)) is not None:
        raise SyntaxFault(*lines.place(half), "holds half of a surrogate pair, which is no text")
    return PlainDocument(plain, _locator(text, lines))


def _is_crowded(text: str) -> bool:
    """Whether there are too many values, each of which but the first within another follows a comma outside text."""
    return text.count(",") > MOST_NODES and sum(found[0] == "," for found in TOKEN.finditer(text)) > MOST_NODES


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs) or any(name.startswith("$") for name in fields):
        raise ValueError
    return fields


def _constant(_: str) -> NoReturn:
    raise ValueError


def _number(digits: str) -> dict[str, str]:
    return {NUMBER_TAG: digits}


_DECODER = json.JSONDecoder(
    object_pairs_hook=_fields, parse_int=_number, parse_float=_number, parse_constant=_constant, strict=True
)


def _refuse(text: str, lines: Lines) -> None:
    """Raise SyntaxFault at the first thing that is JSON, or nearly, and not for us; None if there is no such thing."""
    seen: set[Path] = set()
    for path, at, is_name in walk(text):
        message = None
        if is_name:
            if path in seen:
                message = f"has the field {shown(str(path[-1]))} twice"
            elif str(path[-1]).startswith("$"):
                message = f"has the field {shown(str(path[-1]))}: names do not begin with $"
            seen.add(path)
        elif len(path) > DEEPEST:
            message = TOO_DEEP
        elif (constant := next((name for name in _CONSTANTS if text.startswith(name, at)), None)) is not None:
            message = f"holds {constant}, which is no JSON number"
        if message is not None:
            raise SyntaxFault(*lines.place(at), message)


def _locator(text: str, lines: Lines) -> Locate:
    """Find a field by walking the text again; only faults ask, so nothing is kept while reading."""

    def locate(path: Path) -> tuple[int, int]:
        return nearest(_marks(text), lines)(path) if path else lines.place(len(text) - len(text.lstrip()))

    return locate


@lru_cache(maxsize=1)
def _marks(text: str) -> dict[Path, int]:
    """Where the value of each field, and each item of a list, begins. The faults of one document ask one by one."""
    return {path: at for path, at, is_name in walk(text) if not is_name}


def _half(text: str) -> int | None:
    """The offset of the first escape that is half of a surrogate pair."""
    high, after = None, -1  # the first half of a pair, and where the second has to stand
    for found in _ESCAPE.finditer(text):
        code = int(found[1] or "0", 16)
        if high is not None and not (found.start() == after and 0xDC00 <= code < 0xE000):
            return high
        if high is None and 0xDC00 <= code < 0xE000:
            return found.start()
        high, after = (found.start(), found.end()) if 0xD800 <= code < 0xDC00 else (None, -1)
    return high
