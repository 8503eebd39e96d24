"""Which events are told as of a date, how surely, and in what order and sections. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.narrative.phrase import by, day, is_by
from chronicle.state.occurrence import Status, occurrence_order, reported_by, status_of
from chronicle.when import When

STATISTICS = ("statistic.reported", "statistic.revised")


class Standing(Enum):
    """How an event or a fact stands at the last second of `as_of`."""

    DONE = "done"
    ONGOING = "ongoing"
    POSSIBLE = "possible"
    PLANNED = "planned"
    UNTOLD = "untold"


_STANDINGS = {
    Status.HAPPENED: Standing.DONE,
    Status.ONGOING: Standing.ONGOING,
    Status.MAY_HAVE_HAPPENED: Standing.POSSIBLE,
    Status.PLANNED: Standing.PLANNED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event that is told: its record, its date, and how it stands."""

    record: Record
    event: Event
    when: When
    standing: Standing
    known: bool
    """It had been reported by the last second; an undated report counts from when it was recorded."""


@dataclass(frozen=True, slots=True)
class Section:
    """Events under one heading. `year` is set where the heading is a year; `note` says what the heading cannot."""

    heading: str
    year: int | None
    note: str
    events: tuple[Told, ...]


def sections(records: Iterable[Record], last_second: int) -> list[Section]:
    """Sections in order of time; what has no start stands where it ends, what has no date at all stands last.

    The order is that of `occurrence_order`.
    """
    told = (_told(record, record.document, last_second) for record in records if isinstance(record.document, Event))
    ordered = sorted((one for one in told if one.standing is not Standing.UNTOLD), key=_order)
    seen: set[str] = set()
    found = []
    for (heading, year, note), events in groupby(ordered, key=lambda one: _heading(one.when)):
        shown = f"{heading} (continued)" if heading in seen else heading
        seen.add(heading)
        found.append(Section(shown, year, note, tuple(events)))
    return found


def _told(record: Record, event: Event, last_second: int) -> Told:
    when = When.parse(event.occurred)
    known = reported_by(record, last_second)
    standing = _standing(when, last_second, known=known)
    if standing is Standing.ONGOING and event.type in STATISTICS:
        standing = Standing.POSSIBLE  # a figure is of a whole period: there is none while it lasts
    return Told(record, event, when, standing, known)


def _standing(when: When, last_second: int, *, known: bool) -> Standing:
    status = status_of(when, last_second, known=known)
    return Standing.UNTOLD if status is None else _STANDINGS[status]


def _order(one: Told) -> tuple[int, int, int, int]:
    return occurrence_order(one.record, one.event)


def _heading(when: When) -> tuple[str, int | None, str]:
    """The heading, its year if it is one, and a note."""
    if is_by(when):
        last = by(when)
        return f"By {last}", None, f"No date is given for what follows; {last} is the latest it can have been."
    if when.strict_lo is None and when.strict_hi is None:
        return "No date given", None, ""
    if when.strict_lo is None:
        last = when.end.phrase() if when.kind == "interval" else day(when.latest)
        return f"Until {last}", None, ""
    start = when.start
    first, last_day = start.earliest, start.latest
    if last_day[:-6] == first[:-6] or when.latest in ("..", ""):
        year = int(first[:-6])
        return _year(year), year, ""
    said = start.phrase().removeprefix("about ").removeprefix("possibly ")
    return said[:1].upper() + said[1:], None, ""


def _year(year: int) -> str:
    text = f"{'-' if year < 0 else ''}{abs(year):04d}"
    said = When.parse(text if abs(year) <= 9999 else f"Y{year}").phrase()
    return said[:1].upper() + said[1:]
