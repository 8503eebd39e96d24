"""Documents given as Python mappings, as an HTTP body or a program has them."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from chronicle.errors import shown
from chronicle.event.draft import Draft
from chronicle.event.fault import Fault
from chronicle.event.model import Document
from chronicle.event.validate import is_name
from chronicle.event.value import MOST_DIGITS, NUMBER_TAG, Value
from chronicle.files.folder import Reading
from chronicle.files.place import Place
from chronicle.files.plain import DEEPEST, TOO_DEEP
from chronicle.files.shape import read_document

_MOST_BITS = MOST_DIGITS * 4


def read_mappings(documents: Sequence[Mapping[str, Any] | Document], chronicle: str | None) -> Reading:
    """The drafts and problems of some documents; a problem's file is `document N`, counted from 1."""
    reading = Reading()
    for index, given in enumerate(documents, 1):
        place = Place(f"document {index}", lambda _: (0, 0))
        try:
            plain = _plain(given)
        except ValueError as error:
            reading.problems.append(place.problem(Fault((), "shape", str(error))))
            continue
        document, faults = read_document(plain)
        reading.problems += map(place.problem, faults)
        if document is None:
            continue
        where = document.id if document.kind == "chronicle" else document.chronicle or chronicle
        if where is None or not is_name(where):
            message = f"chronicle {shown(str(where))} is no name: say which chronicle the document belongs to"
            reading.problems.append(place.problem(Fault(("chronicle",), "chronicle", message)))
            continue
        reading.drafts.append(Draft(where, document, place.problem))
    return reading


def _plain(item: Any, depth: int = 0) -> Any:
    """Numbers as their digits, everything else as it is. Raises ValueError for what no document can hold."""
    if depth > DEEPEST:
        raise ValueError(TOO_DEEP)
    if isinstance(item, str):
        return _text(item)
    if isinstance(item, bool):
        return item
    if isinstance(item, int):
        if item.bit_length() > _MOST_BITS:
            raise ValueError(f"holds an integer of more than {MOST_DIGITS} digits")
        return {NUMBER_TAG: str(item)}
    if isinstance(item, Decimal) and item.is_finite():
        return {NUMBER_TAG: str(item)}
    if isinstance(item, Value):
        return _value(item.plain())
    if isinstance(item, Document):
        return _typed(item, depth)
    if isinstance(item, Mapping):
        return {_name(name): _plain(value, depth + 1) for name, value in item.items() if value is not None}
    if isinstance(item, list | tuple):
        return [_plain(value, depth + 1) for value in item]
    raise ValueError(f"holds {shown(reprlib.repr(item))}: expected text, int, Decimal, bool, a list or a mapping")


def _typed(document: Document, depth: int) -> dict[str, Any]:
    """A typed document says its kind by its type, which the plain one has to spell out; defaults are left out."""
    fields = {field.encode_name: (field, getattr(document, field.name)) for field in _fields(type(document))}
    return {
        name: _plain(item, depth + 1)
        for name, (field, item) in fields.items()
        if name == "kind" or item not in (None, field.default, [], {})
    }


@cache
def _fields(kind: type[Document]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a type of document, which msgspec would look up anew each time."""
    return msgspec.structs.fields(kind)


def _value(plain: Any) -> Any:
    """The plain form of a typed value, whose numbers have their tags already."""
    if isinstance(plain, dict):
        return {name: _value(item) for name, item in plain.items()}
    return plain if isinstance(plain, bool) else _plain(plain)


def _name(name: object) -> str:
    if not isinstance(name, str) or name.startswith("$"):
        raise ValueError(f"has the field name {shown(str(name))}: expected text that does not begin with $")
    return _text(name)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"holds {shown(text)}, with half of a surrogate pair, which is no text") from None
    return text
