"""Paths to drafts: which files are read, in which order, into which chronicle; and every problem met on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chronicle.errors import Problem, shown
from chronicle.event.draft import Draft
from chronicle.event.fault import Fault
from chronicle.event.model import KINDS
from chronicle.event.validate import is_name
from chronicle.files.json_reader import read_json
from chronicle.files.place import Place
from chronicle.files.shape import read_document
from chronicle.files.yaml_reader import PlainDocument, SyntaxFault, read_yaml

YAML = (".yaml", ".yml")
LINES = (".jsonl", ".ndjson")
LARGEST_FILE = 64 * 1024 * 1024
_KIND_ORDER = list(KINDS)


@dataclass(slots=True)
class Reading:
    """What was read: sound drafts in load order, all problems, and which ids were named by documents sound or not."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    named: set[tuple[str, str, str]] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    """Chronicles read from a whole folder, so that what is not there can be called missing."""
    authored: list[Draft] = field(default_factory=list)
    """The drafts from YAML files, where an id should stand once."""


def read_paths(paths: Iterable[str], chronicle: str | None = None) -> Reading:
    """Read files and folders. A document's own `chronicle` wins over the argument, and that over the folder's name.

    In a folder: the chronicle, sources, entities, attributes, then events, each by file name and then as they stand.
    Hidden files and files of other suffixes are passed over in folders; symbolic links are refused.
    """
    reading = Reading()
    for path in paths:
        if os.path.isdir(path):
            for folder, names in _folders(path, reading):
                drafts = Reading()
                for name in names:
                    _read_file(os.path.join(folder, name), chronicle, drafts)
                drafts.drafts.sort(key=lambda draft: _KIND_ORDER.index(draft.document.kind))
                _merge(reading, drafts)
                reading.folders |= {draft.chronicle for draft in drafts.drafts}
        else:
            _read_file(path, chronicle, reading)
    return reading


def _merge(into: Reading, more: Reading) -> None:
    into.drafts += more.drafts
    into.problems += more.problems
    into.named |= more.named
    into.authored += more.authored


def _folders(path: str, reading: Reading) -> Iterator[tuple[str, list[str]]]:
    def unread(error: OSError) -> None:
        reading.problems.append(Problem(str(error.filename), 0, 0, "file", f"cannot be read: {error.strerror}"))

    before, any_wanted = len(reading.problems), False
    for folder, below, names in os.walk(path, onerror=unread):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in below:
            _refuse_link(os.path.join(folder, name), reading)
        wanted = []
        for name in sorted(names):
            if name.startswith(".") or not name.endswith(YAML + LINES):
                continue
            full = os.path.join(folder, name)
            if not _refuse_link(full, reading):
                wanted.append(name)
        any_wanted = any_wanted or bool(wanted)
        yield folder, wanted
    if not any_wanted and before == len(reading.problems):
        message = f"holds no file that ends in {', '.join(YAML + LINES)}"
        reading.problems.append(Problem(path, 0, 0, "empty", message))


def _refuse_link(path: str, reading: Reading) -> bool:
    if os.path.islink(path):
        reading.problems.append(Problem(path, 0, 0, "link", "is a symbolic link, which is not followed"))
        return True
    return False


def _read_file(path: str, chronicle: str | None, reading: Reading) -> None:
    def fail(line: int, column: int, code: str, message: str) -> None:
        reading.problems.append(Problem(path, line, column, code, message))

    text = _text(path, fail)
    if text is None:
        return
    before = len(reading.drafts), len(reading.problems)
    documents = _yaml(text) if path.endswith(YAML) else _lines(text)
    while True:
        try:
            plain = next(documents, None)
        except SyntaxFault as fault:
            fail(fault.line, fault.column, "syntax", fault.message)
            if path.endswith(YAML):
                return
            continue
        if plain is None:
            break
        _take(plain, path, chronicle, reading)
    if before == (len(reading.drafts), len(reading.problems)):
        fail(0, 0, "empty", "holds no document")


def _text(path: str, fail: object) -> str | None:
    assert callable(fail)
    if not path.endswith(YAML + LINES):
        fail(0, 0, "suffix", f"is none of {', '.join(YAML + LINES)}")
        return None
    try:
        if not os.path.isfile(path):
            fail(0, 0, "file", "is not there" if not os.path.lexists(path) else "is no ordinary file")
            return None
        if os.path.getsize(path) > LARGEST_FILE:
            fail(0, 0, "size", f"is larger than {LARGEST_FILE >> 20} MB: split it")
            return None
        content = Path(path).read_bytes()
    except OSError as error:
        fail(0, 0, "file", f"cannot be read: {error.strerror}")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        byte = error.object[error.start]
        fail(
            before.count("\n") + 1, len(before) - before.rfind("\n"), "encoding", f"is no UTF-8 here: byte 0x{byte:02x}"
        )
        return None


class _lines:  # noqa: N801 - an iterator that can go on after a line it refuses; a generator could not
    def __init__(self, text: str) -> None:
        self._lines = enumerate(text.split("\n"), 1)

    def __iter__(self) -> _lines:
        return self

    def __next__(self) -> PlainDocument:
        for number, line in self._lines:
            if line.strip():
                return read_json(line.rstrip("\r"), number)
        raise StopIteration


def _yaml(text: str) -> Iterator[PlainDocument]:
    return read_yaml(text)


def _take(plain: PlainDocument, path: str, chronicle: str | None, reading: Reading) -> None:
    place = Place(path, plain.locate)
    document, faults = read_document(plain.plain)
    reading.problems += map(place.problem, faults)
    where = _chronicle(plain.plain, path, chronicle)
    if isinstance(plain.plain, dict):
        reading.named.add((where, str(plain.plain.get("kind", "event")), str(plain.plain.get("id"))))
    if document is None:
        return
    if not is_name(where):
        message = f"chronicle {shown(where)} is no name: pass --chronicle, or say chronicle: in the document"
        reading.problems.append(place.problem(Fault((), "chronicle", message)))
        return
    draft = Draft(where, document, place.problem)
    reading.drafts.append(draft)
    if path.endswith(YAML):
        reading.authored.append(draft)


def _chronicle(plain: object, path: str, chronicle: str | None) -> str:
    """A chronicle's own document belongs to the chronicle it names."""
    if isinstance(plain, dict):
        own = plain.get("id") if plain.get("kind") == "chronicle" else plain.get("chronicle")
        if isinstance(own, str):
            return own
    return chronicle or Path(path).resolve().parent.name
