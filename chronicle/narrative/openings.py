"""How the date of an event is said after the event told before it: by rule, never by chance (R19).

A date opens its sentence where it brings a new month, and ends it otherwise; what is of the same day says so; and what
is of one matter with the event before says how much later it is, where the bounds allow only one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chronicle.event.narrowing import named
from chronicle.event.span import DAY
from chronicle.narrative.chapters import Told, is_by
from chronicle.narrative.document import Run
from chronicle.narrative.language import Form, Language, runs_of
from chronicle.narrative.setting import Stated
from chronicle.when import When
from chronicle.when.calendar import civil_from_days

_MOST_DAYS = 99


@dataclass(frozen=True, slots=True)
class Opening:
    """The date of an event as it is said. `earlier` is the event that a span of time is counted from."""

    when: Form
    style: Literal["leading", "trailing", "undated"]
    earlier: Stated | None = None
    working: str | None = None


@dataclass(frozen=True, slots=True)
class Phrased:
    """A date that is said in one way, or two."""

    runs: tuple[Run, ...]
    bare: tuple[Run, ...] = ()

    def form(self, name: str) -> tuple[Run, ...]:
        """The runs; of the blank form those without a preposition, if there are such."""
        return self.bare if name == "" and self.bare else self.runs


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A whole number of days, months or years between two days."""

    count: int
    unit: Literal["day", "month", "year"]


class Openings:
    """Says dates in the order of the text."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._before: Told | None = None
        self._counted = False

    def start(self) -> None:
        """Begin a chapter: what comes first there says its date in full."""
        self._before = None

    def of(self, told: Told, year: int | None, heading: str, *, spoken: bool) -> Opening:
        """The date of the next event under a heading, which is an EDTF date, and its year.

        What is not `spoken` stands beside the title in full, and no time is counted up to it.
        """
        before, self._before = self._before, told
        language, when = self._language, told.when
        dated = language.when(when, year=year, fact=told.event.id)
        if is_by(when) or when.edtf == heading or not runs_of(dated, "on"):
            return Opening(dated, "undated")
        if before is None or not spoken or not told.has_happened or not before.has_happened:
            self._counted = False
            return Opening(dated, "leading")
        if _is_day(when) and before.when.edtf == when.edtf:
            said, bare = (
                Run(text, kind="date", when=when.edtf, fact=told.event.id)
                for text in (language.text("on the same day"), language.text("the same day"))
            )
            return Opening(Phrased((said,), (bare,)), "leading" if self._counted else "trailing")
        span = elapsed(before.when, when)
        if span is not None and not self._counted and is_one_matter(before, told):
            self._counted = True
            return self._later(before, told, dated, span)
        self._counted = False
        return Opening(dated, "trailing" if _month(before.when) == _month(when) else "leading")

    def _later(self, before: Told, told: Told, dated: Form, span: Elapsed) -> Opening:
        count, counted = span.count, self._language.counted
        if span.unit == "day":
            said = counted("{count} day later, {when:on}", "{count} days later, {when:on}", count, when=dated)
        elif span.unit == "month":
            said = counted("{count} month later, {when:on}", "{count} months later, {when:on}", count, when=dated)
        else:
            said = counted("{count} year later, {when:on}", "{count} years later, {when:on}", count, when=dated)
        working = f"{before.when.edtf} / {told.when.edtf} = {count} {span.unit}{'' if count == 1 else 's'}"
        return Opening(Phrased(said), "leading", Stated(before.event), working)


def elapsed(first: When, second: When) -> Elapsed | None:
    """The time from one day to a later one, if it is up to a month in days or a whole number of months or years."""
    if not (_is_day(first) and _is_day(second)):
        return None
    assert first.lo is not None
    assert second.lo is not None
    (year, month, day), (later_year, later_month, later_day) = (
        civil_from_days(lo // DAY) for lo in (first.lo, second.lo)
    )
    months = (later_year - year) * 12 + later_month - month
    if months > 0 and day == later_day:
        return Elapsed(months // 12, "year") if months % 12 == 0 else Elapsed(months, "month")
    days = (second.lo - first.lo) // DAY
    return Elapsed(days, "day") if 0 < days <= _MOST_DAYS else None


def is_one_matter(first: Told, second: Told) -> bool:
    """One is related to the other, or both are of one type and theme and name the same entities."""
    one, other = first.event, second.event
    if any(relation.event == other.id for relation in one.related):
        return True
    if any(relation.event == one.id for relation in other.related):
        return True
    return bool(one.tags) and one.tags[:1] == other.tags[:1] and set(named(one)) == set(named(other))


def _is_day(when: When) -> bool:
    return when.kind == "date" and when.precision == "day" and when.is_definite


def _month(when: When) -> str:
    return when.earliest[:-3]
