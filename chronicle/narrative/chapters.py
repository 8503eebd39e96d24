"""Which events are told as of a date, how surely, and in what order and chapters. Pure, and without words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.narrative.matter import ReportMatter
from chronicle.state.occurrence import Status, occurrence_order, occurrences, reported_by
from chronicle.when import When

STATISTICS = ("statistic.reported", "statistic.revised")
HAPPENED = (Status.HAPPENED, Status.ONGOING, Status.OVERDUE)
"""What can be told in the past tense: an overdue plan has been announced."""

_MOST_YEARS = 24
"""More years than these are told in eras."""

_FEW = 3
"""Eras of no more events than these a year have no years inside."""

_THEMES_FROM = 6
"""Events without an order in time, from this number on, are told by theme."""

_BOUND = ("part-of", "implements", "builds-on", "follows", "fulfils", "cancels", "postpones")
"""Relations to an event that is better told first."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that is told: its record, its date, and how it stands.

    `known`: it had been reported by the last second (an undated report counts from when it was recorded). `due` is the
    date that has passed, of what is overdue.
    """

    record: Record
    event: Event
    when: When
    status: Status
    known: bool
    due: str | None

    @property
    def has_happened(self) -> bool:
        """It is told in the past tense."""
        return self.status in HAPPENED


@dataclass(frozen=True, slots=True)
class Chapter:
    """Events under one heading, or chapters of them.

    `heading` is an EDTF date but for `theme`, where it is a tag, and `undated`, where it is blank. `year` is that of
    the heading, where it is one and dates need not repeat it.
    """

    kind: Literal["in", "by", "until", "undated", "theme"]
    heading: str
    year: int | None = None
    events: tuple[Told, ...] = ()
    chapters: tuple[Chapter, ...] = ()


def is_open(chapter: Chapter) -> bool:
    """Nothing of it has a date, and all of it may or may not have happened: its heading and note say all there is."""
    if chapter.chapters:
        return all(is_open(one) for one in chapter.chapters)
    undated = chapter.kind in ("by", "theme")
    return undated and all(one.status is Status.MAY_HAVE_HAPPENED for one in chapter.events)


def told_events(matter: ReportMatter) -> list[Told]:
    """The events that can be told, in the order of occurrence."""
    last = matter.last_second
    found = []
    for one in occurrences(matter.events, last):
        status = one.status
        if status is Status.ONGOING and one.event.type in STATISTICS:
            status = Status.MAY_HAVE_HAPPENED  # a figure is of a whole period: there is none while it lasts
        when = When.parse(one.event.occurred)
        found.append(Told(one.record, one.event, when, status, reported_by(one.record, last), one.due))
    return found


def shown(told: Sequence[Told], matter: ReportMatter) -> list[Told]:
    """Those that are told, of all that can be."""
    return [one for one in told if matter.shown is None or one.event.id in matter.shown]


def chapters(told: Iterable[Told]) -> list[Chapter]:
    """Chapters in order of time, each year once; many years are gathered in decades or centuries.

    What has no start stands where it ends, what has no date at all stands last. What is of one date and bound to
    another event of that date follows it.
    """
    groups: dict[tuple[str, str, int | None], list[Told]] = {}
    for one in told:
        groups.setdefault(_place(one.when), []).append(one)
    found = [
        _themed(Chapter(kind, heading, year, tuple(bound(events))))  # type: ignore[arg-type]  # _place gives kinds
        for (kind, heading, year), events in groups.items()
    ]
    found.sort(key=_order)
    return _eras(found)


def _place(when: When) -> tuple[str, str, int | None]:
    """Kind, heading and year of the chapter that a date belongs to."""
    if is_by(when):
        return "by", when.edtf[3:-1].strip(), None
    if when.strict_lo is None and when.strict_hi is None:
        return "undated", "", None
    if when.strict_lo is None:
        return "until", when.end.edtf if when.kind == "interval" else when.latest, None
    start = when.start
    first, last = start.earliest, start.latest
    if last[:-6] == first[:-6] or when.latest in ("..", ""):
        year = int(first[:-6])
        return "in", _year_text(year), year
    return "in", start.edtf.rstrip("~?%"), None


def _year_text(year: int) -> str:
    text = f"{'-' if year < 0 else ''}{abs(year):04d}"
    return text if abs(year) <= 9999 else f"Y{year}"


def is_by(when: When) -> bool:
    """`[..X]`: it happened on X or earlier, and no more is known."""
    return when.kind == "one-of" and when.edtf.startswith("[..") and "," not in when.edtf


def _order(chapter: Chapter) -> tuple[int, int, int]:
    """Undated last; a longer span before what lies in it."""
    if chapter.kind == "undated":
        return 1, 0, 0
    when = When.parse(chapter.heading)
    assert when.strict_hi is not None
    if chapter.kind == "in" and when.strict_lo is not None:
        return 0, when.strict_lo, -when.strict_hi
    return 0, when.strict_hi - 1, 0


def bound(events: Sequence[Told]) -> list[Told]:
    """The same events; one that is bound to another of the same date comes right after it and what is bound to it."""
    here = {one.event.id: one for one in events}
    children: dict[str, list[Told]] = {}
    roots = []
    for one in events:
        head = next((other for other in _heads(one.event) if other in here and _is_same_date(here[other], one)), None)
        if head is None or _leads_back(head, one.event.id, here):
            roots.append(one)
        else:
            children.setdefault(head, []).append(one)
    ordered: list[Told] = []
    waiting = list(reversed(roots))
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        waiting += reversed(children.get(one.event.id, []))
    return ordered


def _heads(event: Event) -> list[str]:
    return [relation.event for relation in event.related if relation.relation in _BOUND and relation.event != event.id]


def _is_same_date(one: Told, other: Told) -> bool:
    return occurrence_order(one.record, one.event)[:3] == occurrence_order(other.record, other.event)[:3]


def _leads_back(head: str, to: str, here: dict[str, Told]) -> bool:
    """Following the first bond of each event comes back, so that none of the circle could come first."""
    seen: set[str] = set()
    name: str | None = head
    while name is not None and name not in seen:
        if name == to:
            return True
        seen.add(name)
        one = here.get(name)
        name = next((other for other in _heads(one.event) if other in here), None) if one is not None else None
    return False


def _themed(chapter: Chapter) -> Chapter:
    """A chapter of many events without an order in time, told by their first tags; the largest theme first."""
    events = chapter.events
    if chapter.kind not in ("by", "undated") or len(events) < _THEMES_FROM or not all(e.event.tags for e in events):
        return chapter
    themes: dict[str, list[Told]] = {}
    for one in events:
        themes.setdefault(one.event.tags[0], []).append(one)
    if len(themes) < 2:
        return chapter
    ordered = sorted(themes.items(), key=lambda theme: (-len(theme[1]), theme[0]))
    inside = tuple(Chapter("theme", tag, None, tuple(bound(found))) for tag, found in ordered)
    return replace(chapter, events=(), chapters=inside)


def _eras(found: list[Chapter]) -> list[Chapter]:
    """The chapters, gathered by decade where there are many, by century where there are very many."""
    years = [chapter for chapter in found if _era(chapter, 10) is not None]
    if len(years) <= _MOST_YEARS:
        return found
    step = 10 if len({_era(chapter, 10) for chapter in years}) <= _MOST_YEARS else 100
    gathered: dict[str, list[Chapter]] = {}
    ordered: list[Chapter | str] = []
    for chapter in found:
        era = _era(chapter, step)
        if era is None:
            ordered.append(chapter)
        elif era in gathered:
            gathered[era].append(chapter)
        else:
            gathered[era] = [chapter]
            ordered.append(era)
    years = [chapter for chapter in found if chapter.year is not None]
    sparse = sum(len(chapter.events) for chapter in years) <= _FEW * len(years)
    return [one if isinstance(one, Chapter) else _era_of(one, gathered[one], flat=sparse) for one in ordered]


def _era(chapter: Chapter, step: int) -> str | None:
    """The decade or century of a chapter that is a year or lies where it ends, as EDTF: `199X`, `18XX`."""
    if chapter.kind == "undated":
        return None
    latest = When.parse(chapter.heading).latest
    year = int(latest[:-6])
    earliest = When.parse(chapter.heading).earliest
    if not 0 < year <= 9999 or (
        chapter.year is None and chapter.kind == "in" and int(earliest[:-6]) // step != year // step
    ):
        return None
    return f"{year // step:0{4 - len(str(step)) + 1}d}{'X' * (len(str(step)) - 1)}"


def _era_of(heading: str, inside: list[Chapter], *, flat: bool) -> Chapter:
    """An era with its years inside, or `flat`, if there is nothing but years."""
    if flat and all(chapter.year is not None for chapter in inside):
        return Chapter("in", heading, None, tuple(one for chapter in inside for one in chapter.events))
    # The decade as a date of its own, 199X, tells its events before its years.
    own = next((chapter for chapter in inside if chapter.heading == heading), None)
    years = tuple(chapter for chapter in inside if chapter is not own)
    return Chapter("in", heading, None, own.events if own is not None else (), years)
