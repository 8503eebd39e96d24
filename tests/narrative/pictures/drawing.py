"""Timelines to draw, and what can be read off a drawn one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hypothesis import strategies as st

from chronicle.narrative.document import Item, Lane, Table, Timeline
from chronicle.narrative.pictures.lettering import width
from chronicle.when import When

SVG = "{http://www.w3.org/2000/svg}"
TABLE = Table(("Date", "Event"), ())
DAY = 86_400


def item(event: str, label: str, edtf: str, status: str = "happened") -> Item:
    """An event as composition hands it on."""
    when = When.parse(edtf)
    told = {"event": event, "label": label, "date": when.phrase(), "status": status}
    if when.kind != "interval":
        return Item(**told, lo=when.lo, hi=when.hi, doubtful=when.qualifier is not None)  # type: ignore[arg-type]
    start, end = when.start, when.end
    lo, hi = (start.lo, start.hi) if start.kind == "date" else (None, None)
    until_lo, until_hi = (end.lo, end.hi) if end.kind == "date" else (None, None)
    return Item(
        **told,  # type: ignore[arg-type]
        lo=lo,
        hi=hi,
        until_lo=until_lo,
        until_hi=until_hi,
        lasting=True,
        open_end=end.kind == "open",
    )


@st.composite
def items(draw_from: st.DrawFn, event: int) -> Item:
    """An event of any shape: exact or not, lasting or not, open or unknown at either end, near or very far."""
    far = draw_from(st.sampled_from((10**6, 10**9, 10**11, 10**16)))
    start = draw_from(st.integers(-far, far))
    length = draw_from(st.sampled_from((1, DAY, 31 * DAY, 365 * DAY, 3650 * DAY, far)))
    later = start + length + draw_from(st.integers(0, far))
    lasting = draw_from(st.booleans())
    begins, ends = draw_from(st.booleans()), draw_from(st.booleans())
    return Item(
        event=f"e{event}",
        label=draw_from(st.text(st.characters(codec="utf-8"), max_size=90)),
        date="then",
        status=draw_from(st.sampled_from(("happened", "may-have-happened", "ongoing", "planned", "overdue"))),
        lo=start if begins else None,
        hi=start + length if begins or not lasting else None,
        until_lo=later if lasting and ends else None,
        until_hi=later + length if lasting and ends else None,
        lasting=lasting,
        open_end=lasting and not ends and draw_from(st.booleans()),
        doubtful=draw_from(st.booleans()),
    )


@st.composite
def timelines(draw_from: st.DrawFn) -> Timeline:
    """Up to thirty events of any shape in up to two lanes."""
    count = draw_from(st.integers(0, 30))
    events = [draw_from(items(event)) for event in range(count)]
    cut = draw_from(st.integers(0, count))
    lanes = tuple(Lane(label, tuple(part)) for label, part in (("A", events[:cut]), ("B", events[cut:])) if part)
    return Timeline("events", "Events", "All events", draw_from(st.integers(-(10**10), 10**10)), lanes, TABLE)


def timeline(*lanes: Iterable[Item], as_of: str = "2026-03-01") -> Timeline:
    """The lanes, called A, B …, told as of a date."""
    hi = When.parse(as_of).hi
    assert hi is not None
    named = tuple(Lane(chr(ord("A") + index), tuple(items)) for index, items in enumerate(lanes))
    return Timeline("events", "Events", "All events along time", hi - 1, named, TABLE)


def parsed(svg: str) -> ET.Element:
    """A drawing, which is well-formed XML."""
    return ET.fromstring(svg)  # noqa: S314 - this program wrote it


class Box(NamedTuple):
    """What a text takes at most."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def texts(drawn: ET.Element) -> Iterator[Box]:
    """Every text with its place; legends stand outside of groups that move their samples."""
    for text in drawn.iter(f"{SVG}text"):
        size = float(text.get("font-size", "13"))
        wide = width(text.text or "", size)
        at = float(text.attrib["x"])
        left = {"start": at, "middle": at - wide / 2, "end": at - wide}[text.get("text-anchor", "start")]
        baseline = float(text.attrib["y"])
        yield Box(text.text or "", left, left + wide, baseline - size * 0.8, baseline + size * 0.2)


def accounted(drawn: ET.Element) -> int:
    """How many events are drawn, each once, or counted in the numbers of clusters."""
    links = list(drawn.iter(f"{SVG}a"))
    alone = [link.attrib["href"] for link in links if link.attrib["class"] != "cluster"]
    assert len(set(alone)) == len(alone)
    numbers = [link.find(f"{SVG}text") for link in links if link.attrib["class"] == "cluster"]
    return len(alone) + sum(int(number.text or "") for number in numbers if number is not None)
