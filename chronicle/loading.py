"""The recording half of the hall: what was read on its way into the log, all of it or what is sound of it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chronicle.errors import Problem, QuestionError, RefusedError, shown
from chronicle.event.canonical import canonical
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.model import Retraction
from chronicle.event.references import references
from chronicle.files.content import count_lines
from chronicle.files.folder import MOST_ERRORS, Reading, read_each
from chronicle.files.refused import Refused, follows, refers, refused_draft, would_be_read, write_refused
from chronicle.files.walk import LINES
from chronicle.store.append import Appended, Progress, Told
from chronicle.store.spool import Spool

Append = Callable[[Sequence[Draft]], Appended]
"""Appends drafts, all or nothing. Raises RefusedError."""


BATCH = 10_000
"""Documents that a load in batches appends in one transaction."""

LARGE = 32 * 1024 * 1024
"""Bytes of JSON Lines from which on they are loaded in batches."""

MOST_WARNINGS = 1_000
"""Warnings of a load in batches that are told."""

STEPS = 3
"""Each document of a load in batches is read, checked and written: a third of the progress each."""

TELL = 1_000
"""After so many documents it is told how far a file is read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the receipts in file order, warnings, and ids of the log that the folder no longer has.

    `retracted` are those that it retracted, which are missing no longer. `refused` is None unless bad documents were to
    be passed over. `outcomes` counts what became of the documents; after a load in batches nothing else tells of them.
    """

    appended: Appended
    warnings: tuple[Problem, ...]
    missing: tuple[DocumentId, ...]
    retracted: tuple[DocumentId, ...] = ()
    refused: tuple[Refused, ...] | None = None
    outcomes: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """The document that `load --json` prints."""
        loaded: dict[str, object] = {
            "position": self.appended.position,
            "receipts": [receipt_json(receipt) for receipt in self.appended.receipts],
            "missing": [name for _, _, name in self.missing],
        }
        return loaded if self.refused is None else {**loaded, "refused": [one.as_json() for one in self.refused]}


def is_large(paths: Sequence[str]) -> bool:
    """Nothing but files of JSON Lines, and too much of that for memory."""
    return all(map(are_lines, paths)) and sum(map(os.path.getsize, paths)) > LARGE


def are_lines(path: str) -> bool:
    """A file of JSON Lines."""
    return path.endswith(LINES) and Path(path).is_file()


def spool(paths: Sequence[str], chronicle: str | None, spooled: Spool, progress: Progress | None) -> list[Problem]:
    """Read files of JSON Lines into a spool; warnings, the first of them.

    Raises RefusedError with what is wrong with each document by itself, after some thousand errors without the rest.
    """
    errors: list[Problem] = []
    warnings: list[Problem] = []
    told = Told(progress, 0 if progress is None else sum(map(count_lines, paths)), STEPS)
    for path in paths:
        for reading in read_each(path, chronicle):
            errors += (one for one in reading.problems if one.is_error)
            if len(warnings) < MOST_WARNINGS:
                warnings += (one for one in reading.problems if not one.is_error)
            for draft in reading.drafts:
                at = draft.problem(Fault((), "", ""))
                retracted = isinstance(draft.document, Retraction)
                spooled.add(draft.id, canonical(draft.document), at.file, at.line, retracted=retracted)
                if spooled.count % TELL == 0:
                    told.more(TELL)
        if len(errors) > MOST_ERRORS:
            break
    if errors:
        raise RefusedError(errors)
    spooled.seal()
    return warnings


def receipt_json(receipt: Any) -> dict[str, object]:
    """One object of `receipts`; `reverted_to` only where a former version is back."""
    fields = {name: getattr(receipt, name) for name in receipt.__slots__}
    if receipt.reverted_to is None:
        del fields["reverted_to"]
    return fields


def refused_file(file: str | os.PathLike[str], paths: Iterable[str]) -> str:
    """Where to write what is passed over. Raises QuestionError where that would overwrite, or join, what is loaded."""
    file = os.fspath(file)
    try:
        is_read = would_be_read(file, paths)
    except ValueError:  # a NUL in it
        raise QuestionError(f"--skip-bad: {shown(file)} cannot be written: no file can have this name") from None
    if is_read:
        raise QuestionError("--skip-bad: FILE is among what is loaded: name one that is not")
    return file


def save_refused(file: str, refused: Iterable[Refused]) -> None:
    """Write what is passed over to FILE. Raises QuestionError if that cannot be."""
    try:
        write_refused(file, refused)
    except OSError as error:
        raise QuestionError(f"--skip-bad: {file} cannot be written: {error.strerror}") from None


def append_sound(
    reading: Reading, append: Append, save: Callable[[Sequence[Refused]], None]
) -> tuple[Appended, tuple[Refused, ...]]:
    """Append what is sound, and what was refused in the order in which it was read.

    A document is refused that is faulty, that needs a refused one, or that is a later version of a refused one. All
    that is refused is saved before the append that succeeds, so nothing is lost whenever this ends.
    """
    order = {file: index for index, file in enumerate(reading.files)}
    refused, sound = list(reading.refused), list(reading.drafts)
    while True:
        refused.sort(key=lambda one: (order.get(one.file, -1), one.line, one.column))
        save(refused)
        faulty: dict[int, list[Problem]] = defaultdict(list)
        try:
            return append([_watched(draft, faulty[index]) for index, draft in enumerate(sound)]), tuple(refused)
        except RefusedError:
            more = _refused(sound, faulty, refused)
            if not more:
                raise
        refused += more.values()
        sound = [draft for index, draft in enumerate(sound) if index not in more]


def _watched(draft: Draft, errors: list[Problem]) -> Draft:
    """The draft, which remembers the errors that it is told of."""

    def problem(fault: Fault) -> Problem:
        told = draft.problem(fault)
        if told.is_error:
            errors.append(told)
        return told

    return replace(draft, problem=problem)


def _refused(sound: list[Draft], faulty: dict[int, list[Problem]], before: list[Refused]) -> dict[int, Refused]:
    """What the store refused of the sound drafts, by index, and the later versions of that."""
    earlier = {one.id: one for one in before if one.id is not None}
    refused: dict[int, Refused] = {}
    broken: dict[DocumentId, Refused] = {}
    for index, draft in enumerate(sound):
        if draft.id in broken:
            refused[index] = refused_draft(draft, [follows(draft, broken[draft.id])])
        elif faulty[index]:
            refused[index] = broken[draft.id] = refused_draft(draft, _reasons(draft, faulty[index], earlier))
    return refused


def _reasons(draft: Draft, errors: list[Problem], earlier: dict[DocumentId, Refused]) -> list[Problem]:
    """The errors; that something is not declared is told of what was refused by naming where."""
    refused = {}
    for path, kind, name in references(draft.document):
        if (known := earlier.get((draft.chronicle, kind, name))) is not None:
            at = draft.problem(Fault(path, "undeclared", ""))
            refused[at.line, at.column, at.code] = refers(draft, path, kind, name, known)
    return list(dict.fromkeys(refused.get((error.line, error.column, error.code), error) for error in errors))
