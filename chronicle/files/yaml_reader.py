"""YAML to plain documents, from the parser's events: no constructors, no tags, no aliases, bounded depth and size.

The field decides the type: everything is text, but under `value` an unquoted JSON number is a number and true/false a
boolean, and `holds` and `retracted` are booleans. A field left blank counts as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from chronicle.errors import shown
from chronicle.event.fault import Path
from chronicle.event.value import NUMBER_TAG, is_number
from chronicle.files.place import Lines, nearest
from chronicle.files.plain import (
    DEEPEST,
    LARGEST_DOCUMENT,
    MOST_NODES,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY,
    PlainDocument,
    SyntaxFault,
)

MOST_DOCUMENTS = 100_000
"""Documents in one file, empty ones counted too."""
FLAGS = ("holds", "retracted")
FIGURES = ("value", "amount", "low", "high")
_FREE = (("dimensions",), ("labels",))
"""Fields within which the author names the fields, so that a name says nothing about a type."""
_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
"""The parser compares each with all before it, which takes hours where there are many."""
_BREAK = re.compile("[\r\n\u0085\u2028\u2029]")
_FALSE_BREAKS = "\u0085\u2028\u2029"
"""Line ends to the parser, which follows YAML 1.1, and to nobody else."""


class _Blank:
    """A field without a value."""


_BLANK = _Blank()


def read_yaml(text: str) -> Iterator[PlainDocument]:
    """The documents of a YAML text, in order; a list at the top gives its items. Raises SyntaxFault where it stops."""
    lines = Lines(text)
    try:
        if (directive := _TAG_DIRECTIVE.search(text)) is not None:
            raise SyntaxFault(*lines.place(directive.start()), "uses a %TAG directive: plain YAML only")
        yield from _Reader(text, lines).documents()
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(error, text, lines) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode()  # the C parser counts bytes here
        message = f"holds the character U+{ord(text[len(before)]):04X}: remove it"
        raise SyntaxFault(*lines.place(len(before)), message) from None


def _no_yaml(error: yaml.MarkedYAMLError, text: str, lines: Lines) -> SyntaxFault:
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    at = marks[0].index if marks else 0
    message = f"is no YAML here: {error.problem or error.context}"
    for mark in marks:
        if (hidden := _Hidden(text).before(mark.index)) is not None:
            at = mark.index
            message += f"; the character U+{ord(hidden):04X} before it ends a line in YAML: replace it"
            break
    return SyntaxFault(*lines.place(at), message)


class _Reader:
    """One pass over the parser's events. Marks are offsets into the text."""

    def __init__(self, text: str, lines: Lines) -> None:
        self._events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._lines = lines
        self._hidden = _Hidden(text)
        self._documents = 0

    def documents(self) -> Iterator[PlainDocument]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                root = next(self._events)
                if isinstance(root, yaml.SequenceStartEvent):
                    self._begin(root)
                    _refuse_marked(root, self._lines)
                    while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
                        yield from self._document(item, in_list=True)
                else:
                    yield from self._document(root)

    def _begin(self, event: Any) -> None:
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            message = f"holds more than {MOST_DOCUMENTS} documents: split it, or write JSON Lines"
            raise self._fault(event, message, "size")
        self._marks: dict[Path, int] = {}
        self._nodes = 0
        self._size = 0

    def _document(self, event: Any, *, in_list: bool = False) -> Iterator[PlainDocument]:
        self._begin(event)
        self._lines = self._lines.since(event.start_mark.index)
        node = self._node(event, (), "")
        if not isinstance(node, _Blank):
            yield PlainDocument(node, nearest(self._marks, self._lines))
        elif in_list:
            raise self._fault(event, "is an empty list item")

    def _node(self, event: Any, path: Path, field: str) -> object:
        self._take(event, path)
        if len(path) > DEEPEST:
            raise self._fault(event, TOO_DEEP)
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
                raise self._fault(event, "is an empty list item")
            items.append(item)
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        fields: dict[str, object] = {}
        seen: set[str] = set()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            _refuse_marked(event, self._lines)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._fault(event, "has a field name that is not plain text")
            key = event.value
            if key in seen:
                raise self._fault(event, f"has the field {shown(key)} twice")
            if key.startswith("$"):
                raise self._fault(event, f"has the field {shown(key)}: names do not begin with $")
            seen.add(key)
            self._take(event, (*path, key))
            item = self._node(next(self._events), (*path, key), "" if path[-1:] in _FREE else key)
            if not isinstance(item, _Blank):
                fields[key] = item
        return fields

    def _take(self, event: Any, path: Path) -> None:
        """Mark where a field's name or a list's item stands, and keep to the limits."""
        at = event.start_mark.index
        self._marks.setdefault(path, at)
        self._nodes += 1
        _refuse_marked(event, self._lines)
        if isinstance(event, yaml.ScalarEvent):
            self._size += len(event.value)
        if self._nodes > 2 * MOST_NODES:  # names count as well
            raise self._fault(event, TOO_MANY, "size")
        if self._size > LARGEST_DOCUMENT:
            raise self._fault(event, TOO_LARGE, "size")
        if (character := self._hidden.before(at)) is not None:
            message = f"stands after the character U+{ord(character):04X} in one line: begin a new line"
            raise self._fault(event, message)

    def _fault(self, event: Any, message: str, code: str = "syntax") -> SyntaxFault:
        return SyntaxFault(*self._lines.place(event.start_mark.index), message, code)


class _Hidden:
    """Finds fields that only the parser sees at the beginning of a line: to a reader they may be part of a comment."""

    def __init__(self, text: str) -> None:
        self._breaks = _BREAK.finditer(text) if any(character in text for character in _FALSE_BREAKS) else iter(())
        self._next = next(self._breaks, None)
        self._last = "\n"

    def before(self, at: int) -> str | None:
        """The false line end that stands before an offset in its line; offsets are asked for in rising order."""
        while self._next is not None and self._next.start() < at:
            if self._last not in _FALSE_BREAKS or self._next[0] not in _FALSE_BREAKS:
                self._last = self._next[0]
            self._next = next(self._breaks, None)
        return self._last if self._last in _FALSE_BREAKS else None


def _scalar(text: str, *, plain: bool, field: str) -> object:
    if plain and not text:
        return _BLANK
    if plain and text in ("true", "false") and (field in FLAGS or field == "value"):
        return text == "true"
    if plain and field in FIGURES and is_number(text):
        return {NUMBER_TAG: text}
    return text


def _refuse_marked(event: Any, lines: Lines) -> None:
    """Aliases, anchors and tags are refused, on fields and their names alike."""
    message = None
    if isinstance(event, yaml.AliasEvent):
        message = "uses an alias: write the value out"
    elif event.anchor is not None:
        message = "uses an anchor: write the value out where it is needed"
    elif event.tag is not None:
        message = f"uses the tag {shown(event.tag)}: plain YAML only"
    if message is not None:
        raise SyntaxFault(*lines.place(event.start_mark.index), message)
