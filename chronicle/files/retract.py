"""Retractions of what is in the log and no longer in its folder (`load --retract-missing`)."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.errors import QuestionError
from chronicle.event.canonical import from_plain
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import KINDS, Retraction
from chronicle.event.validate import faults
from chronicle.files.place import Place

_KIND_ORDER = list(reversed(KINDS))


def check_note(note: str | None) -> str:
    """The reason that every retraction of a load will carry. Raises QuestionError unless it says something."""
    if note is None:
        raise QuestionError("--retract-missing: needs --note TEXT that says why")
    for fault in faults(Retraction(id="any", retracted=True, note=note)):
        raise QuestionError(f"--{fault.message}")
    return note


def retractions(missing: Iterable[DocumentId], note: str) -> list[Draft]:
    """A retraction of each id, events first and what they refer to after them."""
    place = Place("--retract-missing", lambda _: (0, 0))
    ordered = sorted(missing, key=lambda one: (_KIND_ORDER.index(one[1]), one))
    return [
        Draft(chronicle, from_plain(kind, {"kind": kind, "id": name, "retracted": True, "note": note}), place.problem)
        for chronicle, kind, name in ordered
    ]
