"""Query dates: from `2025`, `yesterday` or an instant to the last second they include, in a zone.

The only place that knows zones and the clock, and in `when` the only one that uses `pendulum`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import pendulum
from pendulum.tz.exceptions import InvalidTimezone
from pendulum.tz.timezone import Timezone

from chronicle.errors import QuestionError, WhenError, shown
from chronicle.when.calendar import DAY_SECONDS, civil_from_days, day_text
from chronicle.when.when import When

_MICROSECONDS = 1_000_000
_RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of a question: its text as in the basis, and the last Unix second it includes."""

    text: str
    last: int


def clock() -> int:
    """Now, in microseconds since 1970-01-01T00:00:00Z. Nothing else in Chronicle reads the clock."""
    return time.time_ns() // 1_000


def instant_text(seconds: int) -> str:
    """`2025-12-31T23:59:59Z` for Unix seconds, of any year."""
    days, rest = divmod(seconds, DAY_SECONDS)
    minutes, second = divmod(rest, 60)
    return f"{day_text(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}Z"


def check_zone(zone: str) -> None:
    """Refuse, with QuestionError, what is no IANA time zone name."""
    _zone(zone)


def resolve_bound(text: str, *, zone: str, now: int) -> Bound:
    """The bound that a query date means, read inclusively to the end of its unit in the zone.

    `now` is in microseconds, as from `clock`. A time of day that the zone's clocks show twice is read as
    the later one, one they skip as if the change came after it. Beyond the years 1 to 9999 the zone's
    offset is taken from the same day of the nearest of them. QuestionError for what is no single year,
    part of a year, month, day or instant.
    """
    tz = _zone(zone)
    if text == "now":
        last = now // _MICROSECONDS
        return Bound(instant_text(last), last)
    if text in _RELATIVE_DAYS:
        today = pendulum.from_timestamp(now // _MICROSECONDS, tz=tz)
        text = today.add(days=_RELATIVE_DAYS[text]).to_date_string()
    when = _definite(text)
    if when.strict_hi is None:  # pragma: no cover - definite dates are closed
        raise AssertionError(text)
    if when.has_offset:
        return Bound(text, when.strict_hi - 1)
    if when.kind == "datetime":
        return Bound(text, _instant(when.strict_hi - 1, tz, later=True))
    # Years near the ends of 64-bit seconds are whole years, with months to spare for any zone.
    return Bound(text, _instant(when.strict_hi, tz, later=False) - 1)


def _definite(text: str) -> When:
    try:
        when = When.parse(text)
    except WhenError as error:
        raise QuestionError(str(error)) from error
    if when.kind not in ("date", "datetime") or not when.is_definite:
        raise QuestionError(f"{shown(text)} is no definite date: give a year, a month, a day or an instant")
    return when


def _zone(zone: str) -> Timezone:
    try:
        found = pendulum.timezone(zone)
    except (InvalidTimezone, ValueError, OSError) as error:
        raise QuestionError(f"{shown(zone)} is no time zone: expected an IANA name like Asia/Baku") from error
    if not isinstance(found, Timezone):
        raise QuestionError(f"{shown(zone)} is no time zone: expected an IANA name like Asia/Baku")
    return found


def _instant(local: int, tz: Timezone, *, later: bool) -> int:
    """Unix seconds of a local time given as if it were UTC; of two readings the later or the earlier."""
    days, rest = divmod(local, DAY_SECONDS)
    year, month, day = civil_from_days(days)
    near = min(max(year, 1), 9999)
    if near != year and (month, day) == (2, 29):
        day = 28
    wall = datetime(near, month, day, tzinfo=tz) + timedelta(seconds=rest)
    return max(local - _offset(wall, fold) for fold in (0, 1)) if later else local - _offset(wall, 0)


def _offset(wall: datetime, fold: int) -> int:
    offset = wall.replace(fold=fold).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
