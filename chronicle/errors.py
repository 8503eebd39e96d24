"""Every error Chronicle raises on purpose.

ChronicleError
├── InputError            a document, date or question is at fault; mend it and try again
│   ├── WhenError         a text is no EDTF date
│   ├── QuestionError     a query argument cannot be read (a bad --as-of, an unknown zone)
│   ├── UnknownError      what is asked for is not in the log
│   ├── ProjectionError   a projection is not well made, or its code failed on an event
│   ├── AccessError       a server asks for a token, or the token does not allow it
│   └── RefusedError      documents were refused; carries every Problem
├── MissingExtraError     an optional part of the program is not installed
├── ConflictError         the log moved, or what was expected of it does not hold
└── StoreError            the database is older or newer than this program, or failed
    └── NoArchiveError    there is no archive yet

Doors turn these into exit codes and problem documents, once, in one table each.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self


class ChronicleError(Exception):
    """The root: catching it catches everything Chronicle raises on purpose."""


class InputError(ChronicleError):
    """A document, a date or a question is at fault."""


class WhenError(InputError):
    """A text is not an EDTF date; `column` counts characters from 1, `problem` says what was expected."""

    def __init__(self, text: str, column: int, problem: str) -> None:
        self.text = text
        self.column = column
        self.problem = problem
        super().__init__(f"{shown(text)} {problem}")


class QuestionError(InputError):
    """A query argument cannot be read or answered."""


class UnknownError(InputError):
    """The id or chronicle asked for is not in the log, as far as the question sees."""


class ProjectionError(InputError):
    """A projection is not well made, or its code failed on an event."""


class AccessError(InputError):
    """A server asks for a token, or the one that it was shown does not allow what was asked."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one document. `line` and `column` count from 1; 0 means the whole file."""

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: str = "error"

    @property
    def is_error(self) -> bool:
        """Warnings are told and let through; errors refuse the document."""
        return self.severity == "error"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.severity}: {self.message} [{self.code}]"


class RefusedError(InputError):
    """Documents were refused and nothing was written; `problems` names every fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        faults = [problem for problem in problems if problem.is_error]
        super().__init__("\n".join(map(str, faults)) + f"\n{len(faults)} refused; nothing was written")


class MissingExtraError(ChronicleError):
    """What was asked for needs an optional part that is not installed; `extra` names it."""

    def __init__(self, what: str, extra: str, distribution: str) -> None:
        self.extra = extra
        super().__init__(f"{what} need {distribution}: pip install 'chronicle-service[{extra}]'")

    @classmethod
    def told(cls, message: str) -> Self:
        """The error of another program, in its words; `extra` is empty, for nothing can be installed here."""
        error = cls.__new__(cls, message)
        error.extra = ""
        return error


class ConflictError(ChronicleError):
    """The log is not as it was expected to be.

    `code` says in what: `version`, `position`, `key-reused` (an append), `cursor-ahead`, `epoch-changed`, `foreign-log`
    (a reader).
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class StoreError(ChronicleError):
    """The database is missing, of another schema version, or failed."""


class NoArchiveError(StoreError):
    """There is no archive where one was asked for, and nothing else either; a load would make one."""


def shown(text: str, limit: int = 60) -> str:
    """Quote untrusted text for a message: one line, printable, shortened, so that no terminal obeys it."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut) + "'"


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` if a known name is close, else nothing."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
