"""Reading a date-time: `1985-04-12T23:20:30`, with `Z`, an offset, or neither (which is read as UTC)."""

from __future__ import annotations

from chronicle.when.calendar import DAY_SECONDS
from chronicle.when.date import Date
from chronicle.when.reader import Cursor, read_date

_EARLIEST_OFFSET = -12 * 3600
_LATEST_OFFSET = 14 * 3600


def read_instant(text: str, time_at: int) -> Date:
    """The instant written in the text, whose `T` is at an index; its day is the one written."""
    cursor = Cursor(text, time_at, len(text))
    date = read_date(text, 0, time_at)
    if date.precision != "day" or not date.is_plain:
        cursor.fail("takes a time of day only after a plain date, YYYY-MM-DD")
    day = date.first
    cursor.skip("T")
    seconds = _clock(cursor)
    written = text[time_at + 1 : cursor.at]
    offset = _offset(cursor)
    zone = text[time_at + 1 + len(written) :]
    lo = day * DAY_SECONDS + seconds - offset
    return Date(text, date.level, "second", day, day, lo, lo + 1, date.year, date.month, date.day, time=written + zone)


def _clock(cursor: Cursor) -> int:
    hours = _pair(cursor, "hour", "an hour of two digits after T", 23)
    _separator(cursor, "minutes")
    minutes = _pair(cursor, "minute", "a minute of two digits", 59)
    _separator(cursor, "seconds")
    seconds = _pair(cursor, "second", "a second of two digits", 59)
    return hours * 3600 + minutes * 60 + seconds


def _pair(cursor: Cursor, name: str, expected: str, limit: int) -> int:
    at = cursor.at
    digits = cursor.digits(2, expected, masks=False)
    if int(digits) > limit:
        cursor.fail(f"has no {name} {digits}", at)
    return int(digits)


def _separator(cursor: Cursor, following: str) -> None:
    if not cursor.skip(":"):
        cursor.fail(f"is no EDTF date: expected ':' and {following}")


def _offset(cursor: Cursor) -> int:
    """Seconds east of UTC."""
    at = cursor.at
    sign = cursor.peek()
    if sign in ("+", "-"):
        cursor.skip(sign)
        seconds = _pair(cursor, "offset hour", "an offset hour of two digits", 23) * 3600
        if cursor.skip(":"):
            seconds += _pair(cursor, "offset minute", "an offset minute of two digits", 59) * 60
        seconds = -seconds if sign == "-" else seconds
        if sign == "-" and seconds == 0:
            cursor.fail("has no offset of minus zero: write Z or +00:00", at)
        if not _EARLIEST_OFFSET <= seconds <= _LATEST_OFFSET:
            cursor.fail("has an offset outside -12:00 to +14:00", at)
    elif sign == "Z":
        cursor.skip("Z")
    else:
        seconds = 0
        if sign == ".":
            cursor.fail("takes no fraction of a second")
    if cursor.at < cursor.stop:
        cursor.fail("is no EDTF date: expected Z, an offset like +04:00 or the end after the time")
    return seconds if sign in ("+", "-") else 0
