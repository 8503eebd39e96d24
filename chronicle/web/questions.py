"""The parameters of questions, as dependencies that several routes share."""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypedDict

from litestar.di import NamedDependency
from litestar.params import QueryParameter

from chronicle.asking import Bounds
from chronicle.parameters import dimensions_of

LAST = 2**63 - 1
"""The last position that a database can number."""

AsOf = Annotated[
    str | None,
    QueryParameter(name="as_of", description="EDTF date asked about, read to its end; now if left out"),
]
Known = Annotated[str | None, QueryParameter(name="known", description="EDTF date: only what was reported by its end")]
Recorded = Annotated[
    str | None, QueryParameter(name="recorded", description="EDTF date: only what was recorded by its end")
]
Position = Annotated[
    int | None, QueryParameter(name="position", ge=0, le=LAST, description="The same by a position of the log")
]
Zone = Annotated[str, QueryParameter(name="zone", description="IANA time zone in which dates are read")]
Resolution = Annotated[str | None, QueryParameter(name="resolution", description="latest-from or latest-reported")]
InChronicle = Annotated[str | None, QueryParameter(name="chronicle", description="Id of a chronicle; all if left out")]
Subject = Annotated[str | None, QueryParameter(name="subject", description="Id of a subject")]
AttributeName = Annotated[str | None, QueryParameter(name="attribute", description="Name of an attribute")]
Dimension = Annotated[
    list[str] | None,
    QueryParameter(name="dimension", description="KEY=VALUE, repeatable: rows with at least these"),
]


def bounds(
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    resolution: Resolution = None,
) -> Bounds:
    """The bounds of a question; see DESIGN section 5."""
    return Bounds(as_of=as_of, known=known, recorded=recorded, position=position, zone=zone, resolution=resolution)


After = Annotated[
    str | None, QueryParameter(name="after", description="`next` of the page before, asked for with its basis")
]
Most = Annotated[
    int | None, QueryParameter(name="limit", ge=1, le=LAST, description="At most so many; all if left out")
]


class About(TypedDict):
    """Which facts a question is about, as `Archive.state` takes it."""

    chronicle: str | None
    subject: str | None
    attribute: str | None
    dimensions: dict[str, str] | None


class Question(NamedTuple):
    """What is asked: within which bounds, about which facts, and how much of the answer; see `Archive.state`."""

    bounds: Bounds
    about: About
    after: str | None
    limit: int | None


def question(
    *,
    bounds: NamedDependency[Bounds],
    chronicle: InChronicle = None,
    subject: Subject = None,
    attribute: AttributeName = None,
    dimension: Dimension = None,
    after: After = None,
    limit: Most = None,
) -> Question:
    """A question about some facts.

    The bounds come through it, for what routes depend on is looked up one by one only if each needs the one before:
    for two at a time tasks are made, which cost as much as a quarter of an answer.
    """
    about = About(
        chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions_of(dimension) or None
    )
    return Question(bounds, about, after, limit)
