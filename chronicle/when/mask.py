"""Unspecified digits: the first and last real calendar days that match `156X-12-25` and its like."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from chronicle.when.calendar import days_from_civil, month_length

_RISING = "0123456789"
_FALLING = "9876543210"


def matching_years(mask: str, *, falling: bool = False) -> Iterator[int]:
    """Years whose digits fit, in order. `-01XX` fits -199 to -100; year 0 has no minus sign."""
    negative = mask[0] == "-"
    digits = _FALLING if falling != negative else _RISING
    for chosen in product(*(digits if char == "X" else char for char in mask.lstrip("-"))):
        year = int("".join(chosen))
        if not negative:
            yield year
        elif year:
            yield -year


def matching_numbers(mask: str, limit: int) -> list[int]:
    """Numbers from 1 to `limit` whose two digits fit, rising."""
    if "X" not in mask:
        number = int(mask)
        return [number] if 1 <= number <= limit else []
    tens, ones = mask[0], mask[1]
    return [
        number
        for number in range(1, limit + 1)
        if tens in ("X", _RISING[number // 10]) and ones in ("X", _RISING[number % 10])
    ]


def matching_span(year: str, month: str, day: str) -> tuple[int, int] | None:
    """First and last matching days since 1970-01-01; None if no calendar day fits.

    A blank month or day means every month or every day.
    """
    months = matching_numbers(month or "XX", 12)
    days = matching_numbers(day or "XX", 31)
    if not months or not days:
        return None
    first = _extreme(year, months, days, falling=False)
    if first is None:
        return None
    last = _extreme(year, months[::-1], days[::-1], falling=True)
    return None if last is None else (first, last)


def _extreme(year_mask: str, months: list[int], days: list[int], *, falling: bool) -> int | None:
    # Only 29 February depends on the year, so this ends in the first year for nearly every mask.
    for year in matching_years(year_mask, falling=falling):
        for month in months:
            length = month_length(year, month)
            for day in days:
                if day <= length:
                    return days_from_civil(year, month, day)
    return None
