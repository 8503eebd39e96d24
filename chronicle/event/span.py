"""When a fact holds: the bounds of its `from` and its `until`, and the shape of its period (DESIGN section 3).

Instants are whole seconds since 1970-01-01T00:00:00Z, bounds half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from chronicle.event.model import Fact
from chronicle.when import When
from chronicle.when.calendar import add_months, civil_from_days, days_from_civil

SINCE_EVER = -(2**63)
"""The instant of `from: ..`, before any other."""

EARLIEST = SINCE_EVER + 1
"""The lower bound of a date that has none."""

FOREVER = 2**63 - 2
"""The instant of an `until` that never comes. One less than the largest 64-bit integer, so that `[FOREVER, FOREVER+1)`
still fits a database column."""

DAY = 86_400
NEVER = (FOREVER, FOREVER + 1)


when_of = lru_cache(maxsize=4096)(When.parse)
"""As `When.parse`: one date stands in several places of a document, and in many documents of a load."""


@dataclass(frozen=True, slots=True)
class Span:
    """`from` lies in `[from_lo, from_hi)`, `until` in `[until_lo, until_hi)`, and `from < until`.

    `from: ..` is the instant SINCE_EVER, before any unknown beginning; an `until` that never comes is FOREVER.
    """

    from_lo: int
    from_hi: int
    until_lo: int
    until_hi: int

    @property
    def is_possible(self) -> bool:
        """In some world it begins before it ends."""
        return self.until_hi - 1 > self.from_lo


def span_of(fact: Fact, occurred: When) -> Span:
    """The bounds of a fact that `event.validate` has passed; `occurred` is its event's. Raises WhenError otherwise."""
    if fact.period is not None:
        end = when_of(fact.period).strict_hi
        assert end is not None, "validated: a period is definite"
        return Span(end - 1, end, *NEVER)
    return Span(*_from(fact, occurred), *_until(fact))


def _from(fact: Fact, occurred: When) -> tuple[int, int]:
    stated = fact.from_ if fact.from_ is not None else fact.at
    if stated == "..":
        return SINCE_EVER, SINCE_EVER + 1
    if stated == "unknown":
        return EARLIEST, _hi(occurred)
    if stated is not None:
        return _bounds(when_of(stated))
    begin = occurred.start
    if begin.kind == "open":
        return SINCE_EVER, SINCE_EVER + 1
    if begin.kind == "unknown":
        return EARLIEST, _hi(occurred)
    return _bounds(begin)


def _until(fact: Fact) -> tuple[int, int]:
    if "unknown" in (fact.until, fact.through):
        return EARLIEST, FOREVER + 1
    if fact.until is not None:
        return _bounds(when_of(fact.until))
    if fact.through is not None:
        when = when_of(fact.through)
        unit = 1 if when.kind == "datetime" else DAY
        lo = EARLIEST if when.lo is None else when.lo + unit
        return lo, FOREVER + 1 if when.hi is None else when.hi + 1
    return NEVER


def _bounds(when: When) -> tuple[int, int]:
    return EARLIEST if when.lo is None else when.lo, _hi(when)


def _hi(when: When) -> int:
    return FOREVER if when.hi is None else when.hi


def shape_of(period: str) -> str:
    """The shape of a definite period: `P9M` for whole months, `P10D` for days. Two shapes never replace each other."""
    when = when_of(period)
    assert when.strict_lo is not None
    assert when.strict_hi is not None
    first, end = when.strict_lo // DAY, when.strict_hi // DAY
    (year, month, day), (end_year, end_month, end_day) = civil_from_days(first), civil_from_days(end)
    if day == end_day == 1:
        return f"P{(end_year - year) * 12 + end_month - month}M"
    return f"P{end - first}D"


def periods_before(lo: int, hi: int) -> tuple[tuple[int, int], ...]:
    """The periods of the same shape a year before `[lo, hi)`, both whole days, and just before it; each once.

    A year before is by the calendar, 29 February giving the 28th; for whole weeks it is also 52 weeks before.
    """
    start, end = civil_from_days(lo // DAY), civil_from_days(hi // DAY)
    if start[2] == end[2] == 1:
        months = (end[0] - start[0]) * 12 + end[1] - start[1]
        found = [(_moved(start, -back), _moved(end, -back)) for back in (12, months)]
    else:
        days = (hi - lo) // DAY
        starts = [_moved(start, -12), lo // DAY - days, *([lo // DAY - 364] if days % 7 == 0 else [])]
        found = [(first, first + days) for first in starts]
    return tuple(dict.fromkeys((first * DAY, after * DAY) for first, after in found))


def _moved(date: tuple[int, int, int], months: int) -> int:
    return days_from_civil(*add_months(*date, months))


def shape_order(shape: str) -> tuple[str, int]:
    """Sort key: facts without a period first, then days, then months, each by length."""
    return (shape[-1:], int(shape[1:-1])) if shape else ("", 0)
