"""Reading one EDTF date: a hand-written recursive descent over the characters, left to right.

Source: Library of Congress, "Extended Date/Time Format (EDTF) Specification" of 4 February 2019.
Every refusal names the character (columns count from 1) and what was expected there.
"""

from __future__ import annotations

from typing import NoReturn

from chronicle.errors import WhenError
from chronicle.when.calendar import DAY_SECONDS, MONTH_NAMES, days_from_civil, month_length
from chronicle.when.date import Date, joined, widened, years_name
from chronicle.when.mask import matching_numbers, matching_span
from chronicle.when.seasons import SEASONS

MARKS = "?~%"
DIGITS = "0123456789"
_MOST_DIGITS = 12  # years of more digits lie beyond 64-bit seconds
_SECONDS_LIMIT = 2**63
_TOO_FAR = "lies beyond 64-bit seconds, about 292 billion years either way"


class Cursor:
    """A place in a text; a date is read from `text[at:stop]` and columns count in the whole text."""

    __slots__ = ("at", "stop", "text")

    def __init__(self, text: str, at: int, stop: int) -> None:
        self.text = text
        self.at = at
        self.stop = stop

    def peek(self) -> str:
        """The next character, blank at the end."""
        return self.text[self.at] if self.at < self.stop else ""

    def skip(self, char: str) -> bool:
        """Step over the character if it is next."""
        if self.peek() != char:
            return False
        self.at += 1
        return True

    def mark(self) -> str:
        """Step over a qualifier, if one is next."""
        char = self.peek()
        if not char or char not in MARKS:
            return ""
        self.at += 1
        return char

    def digits(self, count: int, expected: str, *, masks: bool = True) -> str:
        """Exactly so many digits, where `masks` also X."""
        start = self.at
        for _ in range(count):
            char = self.peek()
            if not char or (char not in DIGITS and not (masks and char == "X")):
                if char == "x" and masks:
                    expected += ", with a capital X for an unspecified digit"
                self.fail(f"is no EDTF date: expected {expected}")
            self.at += 1
        return self.text[start : self.at]

    def number(self, what: str) -> str:
        """One or more digits without a leading zero."""
        start = self.at
        while self.peek() and self.peek() in DIGITS:
            self.at += 1
        found = self.text[start : self.at]
        if not found:
            self.fail(f"is no EDTF date: expected {what}")
        if found[0] == "0" and len(found) > 1:
            self.fail(f"has a leading zero in {what}", start)
        return found

    def fail(self, problem: str, at: int | None = None) -> NoReturn:
        """Refuse the text, pointing at an index or at the next character."""
        raise WhenError(self.text, (self.at if at is None else at) + 1, problem)


def read_date(text: str, at: int, stop: int) -> Date:
    """The date written in `text[at:stop]`, all of it; a time of day or a set is no date here."""
    cursor = Cursor(text, at, stop)
    before = cursor.mark()
    date = _long_year(cursor) if cursor.peek() == "Y" else _four_digits(cursor)
    marks = [(before, cursor.mark())]
    if cursor.peek() == "-" and len(date.year.lstrip("-")) == 4 and not date.significant:
        date = _month(cursor, date, marks)
    if cursor.at < stop:
        _refuse_rest(cursor, date)
    date = _qualified(date._replace(text=text[at:stop]), marks)
    _check_range(cursor, date, at)
    return date


def _refuse_rest(cursor: Cursor, date: Date) -> NoReturn:
    char = cursor.peek()
    if char == "T":
        cursor.fail("takes no time of day here: only a plain date, YYYY-MM-DD, standing alone does")
    if char == "x":
        cursor.fail("is no EDTF date: an unspecified digit is a capital X")
    if date.month in SEASONS and char == "-":
        cursor.fail("takes no day in a season or part of a year")
    if not date.month and char == "-":
        cursor.fail("takes no month after a year written with Y or S")
    if not date.month and char in DIGITS:
        cursor.fail("is no EDTF date: a year of more than four digits begins with Y")
    cursor.fail(f"is no EDTF date: expected nothing more after the {'day' if date.day else date.precision}")


