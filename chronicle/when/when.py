"""`When`: an EDTF text with its meaning, never without its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from chronicle.errors import WhenError
from chronicle.when.calendar import DAY_SECONDS, day_text
from chronicle.when.compound import CLOSING, read_interval, read_set
from chronicle.when.date import OPEN, UNKNOWN, Date, Range, Side, coarseness, joined, widened
from chronicle.when.instant import read_instant
from chronicle.when.phrase import phrase
from chronicle.when.reader import read_date, read_plain

LONGEST = 200
_QUALIFIERS = {"~": "approximate", "?": "uncertain", "%": "uncertain-and-approximate"}


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class When:
    """When something happened, and how precisely that is known. Equal to another of the same text.

    `kind` is date, datetime, interval, one-of (`[…]`) or all-of (`{…}`); the side of an interval may
    also be open (`..`) or unknown (blank). `level` is the highest EDTF level of any feature used.
    Bounds are half-open `[lo, hi)` whole Unix seconds in UTC, None where open or unknown:
    `strict_lo` and `strict_hi` as written, `lo` and `hi` widened by `~ ? %`, for reasoning.
    `ranges` are its dates as read: one range, or the members of a set.
    """

    edtf: str
    kind: str
    level: int
    strict_lo: int | None
    strict_hi: int | None
    lo: int | None
    hi: int | None
    ranges: tuple[Range, ...]

    @classmethod
    def parse(cls, text: str) -> When:
        """Read an EDTF text of level 0, 1 or 2; WhenError names the character and what was expected."""
        plain = read_plain(text)
        if plain is not None:
            first, last, precision = plain
            lo, hi = first * DAY_SECONDS, (last + 1) * DAY_SECONDS
            date = Date(text, 0, precision, first, last, lo, hi, text[:4], text[5:7], text[8:])
            return cls(text, "date", 0, lo, hi, lo, hi, (Range(date, date),))
        return _parsed(text)

    @property
    def start(self) -> When:
        """The first side of an interval; anything else itself."""
        return _sided(self.ranges[0].start) if self.kind == "interval" else self

    @property
    def end(self) -> When:
        """The second side of an interval; anything else itself."""
        return _sided(self.ranges[0].end) if self.kind == "interval" else self

    @property
    def earliest(self) -> str:
        """The first calendar day of the strict reading, `-0044-03-15`; `..` if open, blank if unknown.

        Of a date-time, the day as written, whatever its offset.
        """
        starts = [part.start for part in self.ranges]
        firsts = [side.first for side in starts if isinstance(side, Date)]
        return day_text(min(firsts)) if len(firsts) == len(starts) else _edge(starts)

    @property
    def latest(self) -> str:
        """The last calendar day of the strict reading, included; `..` if open, blank if unknown."""
        ends = [part.end for part in self.ranges]
        lasts = [side.last for side in ends if isinstance(side, Date)]
        return day_text(max(lasts)) if len(lasts) == len(ends) else _edge(ends)

    @property
    def precision(self) -> str:
        """How precisely the time is known: the unit of its coarsest part.

        second, day, month, season, quarter, third, half, year, decade, century, millennium or
        `10^6 years`; with digits left out, what is still known (1985-04-XX: month); `none` of `../..`.
        """
        return max((date.precision for date in self._dates()), key=coarseness, default="none")

    @property
    def qualifier(self) -> str | None:
        """What is doubted: approximate (`~`), uncertain (`?`), uncertain-and-approximate (`%`, or both somewhere)."""
        return _QUALIFIERS.get(joined("".join(mark for date in self._dates() for mark in date.marks)))

    @property
    def has_offset(self) -> bool:
        """A date-time with Z or an offset, so that its instant needs no zone."""
        return self.kind == "datetime" and len(self.edtf) > self.edtf.index("T") + len("T23:20:30")

    @property
    def is_definite(self) -> bool:
        """A closed span of time: no qualifier, X, significant digits, set, open or unknown end."""
        if self.kind not in ("date", "datetime", "interval") or self.strict_lo is None or self.strict_hi is None:
            return False
        return all(date.is_plain for date in self._dates())

    def phrase(self) -> str:
        """In English, without a preposition and never more precise than the text: `about 1994`."""
        return phrase(self.kind, self.ranges)

    def compare(self, other: When) -> str:
        """before, after or undetermined, by the reasoning bounds; what touches without overlap is in order."""
        if self.hi is not None and other.lo is not None and self.hi <= other.lo:
            return "before"
        if other.hi is not None and self.lo is not None and other.hi <= self.lo:
            return "after"
        return "undetermined"

    def as_json(self) -> dict[str, Any]:
        """What `chronicle when --json` prints, in its order."""
        return {
            "edtf": self.edtf,
            "valid": True,
            "level": self.level,
            "earliest": self.earliest,
            "latest": self.latest,
            "lo": self.lo,
            "hi": self.hi,
            "precision": self.precision,
            "qualifier": self.qualifier,
            "phrase": self.phrase(),
        }

    def _dates(self) -> list[Date]:
        return [side for part in self.ranges for side in part if isinstance(side, Date)]

    def __eq__(self, other: object) -> bool:
        return self.edtf == other.edtf if isinstance(other, When) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.edtf)

    def __repr__(self) -> str:
        return f"When.parse({self.edtf!r})"

    def __str__(self) -> str:
        return self.edtf


def describe(text: str) -> dict[str, Any]:
    """`as_json` of the text, or for a text that is no EDTF date the error and its column."""
    try:
        return When.parse(text).as_json()
    except WhenError as error:
        return {"edtf": text, "valid": False, "error": str(error), "column": error.column}


def _parsed(text: str) -> When:
    if len(text) > LONGEST:
        raise WhenError(text, LONGEST + 1, f"is longer than {LONGEST} characters")
    if text[:1] in CLOSING:
        compound = read_set(text)
        return _whole(text, compound.kind, compound.level, compound.ranges)
    slash = text.find("/")
    if slash >= 0:
        compound = read_interval(text, slash)
        return _whole(text, compound.kind, compound.level, compound.ranges)
    time_at = text.find("T")
    if time_at >= 0:
        return _single(read_instant(text, time_at), "datetime")
    return _single(read_date(text, 0, len(text)), "date")


def _single(date: Date, kind: str) -> When:
    return _whole(date.text, kind, date.level, (Range(date, date),))


def _sided(side: Side) -> When:
    if isinstance(side, Date):
        return _single(side, "date")
    return _whole(side, "open" if side == OPEN else "unknown", 1, (Range(side, side),))


def _whole(text: str, kind: str, level: int, ranges: tuple[Range, ...]) -> When:
    strict_lo: int | None = None
    strict_hi: int | None = None
    lo: int | None = None
    hi: int | None = None
    starts = [part.start for part in ranges if isinstance(part.start, Date)]
    if len(starts) == len(ranges):
        strict_lo = min(date.lo for date in starts)
        lo = min(widened(date)[0] for date in starts)
    ends = [part.end for part in ranges if isinstance(part.end, Date)]
    if len(ends) == len(ranges):
        strict_hi = max(date.hi for date in ends)
        hi = max(widened(date)[1] for date in ends)
    return When(text, kind, level, strict_lo, strict_hi, lo, hi, ranges)


def _edge(sides: list[Side]) -> str:
    return OPEN if OPEN in sides else UNKNOWN
