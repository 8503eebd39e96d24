"""Time values of Wikibase as EDTF (https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html#json_datavalues_time).

Precisions: 11 day, 10 month, 9 year, 8 decade, 7 century, 6 millennium, then 10^4 years (5) to 10^9 (0). Centuries and
millennia end with their round year, as Wikidata shows them: 1900 at precision 7 is the 19th century, 1801 to 1900.
There is no year zero: -0044 is 44 BC, which is -0043 in EDTF. In the Julian calendar the text is Julian too; a day is
turned into a day, and a month, a year or more into the set of days that they are in the Gregorian calendar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chronicle.errors import WhenError
from chronicle.exchange.json_text import fields, text_of
from chronicle.when import When
from chronicle.when.calendar import day_text, month_length

GREGORIAN = "Q1985727"
JULIAN = "Q1985786"

_TIME = re.compile(r"([+-])(\d{1,16})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_SECONDS = 14
_DAY, _MONTH, _YEAR, _DECADE, _CENTURY, _MILLENNIUM = 11, 10, 9, 8, 7, 6
_JULIAN_EPOCH = 719_530
"""Days from 0000-01-01 of the Julian calendar to 1970-01-01 of the Gregorian one."""


def edtf(value: object) -> str:
    """The time value as EDTF, exactly as vague as it is; hours and minutes, which EDTF lacks, are told by their day.

    Raises ValueError saying why it cannot be.
    """
    given = fields(value)
    found = _TIME.fullmatch(text_of(given.get("time")))
    if found is None:
        raise ValueError(f"{text_of(given.get('time'))!r} is no time of Wikibase")
    precision = int(precision) if (precision := text_of(given.get("precision"))) in map(str, range(15)) else -1
    if precision < 0:
        raise ValueError("has no precision from 0 to 14")
    model = text_of(given.get("calendarmodel")).rpartition("/")[2]
    if model not in (GREGORIAN, JULIAN):
        raise ValueError(f"is in the calendar {model!r}, which is neither Gregorian nor Julian")
    if text_of(given.get("timezone")) not in ("", "0"):
        raise ValueError("is in a time zone, which Wikibase does not use")
    sign, digits, month, day = found.group(1, 2, 3, 4)
    year = int(digits) if sign == "+" else 1 - int(digits)
    if sign == "-" and not int(digits):
        year = 0
    text = _text(year, int(month), int(day), precision, found.group(5, 6, 7), is_julian=model == JULIAN)
    try:
        return When.parse(text).edtf
    except WhenError as error:
        raise ValueError(str(error)) from None


def _text(year: int, month: int, day: int, precision: int, clock: Sequence[str], *, is_julian: bool) -> str:
    if precision < _MILLENNIUM:
        return _rounded(year, precision)
    if precision >= _DAY and not is_julian:
        at = f"{_year(year)}-{month:02d}-{day:02d}"
        return f"{at}T{':'.join(clock)}Z" if precision == _SECONDS else at
    first, last = _span(year, month, precision)
    if is_julian:
        if precision >= _DAY:
            return day_text(_julian_days(year, month, day))
        begin = _julian_days(first, month if precision == _MONTH else 1, 1)
        end = _julian_days(*((year, month + 1, 1) if precision == _MONTH and month < 12 else (last + 1, 1, 1))) - 1
        return f"[{day_text(begin)}..{day_text(end)}]"
    if precision == _MONTH:
        return f"{_year(year)}-{month:02d}"
    if precision == _YEAR:
        return _year(year)
    if precision == _DECADE and first >= 0 and last <= 9999:
        return f"{first // 10:03d}X"
    return f"[{_year(first)}..{_year(last)}]"


def _span(year: int, month: int, precision: int) -> tuple[int, int]:
    """The first and the last year that a value of some precision is about."""
    if precision >= _MONTH and not 1 <= month <= 12:
        raise ValueError(f"has no month {month}, though its precision is a month or better")
    if precision >= _YEAR:
        return year, year
    unit = {_DECADE: 10, _CENTURY: 100, _MILLENNIUM: 1000}[precision]
    if precision == _DECADE:
        # The 1950s are 1950 to 1959; the 50s BC are 59 to 50 BC.
        if year > 0:
            return year // 10 * 10, year // 10 * 10 + 9
        before = (1 - year) // 10 * 10
        return 1 - (before + 9), 1 - max(before, 1)
    if year > 0:
        last = -(-year // unit) * unit
        return last - unit + 1, last
    before = -(-(1 - year) // unit) * unit
    return 1 - before, 1 - (before - unit + 1)


def _rounded(year: int, precision: int) -> str:
    """A year of which only the first digits count."""
    significant = len(str(abs(year))) - (_YEAR - precision)
    if significant < 1:
        raise ValueError(f"has the year {year} at a precision of 10^{_YEAR - precision} years, which leaves no digit")
    rest = 10 ** (_YEAR - precision)
    rounded = (abs(year) + rest // 2) // rest * rest
    return f"Y{'-' if year < 0 else ''}{rounded}S{len(str(rounded)) - (_YEAR - precision)}"


def _year(year: int) -> str:
    if abs(year) > 9999:
        raise ValueError(f"has the year {year}: EDTF has only years of four digits where more than a year is said")
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def _julian_days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a day of the Julian calendar, in which every fourth year has a 29 February."""
    if not 1 <= month <= 12:
        raise ValueError(f"has no month {month}, though its precision is a day")
    length = 29 if month == 2 and year % 4 == 0 else month_length(2001, month)
    if not 1 <= day <= length:
        raise ValueError(f"has no day {day} in its month")
    past = year - 1
    before = sum(month_length(2001, one) for one in range(1, month)) + (month > 2 and year % 4 == 0)
    return year * 365 + past // 4 + 1 + before + day - 1 - _JULIAN_EPOCH