def _four_digits(cursor: Cursor) -> Date:
    start = cursor.at
    sign = "-" if cursor.skip("-") else ""
    year = sign + cursor.digits(4, "a year of four digits")
    if year == "-0000":
        cursor.fail("has no year -0000: year zero is 0000", start)
    if cursor.peek() == "S":
        return _significant(cursor, year, 4)
    if "X" in year:
        return _masked_year(year)
    return _year(year, 1 if sign else 0)


def _masked_year(year: str) -> Date:
    span = matching_span(year, "", "")
    if span is None:  # pragma: no cover - every mask of a year fits some year but 0
        raise AssertionError(year)
    digits = year.lstrip("-")
    known = digits.rstrip("X")
    level = 1 if len(known) >= 2 and "X" not in known else 2
    return _days(*span, level=level, precision=years_name(4 - digits.index("X")), year=year)


def _year(year: str, level: int) -> Date:
    number = int(year)
    return _days(
        days_from_civil(number, 1, 1), days_from_civil(number, 12, 31), level=level, precision="year", year=year
    )


def _days(first: int, last: int, *, level: int, precision: str, year: str, month: str = "", day: str = "") -> Date:
    lo, hi = first * DAY_SECONDS, (last + 1) * DAY_SECONDS
    return Date("", level, precision, first, last, lo, hi, year, month, day)


def _long_year(cursor: Cursor) -> Date:
    start = cursor.at
    cursor.skip("Y")
    sign = "-" if cursor.skip("-") else ""
    digits = cursor.number("a year of more than four digits after Y")
    exponent = 0
    has_exponent = cursor.skip("E")
    if has_exponent:
        power = cursor.number("an exponent of digits after E")
        exponent = int(power) if len(power) < 4 else 1000
    if digits == "0" or (len(digits) <= 4 and not has_exponent):
        cursor.fail("needs no Y: a year of up to four digits is written with four digits", start)
    if len(digits) + exponent > _MOST_DIGITS:
        cursor.fail(_TOO_FAR, start)
    year = sign + digits + "0" * exponent
    if cursor.peek() == "S":
        return _significant(cursor, year, len(digits) + exponent)
    return _year(year, 2 if has_exponent else 1)


def _significant(cursor: Cursor, year: str, width: int) -> Date:
    if "X" in year:
        cursor.fail("is no EDTF date: a year with X has no significant digits")
    cursor.skip("S")
    at = cursor.at
    count = cursor.number("a count of significant digits after S")
    if len(count) > 2 or not 1 <= int(count) <= width:
        cursor.fail(f"has no {count} significant digits: expected 1 to {width}", at)
    unit = 10 ** (width - int(count))
    low = abs(int(year)) // unit * unit
    years = (-(low + unit - 1), -max(low, 1)) if year[0] == "-" else (low, low + unit - 1)
    first, last = days_from_civil(years[0], 1, 1), days_from_civil(years[1], 12, 31)
    date = _days(first, last, level=2, precision=years_name(width - int(count)), year=year)
    return date._replace(significant=int(count))


def _month(cursor: Cursor, year: Date, marks: list[tuple[str, str]]) -> Date:
    cursor.skip("-")
    before = cursor.mark()
    at = cursor.at
    month = cursor.digits(2, "a month of two digits")
    marks.append((before, cursor.mark()))
    if month in SEASONS:
        return _season(year, month)
    if not matching_numbers(month, 12):
        cursor.fail(f"has no month {month}", at)
    if cursor.skip("-"):
        before = cursor.mark()
        at = cursor.at
        day = cursor.digits(2, "a day of two digits")
        marks.append((before, cursor.mark()))
        return _day(cursor, at, year, month, day)
    span = matching_span(year.year, month, "")
    if span is None:  # pragma: no cover - a month that fits has days in every year
        raise AssertionError(month)
    level = _mask_level(year, month, "")
    precision = year.precision if year.is_masked or "X" in month else "month"
    return _days(*span, level=level, precision=precision, year=year.year, month=month)


