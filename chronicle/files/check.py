"""Every problem of every file, without a database (`chronicle check`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from chronicle.errors import Problem, shown
from chronicle.event.agreement import disagreements
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault, warning
from chronicle.event.model import Attribute, Retraction
from chronicle.event.oversights import oversights
from chronicle.event.references import reference_faults
from chronicle.files.folder import Reading, read_paths
from chronicle.files.walk import LINES, YAML


def check(paths: Sequence[str], chronicle: str | None = None) -> tuple[Problem, ...]:
    """All problems, by file, line and column. A single file is read with its folder, so that it may refer to that.

    Figures that cannot agree are errors, since nothing else fails a build; a load does not try them, for a source may
    well publish them so.
    """
    reading = read_paths(paths, chronicle)
    around = read_paths(_siblings(paths), chronicle)
    named = reading.named | around.named
    latest = {draft.id: draft for draft in (*around.drafts, *reading.drafts)}
    retracted = {name for name, draft in latest.items() if isinstance(draft.document, Retraction)}
    theirs = {id(draft) for draft in reading.drafts}
    standing = [draft for name, draft in latest.items() if name not in retracted]
    standing.sort(key=lambda draft: id(draft) not in theirs)
    attributes = {draft.id: draft.document for draft in standing if isinstance(draft.document, Attribute)}

    problems = [*reading.problems, *_duplicates(reading)]
    for draft in reading.drafts:
        where = draft.chronicle
        faults = reference_faults(
            draft.document,
            lambda kind, name, where=where: (where, kind, name) in named and (where, kind, name) not in retracted,  # type: ignore[misc]
            lambda name, where=where: attributes.get((where, "attribute", name)),  # type: ignore[misc]
        )
        problems += map(draft.problem, faults)
    if chronicle is None:
        problems += _misplaced(reading)
    for fault, places in disagreements(standing, attributes):
        told = next(((draft, path) for draft, path in places if id(draft) in theirs), None)
        if told is not None:
            problems.append(told[0].problem(fault._replace(path=told[1])))
    overlooked = oversights(standing, attributes, named - latest.keys())
    problems += [draft.problem(fault) for draft, fault in overlooked if id(draft) in theirs]
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))


def _misplaced(reading: Reading) -> list[Problem]:
    """A chronicle's own document in a folder of another name: what stands beside it belongs to that name instead.

    Only in YAML, and where the document does not say by `chronicle` that it is meant: an export stands anywhere.
    """
    found = []
    for draft in reading.authored:
        if draft.document.kind == "chronicle" and draft.document.chronicle is None:
            folder = Path(draft.problem(Fault(("id",), "", "")).file).resolve().parent.name
            if folder != draft.document.id:
                message = f"chronicle {draft.document.id} stands in the folder {shown(folder)}, after which the rest is"
                found.append(draft.problem(warning(("id",), "folder", f"{message} named: rename one of the two")))
    return found


def _siblings(paths: Sequence[str]) -> list[str]:
    """The files beside the single files, themselves included; not what lies in folders below."""
    folders = sorted({os.path.dirname(path) for path in paths if os.path.isfile(path)})
    return [
        os.path.join(folder, name)
        for folder in folders
        for name in sorted(next(os.walk(folder or "."), ("", [], []))[2])
        if name.endswith(YAML + LINES) and not name.startswith(".") and not os.path.islink(os.path.join(folder, name))
    ]


def _duplicates(reading: Reading) -> list[Problem]:
    """In YAML an id stands once; JSON Lines may hold several versions of it, as an export does."""
    first: dict[DocumentId, Draft] = {}
    found = []
    for draft in reading.authored:
        if (other := first.setdefault(draft.id, draft)) is not draft:
            at = other.problem(Fault(("id",), "", ""))
            message = f"{draft.document.kind} {draft.document.id} stands here again, after {at.file}:{at.line}"
            found.append(draft.problem(Fault(("id",), "duplicate-id", message)))
    return found
