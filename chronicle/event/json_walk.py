"""JSON texts, walked for the places of their values, which decoders do not tell (RFC 8259)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from chronicle.event.fault import Path

TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],]|[^\s{}\[\],:"]++', re.DOTALL)
"""A text in quotes, one of the marks `{}[],`, or a number or constant."""


def is_deep(value: object, deepest: int) -> bool:
    """Whether a decoded value is nested deeper, and so deeper than what comes after can walk by recursion."""
    level = [value]
    for _ in range(deepest + 1):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def walk(text: str) -> Iterator[tuple[Path, int, bool]]:
    """Every value and every field's name in a JSON text, as its path, its offset and whether it is the name.

    In the order of the text; it ends where the text is no JSON any more.
    """
    within: list[str | int | None] = []  # the field or the item that is being read; None before a field's name
    for found in TOKEN.finditer(text):
        token, at = found[0], found.start()
        match token[0]:
            case "}" | "]":
                if not within:
                    return
                within.pop()
            case ",":
                if not within:
                    return
                last = within[-1]
                within[-1] = last + 1 if isinstance(last, int) else None
            case '"' if within and within[-1] is None:
                try:
                    within[-1] = str(json.loads(token, strict=False))
                except ValueError:
                    return
                yield _path(within), at, True
            case opening:
                yield _path(within), at, False
                if opening in "{[":
                    within.append(None if opening == "{" else 0)


def _path(within: list[str | int | None]) -> Path:
    return tuple(part for part in within if part is not None)