def _season(year: Date, code: str) -> Date:
    season = SEASONS[code]
    first, last = (_season_days(number, season.month, season.months) for number in _year_ends(year))
    level = max(year.level, 2 if int(code) > 24 or year.is_masked else 1)
    precision = year.precision if year.is_masked else season.unit
    return _days(first[0], last[1], level=level, precision=precision, year=year.year, month=code)


def _year_ends(year: Date) -> tuple[int, int]:
    if not year.is_masked:
        return int(year.year), int(year.year)
    low, high = int(year.year.replace("X", "0")), int(year.year.replace("X", "9"))
    return (high, min(low, -1)) if year.year[0] == "-" else (low, high)


def _season_days(year: int, month: int, months: int) -> tuple[int, int]:
    extra, index = divmod(month - 1 + months, 12)
    return days_from_civil(year, month, 1), days_from_civil(year + extra, index + 1, 1) - 1


def _day(cursor: Cursor, at: int, year: Date, month: str, day: str) -> Date:
    span = matching_span(year.year, month, day)
    if span is None:
        cursor.fail(f"has no day {day}{_month_phrase(year.year, month, day)}", at)
    level = _mask_level(year, month, day)
    coarse = year.precision if year.is_masked or "X" in month else "month" if "X" in day else "day"
    return _days(*span, level=level, precision=coarse, year=year.year, month=month, day=day)


def _month_phrase(year: str, month: str, day: str) -> str:
    if not matching_numbers(day, 31):
        return ""
    return f" in month {month}" if "X" in month else f" in {MONTH_NAMES[int(month) - 1]} {year}"


def _mask_level(year: Date, month: str, day: str) -> int:
    """Level 1 leaves whole components out from the right: 2004-XX, 2004-04-XX, 2004-XX-XX."""
    if "X" not in year.year + month + day:
        return year.level
    if not year.is_masked and ("X" not in month or month == "XX") and (day == "XX" or (month == "XX" and not day)):
        return max(year.level, 1)
    return 2


def _qualified(date: Date, marks: list[tuple[str, str]]) -> Date:
    """A mark after a component qualifies all up to it, one before a component that component alone."""
    if not any(before or after for before, after in marks):
        return date
    in_force = tuple(
        joined(before + "".join(after for _, after in marks[index:])) for index, (before, _) in enumerate(marks)
    )
    trailing_only = not any(before for before, _ in marks) and not any(after for _, after in marks[:-1])
    level = 1 if trailing_only and date.month not in SEASONS else 2
    return date._replace(marks=in_force, level=max(date.level, level))


def _check_range(cursor: Cursor, date: Date, at: int) -> None:
    if len(date.year) <= 5:
        return
    lo, hi = widened(date)
    if lo < -_SECONDS_LIMIT or hi >= _SECONDS_LIMIT:
        cursor.fail(_TOO_FAR, at)


def read_plain(text: str) -> tuple[int, int, str] | None:
    """First day, last day and precision of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None leaves it to `read_date`."""
    if not text.isascii():
        return None
    width = len(text)
    if width == 10:
        if text[4] != "-" or text[7] != "-" or not (text[:4] + text[5:7] + text[8:]).isdigit():
            return None
        year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
        if not 1 <= month <= 12 or not (1 <= day <= 28 or 1 <= day <= month_length(year, month)):
            return None
        days = days_from_civil(year, month, day)
        return days, days, "day"
    if width == 4:
        if not text.isdigit():
            return None
        year = int(text)
        return days_from_civil(year, 1, 1), days_from_civil(year, 12, 31), "year"
    if width != 7 or text[4] != "-" or not (text[:4] + text[5:]).isdigit():
        return None
    year, month = int(text[:4]), int(text[5:])
    if not 1 <= month <= 12:
        return None
    first = days_from_civil(year, month, 1)
    return first, first + month_length(year, month) - 1, "month"
