"""One date as read, without sets or intervals: its parts, its strict days, and how `~ ? %` widen it."""

from __future__ import annotations

from typing import NamedTuple

from chronicle.when.calendar import DAY_SECONDS, add_months, civil_from_days, days_from_civil
from chronicle.when.seasons import SEASONS

OPEN = ".."
UNKNOWN = ""

COARSENESS = ("second", "day", "month", "season", "quarter", "third", "half", "year", "decade", "century", "millennium")


class Date(NamedTuple):
    """A date of any level, or an instant.

    `first` and `last` are days since 1970-01-01, both included; `[lo, hi)` are Unix seconds.
    `year`, `month` and `day` are as written, without qualifiers: digits and X, blank where absent
    (a year written with Y, E or S is given in plain digits). `month` may be a season's code.
    `marks` is what qualifies year, month and day: "", "?", "~" or "%"; empty if nothing does.
    """

    text: str
    level: int
    precision: str
    first: int
    last: int
    lo: int
    hi: int
    year: str
    month: str = ""
    day: str = ""
    marks: tuple[str, ...] = ()
    significant: int = 0
    time: str = ""

    @property
    def is_plain(self) -> bool:
        """Neither qualified, nor masked with X, nor of significant digits."""
        return not (self.marks or self.significant or self.is_masked)

    @property
    def is_masked(self) -> bool:
        """Some digit is unspecified."""
        return "X" in self.year or "X" in self.month or "X" in self.day


Side = Date | str
"""A date, or one of OPEN and UNKNOWN."""


class Range(NamedTuple):
    """From `start` to `end`, both included: an interval, a range in a set, or one date twice."""

    start: Side
    end: Side


def joined(marks: str) -> str:
    """What several qualifiers say together: `?` and `~` make `%`."""
    if "%" in marks or ("?" in marks and "~" in marks):
        return "%"
    return marks[:1]


def years_name(power: int) -> str:
    """The precision of a span of 10 to the `power` years."""
    return ("year", "decade", "century", "millennium")[power] if power < 4 else f"10^{power} years"


def coarseness(precision: str) -> tuple[int, int]:
    """A sort key: the coarser the precision, the greater."""
    if precision in COARSENESS:
        return COARSENESS.index(precision), 0
    return len(COARSENESS), int(precision.removeprefix("10^").removesuffix(" years"))


def widened(date: Date) -> tuple[int, int]:
    """The reasoning bounds: strict bounds moved outwards by one unit of the finest qualified component.

    Chronicle's convention, not EDTF's, which gives `~ ? %` no width.
    """
    if not date.marks:
        return date.lo, date.hi
    months = _unit_months(date)
    if months == 0:
        return date.lo - DAY_SECONDS, date.hi + DAY_SECONDS
    return _moved(date.first, -months), _moved(date.last + 1, months)


def _unit_months(date: Date) -> int:
    finest = max(index for index, mark in enumerate(date.marks) if mark)
    if finest == 0:
        return 12
    if finest == 2:
        return 0
    season = SEASONS.get(date.month)
    return season.months if season else 1


def _moved(days: int, months: int) -> int:
    return days_from_civil(*add_months(*civil_from_days(days), months)) * DAY_SECONDS
