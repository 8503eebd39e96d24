"""Chronicle: an append-only, verifiable log of dated events with sources, and the state as of any date.

from chronicle import Archive

with Archive.open("sqlite:///chronicle.db") as archive:
    archive.load("events")
    for fact in archive.state(as_of="2025-12-31", known="2026-03-01").facts:
        print(fact.fact.subject, fact.fact.attribute, fact.value)
"""

from chronicle.authoring import check
from chronicle.errors import (
    ChronicleError,
    ConflictError,
    InputError,
    Problem,
    ProjectionError,
    QuestionError,
    RefusedError,
    StoreError,
    WhenError,
)
from chronicle.event.upcast import upcast
from chronicle.projection.projection import Moment, Projection, effect, on
from chronicle.service import Archive
from chronicle.when import When

__all__ = [
    "Archive",
    "ChronicleError",
    "ConflictError",
    "InputError",
    "Moment",
    "Problem",
    "Projection",
    "ProjectionError",
    "QuestionError",
    "RefusedError",
    "StoreError",
    "When",
    "WhenError",
    "check",
    "effect",
    "on",
    "upcast",
]
