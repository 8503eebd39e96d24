"""The authoring part of the hall: what writers of files need, and no archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chronicle.errors import Problem, QuestionError, RefusedError
from chronicle.event.model import AnyDocument
from chronicle.files.check import check as check_files
from chronicle.files.folder import read_paths
from chronicle.files.formatter import fix_files
from chronicle.files.place import Place
from chronicle.files.plain import SyntaxFault
from chronicle.files.scaffold import scaffold
from chronicle.files.schema import document_schema
from chronicle.files.shape import read_document
from chronicle.files.whole import whole_file
from chronicle.files.yaml_reader import read_yaml


def check(*paths: str, chronicle: str | None = None) -> tuple[Problem, ...]:
    """Every problem of every file, by file and line; needs no archive."""
    return check_files(paths, chronicle)


def fix(*paths: str, chronicle: str | None = None) -> tuple[str, ...]:
    """Put YAML files into canonical form, but those with an error; the paths of those that changed.

    Raises QuestionError for a file that cannot be replaced, InputError for one that would not say the same.
    """
    reading = read_paths(paths, chronicle)
    faulty = {problem.file for problem in reading.problems if problem.is_error}
    try:
        return tuple(fix_files(file for file in reading.files if file not in faulty))
    except OSError as error:
        raise QuestionError(f"--fix: {error.filename} cannot be replaced: {error.strerror}") from error


def schema() -> dict[str, Any]:
    """A JSON Schema of the documents, for editors; what only a reader can tell is left to `check`."""
    return document_schema()


def new(what: str, id: str, *, occurred: str | None = None, title: str | None = None) -> str:  # noqa: A002
    """The text of a document to fill in: of a kind, or an event of a type. Raises QuestionError."""
    return scaffold(what, id, occurred=occurred, title=title)


def written(head: Mapping[str, object], lists: Mapping[str, str]) -> AnyDocument:
    """The document of some fields and, by their names, of lists as they stand in a YAML file: `- {source: s}`.

    A blank list is none. Raises RefusedError with every problem; its `file` is the list, or `document`.
    """
    plain = dict(head)
    problems: list[Problem] = []
    for name, text in lists.items():
        try:
            plain |= _listed(name, text)
        except SyntaxFault as fault:
            problems.append(Problem(name, max(fault.line - 1, 0), fault.column, "syntax", fault.message))
    document, faults = read_document(plain)
    place = Place("document", lambda _: (0, 0))
    problems += map(place.problem, faults)
    if document is None or any(problem.is_error for problem in problems):
        raise RefusedError(problems)
    return document


def _listed(name: str, text: str) -> dict[str, object]:
    """The one list, or nothing. Raises SyntaxFault for anything else."""
    if not text.strip():
        return {}
    found = [one.plain for one in read_yaml(f"{name}:\n{text}")]
    if len(found) != 1 or not isinstance(found[0], dict) or found[0].keys() != {name}:
        raise SyntaxFault(2, 1, "is no list of one field: begin every item with a dash", "syntax")
    return dict(found[0])


def save(path: str, chunks: Iterable[bytes]) -> None:
    """Write what a command was asked to put into a file, as `whole_file` does. Raises QuestionError."""
    try:
        with whole_file(path) as file:
            file.writelines(chunks)
    except OSError as error:
        raise QuestionError(f"--output: {path} cannot be written: {error.strerror}") from error
