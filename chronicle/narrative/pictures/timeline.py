"""A timeline as SVG: lanes under one axis of time, every event with a sign that says how well its date is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from chronicle.narrative.document import Item, Timeline
from chronicle.narrative.language.wording import Wording
from chronicle.narrative.pictures import axis as axes
from chronicle.narrative.pictures import legend
from chronicle.narrative.pictures.axis import Axis
from chronicle.narrative.pictures.lettering import shortened, width
from chronicle.narrative.pictures.marks import alert, counted, gradients, sign, zigzag
from chronicle.narrative.pictures.markup import element, number
from chronicle.narrative.pictures.placement import SIGN, SIZE, Cluster, Placed, Placement, place
from chronicle.narrative.pictures.theme import FONT, colour, lane_colour
from chronicle.narrative.pictures.ticks import DAY, Calendar

WIDE = 960
NARROW = 360

_LINE = 23.0
_MORE = 9.0
_LETTERING = 14.5
_HEADING = 24.0
_FOOT = 7.0
_TOP = 46.0
_LINES = {"wide": 56, "narrow": 84}
_NAMED_IN_CLUSTER = 12
_TALL = 420.0
_OVERLONG = 8
_FEW = 60


@dataclass(frozen=True, slots=True)
class _Lane:
    label: str
    ink: str
    ground: str
    gradient: str
    placement: Placement
    top: float
    height: float


def draw(timeline: Timeline, lang: str = "en", *, breadth: int = WIDE) -> str:
    """The timeline, `breadth` pixels wide, 320 at least: `WIDE` for a page, `NARROW` for a phone.

    All events are drawn or counted. No text is smaller than 11 pixels, and no label touches another. A page that shows
    the picture smaller than it is makes its letters smaller, too.
    """
    return _Drawing(timeline, lang, breadth).svg()


class _Drawing:
    def __init__(self, timeline: Timeline, lang: str, breadth: int) -> None:
        self._timeline = timeline
        self._wording = Wording(lang)
        self._calendar = Calendar(lang)
        self._breadth = float(breadth)
        self._name = f"{timeline.id}-{breadth}"
        margin = 24.0 if breadth >= 600 else 12.0
        items = [item for lane in timeline.lanes for item in lane.items]
        self._axis = axes.fit(_spans(items, timeline.as_of), margin, breadth - margin)
        self._lanes = list(self._laid(len(items)))
        self._end = self._lanes[-1].top + self._lanes[-1].height if self._lanes else _TOP + _LINE

    def _laid(self, count: int) -> Iterator[_Lane]:
        lines = _LINES["wide" if self._breadth >= 600 else "narrow"]
        top = _TOP
        for index, lane in enumerate(self._timeline.lanes):
            most = max(2, round(lines * len(lane.items) / max(count, 1)))
            placement = place(lane.items, self._axis, self._timeline.as_of, most, wrap=count <= _FEW)
            drawn = placement.lines + bool(placement.clusters)
            height = _HEADING + drawn * _LINE + len(placement.double) * _MORE + _FOOT
            ground = colour("ground" if index % 2 else "band")
            yield _Lane(lane.label, lane_colour(index), ground, f"{self._name}-{index}", placement, top, height)
            top += height

    def svg(self) -> str:
        below = self._end + (26.0 if self._end > _TALL else 8.0)
        explained = legend.entries(
            [lane.placement for lane in self._lanes], self._wording.message, broken=bool(self._axis.breaks())
        )
        key, height = legend.drawn(explained, self._breadth, self._axis.left, below, f"{self._name}-key")
        content = [
            element("title", self._timeline.caption, id=f"{self._name}-title"),
            element("desc", self._timeline.alt, id=f"{self._name}-desc"),
            element(
                "defs",
                *(gradients(lane.gradient, lane.ink) for lane in self._lanes),
                gradients(f"{self._name}-key", colour("muted")),
            ),
            element("rect", width=self._breadth, height=below + height, fill=colour("ground")),
            *self._bands(),
            *self._grid(),
            *self._now(),
            *(part for lane in self._lanes for part in self._lane(lane)),
            key,
        ]
        return str(
            element(
                "svg",
                *content,
                xmlns="http://www.w3.org/2000/svg",
                viewBox=f"0 0 {number(self._breadth)} {number(below + height)}",
                width=self._breadth,
                height=below + height,
                role="group",
                aria_labelledby=f"{self._name}-title {self._name}-desc",
                class_="timeline",
                font_family=FONT,
                font_size=SIZE,
            )
        )

    def _bands(self) -> Iterator[Markup]:
        for lane in self._lanes:
            yield element("rect", y=lane.top, width=self._breadth, height=lane.height, fill=lane.ground)
            room = self._breadth - 2 * self._axis.left
            label = shortened(lane.label, SIZE * 1.1, room)
            yield element(
                "text", label, x=self._axis.left, y=lane.top + 17, fill=lane.ink, font_weight="700", class_="lane"
            )

    def _grid(self) -> Iterator[Markup]:
        ends = (_TOP - 8, self._end + 14)
        for tick in self._axis.ticks(self._calendar):
            yield _rule(tick.x, _TOP - 4, self._end, colour("line"), 1.4 if tick.strong else 0.8)
            if tick.label is None:
                continue
            for y in ends if self._end > _TALL else ends[:1]:
                yield element(
                    "text",
                    tick.label,
                    x=tick.middle,
                    y=y,
                    text_anchor="middle",
                    font_size=axes.SIZE,
                    fill=colour("muted"),
                    font_weight="600" if tick.strong else None,
                    class_="tick",
                )
        yield element("path", d=_frame(self._axis, _TOP - 4), stroke=colour("muted"), fill="none")
        for x in self._axis.breaks():
            yield element("rect", x=x - 6, y=_TOP - 10, width=12.0, height=self._end - _TOP + 10, fill=colour("ground"))
            for edge in (x - 6, x + 6):
                yield zigzag(edge, _TOP - 10, self._end)

    def _now(self) -> Iterator[Markup]:
        """The line of the date told of, or where it would be found beyond the edge."""
        second = self._timeline.as_of + 1
        said = self._wording.message("as of {date}").format(date=self._calendar.day(self._timeline.as_of))
        last = self._axis.stretches[-1]
        first = self._axis.stretches[0]
        beyond = second > last.hi
        x = self._axis.x(second)
        if beyond:
            said += " →"
        elif second < first.lo:
            said = f"← {said}"
        else:
            yield _rule(x, 20, self._end, colour("now"), 1.6, dash="5 3")
        half = width(said, axes.SIZE) * 0.52 + 6
        middle = min(max(x, half + 2), self._breadth - half - 2)
        yield element(
            "rect",
            x=middle - half,
            y=3.0,
            width=2 * half,
            height=18.0,
            rx=9.0,
            fill=colour("ground"),
            stroke=colour("now"),
        )
        yield element(
            "text",
            said,
            x=middle,
            y=16,
            text_anchor="middle",
            font_size=axes.SIZE,
            fill=colour("now"),
            font_weight="600",
            class_="now",
        )

    def _lane(self, lane: _Lane) -> Iterator[Markup]:
        top = lane.top + _HEADING
        lines = []
        for line in range(lane.placement.lines + 1):
            height = _LINE + (_MORE if line in lane.placement.double else 0.0)
            lines.append(top + height / 2)
            top += height
        for placed in lane.placement.placed:
            yield self._item(placed, lane, lines[placed.line])
        for cluster in lane.placement.clusters:
            yield self._cluster(cluster, lane, lines[-1])

    def _item(self, placed: Placed, lane: _Lane, middle: float) -> Markup:
        item = placed.item
        parts = [
            element("title", f"{item.date}: {item.label}"),
            sign(item, placed.extent, middle, lane.gradient, lane.ink),
        ]
        if placed.label:
            parts.extend(_label(placed, middle, lane.ground))
        return element("a", *parts, href=f"#event-{item.event}", class_=item.status)

    def _cluster(self, cluster: Cluster, lane: _Lane, middle: float) -> Markup:
        count = len(cluster.items)
        named = [f"{item.date}: {item.label}" for item in cluster.items[:_NAMED_IN_CLUSTER]]
        if count > _NAMED_IN_CLUSTER:
            named.append("…")
        said = f"+{count}"
        return element(
            "a",
            element("title", f"{said}: {'; '.join(named)}"),
            counted(said, cluster.x, middle, lane.ink),
            href=f"#event-{cluster.items[0].event}",
            class_="cluster",
        )


def _label(placed: Placed, middle: float, ground: str) -> Iterator[Markup]:
    left, right = placed.at, placed.at + placed.room
    mark = {"overdue": "!", "may-have-happened": "?"}.get(placed.item.status)
    if mark and placed.before:
        yield alert(mark, right - 6, middle)
        right -= SIGN
    elif mark:
        yield alert(mark, left + 6, middle)
        left += SIGN
    for index, line in enumerate(placed.label):
        yield element(
            "text",
            line,
            x=right if placed.before else left,
            y=middle + 4 + (index - (len(placed.label) - 1) / 2) * _LETTERING,
            text_anchor="end" if placed.before else None,
            fill=colour("ink"),
            stroke=None if placed.upon else ground,
            stroke_width=None if placed.upon else 3.0,
            paint_order=None if placed.upon else "stroke",
            class_="label",
        )


def _spans(items: Iterable[Item], as_of: int) -> list[axes.Span]:
    """The times that must have room; the date told of has, unless it is far from all that is told."""
    spans = []
    for item in items:
        known = [second for second in (item.lo, item.hi, item.until_lo, item.until_hi) if second is not None]
        if known:
            spans.append((min(known), max(known)))
    if not spans:
        return [(as_of, as_of + DAY)]
    spans = _without_overlong(spans)
    lo, hi = min(span[0] for span in spans), max(span[1] for span in spans)
    margin = max((hi - lo) // 4, 30 * DAY)
    if lo - margin <= as_of <= hi + margin:
        spans.append((as_of, as_of + 1))
    return spans


def _without_overlong(spans: list[axes.Span]) -> list[axes.Span]:
    """Without those beside which all others would be a dot: they are drawn as running on beyond the edge."""
    kept = sorted(spans, key=lambda span: span[1] - span[0])
    while len(kept) > 2:
        *others, longest = kept
        if longest[1] - longest[0] <= _OVERLONG * (max(hi for _, hi in others) - min(lo for lo, _ in others)):
            break
        kept = others
    return kept


def _rule(x: float, top: float, bottom: float, ink: str, stroke: float, dash: str | None = None) -> Markup:
    return element(
        "path",
        d=f"M{number(x)} {number(top)}V{number(bottom)}",
        stroke=ink,
        stroke_width=stroke,
        stroke_dasharray=dash,
        fill="none",
    )


def _frame(axis: Axis, y: float) -> str:
    return "".join(f"M{number(stretch.left)} {number(y)}H{number(stretch.right)}" for stretch in axis.stretches)
