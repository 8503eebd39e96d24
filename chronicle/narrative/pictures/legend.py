"""What the signs of a timeline mean; only those that are drawn are explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from chronicle.narrative.document import Item
from chronicle.narrative.pictures.extent import Extent
from chronicle.narrative.pictures.lettering import shortened, width
from chronicle.narrative.pictures.marks import alert, counted, sign, zigzag
from chronicle.narrative.pictures.markup import element, number
from chronicle.narrative.pictures.placement import Placement
from chronicle.narrative.pictures.theme import colour

SIZE = 12.0
_LINE = 23.0
_SAMPLE = 32.0
_BETWEEN = 20.0

Status = Literal["happened", "ongoing", "planned"]

_DAY = Extent(11.5, 20.5, day=True)
_SOFT = Extent(0, _SAMPLE)
_FIRM = Extent(0, _SAMPLE, 0, _SAMPLE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample and what it means."""

    sample: Callable[[float, float, str], Markup]
    said: str


def entries(placements: Sequence[Placement], say: Callable[[str], str], *, broken: bool) -> list[Entry]:
    """What is to be explained of these lanes, in an order that does not depend on them."""
    placed = [placed for placement in placements for placed in placement.placed]
    kinds = {_kind(one.item, one.extent) for one in placed}
    states = {one.item.status for one in placed}
    signs: list[tuple[str, Extent, Status, str]] = [
        ("day", _DAY, "happened", say("exact day")),
        ("within", _SOFT, "happened", say("some time within")),
        ("by", Extent(0, _SAMPLE, before=True), "happened", say("then or earlier")),
        ("since", Extent(0, _SAMPLE, after=True), "happened", say("then or later")),
        ("any", Extent(0, _SAMPLE, before=True, after=True), "happened", say("at a time not known")),
        ("uncertain", Extent(4, 28, core=(12, 20)), "happened", say("uncertain date")),
        ("lasting", _FIRM, "happened", say("lasted this long")),
        ("ongoing", Extent(0, _SAMPLE, 0, _SAMPLE, after=True), "ongoing", say("goes on")),
        ("end", Extent(0, _SAMPLE, 0, 10, ends_unknown=True), "happened", say("end not stated")),
    ]
    found = [Entry(_sample(drawn, status), said) for kind, drawn, status, said in signs if kind in kinds]
    if "planned" in states:
        found.append(Entry(_sample(_SOFT, "planned"), say("planned")))
    if "overdue" in states:
        found.append(Entry(_alert("!"), say("overdue")))
    if "may-have-happened" in states:
        found.append(Entry(_alert("?"), say("may not have happened yet")))
    if any(placement.clusters for placement in placements):
        found.append(Entry(_number, say("more events here")))
    if broken:
        found.append(Entry(_break, say("time left out")))
    return found


def drawn(found: Sequence[Entry], breadth: float, left: float, top: float, gradient: str) -> tuple[Markup, float]:
    """The entries in lines as wide as the picture, and the height that they take."""
    x, y = left, top + _LINE / 2
    parts = []
    for entry in found:
        said = shortened(entry.said, SIZE, breadth - 2 * left - _SAMPLE - 7)
        wide = _SAMPLE + 7 + width(said, SIZE)
        if x > left and x + wide > breadth - left:
            x, y = left, y + _LINE
        parts.append(element("g", entry.sample(0, y, gradient), transform=f"translate({number(x)} 0)"))
        parts.append(
            element("text", said, x=x + _SAMPLE + 7, y=y + 4, font_size=SIZE, fill=colour("muted"), class_="legend")
        )
        x += wide + _BETWEEN
    return Markup("").join(parts), y + _LINE / 2 + 4 - top if found else 0.0


def _kind(item: Item, extent: Extent) -> str:
    if extent.day:
        return "day"
    if extent.core:
        return "uncertain"
    if extent.ends_unknown:
        return "end"
    if item.lasting:
        return "ongoing" if extent.after else "lasting"
    return {(True, False): "by", (False, True): "since", (True, True): "any"}.get(
        (extent.before, extent.after), "within"
    )


def _sample(extent: Extent, status: Status) -> Callable[[float, float, str], Markup]:
    lasting = extent.solid is not None
    lo, hi = None if extent.before else 0, None if extent.after else 0
    item = Item(event="", label="", date="", status=status, lo=lo, hi=hi, lasting=lasting)
    return lambda _x, y, gradient: sign(item, extent, y, gradient, colour("muted"))


def _alert(mark: str) -> Callable[[float, float, str], Markup]:
    return lambda x, y, _gradient: alert(mark, x + _SAMPLE - 8, y)


def _number(x: float, y: float, _gradient: str) -> Markup:
    return counted("+3", x + _SAMPLE / 2, y, colour("muted"))


def _break(x: float, y: float, _gradient: str) -> Markup:
    parts: Iterator[Markup] = (zigzag(x + at, y - 8, y + 8) for at in (10, 22))
    return Markup("").join(parts)
