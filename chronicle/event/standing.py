"""Where an event stands in time, which has one second only: by its earliest or by its latest.

Strict bounds count, so that a qualifier moves nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from chronicle.event.span import DAY, EARLIEST, FOREVER
from chronicle.when import When
from chronicle.when.calendar import civil_from_days


class Standing(NamedTuple):
    """Unix seconds in UTC: when it may have begun, EARLIEST where nobody knows; and when it has certainly come.

    That is the last second of an interval, or where it has no end of its start, else FOREVER.
    """

    earliest: int
    latest: int


def standing_of(when: When) -> Standing:
    """Where an event of that date stands."""
    earliest = EARLIEST if when.strict_lo is None else when.strict_lo
    for hi in (when.strict_hi, when.start.strict_hi):
        if hi is not None:
            return Standing(earliest, hi - 1)
    return Standing(earliest, FOREVER)


def year_of(second: int) -> str:
    """The year of a second in UTC, as EDTF writes it; empty for the bound of a date that has none."""
    if not EARLIEST < second < FOREVER:
        return ""
    year = civil_from_days(second // DAY)[0]
    sign = "-" if year < 0 else ""
    return f"Y{year}" if abs(year) > 9999 else f"{sign}{abs(year):04d}"
