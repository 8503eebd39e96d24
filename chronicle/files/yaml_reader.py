"""YAML to plain documents, from the parser's events: no constructors, no tags, no aliases, bounded depth and size.

The field decides the type: everything is text, but under `value` an unquoted JSON number is a number and true/false a
boolean, and `holds` and `retracted` are booleans. A field left blank counts as left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from chronicle.errors import shown
from chronicle.event.fault import Path
from chronicle.event.value import NUMBER_TAG, is_number
from chronicle.files.place import Locate, nearest

DEEPEST = 24
MOST_NODES = 2_000_000
FLAGS = ("holds", "retracted")
FIGURES = ("value", "amount", "low", "high")
_FREE = (("dimensions",), ("labels",))
"""Fields within which the author names the fields, so that a name says nothing about a type."""


class SyntaxFault(Exception):  # noqa: N818 - it is a Fault that ends the reading
    """The text cannot be read as documents. `line` and `column` count from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line = line
        self.column = column
        self.message = message
        super().__init__(message)


class PlainDocument(NamedTuple):
    """One document before its fields are checked: its plain form and where they stand."""

    plain: object
    locate: Locate


class _Blank:
    """A field without a value."""


_BLANK = _Blank()


def read_yaml(text: str) -> Iterator[PlainDocument]:
    """The documents of a YAML text, in order; a list at the top gives its items. Raises SyntaxFault where it stops."""
    try:
        for node, marks in _Reader(text).documents():
            if isinstance(node, list):
                for item, within in zip(node, _by_item(marks, len(node)), strict=True):
                    yield PlainDocument(item, nearest(within))
            else:
                yield PlainDocument(node, nearest(marks))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SyntaxFault(line, column, f"is no YAML here: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode()  # the C parser counts bytes
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SyntaxFault(line, column, f"holds the character U+{ord(text[len(before)]):04X}: remove it") from None


def _by_item(marks: dict[Path, tuple[int, int]], length: int) -> list[dict[Path, tuple[int, int]]]:
    """The marks of each item of a list at the top, each beginning anew."""
    items: list[dict[Path, tuple[int, int]]] = [{} for _ in range(length)]
    for path, mark in marks.items():
        if path and isinstance(path[0], int):
            items[path[0]][path[1:]] = mark
    return items


class _Reader:
    """One pass over the parser's events."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._nodes = 0

    def documents(self) -> Iterator[tuple[object, dict[Path, tuple[int, int]]]]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._marks: dict[Path, tuple[int, int]] = {}
                node = self._node(next(self._events), (), "")
                if not isinstance(node, _Blank):
                    yield node, self._marks

    def _node(self, event: Any, path: Path, field: str) -> object:
        line, column = _at(event)
        self._marks.setdefault(path, (line, column))
        self._nodes += 1
        _refuse_marked(event)
        if len(path) > DEEPEST or self._nodes > MOST_NODES:
            raise SyntaxFault(line, column, "is nested too deeply" if len(path) > DEEPEST else "has too many fields")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value, plain=event.implicit[0] and event.style in (None, ""), field=field)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, field)
        return self._mapping(path)

    def _sequence(self, path: Path, field: str) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            item = self._node(event, (*path, len(items)), field)
            if isinstance(item, _Blank):
                raise SyntaxFault(*_at(event), "is an empty list item")
            items.append(item)
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        fields: dict[str, object] = {}
        seen: set[str] = set()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line, column = _at(event)
            _refuse_marked(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise SyntaxFault(line, column, "has a field name that is not plain text")
            key = event.value
            if key in seen:
                raise SyntaxFault(line, column, f"has the field {shown(key)} twice")
            if key.startswith("$"):
                raise SyntaxFault(line, column, f"has the field {shown(key)}: names do not begin with $")
            seen.add(key)
            self._marks[(*path, key)] = (line, column)
            item = self._node(next(self._events), (*path, key), "" if path[-1:] in _FREE else key)
            if not isinstance(item, _Blank):
                fields[key] = item
        return fields


def _scalar(text: str, *, plain: bool, field: str) -> object:
    if plain and not text:
        return _BLANK
    if plain and text in ("true", "false") and (field in FLAGS or field == "value"):
        return text == "true"
    if plain and field in FIGURES and is_number(text):
        return {NUMBER_TAG: text}
    return text


def _refuse_marked(event: Any) -> None:
    """Aliases, anchors and tags are refused, on fields and their names alike."""
    if isinstance(event, yaml.AliasEvent):
        raise SyntaxFault(*_at(event), "uses an alias: write the value out")
    if event.anchor is not None:
        raise SyntaxFault(*_at(event), "uses an anchor: write the value out where it is needed")
    if event.tag is not None:
        raise SyntaxFault(*_at(event), f"uses the tag {shown(event.tag)}: plain YAML only")


def _at(event: Any) -> tuple[int, int]:
    """The line and column at which an event of the parser begins, from 1."""
    return event.start_mark.line + 1, event.start_mark.column + 1
