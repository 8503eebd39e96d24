"""Dates in English: without a preposition, and never more precise than what is written.

`..` reads ongoing (or open), a blank side reads not stated, `[..X]` reads X or earlier: three facts,
three texts.
"""

from __future__ import annotations

from chronicle.when.calendar import MONTH_NAMES
from chronicle.when.date import OPEN, Date, Range, Side
from chronicle.when.mask import matching_numbers
from chronicle.when.seasons import SEASONS

_ADVERBS = {"~": "about", "?": "possibly", "%": "possibly about"}
_ADJECTIVES = {"~": "approximate", "?": "uncertain", "%": "uncertain and approximate"}


def phrase(kind: str, ranges: tuple[Range, ...]) -> str:
    """The phrase of a whole `When`."""
    if kind in ("one-of", "all-of"):
        return _set(ranges, "or" if kind == "one-of" else "and")
    start, end = ranges[0]
    if kind == "interval":
        return _interval(start, end)
    if isinstance(start, Date):
        return _date(start)
    return "open" if start == OPEN else "not stated"


def _date(date: Date) -> str:
    said = _unqualified(date)
    marks = date.marks
    if not marks:
        return said
    if len(set(marks)) == 1:
        return f"{_ADVERBS[marks[0]]} {said}"
    return f"{said} ({_component_notes(date)})"


def _component_notes(date: Date) -> str:
    """`year uncertain, day approximate`; components marked alike share the word."""
    season = SEASONS.get(date.month)
    names = ("year", season.unit if season else "month", "day")
    grouped: dict[str, list[str]] = {}
    for name, mark in zip(names, date.marks, strict=False):
        if mark:
            grouped.setdefault(mark, []).append(name)
    return ", ".join(f"{' and '.join(parts)} {_ADJECTIVES[mark]}" for mark, parts in grouped.items())


def _unqualified(date: Date) -> str:
    if date.is_masked:
        return _masked(date)
    if date.significant:
        return f"some year {_years(date)}, estimated at {_bare_year(int(date.year))}"
    year = _year(int(date.year))
    if date.month in SEASONS:
        season = SEASONS[date.month]
        return f"{season.name} {year}" if season.unit == "season" else f"{season.name} of {year}"
    if not date.month:
        return year
    month = MONTH_NAMES[int(date.month) - 1]
    if not date.day:
        return f"{month} {year}"
    day = f"{int(date.day)} {month} {year}"
    return f"{day}, {_time(date.time)}" if date.time else day


def _year(year: int) -> str:
    """`753 BC` for -752, `1 BC` for 0, `AD 79`, `1994`, `the year 170,000,002`."""
    if year <= 0:
        before = 1 - year
        return f"{before} BC" if before < 10_000 else f"{before:,} BC"
    if year < 1000:
        return f"AD {year}"
    return str(year) if year < 10_000 else f"the year {year:,}"


def _bare_year(year: int) -> str:
    return _year(year).removeprefix("the year ")


def _years(date: Date) -> str:
    """The span of years of a masked or significant-digits year: `from 1500 to 1599`."""
    if date.significant:
        power = len(date.year.lstrip("-")) - date.significant
        low = abs(int(date.year)) // 10**power * 10**power
        high = low + 10**power - 1
    else:
        digits = date.year.lstrip("-")
        low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if date.year[0] == "-":
        return f"from {_year(-high)} to {_year(-max(low, 1))}"
    return f"from {_bare_year(low)} to {_bare_year(high)}"


def _time(time: str) -> str:
    clock, zone = time[:8], time[8:]
    if not zone:
        return clock
    return f"{clock} UTC" if zone == "Z" else f"{clock} (UTC{zone})"


def _masked(date: Date) -> str:
    year, link = _year_and_link(date)
    if not date.month:
        return year
    if date.month in SEASONS:
        return f"{SEASONS[date.month].name} {link or 'of '}{year}"
    if "X" in date.month:
        return _masked_month(date, f"{link}{year}", f"{link or 'in '}{year}")
    month = f"{MONTH_NAMES[int(date.month) - 1]} {link}{year}"
    if not date.day:
        return month
    if "X" not in date.day:
        return f"{int(date.day)} {month}"
    days = matching_numbers(date.day, 31)
    return f"some day in {month}" if date.day == "XX" else f"some day from {days[0]} to {days[-1]} {month}"


