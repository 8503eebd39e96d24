"""An axis of time: which stretches are drawn, at what scale, and where a second lies on paper.

Time is drawn to one scale. A gap that would take most of the width is left out, and the break is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chronicle.narrative.pictures.lettering import width
from chronicle.narrative.pictures.room import Row
from chronicle.narrative.pictures.ticks import DAY, Calendar, Unit, fitting
from chronicle.when.calendar import days_from_civil

BREAK = 30.0
EDGE = 8.0
"""Pixels beyond the ends of the axis that are still paper."""
SIZE = 12.0
_SPACING, _SPACING_BC = 62.0, 88.0
_FIRST_YEAR = days_from_civil(1, 1, 1) * DAY
_LEAST = 64.0
_MOST_BREAKS = 3
_OVERWHELMING = 0.6
_AFTER = 0.05

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds `[lo, hi)` drawn without a break from `left` to `right`."""

    lo: int
    hi: int
    left: float
    right: float

    def x(self, second: int) -> float:
        """Where a second lies; what is beyond the stretch lies at its ends."""
        inside = min(max(second, self.lo), self.hi)
        return self.left + (self.right - self.left) * ((inside - self.lo) / (self.hi - self.lo))


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis and the middle of its label, which is left out where it would touch its neighbour.

    `strong` begins a year.
    """

    x: float
    label: str | None
    middle: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretches drawn, in order."""

    stretches: tuple[Stretch, ...]
    unit: Unit

    @property
    def left(self) -> float:
        return self.stretches[0].left

    @property
    def right(self) -> float:
        return self.stretches[-1].right

    def x(self, second: int) -> float:
        """Where a second lies; in a gap that is left out, at the end of it."""
        starts = [stretch.lo for stretch in self.stretches]
        at = max(bisect_right(starts, second) - 1, 0)
        if second > self.stretches[at].hi and at + 1 < len(self.stretches):
            at += 1
        return self.stretches[at].x(second)

    def breaks(self) -> list[float]:
        """The middle of each gap that is left out."""
        return [later.left - BREAK / 2 for later in self.stretches[1:]]

    def ticks(self, calendar: Calendar) -> list[Tick]:
        """The marks, from left to right."""
        marks = [(n, tick) for n, stretch in enumerate(self.stretches) for tick in self._ticks(stretch, calendar)]
        firsts = {next(i for i, (n, _) in enumerate(marks) if n == stretch) for stretch in range(len(self.stretches))}
        # The first mark of a stretch says the year, the starts of years come next; what would touch them keeps silent.
        ranked = sorted(range(len(marks)), key=lambda i: (i not in firsts, not marks[i][1].strong, i))
        room = Row()
        silent = set()
        for i in ranked:
            stretch, tick = self.stretches[marks[i][0]], marks[i][1]
            half = width(tick.label or "", SIZE) * 0.55 + 4
            ends_at_break = stretch is not self.stretches[-1] and tick.x > stretch.right - 1
            if ends_at_break or not room.take(tick.middle - half, tick.middle + half):
                silent.add(i)
        return [replace(tick, label=None) if i in silent else tick for i, (_, tick) in enumerate(marks)]

    def _ticks(self, stretch: Stretch, calendar: Calendar) -> list[Tick]:
        first, last = self.unit.index(stretch.lo), self.unit.index(stretch.hi)
        marks = []
        for index in range(first, last + 1):
            label, strong = calendar.mark(self.unit, index, whole=index == first)
            x = stretch.x(self.unit.start(index))
            half = width(label, SIZE) * 0.55
            marks.append(Tick(x, label, min(max(x, stretch.left + half - EDGE), self.right - half + EDGE), strong))
        return marks


def fit(spans: Sequence[Span], left: float, right: float) -> Axis:
    """The axis on which all the spans, of which there must be one, can be drawn between two places on paper."""
    parts = _parts(spans)
    room = right - left - BREAK * (len(parts) - 1)
    total = sum(hi - lo for lo, hi in parts)
    spacing = _SPACING if parts[0][0] >= _FIRST_YEAR else _SPACING_BC
    unit = fitting(max(total, 3 * DAY) / room * spacing)
    bounds = [_rounded(lo, hi, unit, int(total * _AFTER)) for lo, hi in parts]
    return Axis(tuple(_laid(bounds, left, room)), unit)


def _rounded(lo: int, hi: int, unit: Unit, after: int) -> Span:
    """From the start of a unit, so that the first mark is one, to the end of one or a little after all that is told."""
    first = unit.start(unit.index(lo))
    last = max(hi, first + DAY)
    return first, min(unit.start(unit.index(last - 1) + 1), last + max(after, DAY))


def _laid(bounds: list[Span], left: float, room: float) -> Iterable[Stretch]:
    """To one scale, save that no stretch is narrower than its labels."""
    small: set[int] = set()
    while True:
        rest = sum(hi - lo for i, (lo, hi) in enumerate(bounds) if i not in small)
        scale = (room - _LEAST * len(small)) / rest if rest else 0.0
        narrow = {i for i, (lo, hi) in enumerate(bounds) if i not in small and (hi - lo) * scale < _LEAST}
        if not narrow or len(small) + len(narrow) == len(bounds):
            break
        small |= narrow
    for i, (lo, hi) in enumerate(bounds):
        wide = _LEAST if i in small else (hi - lo) * scale
        yield Stretch(lo, hi, left, left + wide)
        left += wide + BREAK


def _parts(spans: Sequence[Span]) -> list[Span]:
    """The spans as stretches to draw: one, unless a gap takes most of the time and something is told on both sides."""
    merged = _merged(spans)
    cuts: set[int] = set()
    for _ in range(_MOST_BREAKS):
        gaps = {i: merged[i + 1][0] - merged[i][1] for i in range(len(merged) - 1) if i not in cuts}
        if not gaps or len(merged) < 3:
            break
        total = merged[-1][1] - merged[0][0] - sum(merged[i + 1][0] - merged[i][1] for i in cuts)
        widest = max(gaps, key=lambda i: (gaps[i], -i))
        if gaps[widest] <= total * _OVERWHELMING:
            break
        cuts.add(widest)
    ends = sorted(cuts)
    firsts = [0, *(i + 1 for i in ends)]
    lasts = [*ends, len(merged) - 1]
    return [(merged[first][0], merged[last][1]) for first, last in zip(firsts, lasts, strict=True)]


def _merged(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for lo, hi in sorted(spans):
        if found and lo <= found[-1][1]:
            found[-1] = (found[-1][0], max(hi, found[-1][1]))
        else:
            found.append((lo, hi))
    return found
