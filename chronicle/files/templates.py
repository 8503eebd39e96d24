"""A folder of report templates, read whole: texts by name, and nothing that a template could reach beyond them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from chronicle.errors import Problem, QuestionError
from chronicle.files.content import LINK, read_text
from chronicle.files.plain import SyntaxFault

SUFFIX = ".j2"
MOST = 200
LARGEST = 1024 * 1024
"""Characters of a template."""


def read_templates(folder: str) -> dict[str, str]:
    """The templates of a folder and of the folders in it, by name: `report.md.j2`, `events/agreement.signed.j2`.

    Hidden files, and files of other suffixes, are passed over. Raises QuestionError if there is no folder or nothing
    in it, and for a file that cannot be read, is a link or is too large.
    """
    if not os.path.isdir(folder):
        raise QuestionError(f"--template: {folder} is no folder")
    found: dict[str, str] = {}
    for path, name in _files(folder):
        if len(found) == MOST:
            raise QuestionError(f"--template: {folder} holds more than {MOST} templates")
        found[name] = _read(path)
    if not found:
        raise QuestionError(f"--template: there is no file *{SUFFIX} in {folder}")
    return found


def _files(folder: str) -> Iterator[tuple[str, str]]:
    for at, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if links := [name for name in below if os.path.islink(os.path.join(at, name))]:
            raise _refused(os.path.join(at, links[0]), 0, 0, "link", LINK)
        for name in sorted(names):
            if name.endswith(SUFFIX) and not name.startswith("."):
                path = os.path.join(at, name)
                yield path, os.path.relpath(path, folder).replace(os.sep, "/")


def _read(path: str) -> str:
    try:
        text = read_text(path)
    except SyntaxFault as fault:
        raise _refused(path, fault.line, fault.column, fault.code, fault.message) from None
    if len(text) > LARGEST:
        raise _refused(path, 0, 0, "size", f"is longer than {LARGEST} characters")
    return text


def _refused(path: str, line: int, column: int, code: str, message: str) -> QuestionError:
    return QuestionError(f"--template: {Problem(path, line, column, code, message)}")
