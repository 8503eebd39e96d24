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
from chronicle.event.fault import Fault, Path, field_of
from chronicle.event.model import KINDS, AnyDocument, Retraction
from chronicle.event.validate import faults
from chronicle.event.value import MOST_DIGITS, NUMBER_TAG

MOST_FAULTS = 50
_MOST_ITEMS_READ = 100_000
"""Items of lists read again and again in search of faults: a very long document with many is given up sooner."""

_AT = re.compile(r"(?:key in )?\$((?:\.\w+|\[\d+\]|\[\.\.\.\])*)`")
_PART = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(.*)`, got `(\w+)`")
_ENUM = re.compile(r"Invalid enum value '(.*)'", re.DOTALL)
_PLAIN_WORDS = {"str": "text", "array": "a list", "object": "fields", "bool": "true or false", "null": "nothing"}
_STAND_IN = {"occurred": "2000"}
_RESTS_ON = {
    "fact-source": ("sources",),
    "unsourced": ("sources",),
    "undated-source": ("published",),
    "never-holds": ("occurred",),
    "known-type": ("type", "participants", "facts", "related", "stated_by"),
}
"""Faults by code, and the fields they are drawn from besides their own."""


def read_document(plain: object) -> tuple[AnyDocument | None, list[Fault]]:
    """The typed document and every fault found; with an error among them the document is None."""
    if not isinstance(plain, dict) or _is_number(plain):
        return None, [Fault((), "shape", "expected a document with fields such as id, type, occurred and title")]
    kind = plain.get("kind", "event")
    if not isinstance(kind, str) or kind not in KINDS:
        return None, [Fault(("kind",), "kind", f"kind: {shown(_told(kind))} is none of {', '.join(KINDS)}")]
    document, found = _convert(kind, plain)
    if document is not None:
        stood_in = [fault.path for fault in found]
        found += [fault for fault in faults(document) if not _follows(fault, stood_in)]
    broken = any(fault.severity == "error" for fault in found)
    return None if broken else document, found


def _follows(fault: Fault, stood_in: list[Path]) -> bool:
    """The fault is one of a field that was set aside, or drawn from it: it would mislead, so it waits its turn."""
    rests_on = _RESTS_ON.get(fault.code, ())
    return any(
        (path and path[0] in rests_on)
        or fault.path[: len(path)] == path
        or (fault.path and path[: len(fault.path)] == fault.path)
        for path in stood_in
    )


def _told(item: object) -> str:
    """A plain item in a message, its number without the tag."""
    return str(item[NUMBER_TAG]) if isinstance(item, dict) and _is_number(item) else str(item)


def _convert(kind: str, given: dict[str, Any]) -> tuple[AnyDocument | None, list[Fault]]:
    plain, found = given, _stray_numbers(kind, given)
    set_aside = {fault.path for fault in found}
    if found:
        plain = copy.deepcopy(given)
        for path in set_aside:
            _drop(kind, plain, path)
    items = sum(len(item) for item in plain.values() if isinstance(item, list))
    most = min(MOST_FAULTS, 4 + _MOST_ITEMS_READ // (items + 1))
    sound: dict[str, int] = {}  # how many items at the beginning of a list need not be read again
    while len(found) < most:
        rest = {**plain, **{name: plain[name][count:] for name, count in sound.items()}} if sound else plain
        try:
            document = from_plain(kind, rest)
            return (from_plain(kind, plain) if sound else document), found
        except msgspec.ValidationError as error:
            if plain is given:
                plain = copy.deepcopy(given)
            path, message = _parse(str(error), rest)
            if len(path) > 1 and isinstance(path[1], int):
                name, at = str(path[0]), path[1] + sound.get(str(path[0]), 0)
                sound[name], path = at, (name, at, *path[2:])
            if path and path[-1] != "value" and _is_number(_get(plain, path)) and not _EXPECTED.match(message):
                message = "No number can stand here: write text in quotes"
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
                found.append(Fault(path, "shape", _explain(kind, message, path, plain)))
            set_aside.add(path)
            if not path or not _drop(kind, plain, path):
                break
    return None, found


def _stray_numbers(kind: str, plain: dict[str, Any]) -> list[Fault]:
    """Numbers where authors name the fields: their tag would pass for such a field."""
    holders: list[tuple[Path, Any]] = [((), plain)]
    if isinstance(plain.get("facts"), list):
        holders += [(("facts", index), fact) for index, fact in enumerate(plain["facts"])]
    stray = [
        (*path, name)
        for path, holder in holders
        for name in ("labels", "dimensions")
        if isinstance(holder, dict) and _is_number(holder.get(name)) and name in known_fields(kind, plain, path)
    ]
    return [Fault(path, "shape", f"{path[-1]}: expected fields, got a number") for path in stray[:MOST_FAULTS]]


def _parse(text: str, plain: dict[str, Any]) -> tuple[Path, str]:
    """The path a msgspec message ends in, and the message without it. What the author wrote may look like a path."""
    message, _, tail = text.rpartition(" - at `")
    found = _AT.fullmatch(tail)
    if not message or found is None:
        return (), text
    parts: list[str | int] = []
    for part in _PART.finditer(found[1]):
        if part[1] is None and part[2] is None:  # a field of labels or dimensions, which msgspec does not name
            holder = _get(plain, tuple(parts))
            parts += [name for name, item in holder.items() if not isinstance(item, str)][:1]
            break
        parts.append(part[1] if part[1] is not None else int(part[2]))
    holder = _get(plain, tuple(parts))
    if message.startswith("Object contains unknown field"):
        unknown = _UNKNOWN.fullmatch(message)
        if unknown is None or not isinstance(holder, dict) or unknown[1] not in holder:
            return (), text
    return tuple(parts), message


