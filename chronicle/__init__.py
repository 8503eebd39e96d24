"""Chronicle: an append-only, verifiable log of dated events with sources, and the state as of any date.

from chronicle import Archive

with Archive.open("sqlite:///chronicle.db") as archive:
    archive.load("events")
    for fact in archive.state(as_of="2025-12-31", known="2026-03-01").facts:
        print(fact.fact.subject, fact.fact.attribute, fact.value)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from chronicle.paging import pages
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
    "pages",
    "upcast",
]

_HOMES = {
    "Archive": "service",
    "Moment": "projection.projection",
    "Projection": "projection.projection",
    "When": "when",
    "check": "authoring",
    "effect": "projection.projection",
    "on": "projection.projection",
    "pages": "paging",
    "upcast": "event.upcast",
}
"""Where names are that are not of `errors`. They are loaded when they are first asked for: dates need no database."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