def _year_and_link(date: Date) -> tuple[str, str]:
    """The year, and what joins a month to it: `May 1994`, `May in the 1990s`, `May of an unknown year`."""
    if "X" not in date.year:
        return _year(int(date.year)), ""
    year = _masked_year(date.year, date)
    return year, "in " if year.startswith("the ") else "of "


def _masked_month(date: Date, joined_year: str, in_year: str) -> str:
    what = "some month" if not date.day else "some day" if "X" in date.day else f"day {int(date.day)} of some month"
    if date.month == "XX":
        return f"{what} {in_year}"
    months = [MONTH_NAMES[month - 1] for month in matching_numbers(date.month, 12)]
    span = f"in {months[0]}" if len(months) == 1 else f"from {months[0]} to {months[-1]}"
    return f"{what} {span} {joined_year}"


def _masked_year(mask: str, date: Date) -> str:
    digits = mask.lstrip("-")
    if digits == "XXXX":
        return "an unknown year BC" if mask[0] == "-" else "an unknown year"
    # A decade is named only where its name cannot be taken for a century or an era.
    if mask[0] != "-" and digits[3] == "X" and "X" not in digits[:3] and digits[0] != "0" and digits[2] != "0":
        return f"the {digits[:3]}0s"
    return f"some year {_years(date)}"


def _interval(start: Side, end: Side) -> str:
    if isinstance(start, Date) and isinstance(end, Date):
        return f"from {_without(start, end)} to {_date(end)}"
    if isinstance(start, Date):
        return f"from {_date(start)}, ongoing" if end == OPEN else f"from {_date(start)} (end not stated)"
    if isinstance(end, Date):
        return f"until {_date(end)} ({'open start' if start == OPEN else 'start not stated'})"
    if start == end:
        return "ongoing (open start)"
    return "ongoing (start not stated)" if end == OPEN else "open start (end not stated)"


def _without(date: Date, following: Date) -> str:
    """The date with the month and year it shares with the following one left unsaid."""
    alike = date.is_plain and following.is_plain and date.year == following.year and not date.time
    if not alike or bool(date.day) != bool(following.day) or not date.month or not following.month:
        return _date(date)
    if date.month in SEASONS or following.month in SEASONS or date[7:10] == following[7:10]:
        return _date(date)
    month = MONTH_NAMES[int(date.month) - 1]
    if not date.day:
        return month
    return str(int(date.day)) if date.month == following.month else f"{int(date.day)} {month}"


def _set(ranges: tuple[Range, ...], conjunction: str) -> str:
    dates = [part.start for part in ranges if part.start is part.end and isinstance(part.start, Date)]
    only_dates = len(dates) == len(ranges)
    said = _listed(dates) if only_dates else [_member(part, conjunction) for part in ranges]
    if len(said) == 1:
        return said[0]
    # A range has a conjunction or a span of its own; the comma keeps the last member apart from it.
    return f"{', '.join(said[:-1])}{'' if only_dates else ','} {conjunction} {said[-1]}"


def _listed(dates: list[Date]) -> list[str]:
    """Members that are all days, or all months, share the year and month of the last: `10`, `11 February 2026`."""
    last = dates[-1]
    return [_without(date, last) if _shares(dates) else _date(date) for date in dates[:-1]] + [_date(last)]


def _shares(dates: list[Date]) -> bool:
    """Sharing reads well only if it is the same from first to last."""
    first = dates[0]
    if any(date.year != first.year or bool(date.day) != bool(first.day) for date in dates):
        return False
    return not first.day or len({date.month for date in dates}) in (1, len(dates))


def _member(part: Range, conjunction: str) -> str:
    start, end = part
    if isinstance(start, Date) and isinstance(end, Date):
        if start is end:
            return _date(start)
        span = f"from {_without(start, end)} to {_date(end)}"
        if start.precision != end.precision or not (start.is_plain and end.is_plain):
            return f"all the time {span}" if conjunction == "and" else f"some time {span}"
        return f"{'every' if conjunction == 'and' else 'a'} {start.precision} {span}"
    if isinstance(end, Date):
        return f"{_date(end)} {conjunction} earlier"
    return f"{_date(start)} {conjunction} later" if isinstance(start, Date) else ""
