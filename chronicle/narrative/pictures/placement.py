"""Which line of its lane an event is drawn on, and what of its label there is room for.

Greedy, in order of occurrence: the whole label on the first line that has room, then a shorter one, then the mark
alone; what finds no room at all is counted. So nothing is drawn over a label, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chronicle.narrative.document import Item
from chronicle.narrative.pictures.axis import Axis
from chronicle.narrative.pictures.extent import Extent, extent
from chronicle.narrative.pictures.lettering import shortened, width, wrapped
from chronicle.narrative.pictures.room import Row

SIZE = 13.0
SIGN = 15.0
"""Room for the sign before the label of what is overdue or may not have happened."""
_GAP = 10.0
_SHORTER = (240.0, 150.0, 90.0)
_LEAST = 60.0
_NOTABLE = 40.0
_CLUSTER = 46.0


@dataclass(frozen=True, slots=True)
class Placed:
    """An item on a line, counted from 0; its label, in one or two lines, starts at `at` and takes `room` at most.

    The room is that of the sign, too. A label `before` its mark ends there; one `upon` it lies on the bar.
    """

    item: Item
    extent: Extent
    line: int
    label: tuple[str, ...] = ()
    at: float = 0.0
    room: float = 0.0

    @property
    def before(self) -> bool:
        return self.at + self.room <= self.extent.left

    @property
    def upon(self) -> bool:
        return not self.before and self.at < self.extent.right


@dataclass(frozen=True, slots=True)
class Cluster:
    """Items that found no room, as a number around `x`."""

    items: tuple[Item, ...]
    x: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A lane with all its items: on `lines` lines, and counted on one more where there are clusters.

    The `double` lines hold labels of two lines.
    """

    placed: tuple[Placed, ...]
    clusters: tuple[Cluster, ...]
    lines: int
    double: frozenset[int]


def place(items: Sequence[Item], axis: Axis, as_of: int, most: int, *, wrap: bool) -> Placement:
    """The items of a lane on at most so many lines, not counting that of the clusters; long labels may `wrap`."""
    rows: list[Row] = []
    placed: list[Placed] = []
    crowded: list[tuple[Item, float]] = []
    for item in items:
        drawn = extent(item, axis, as_of)
        found = _labelled(item, drawn, axis, rows, most, wrap=wrap) or _bare(item, drawn, rows, most)
        if found is None:
            crowded.append((item, drawn.middle))
        else:
            placed.append(found)
    double = frozenset(one.line for one in placed if len(one.label) > 1)
    return Placement(tuple(placed), tuple(_clusters(crowded, axis)), len(rows), double)


def _labelled(item: Item, drawn: Extent, axis: Axis, rows: list[Row], most: int, *, wrap: bool) -> Placed | None:
    for label, at, room in _candidates(item, drawn, axis, wrap=wrap):
        left, right = min(drawn.left, at) - _GAP / 2, max(drawn.right, at + room) + _GAP / 2
        line = _line(rows, most, left, right)
        if line is not None:
            return Placed(item, drawn, line, label, at, room)
    return None


def _candidates(item: Item, drawn: Extent, axis: Axis, *, wrap: bool) -> Iterator[tuple[tuple[str, ...], float, float]]:
    """Labels with where they start and their room: whole before in two lines before shortened."""
    sign = SIGN if item.status in ("overdue", "may-have-happened") else 0.0
    whole = width(item.label, SIZE) + sign
    places = _places(item, drawn, axis, whole)
    yield from ((((item.label,)), *_set(place, whole)) for place in places if whole <= place.room)
    widest = sorted(places, key=lambda place: -place.room)
    if wrap and whole > 120:
        for place in widest:
            lines = wrapped(item.label, SIZE, place.room - sign)
            if lines and place.beside:
                yield lines, *_set(place, max(width(line, SIZE) for line in lines) + sign)
    for limit in (whole, *(least for least in _SHORTER if least < whole)):
        for place in widest:
            if min(place.room, limit) < min(whole, _LEAST):
                continue
            label = shortened(item.label, SIZE, min(place.room, limit) - sign)
            yield (label,), *_set(place, width(label, SIZE) + sign)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a label can start, or end if it is `before` the mark, and its room; if not `beside`, it is upon the bar."""

    at: float
    room: float
    before: bool = False
    beside: bool = True


def _set(place: _Place, room: float) -> tuple[float, float]:
    return (place.at - room if place.before else place.at), room


def _places(item: Item, drawn: Extent, axis: Axis, whole: float) -> list[_Place]:
    """In the bar, behind the mark, before it, and from within a bar over its end, in this order."""
    edge = axis.right + 6
    inside = _Place(drawn.left + 7, drawn.right - drawn.left - 12, beside=False)
    over = _Place(drawn.left + 7, edge - drawn.left - 7, beside=False)
    behind = _Place(drawn.right + 6, edge - drawn.right - 6)
    before = _Place(drawn.left - 6, drawn.left - axis.left, before=True)
    if drawn.day or drawn.core:
        return [behind, before]
    if whole <= inside.room:
        return [inside, behind, before]
    framed = item.status not in ("happened", "ongoing")
    sharp = drawn.before or drawn.after or framed or drawn.right - drawn.left < _NOTABLE
    return [behind, before, inside] if sharp else [over, behind, before]


def _bare(item: Item, drawn: Extent, rows: list[Row], most: int) -> Placed | None:
    line = _line(rows, most, drawn.left - 2, drawn.right + 2)
    return None if line is None else Placed(item, drawn, line)


def _line(rows: list[Row], most: int, left: float, right: float) -> int | None:
    for line, row in enumerate(rows):
        if row.take(left, right):
            return line
    if len(rows) == most:
        return None
    rows.append(Row())
    rows[-1].take(left, right)
    return len(rows) - 1


def _clusters(crowded: Iterable[tuple[Item, float]], axis: Axis) -> Iterable[Cluster]:
    """Neighbours whose numbers would touch are counted together."""
    bins: dict[int, list[Item]] = {}
    for item, x in crowded:
        bins.setdefault(int((x - axis.left) // _CLUSTER), []).append(item)
    last = max(int((axis.right - axis.left) // _CLUSTER) - 1, 0)
    merged: dict[int, list[Item]] = {}
    for index, items in sorted(bins.items()):
        merged.setdefault(min(index, last), []).extend(items)
    for index, items in merged.items():
        yield Cluster(tuple(items), axis.left + (index + 0.5) * _CLUSTER)
