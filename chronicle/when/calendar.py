"""The proleptic Gregorian calendar over any whole year; year 0 exists and is 1 BC.

`datetime` stops at the years 1 and 9999, and dates of events do not.
"""

from __future__ import annotations

DAY_SECONDS = 86_400
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Days of an ordinary year before each month.
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_EPOCH = 719_528  # days from 0000-01-01 to 1970-01-01


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February; year 0 has."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Days in the month, 28 to 31."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Whole days from 1970-01-01 to the date, which must exist."""
    past = year - 1
    days = year * 365 + past // 4 - past // 100 + past // 400 + 1 + _BEFORE[month - 1] + day - 1 - _EPOCH
    if month > 2 and is_leap(year):
        return days + 1
    return days


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1970-01-01.

    After `civil_from_days` in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of
    400 years whose years begin on 1 March, so that the leap day is the last day of its year.
    """
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    return era * 400 + year_of_era + (month <= 2), month, day


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """The same day so many months on (or back); a day the month lacks becomes its last (29 February, 28)."""
    extra, index = divmod(month - 1 + months, 12)
    year, month = year + extra, index + 1
    return year, month, min(day, month_length(year, month))


def day_text(days: int) -> str:
    """`1994-09-20`, `-0044-03-15`, `170000002-01-01`: at least four digits of year."""
    year, month, day = civil_from_days(days)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}"
