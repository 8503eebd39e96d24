"""What of a line of time an event takes: where it is certain, where it fades, where it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chronicle.narrative.document import Item
from chronicle.narrative.pictures.axis import Axis, Span
from chronicle.narrative.pictures.ticks import DAY

_TAIL = 44.0
_LEAST = 9.0
_WHISKERED = 24.0
_OVERLONG = 50


@dataclass(frozen=True, slots=True)
class Extent:
    """All that is drawn of an event lies from `left` to `right`, in pixels.

    From `solid` to `firm` it was certainly going on; outside of that it fades. Without them it is somewhere within.
    `before` and `after` run on beyond what is drawn. A `day` is exact. Between `left` and `right` of an `uncertain`
    date, `core` is what is stated and the rest is doubt.
    """

    left: float
    right: float
    solid: float | None = None
    firm: float | None = None
    day: bool = False
    before: bool = False
    after: bool = False
    core: tuple[float, float] | None = None
    ends_unknown: bool = False

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def extent(item: Item, axis: Axis, as_of: int) -> Extent:
    """Where an item lies on an axis."""
    if item.lasting:
        return _lasting(item, axis, as_of)
    if item.lo is None and item.hi is None:
        return Extent(axis.left, axis.right, before=True, after=True)
    if item.lo is None:
        assert item.hi is not None
        right = max(axis.x(item.hi), axis.left + _LEAST)
        return Extent(max(right - _TAIL, axis.left), right, before=True)
    left = min(axis.x(item.lo), axis.right - _LEAST)
    if item.hi is None:
        return Extent(left, min(left + _TAIL, axis.right), after=True)
    right = axis.x(item.hi)
    if item.doubtful:
        left, right = _no_less(left, right, _WHISKERED, axis)
        third = (right - left) / 3
        return Extent(left, right, core=(left + third, right - third))
    before, after = item.lo < axis.stretches[0].lo, item.hi > axis.stretches[-1].hi
    if item.hi - item.lo <= DAY:
        middle = min(max((left + right) / 2, axis.left + _LEAST / 2), axis.right - _LEAST / 2)
        return Extent(middle - _LEAST / 2, middle + _LEAST / 2, day=True)
    left, right = _no_less(left, right, _LEAST, axis)
    return Extent(left, right, before=before, after=after)


def _lasting(item: Item, axis: Axis, as_of: int) -> Extent:
    before = item.lo is None or item.lo < axis.stretches[0].lo
    left = axis.left if item.lo is None else axis.x(item.lo)
    solid = left if item.hi is None else max(axis.x(item.hi), left)
    if item.open_end:
        right = firm = min(max(axis.x(as_of + 1), solid + _TAIL), axis.right)
        left = min(left, right - _LEAST)
        return Extent(left, right, min(solid, right), firm, before=before, after=True)
    if item.until_hi is None:
        firm = min(max(solid, axis.x(item.until_lo)) if item.until_lo is not None else solid + _LEAST, axis.right)
        right = min(firm + _TAIL, axis.right)
        left = min(left, right - _LEAST)
        return Extent(left, right, min(solid, firm), firm, before=before, ends_unknown=True)
    right = max(axis.x(item.until_hi), left)
    firm = min(max(axis.x(item.until_lo), left) if item.until_lo is not None else left, right)
    after = item.until_hi > axis.stretches[-1].hi
    left, right = _no_less(left, right, _LEAST, axis)
    if solid > firm:
        return Extent(left, right, before=before, after=after)
    return Extent(left, right, max(left, min(solid, right)), min(max(firm, left), right), before=before, after=after)


def _no_less(left: float, right: float, least: float, axis: Axis) -> tuple[float, float]:
    """Widened around its middle to what can be seen, within the axis."""
    if right - left >= least:
        return left, right
    middle = min(max((left + right) / 2, axis.left + least / 2), axis.right - least / 2)
    return middle - least / 2, middle + least / 2


def spans(items: Iterable[Item], as_of: int) -> list[Span]:
    """The times that must have room; the date told of has, unless it is far from all that is told."""
    found: list[Span] = []
    for item in items:
        known = [second for second in (item.lo, item.hi, item.until_lo, item.until_hi) if second is not None]
        if known:
            found.append((min(known), max(known)))
    if not found:
        return [(as_of, as_of + DAY)]
    found = _without_overlong(found)
    lo, hi = min(span[0] for span in found), max(span[1] for span in found)
    margin = max((hi - lo) // 4, 30 * DAY)
    if lo - margin <= as_of <= hi + margin:
        found.append((as_of, as_of + 1))
    return found


def _without_overlong(spans: list[Span]) -> list[Span]:
    """Without those beside which all others would be a dot: they are drawn as running on beyond the edge."""
    kept = sorted(spans, key=lambda span: span[1] - span[0])
    while len(kept) > 2:
        *others, (first, last) = kept
        told = max(hi for _, hi in others) - min(lo for lo, _ in others)
        if last - first <= _OVERLONG * max(told, 366 * DAY):
            break
        kept = others
    return kept
