"""What a load passes over (`load --skip-bad`): kept with its reasons, so that it can be mended and loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from chronicle.errors import Problem, shown
from chronicle.event.canonical import to_plain
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.value import written
from chronicle.files.walk import is_wanted
from chronicle.files.whole import whole_file

FIELDS = ("file", "line", "column", "problems", "document")


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not loaded, or the rest of a file that could not be read.

    `problems` is never empty. `id` and `plain` are None for what could not be read as a document; `plain` is the
    document as written, and names its chronicle.
    """

    file: str
    line: int
    column: int
    problems: tuple[Problem, ...]
    id: DocumentId | None = None
    plain: dict[str, Any] | None = None

    def as_json(self) -> dict[str, object]:
        """The object of `load --json`: where it stands and what is wrong with it."""
        problems = [
            {name: getattr(problem, name) for name in ("line", "column", "code", "message")}
            for problem in self.problems
        ]
        chronicle, kind, name = self.id or (None, None, None)
        place = {"file": self.file, "line": self.line, "column": self.column}
        return {**place, "chronicle": chronicle, "kind": kind, "id": name, "problems": problems}

    def as_line(self) -> dict[str, object]:
        """The object of FILE, which can be loaded as a line of JSON once its document is mended."""
        told = self.as_json()
        return {**{name: told[name] for name in FIELDS[:-1]}, "document": written(self.plain)}


def refused_draft(draft: Draft, problems: Sequence[Problem]) -> Refused:
    """A document that is sound in itself and was refused all the same."""
    at = draft.problem(Fault((), "", ""))
    plain = {"chronicle": draft.chronicle, "kind": draft.document.kind, **to_plain(draft.document)}
    return Refused(at.file, at.line, at.column, tuple(problems), draft.id, plain)


def follows(draft: Draft, earlier: Refused) -> Problem:
    """Why a version has to wait: loaded without the version before it, it would come to stand before that one."""
    message = f"is a later version of what was refused at {_place(earlier)}: mend that one first"
    return draft.problem(Fault(("id",), "after-refused", message))


def refers(draft: Draft, path: tuple[str | int, ...], kind: str, name: str, to: Refused) -> Problem:
    """Why a document that refers to a refused one has to wait."""
    return draft.problem(Fault(path, "refers-to-refused", f"{kind} {shown(name)} was refused: {_place(to)}"))


def _place(refused: Refused) -> str:
    return ":".join(str(part) for part in (refused.file, refused.line, refused.column) if part)


def unwrapped(plain: object) -> object:
    """The document within a line of FILE, which is None where none could be read; anything else as it is."""
    return plain["document"] if isinstance(plain, dict) and plain.keys() == set(FIELDS) else plain


def would_be_read(file: str, paths: Iterable[str]) -> bool:
    """Whether FILE is one of the paths, or would be read with one of the folders."""
    real = os.path.realpath(file)
    for path in map(os.path.realpath, paths):
        if real == path:
            return True
        if real.startswith(os.path.join(path, "")):
            *folders, name = os.path.relpath(real, path).split(os.sep)
            if is_wanted(name) and not any(folder.startswith(".") for folder in folders):
                return True
    return False


def write_refused(file: str, refused: Iterable[Refused]) -> None:
    """Write JSON Lines as `whole_file` does. Raises OSError."""
    with whole_file(file) as there:
        there.writelines(msgspec.json.encode(one.as_line()) + b"\n" for one in refused)
