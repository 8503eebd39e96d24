"""Where an axis of time is marked: whole days, months or years up to millennia, and what is written there.

Years before Christ are counted as historians do: there is no year 0, and a century begins at 100 BC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from chronicle.when.calendar import civil_from_days, days_from_civil

DAY = 86_400
_YEAR = 365.2425 * DAY


@dataclass(frozen=True, slots=True)
class Unit:
    """So many days, months or years from one mark to the next."""

    of: Literal["day", "month", "year"]
    count: int

    @property
    def seconds(self) -> float:
        """Its length on average."""
        return self.count * {"day": DAY, "month": _YEAR / 12, "year": _YEAR}[self.of]

    def index(self, second: int) -> int:
        """The number of the unit that the second lies in."""
        days = second // DAY
        if self.of == "day":
            return days // self.count
        year, month, _ = civil_from_days(days)
        if self.of == "month":
            return (year * 12 + month - 1) // self.count
        if self.count == 1 or year >= self.count:
            return year // self.count
        return 0 if year > 0 else (year - 1) // self.count

    def start(self, index: int) -> int:
        """The first second of the unit of that number."""
        if self.of == "day":
            return index * self.count * DAY
        if self.of == "month":
            year, month = divmod(index * self.count, 12)
            return days_from_civil(year, month + 1, 1) * DAY
        if self.count == 1 or index > 0:
            return days_from_civil(index * self.count, 1, 1) * DAY
        return days_from_civil(1 + index * self.count, 1, 1) * DAY


def _units() -> Iterator[Unit]:
    yield from (Unit("day", 1), Unit("day", 7), Unit("month", 1), Unit("month", 3))
    power = 1
    while True:
        yield from (Unit("year", power), Unit("year", 2 * power), Unit("year", 5 * power))
        power *= 10


def fitting(seconds: float) -> Unit:
    """The smallest unit that is no shorter than that."""
    return next(unit for unit in _units() if unit.seconds >= seconds)


class Calendar:
    """Dates as an axis writes them in one language: as short as can be."""

    def __init__(self, lang: str) -> None:
        # English as the reports write it: the day before the month.
        self._locale = Locale.parse("en-GB" if lang == "en" else lang, sep="-")

    def mark(self, unit: Unit, index: int, *, whole: bool) -> tuple[str, bool]:
        """What is written at the start of a unit, and whether a year begins; `whole` says the year in any case."""
        year, month, day = civil_from_days(unit.start(index) // DAY)
        begins = (month, day) == (1, 1)
        if unit.of == "year" or (begins and unit.of == "month" and not whole):
            return self.year(year), begins
        if not 1 <= year <= 9999:
            months = self._locale.months["stand-alone"]["abbreviated"]
            return (
                f"{day if unit.of == 'day' else ''} {months[month]} {self.year(year) if whole else ''}".strip(),
                begins,
            )
        skeleton = "MMM" if unit.of == "month" else "MMMd"
        date = dt.date(year, month, day)
        return format_skeleton(f"y{skeleton}" if whole or begins else skeleton, date, locale=self._locale), begins

    def year(self, year: int) -> str:
        """`1994`, `44 BC`; year 0 is 1 BC."""
        count = year if year > 0 else 1 - year
        digits = str(count) if count < 10_000 else format_decimal(count, locale=self._locale)
        if year > 0:
            return digits
        era = self._locale.eras["abbreviated"][0]
        pattern = self._locale.datetime_skeletons["Gy"].pattern
        return f"{era} {digits}" if pattern.find("G") < pattern.find("y") else f"{digits} {era}"
