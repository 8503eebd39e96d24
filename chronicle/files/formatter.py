"""YAML files in one canonical form (`chronicle check --fix`): fields in the order of the models, tidy lines.

What is moved is lines, and entries of `{…}` on one line; how a value is written is the author's affair. So every
comment stays: one at the end of a line goes with its line, those directly above a field go with the field. Those above
the first field of a mapping stay at its top, those below the last at its end. Nothing is written unless the new text
reads as the same documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import yaml

from chronicle.errors import InputError
from chronicle.event.fault import Path
from chronicle.files.content import read_text
from chronicle.files.shape import known_fields
from chronicle.files.walk import YAML
from chronicle.files.whole import whole_file
from chronicle.files.yaml_reader import read_yaml

_OTHER_LINE_ENDS = "\r\x85\u2028\u2029"
_VALUE_FIELDS = ["entity", "amount", "low", "high", "unit", "qualifier"]


class Shape(NamedTuple):
    """A mapping that has an order of fields, and that order."""

    node: Any
    fields: list[str]


def fix_files(paths: Iterable[str]) -> Iterator[str]:
    """Format the YAML files among paths that hold sound documents; the paths of those that changed, as they do.

    A file is replaced in one step and keeps its permissions. Raises OSError if it cannot be.
    """
    for path in paths:
        if path.endswith(YAML):
            with open(path, "rb") as file:
                before = file.read()
            try:
                after = formatted(read_text(path)).encode()
            except InputError as error:
                raise InputError(f"{path}: {error}") from None
            if after != before:
                with whole_file(path) as there:
                    there.write(after)
                yield path


def formatted(text: str) -> str:
    """The canonical form of the text of a file of sound documents. Formatting it again changes nothing.

    A text with line ends that only some programs know (U+0085, U+2028, a lone CR) is left as it is. Raises InputError
    where the documents would not stay the same.
    """
    unified = text.replace("\r\n", "\n")
    if any(end in unified for end in _OTHER_LINE_ENDS):
        return text
    lines = unified.split("\n")
    for root in _roots("\n".join(lines)):
        for shape in _shapes(root):
            (_reorder_flow if shape.node.flow_style else _reorder_block)(lines, shape)
    tidied = _tidied(lines)
    if _plain(tidied) != _plain(text):
        raise InputError("cannot be put in order without changing what it says: write it more plainly")
    return tidied


def _plain(text: str) -> list[object]:
    return [document.plain for document in read_yaml(text)]


def _roots(text: str) -> Iterator[Any]:
    """The mapping of every document. The text has been read before, by a reader that refuses what could explode."""
    for document in yaml.compose_all(text, Loader=yaml.CSafeLoader):
        yield from document.value if isinstance(document, yaml.SequenceNode) else [document]


def _shapes(root: Any) -> list[Shape]:
    """Every mapping below a document whose fields have an order, the innermost first."""
    top = {key.value: value.value for key, value in root.value if isinstance(value, yaml.ScalarNode)}
    kind, plain = top.get("kind", "event"), {"retracted": top.get("retracted") == "true"}
    found: list[Shape] = []

    def walk(node: Any, path: Path) -> None:
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                walk(item, (*path, 0))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                walk(value, (*path, key.value))
            fields = _VALUE_FIELDS if path[-1:] == ("value",) else known_fields(kind, plain, path)
            names = [key.value for key, _ in node.value]
            if set(names) <= set(fields):
                found.append(Shape(node, [name for name in fields if name in names]))

    walk(root, ())
    return found


def _reorder_flow(lines: list[str], shape: Shape) -> None:
    """Put the entries of `{…}` in order, if it stands on one line; what lies between them stays where it is."""
    node = shape.node
    row = node.start_mark.line
    if node.end_mark.line != row:
        return
    line = lines[row]
    spans = [(key.start_mark.column, value.end_mark.column) for key, value in node.value]
    entries = {key.value: line[start:end] for (key, _), (start, end) in zip(node.value, spans, strict=True)}
    ends = [spans[0][0], *(end for _, end in spans)]
    gaps = [line[end:start] for end, (start, _) in zip(ends[1:], spans[1:], strict=False)]
    ordered = [entries[name] for name in shape.fields]
    between = [*gaps, ""]
    lines[row] = (
        line[: ends[0]]
        + "".join(f"{entry}{gap}" for entry, gap in zip(ordered, between, strict=True))
        + line[ends[-1] :]
    )


def _reorder_block(lines: list[str], shape: Shape) -> None:
    """Put the fields of a mapping in order, each with its lines and the comments directly above it."""
    node = shape.node
    column = node.start_mark.column
    rows = [key.start_mark.line for key, _ in node.value]
    starts = [rows[0], *(_with_comments(lines, row, column) for row in rows[1:]), _last_row(node) + 1]
    first = lines[rows[0]]
    lead, lines[rows[0]] = first[:column], " " * column + first[column:]
    blocks = {
        key.value: lines[start:end] for (key, _), start, end in zip(node.value, starts[:-1], starts[1:], strict=True)
    }
    moved = [line for name in shape.fields for line in blocks[name]]
    top = next(index for index, line in enumerate(moved) if line.strip() and not line.lstrip().startswith("#"))
    moved[top] = lead + moved[top][column:]
    lines[starts[0] : starts[-1]] = moved


def _with_comments(lines: list[str], row: int, column: int) -> int:
    """The row at which the comments begin that stand directly above a field, as far in as it."""
    while lines[row - 1].startswith("#", column) and not lines[row - 1][:column].strip():
        row -= 1
    return row


def _last_row(node: Any) -> int:
    """The last row with something of a node in it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        end = node.end_mark
        return int(end.line) - (1 if end.column == 0 and end.line > node.start_mark.line else 0)
    last = node.value[-1]
    return max(_last_row(last[1]), int(last[0].end_mark.line)) if isinstance(last, tuple) else _last_row(last)


def _tidied(lines: list[str]) -> str:
    """No spaces at the ends of lines, no two blank lines in a row, none at the ends; texts of several lines stay."""
    kept: list[str] = []
    within = _rows_within_texts("\n".join(lines))
    for row, line in enumerate(lines):
        tidy = line if row in within else line.rstrip(" \t")
        if tidy or row in within or (kept and kept[-1]):
            kept.append(tidy)
    return "\n".join(kept).rstrip("\n") + "\n"


def _rows_within_texts(text: str) -> set[int]:
    """The rows of scalars that stand on several lines: there spaces and blank lines may be part of the text."""
    rows: set[int] = set()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        first, last = event.start_mark, event.end_mark
        if isinstance(event, yaml.ScalarEvent) and first and last and first.line != last.line:
            rows.update(range(first.line, last.line + 1))
    return rows
