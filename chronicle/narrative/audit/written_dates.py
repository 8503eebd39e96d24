"""What an EDTF text lets a report say: the years, months and days that it names, and no others.

It is taken from the text alone, so that a slip in reading dates is not made twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS, civil_from_days

_DATE = re.compile(
    r"(?P<year>Y-?[0-9]+(?:E[0-9]+)?|-?[0-9X]{4})(?:S(?P<significant>[0-9]+))?"
    r"(?:-(?P<month>[0-9X]{2}))?(?:-(?P<day>[0-9X]{2}))?(?:T[0-9:]+(?:[Z+-][0-9:]*)?)?"
)
_MARKS = re.compile(r"[~?%]")
_MONTHS = {
    33: (1, 3),
    34: (4, 6),
    35: (7, 9),
    36: (10, 12),
    37: (1, 4),
    38: (5, 8),
    39: (9, 12),
    40: (1, 6),
    41: (7, 12),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What an EDTF text names.

    `numbers` are `years` and `days` together; `seasons` count from spring, which is 1.
    `counts` are lengths in months, and the places of quarters and halves in their year.
    `approximate`, `uncertain`: it is so qualified. `by` has no beginning, `since` no end; `several` is a set.
    """

    numbers: frozenset[int]
    years: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    seasons: frozenset[int]
    counts: frozenset[int]
    approximate: bool
    uncertain: bool
    by: bool
    since: bool
    one_of: bool


@cache
def named(edtf: str) -> Named:
    """What an EDTF text names. WhenError if it is none."""
    when = When.parse(edtf)
    years: set[int] = set()
    days: set[int] = set()
    months: set[int] = set()
    seasons: set[int] = set()
    counts: set[int] = set()
    for found in _DATE.finditer(_MARKS.sub("", edtf)):
        years |= _years(found["year"], found["significant"])
        month = found["month"] or ""
        if "X" in month and month != "XX":
            months |= {number for number in range(1, 13) if _fits(month, number)}
        elif month.isdecimal():
            _add_month(int(month), months, seasons, counts)
        if found["day"] and "X" not in found["day"]:
            days.add(int(found["day"]))
    _add_length(when, counts)
    marks = set(_MARKS.findall(edtf))
    bare = edtf.strip("[]{}")
    return Named(
        numbers=frozenset(years | days),
        years=frozenset(years),
        days=frozenset(days),
        months=frozenset(months),
        seasons=frozenset(seasons),
        counts=frozenset(counts),
        approximate=bool(marks & {"~", "%"}),
        uncertain=bool(marks & {"?", "%"}),
        by=bare.startswith(("..", "/")),
        since=bare.endswith(("..", "/")),
        one_of=edtf.startswith("[")
        and ("," in edtf or (".." in edtf and not bare.startswith("..") and not bare.endswith(".."))),
    )


def _years(text: str, significant: str | None) -> set[int]:
    """The year as counted from and before Christ; of a masked or rounded one also its first and last."""
    sign = -1 if "-" in text else 1
    if text.startswith("Y"):
        mantissa, _, exponent = text.lstrip("Y-").partition("E")
        years = {int(mantissa) * 10 ** int(exponent or 0)}
        digits = len(str(max(years)))
    else:
        mask = text.lstrip("-")
        if mask == "XXXX":
            return set()
        years, digits = {int(mask.replace("X", "0")), int(mask.replace("X", "9"))}, len(mask)
    if significant:
        power = 10 ** max(digits - int(significant), 0)
        low = min(years) // power * power
        years |= {low, low + power - 1}
    return {year + 1 for year in years} if sign < 0 else years | ({1} if 0 in years else set())


def _add_month(code: int, months: set[int], seasons: set[int], counts: set[int]) -> None:
    if code <= 12:
        months.add(code)
    elif code <= 32:
        seasons.add((code - 21) % 4 + 1)
    else:
        months.update(_MONTHS[code])
        counts.add(code - (32 if code <= 36 else 36 if code <= 39 else 39))


def _add_length(when: When, counts: set[int]) -> None:
    """How many months a period of whole months has, and which quarter, half or part of its year it is."""
    if when.kind != "interval" or not when.is_definite or when.precision == "year":
        return
    assert when.strict_lo is not None
    assert when.strict_hi is not None
    start, end = civil_from_days(when.strict_lo // DAY_SECONDS), civil_from_days(when.strict_hi // DAY_SECONDS)
    if start[2] != 1 or end[2] != 1:
        return
    length = (end[0] - start[0]) * 12 + end[1] - start[1]
    counts |= {length, 1} if start[1] == 1 else {length}  # the first nine months
    if length in (3, 4, 6) and (start[1] - 1) % length == 0:
        counts.add((start[1] - 1) // length + 1)


def _fits(mask: str, number: int) -> bool:
    return all(char in ("X", digit) for char, digit in zip(mask, f"{number:02d}", strict=True))
