"""A timeline as SVG: lanes under one axis of time, every event with a sign that says how well its date is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from chronicle.narrative.document import Item, Timeline
from chronicle.narrative.language import Language
from chronicle.narrative.pictures import axis as axes
from chronicle.narrative.pictures import frame, legend
from chronicle.narrative.pictures.extent import spans
from chronicle.narrative.pictures.lettering import shortened
from chronicle.narrative.pictures.marks import alert, counted, gradients, sign
from chronicle.narrative.pictures.markup import element, number
from chronicle.narrative.pictures.placement import SIGN, SIZE, Cluster, Placed, Placement, place
from chronicle.narrative.pictures.theme import FONT, colour
from chronicle.narrative.pictures.theme import lane as lane_name
from chronicle.narrative.pictures.ticks import DAY, Calendar
from chronicle.when.calendar import day_text

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
_FEW = 90
_LEAST_LINES = 8


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

    All events are drawn or counted. No text is smaller than 12 pixels, and no label touches another. A page that shows
    the picture smaller than it is makes its letters smaller, too.
    """
    return _Drawing(timeline, lang, breadth).svg()


class _Drawing:
    def __init__(self, timeline: Timeline, lang: str, breadth: int) -> None:
        self._timeline = timeline
        self._language = Language(lang, {}, {})
        self._calendar = Calendar(lang)
        self._breadth = float(breadth)
        self._name = f"{timeline.id}-{breadth}"
        margin = 24.0 if breadth >= 600 else 12.0
        items = [item for lane in timeline.lanes for item in lane.items]
        self._axis = axes.fit(spans(items, timeline.as_of), margin, breadth - margin)
        self._lanes = list(self._laid(len(items)))
        self._end = self._lanes[-1].top + self._lanes[-1].height if self._lanes else _TOP + _LINE

    def _laid(self, count: int) -> Iterator[_Lane]:
        lines = _LINES["wide" if self._breadth >= 600 else "narrow"]
        top = _TOP
        for index, lane in enumerate(self._timeline.lanes):
            most = max(_LEAST_LINES, round(lines * len(lane.items) / max(count, 1)))
            placement = place(lane.items, self._axis, self._timeline.as_of, most, wrap=count <= _FEW)
            drawn = placement.lines + bool(placement.clusters)
            height = _HEADING + drawn * _LINE + len(placement.double) * _MORE + _FOOT
            ground = colour("ground" if index % 2 else "band")
            yield _Lane(lane.label, colour(lane_name(index)), ground, f"{self._name}-{index}", placement, top, height)
            top += height

    def svg(self) -> str:
        below = self._end + (26.0 if self._end > frame.TALL else 8.0)
        explained = legend.entries(
            [lane.placement for lane in self._lanes], self._language.text, broken=bool(self._axis.breaks())
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
            *frame.grid(self._axis, self._calendar, _TOP, self._end),
            *frame.now(self._axis, self._said_now(), self._timeline.as_of, self._breadth, self._end),
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

    def _said_now(self) -> str:
        told = self._language.end_of(day_text(self._timeline.as_of // DAY))
        return "".join(run.text for run in told.form("as-of"))

    def _bands(self) -> Iterator[Markup]:
        for lane in self._lanes:
            yield element("rect", y=lane.top, width=self._breadth, height=lane.height, fill=lane.ground)
            room = self._breadth - 2 * self._axis.left
            label = shortened(lane.label, SIZE * 1.1, room)
            yield element(
                "text", label, x=self._axis.left, y=lane.top + 17, fill=lane.ink, font_weight="700", class_="lane"
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
            element("title", self._named(item)),
            sign(item, placed.extent, middle, lane.gradient, lane.ink),
        ]
        if placed.label:
            parts.extend(_label(placed, middle, lane.ground))
        return element("a", *parts, href=f"#event-{item.event}", class_=item.status)

    def _named(self, item: Item) -> str:
        return f"{item.date}{self._language.text(': ')}{item.label}"

    def _cluster(self, cluster: Cluster, lane: _Lane, middle: float) -> Markup:
        count = len(cluster.items)
        named = [self._named(item) for item in cluster.items[:_NAMED_IN_CLUSTER]]
        if count > _NAMED_IN_CLUSTER:
            named.append("…")
        said = f"+{count}"
        return element(
            "a",
            element("title", f"{said}{self._language.text(': ')}{self._language.text('; ').join(named)}"),
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
