"""Reading intervals (`1964/2008`, `1985/..`) and sets (`[1667, 1668]`, `{1960..1965}`)."""

from __future__ import annotations

from typing import NamedTuple

from chronicle.when.date import OPEN, UNKNOWN, Date, Range, Side
from chronicle.when.reader import Cursor, read_date
from chronicle.when.seasons import SEASONS

CLOSING = {"[": "]", "{": "}"}
KINDS = {"[": "one-of", "{": "all-of"}


class Compound(NamedTuple):
    """What an interval or a set was read as."""

    kind: str
    level: int
    ranges: tuple[Range, ...]


def read_interval(text: str, slash: int) -> Compound:
    """Two sides, each a date, `..` (open) or blank (unknown); not both blank, and not reversed."""
    second = text.find("/", slash + 1)
    cursor = Cursor(text, slash, len(text))
    if second >= 0:
        cursor.fail("is no EDTF date: an interval has one '/'", second)
    if text == "/":
        cursor.fail("is no EDTF date: expected a date or '..' on one side of '/'", 0)
    start = _side(text, 0, slash)
    end = _side(text, slash + 1, len(text))
    _refuse_reversed(cursor, start, end, slash + 1)
    return Compound("interval", max(_side_level(start), _side_level(end)), (Range(start, end),))


def _side(text: str, at: int, stop: int) -> Side:
    written = text[at:stop]
    return written if written in (OPEN, UNKNOWN) else read_date(text, at, stop)


def _side_level(side: Side) -> int:
    if isinstance(side, str):
        return 1
    # Level 1 allows no X and no season in an interval.
    return 2 if side.is_masked or side.month in SEASONS else side.level


def _refuse_reversed(cursor: Cursor, start: Side, end: Side, at: int) -> None:
    if isinstance(start, Date) and isinstance(end, Date) and start.first > end.last:
        cursor.fail("ends before it starts", at)


def read_set(text: str) -> Compound:
    """Members between `[ ]` (one of them) or `{ }` (all of them), each a date or a range `a..b`."""
    cursor = Cursor(text, 1, len(text) - 1)
    closing = CLOSING[text[0]]
    if len(text) < 2 or text[-1] != closing:
        cursor.fail(f"is no EDTF date: expected '{closing}' at the end", len(text))
    ranges: list[Range] = []
    at = 1
    while True:
        comma = text.find(",", at, cursor.stop)
        stop = cursor.stop if comma < 0 else comma
        ranges.append(_member(cursor, at, stop))
        if comma < 0:
            return Compound(KINDS[text[0]], 2, tuple(ranges))
        if ranges[-1].end == OPEN:
            cursor.fail("has an open end before its last member", stop - 2)
        at = comma + 1
        while text[at] == " ":
            at += 1


def _member(cursor: Cursor, at: int, stop: int) -> Range:
    text = cursor.text
    dots = text.find(OPEN, at, stop)
    if dots < 0:
        date = read_date(text, at, stop)
        return Range(date, date)
    if dots == at and dots + 2 == stop:
        cursor.fail("is no EDTF date: expected a date beside '..'", at)
    if dots == at and at > 1:
        cursor.fail("has an open start after its first member", at)
    start: Side = OPEN if dots == at else read_date(text, at, dots)
    end: Side = OPEN if dots + 2 == stop else read_date(text, dots + 2, stop)
    _refuse_reversed(cursor, start, end, dots + 2)
    return Range(start, end)
