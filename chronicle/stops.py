"""The days at which something changes, for whoever goes from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from chronicle.event.model import Source
from chronicle.event.span import DAY, EARLIEST, FOREVER
from chronicle.leaves import WHOLE, Leaves
from chronicle.store import neighbours
from chronicle.when import When

SOME = 60
"""Stops at equal distances where there are too many to have them all."""


class Seek(Protocol):
    """The next second after another, or before it, at which something changes."""

    def __call__(self, second: int, *, later: bool) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Stops:
    """Days since 1970, in order: all of them, or some; and those before and after the day that is shown."""

    days: tuple[int, ...]
    before: int | None
    after: int | None


def as_of_stops(connection: Any, leaves: Leaves, chronicle: str) -> Stops:
    """When events begin and are over. In a large chronicle what is not known yet counts too."""
    day = leaves.last_second // DAY
    if leaves.is_whole:
        found = neighbours.bounds(connection, leaves.horizon, chronicle)
        return _all((second for both in found for second in both), day)

    def seek(second: int, *, later: bool) -> int | None:
        return neighbours.change(connection, leaves.horizon, chronicle, second, later=later)

    return _some(seek, day)


def known_stops(connection: Any, leaves: Leaves, chronicle: str, known: str | None) -> Stops:
    """When sources were published; of very many sources, when events of the archive were reported."""
    last = None if known is None else When.parse(known).strict_hi
    day = None if last is None else (last - 1) // DAY
    sources = neighbours.first_of(connection, leaves.horizon.position, chronicle, "source", WHOLE + 1)
    if len(sources) <= WHOLE:
        dates = (one.document.published for one in sources if isinstance(one.document, Source))
        ends = (When.parse(one).strict_hi for one in dates if one)
        return _all((end - 1 for end in ends if end is not None), day)

    def seek(second: int, *, later: bool) -> int | None:
        return neighbours.reports(connection, leaves.horizon.position, second, later=later)

    return _some(seek, day)


def _all(seconds: Iterable[int], day: int | None) -> Stops:
    days = sorted({one // DAY for one in seconds if EARLIEST < one < FOREVER})
    if day is None:
        return Stops(tuple(days), days[-1] if days else None, None)
    before = [one for one in days if one < day]
    after = [one for one in days if one > day]
    return Stops(tuple(days), before[-1] if before else None, after[0] if after else None)


def _some(seek: Seek, day: int | None) -> Stops:
    """The first and the last day, some between them, and those beside the day that is shown."""
    first, last = seek(EARLIEST, later=True), seek(FOREVER, later=False)
    if first is None or last is None:
        return Stops((), None, None)
    step = max((last - first) // SOME, DAY)
    found = {first // DAY, last // DAY}
    second: int | None = first
    while second is not None and second < last:
        found.add(second // DAY)
        second = seek(second + step, later=True)
    before = last if day is None else seek(day * DAY, later=False)
    after = None if day is None else seek((day + 1) * DAY - 1, later=True)
    return Stops(
        tuple(sorted(found)),
        before // DAY if before is not None and before > EARLIEST else None,
        after // DAY if after is not None and after < FOREVER else None,
    )