def _explain(kind: str, message: str, path: Path, plain: dict[str, Any]) -> str:
    field = field_of(path)
    if expected := _EXPECTED.match(message):
        words = [word.strip() for word in expected[1].split("|")]
        item = _get(plain, path)
        if _is_number(item) and "str" in words:
            return f"{field}: expected text: write {_cut(item[NUMBER_TAG])} in quotes"
        wanted = " or ".join(_PLAIN_WORDS.get(word, word) for word in words)
        got = "a number" if _is_number(item) else _PLAIN_WORDS.get(expected[2], expected[2])
        return f"{field}: expected {wanted}, got {got}"
    if enum := _ENUM.match(message):
        return f"{field}: {shown(enum[1])} is none of {', '.join(_annotated(kind, plain, path).__args__)}"
    return f"{field}: {message[:1].lower()}{message[1:]}"


def _cut(digits: str) -> str:
    return digits if len(digits) <= MOST_DIGITS else f"{digits[:MOST_DIGITS]}…"


def _unknown(kind: str, plain: dict[str, Any], path: Path) -> str:
    names = known_fields(kind, plain, path[:-1])
    near = difflib.get_close_matches(str(path[-1]), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; expected one of {', '.join(names)}"
    return f"unknown field {shown(str(path[-1]))}{hint}"


def known_fields(kind: str, plain: dict[str, Any], path: Path) -> list[str]:
    """The field names allowed at a path."""
    return [field.encode_name for field in _fields(_annotated(kind, plain, path))]


def _annotated(kind: str, plain: dict[str, Any], path: Path) -> Any:
    """What the models say of a path, list items as their list; None if they know no such field."""
    annotation: Any = Retraction if plain.get("retracted") is True else KINDS[kind]
    for part in path:
        if isinstance(part, str):
            annotation = next((field.type for field in _fields(annotation) if field.encode_name == part), None)
    return annotation


def _fields(annotation: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    model = _struct_within(annotation)
    return () if model is None else msgspec.structs.fields(model)


def _struct_within(annotation: Any) -> Any:
    """The Struct inside `list[str | Participant]`, `Share | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next(filter(None, map(_struct_within, getattr(annotation, "__args__", ()))), None)


def _is_number(item: object) -> bool:
    return isinstance(item, dict) and item.keys() == {NUMBER_TAG}


def _get(plain: Any, path: Path) -> Any:
    for part in path:
        try:
            plain = plain[part]
        except (KeyError, IndexError, TypeError):
            return None
    return plain


def _put(plain: Any, path: Path, item: object) -> None:
    _get(plain, path[:-1])[path[-1]] = item


def _drop(kind: str, plain: dict[str, Any], path: Path) -> bool:
    """Take a field out, or put something sound in the place of a list item; false if it cannot be found."""
    holder = _get(plain, path[:-1])
    if isinstance(holder, list) and isinstance(path[-1], int):
        required = {field.encode_name: "any" for field in _fields(_annotated(kind, plain, path)) if field.required}
        holder[path[-1]] = required or "any"
        return True
    if isinstance(holder, dict) and path[-1] in holder:
        del holder[path[-1]]
        return True
    return False
