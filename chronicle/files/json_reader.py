"""JSON (RFC 8259) to plain documents. Numbers keep their digits; NaN and doubled fields are refused."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined] # the standard decoder's own; its stubs lack it
from typing import Any, NoReturn

from chronicle.errors import shown
from chronicle.event.fault import Path
from chronicle.event.value import NUMBER_TAG
from chronicle.files.place import Locate
from chronicle.files.yaml_reader import DEEPEST, PlainDocument, SyntaxFault

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")  # perhaps: the other half may follow
_SPACE = " \t\r\n"


def read_json(text: str, line: int = 1) -> PlainDocument:
    """One document; `line` is where the text begins in its file. Raises SyntaxFault."""
    try:
        plain = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise SyntaxFault(line + error.lineno - 1, error.colno, f"is no JSON here: {error.msg}") from None
    except RecursionError:
        raise SyntaxFault(line, 1, "is nested too deeply") from None
    except ValueError as error:
        raise SyntaxFault(line, 1, str(error)) from None
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(plain):
        raise SyntaxFault(line, 1, "is nested too deeply")
    if (half := _HALF_PAIR.search(text)) is not None:
        try:
            json.dumps(plain, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            at = half.start()
            message = "holds half of a surrogate pair, which is no text"
            raise SyntaxFault(line + text.count("\n", 0, at), at - text.rfind("\n", 0, at), message) from None
    return PlainDocument(plain, _locator(text, line))


def _is_deep(plain: object) -> bool:
    """Deeper than what comes after can walk by recursion; so this does not recurse."""
    level = [plain]
    for _ in range(DEEPEST + 1):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"has the field {shown(next(n for n in names if names.count(n) > 1))} twice")
    if any(name.startswith("$") for name in fields):
        raise ValueError("has a field whose name begins with $")
    return fields


def _constant(name: str) -> NoReturn:
    raise ValueError(f"holds {name}, which is no JSON number")


def _number(digits: str) -> dict[str, str]:
    return {NUMBER_TAG: digits}


_DECODER = json.JSONDecoder(
    object_pairs_hook=_fields, parse_int=_number, parse_float=_number, parse_constant=_constant, strict=True
)


def _locator(text: str, line: int) -> Locate:
    """Find a field by walking the text again; only faults ask, so nothing is kept while reading."""

    def locate(path: Path) -> tuple[int, int]:
        at = _skip(text, 0)
        for part in path:
            found = _child(text, at, part)
            if found is None:
                break
            at = found
        return line + text.count("\n", 0, at), at - text.rfind("\n", 0, at)

    return locate


def _child(text: str, at: int, part: str | int) -> int | None:
    """Where the value of a field, or an item of a list, begins."""
    opening, index = text[at], 0
    if opening not in "[{":
        return None
    at = _skip(text, at + 1)
    while text[at] not in "]}":
        key: str | int = index
        if opening == "{":
            key, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
        if key == part:
            return at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at
        index += 1
    return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at
