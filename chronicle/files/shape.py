"""Plain documents to typed ones.

msgspec stops at the first fault; to find them all, the faulty field is set aside and it is asked again.
"""

from __future__ import annotations

import copy
import difflib
import re
from typing import Any

import msgspec

from chronicle.errors import shown
from chronicle.event.canonical import from_plain
from chronicle.event.fault import Fault, Path
from chronicle.event.model import KINDS, AnyDocument, Retraction
from chronicle.event.validate import faults
from chronicle.event.value import NUMBER_TAG

MOST_FAULTS = 50

_AT = re.compile(r" - at `(?:key in )?\$(.*)`$", re.DOTALL)
_PART = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(.*)`, got `(\w+)`")
_PLAIN_WORDS = {"str": "text", "array": "a list", "object": "fields", "bool": "true or false", "null": "nothing"}
_STAND_IN = {"occurred": "2000", "type": "any"}


def read_document(plain: object) -> tuple[AnyDocument | None, list[Fault]]:
    """The typed document and every fault found; with an error among them the document is None."""
    if not isinstance(plain, dict):
        return None, [Fault((), "shape", "expected a document with fields such as id, type, occurred and title")]
    kind = plain.get("kind", "event")
    if kind not in KINDS:
        return None, [Fault(("kind",), "kind", f"kind: {shown(str(kind))} is none of {', '.join(KINDS)}")]
    document, found = _convert(str(kind), copy.deepcopy(plain))
    if document is not None:
        found += faults(document)
    broken = any(fault.severity == "error" for fault in found)
    return None if broken else document, found


def _convert(kind: str, plain: dict[str, Any]) -> tuple[AnyDocument | None, list[Fault]]:
    found: list[Fault] = []
    set_aside: set[Path] = set()
    while len(found) < MOST_FAULTS:
        try:
            return from_plain(kind, plain), found
        except msgspec.ValidationError as error:
            path, message = _parse(str(error))
            if missing := _MISSING.match(message):
                path = (*path, missing[1])
                if path not in set_aside:
                    found.append(Fault(path, "missing", f"{missing[1]} is missing"))
                _put(plain, path, _STAND_IN.get(missing[1], "any"))
                continue
            if unknown := _UNKNOWN.match(message):
                path = (*path, unknown[1])
                found.append(Fault(path, "unknown-field", _unknown(kind, plain, path)))
            else:
                found.append(Fault(path, "shape", _explain(message, path, plain)))
            set_aside.add(path)
            if not path or not _drop(plain, path):
                break
    return None, found


def _parse(text: str) -> tuple[Path, str]:
    """The path a msgspec message ends in, and the message without it."""
    found = _AT.search(text)
    if found is None:
        return (), text
    parts: list[str | int] = []
    for part in _PART.finditer(found[1]):
        if part[1] is None and part[2] is None:
            break
        parts.append(part[1] if part[1] is not None else int(part[2]))
    return tuple(parts), text[: found.start()]


def _explain(message: str, path: Path, plain: dict[str, Any]) -> str:
    field = next((part for part in reversed(path) if isinstance(part, str)), "document")
    if expected := _EXPECTED.match(message):
        item = _get(plain, path)
        if isinstance(item, dict) and item.keys() == {NUMBER_TAG}:
            return f"{field}: expected text: write {item[NUMBER_TAG]} in quotes"
        wanted = " or ".join(_PLAIN_WORDS.get(word.strip(), word.strip()) for word in expected[1].split("|"))
        return f"{field}: expected {wanted}, got {_PLAIN_WORDS.get(expected[2], expected[2])}"
    return f"{field}: {message[:1].lower()}{message[1:]}"


def _unknown(kind: str, plain: dict[str, Any], path: Path) -> str:
    names = _known_fields(kind, plain, path[:-1])
    near = difflib.get_close_matches(str(path[-1]), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; expected one of {', '.join(names)}"
    return f"unknown field {shown(str(path[-1]))}{hint}"


def _known_fields(kind: str, plain: dict[str, Any], path: Path) -> list[str]:
    """The field names allowed at a path, read off the models."""
    model: Any = Retraction if plain.get("retracted") is True else KINDS[kind]
    for part in path:
        if isinstance(part, str):
            field = next(field for field in msgspec.structs.fields(model) if field.encode_name == part)
            model = _struct_within(field.type)
    return [field.encode_name for field in msgspec.structs.fields(model)]


def _struct_within(annotation: Any) -> Any:
    """The Struct inside `list[str | Participant]`, `Share | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next(filter(None, map(_struct_within, getattr(annotation, "__args__", ()))), None)


def _get(plain: Any, path: Path) -> Any:
    for part in path:
        try:
            plain = plain[part]
        except (KeyError, IndexError, TypeError):
            return None
    return plain


def _put(plain: Any, path: Path, item: object) -> None:
    _get(plain, path[:-1])[path[-1]] = item


def _drop(plain: dict[str, Any], path: Path) -> bool:
    """Take a field out, or the field that holds a faulty list item; false if it cannot be found."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    if not path:
        return False
    holder = _get(plain, path[:-1])
    if isinstance(holder, dict) and path[-1] in holder:
        del holder[path[-1]]
        return True
    return False
