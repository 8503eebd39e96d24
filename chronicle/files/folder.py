"""Paths to drafts: which files are read, in which order, into which chronicle; and every problem met on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chronicle.errors import Problem, shown
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.model import KINDS
from chronicle.event.validate import is_name
from chronicle.files.content import line_text, read_lines, read_text
from chronicle.files.json_reader import read_json
from chronicle.files.place import Locate, Place, printable
from chronicle.files.plain import PlainDocument, SyntaxFault
from chronicle.files.refused import Refused, follows, refused_draft, unwrapped
from chronicle.files.shape import read_document
from chronicle.files.walk import LINES, YAML, folders, refuse_link
from chronicle.files.yaml_reader import read_yaml

MOST_ERRORS = 1_000
"""Errors after which a file is given up, unless what is refused is to be kept."""
_KIND_ORDER = list(KINDS)


@dataclass(slots=True)
class Reading:
    """What was read: sound drafts in load order, all problems, and which ids were named by documents sound or not."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    named: set[DocumentId] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    """Chronicles whose own folder was read, so that what is not there can be called missing."""
    authored: list[Draft] = field(default_factory=list)
    """The drafts from YAML files, where an id should stand once."""
    refused: list[Refused] = field(default_factory=list)
    """What is not among the drafts, if it was to be kept; `problems` then holds warnings only."""
    whole: bool = True
    """Everything could be read far enough to know its id."""
    files: list[str] = field(default_factory=list)
    """The files as problems name them, in the order in which they were read."""


def read_paths(paths: Iterable[str], chronicle: str | None = None, *, keep_refused: bool = False) -> Reading:
    """Read files and folders. A document's own `chronicle` wins over the argument, and that over the folder's name.

    In a folder: the chronicle, sources, entities, attributes, then events, each by file name and then as they stand.
    Hidden files and files of other suffixes are passed over in folders; symbolic links are refused. A folder is that of
    the chronicle that its name or the argument says, and of every chronicle whose own document it holds; a document
    that names another is a guest.
    """
    reading = Reading()
    reader = _Reader(chronicle, keep_refused=keep_refused)
    for path in paths:
        reader.read(path, reading)
    return reading


def read_each(path: str, chronicle: str | None = None) -> Iterator[Reading]:
    """The documents of one file of JSON Lines of any length, each as `read_paths` reads it and by itself.

    After too many errors the last reading says so.
    """
    yield from _Reader(chronicle, keep_refused=False).each(path)


class _Reader:
    """Reads one path after another; a version of what was refused before is refused with it."""

    def __init__(self, chronicle: str | None, *, keep_refused: bool) -> None:
        self._chronicle = chronicle
        self._keep = keep_refused
        self._broken: dict[DocumentId, Refused] = {}
        self._seen: set[str] = set()
        self._folders: dict[str, str] = {}

    def read(self, path: str, reading: Reading) -> None:
        """Read a file or a folder."""

        def tell(at: str, code: str, message: str) -> None:
            self._refuse(reading, Refused(printable(at), 0, 0, (Problem(printable(at), 0, 0, code, message),)))

        if refuse_link(path, tell):
            return
        if not os.path.isdir(path):
            if self._is_new(path):
                _merge(reading, self._file(path))
            return
        before = len(reading.problems) + len(reading.refused)
        is_empty = True
        for folder, names in folders(path, tell):
            inside = Reading()
            for path_within in [os.path.join(folder, name) for name in names]:
                if not self._is_new(path_within):
                    continue
                read = self._file(path_within)
                _merge(inside, read)
                inside.folders |= read.folders
            inside.drafts.sort(key=lambda draft: _KIND_ORDER.index(draft.document.kind))
            _merge(reading, inside)
            reading.folders |= inside.folders
            is_empty = is_empty and not names
        if is_empty and before == len(reading.problems) + len(reading.refused):
            tell(path, "empty", f"holds no file that ends in {', '.join(YAML + LINES)}")

    def _is_new(self, path: str) -> bool:
        """Whether a file was not read yet: paths may name one twice, by itself and with its folder."""
        if "\0" in path:  # no file is called so, which reading it will say
            return True
        real = os.path.realpath(path)
        new = real not in self._seen
        self._seen.add(real)
        return new

    def _refuse(self, reading: Reading, refused: Refused) -> None:
        if refused.id is None:
            reading.whole = False
        else:
            self._broken.setdefault(refused.id, refused)
        if self._keep:
            errors = tuple(problem for problem in refused.problems if problem.is_error)
            reading.refused.append(replace(refused, problems=errors))
        else:
            reading.problems += refused.problems

    def each(self, path: str) -> Iterator[Reading]:
        """Read a file of JSON Lines, one document at a time."""
        errors, is_empty = 0, True
        for found in _documents(path, at_once=False):
            reading = Reading()
            errors += self._found(found, path, reading)
            is_empty = False
            yield reading
            if errors >= MOST_ERRORS:
                break
        if is_empty:
            reading = Reading()
            self._refuse(reading, _empty(printable(path)))
            yield reading

    def _found(self, found: PlainDocument | SyntaxFault, path: str, reading: Reading) -> int:
        """Add what was found in a file; the number of its errors."""
        file = printable(path)
        if not isinstance(found, SyntaxFault):
            if self._chronicle is None and path not in self._folders:
                self._folders[path] = os.path.basename(os.path.dirname(os.path.realpath(path)))
            return self._take(found, file, self._chronicle or self._folders[path], reading)
        problem = Problem(file, found.line, found.column, found.code, found.message)
        self._refuse(reading, Refused(file, found.line, found.column, (problem,)))
        return 1

    def _file(self, path: str) -> Reading:
        name, errors = printable(path), 0
        reading = Reading(files=[name])
        for found in _documents(path):
            if errors >= MOST_ERRORS and not self._keep:
                line, column = (found.line, found.column) if isinstance(found, SyntaxFault) else found.locate(())
                message = f"has more than {MOST_ERRORS} errors: mend those first; what begins here was not read"
                reading.problems.append(Problem(name, line, column, "errors", message))
                break
            errors += self._found(found, path, reading)
        if not (reading.named or reading.problems or reading.refused):
            self._refuse(reading, _empty(name))
        if path.endswith(YAML):
            reading.authored += reading.drafts
        return reading

    def _take(self, found: PlainDocument, file: str, belongs: str, reading: Reading) -> int:
        """Add a document to what was read; the number of its errors."""
        plain = unwrapped(found.plain)
        locate = found.locate if plain is found.plain else _within_line(found.locate)
        place = Place(file, locate)
        where, is_guest = _chronicle(plain, belongs)
        document, faults = read_document(plain)
        problems = [place.problem(fault) for fault in faults]
        if not is_name(where):
            message = f"chronicle {shown(where)} is no name: pass --chronicle, or say chronicle: in the document"
            if document is not None:
                problems.append(place.problem(Fault((), "chronicle", message)))
            document = None
        named = _names(where, plain)
        reading.named |= named
        if not is_guest:
            reading.folders.add(where)
        if document is not None:
            draft = Draft(where, document, place.problem)
            if not (self._keep and (earlier := self._broken.get(draft.id)) is not None):
                reading.drafts.append(draft)
                reading.problems += problems
                return 0
            self._refuse(reading, refused_draft(draft, [follows(draft, earlier)]))
            return 1
        written = {"chronicle": where, **plain} if isinstance(plain, dict) else None
        named_one = next(iter(named)) if len(named) == 1 else None
        self._refuse(reading, Refused(file, *locate(()), tuple(problems), named_one, written))
        return sum(problem.is_error for problem in problems)


def _empty(name: str) -> Refused:
    return Refused(name, 0, 0, (Problem(name, 0, 0, "empty", "holds no document"),))


def _merge(into: Reading, more: Reading) -> None:
    into.drafts += more.drafts
    into.problems += more.problems
    into.named |= more.named
    into.authored += more.authored
    into.refused += more.refused
    into.files += more.files
    into.whole = into.whole and more.whole


def _documents(path: str, *, at_once: bool = True) -> Iterator[PlainDocument | SyntaxFault]:
    """The documents of a file. After a line that is no JSON the next is read; any other fault is the last thing."""
    try:
        if path.endswith(YAML):
            yield from read_yaml(read_text(path))
        elif path.endswith(LINES):
            for number, line in read_lines(path, at_once=at_once):
                try:
                    yield read_json(line_text(line, number), number)
                except SyntaxFault as fault:
                    yield fault
        else:
            yield SyntaxFault(0, 0, f"is none of {', '.join(YAML + LINES)}", "suffix")
    except SyntaxFault as fault:
        yield fault


def _within_line(locate: Locate) -> Locate:
    return lambda path: locate(("document", *path))


def _chronicle(plain: object, belongs: str) -> tuple[str, bool]:
    """Where a document belongs, and whether it is a guest in its folder. A chronicle's own document is in its own."""
    if isinstance(plain, dict):
        if plain.get("kind") == "chronicle" and isinstance(plain.get("id"), str):
            return plain["id"], False
        own = plain.get("chronicle")
        if isinstance(own, str):
            return own, own != belongs
    return belongs, False


def _names(where: str, plain: Any) -> set[DocumentId]:
    """The ids that a document may be a version of: one, or none, or one of each kind if its kind cannot be read."""
    if not isinstance(plain, dict) or not isinstance(plain.get("id"), str):
        return set()
    kind = plain.get("kind", "event")
    kinds = [kind] if isinstance(kind, str) and kind in KINDS else KINDS
    return {(where, kind, plain["id"]) for kind in kinds}
