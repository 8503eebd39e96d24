"""The signs of events: what is exact is sharp, what is not has soft ends, what goes on has an arrow."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from chronicle.narrative.document import Item
from chronicle.narrative.pictures.extent import Extent
from chronicle.narrative.pictures.lettering import width
from chronicle.narrative.pictures.markup import element, number
from chronicle.narrative.pictures.theme import colour

BAR = 17.0
_FOOT = 3.0
_RADIUS = 4.5
_TINT = 0.28
_NUMBER = 12.0


def gradients(name: str, ink: str) -> Markup:
    """The fadings of one colour: both ends soft, and coming and going, each as a tint and as a firm line."""
    ramps = {
        "soft": ((0.0, 0.0), (0.3, 1.0), (0.7, 1.0), (1.0, 0.0)),
        "in": ((0.0, 0.0), (1.0, 1.0)),
        "out": ((0.0, 1.0), (1.0, 0.0)),
    }
    found = []
    for ramp, stops in ramps.items():
        for depth, most in (("tint", _TINT), ("line", 1.0)):
            inside = [
                element("stop", offset=str(at), stop_color=ink, stop_opacity=f"{share * most:g}") for at, share in stops
            ]
            found.append(element("linearGradient", *inside, id=f"{name}-{ramp}-{depth}"))
    return Markup("").join(found)


def sign(item: Item, drawn: Extent, middle: float, gradient: str, ink: str) -> Markup:
    """The sign of an item on a line with that middle; `gradient` is the name of the fadings of its colour."""
    hollow = item.status in ("planned", "overdue")
    if drawn.day:
        return _day(drawn.middle, middle, ink, item.status)
    parts = [*_bar(drawn, middle, gradient, ink, hollow=hollow)]
    if item.status == "may-have-happened":
        parts.append(_frame(drawn, middle, ink, "1 3"))
    parts.extend(_ends(item, drawn, middle, ink))
    return Markup("").join(parts)


def _day(x: float, y: float, ink: str, status: str) -> Markup:
    if status in ("planned", "overdue"):
        return element(
            "circle",
            cx=x,
            cy=y,
            r=_RADIUS,
            fill=colour("ground"),
            stroke=ink,
            stroke_width=1.8,
            stroke_dasharray="2.4 1.6",
        )
    if status == "may-have-happened":
        return element("circle", cx=x, cy=y, r=_RADIUS, fill=colour("ground"), stroke=ink, stroke_width=1.8)
    return element("circle", cx=x, cy=y, r=_RADIUS, fill=ink)


def _bar(drawn: Extent, middle: float, gradient: str, ink: str, *, hollow: bool) -> Iterator[Markup]:
    if drawn.core:
        left, right = drawn.core
        yield _path(f"M{number(drawn.left)} {number(middle)}H{number(drawn.right)}", ink)
        for x in (drawn.left, drawn.right):
            yield _path(f"M{number(x)} {number(middle - 4)}v8", ink)
        fill = colour("ground") if hollow else ink
        dash = "2.4 1.6" if hollow else None
        yield element(
            "rect",
            x=left,
            y=middle - 4,
            width=right - left,
            height=8.0,
            rx=2.0,
            fill=fill,
            stroke=ink,
            stroke_dasharray=dash,
        )
        return
    if hollow:
        yield _frame(drawn, middle, ink, "4 3")
        return
    for left, right, ramp in _pieces(drawn):
        if right - left < 0.05:
            continue
        tint = f"url(#{gradient}-{ramp}-tint)" if ramp else ink
        line = f"url(#{gradient}-{ramp}-line)" if ramp else ink
        faint = None if ramp else _TINT
        top, foot = middle - BAR / 2, middle + BAR / 2 - _FOOT
        yield element("rect", x=left, y=top, width=right - left, height=BAR, fill=tint, fill_opacity=faint)
        yield element("rect", x=left, y=foot, width=right - left, height=_FOOT, fill=line)


def _pieces(drawn: Extent) -> Iterator[tuple[float, float, str]]:
    """From where to where a bar comes, is firm, and goes."""
    if drawn.solid is not None and drawn.firm is not None:
        yield drawn.left, drawn.solid, "in"
        yield drawn.solid, drawn.firm, ""
        yield drawn.firm, drawn.right, "out"
    elif drawn.before and not drawn.after:
        yield drawn.left, drawn.right, "in"
    elif drawn.after and not drawn.before:
        yield drawn.left, drawn.right, "out"
    else:
        yield drawn.left, drawn.right, "soft"


def _frame(drawn: Extent, middle: float, ink: str, dash: str) -> Markup:
    return element(
        "rect",
        x=drawn.left + 0.75,
        y=middle - BAR / 2 + 0.75,
        width=drawn.right - drawn.left - 1.5,
        height=BAR - 1.5,
        rx=3.0,
        fill="none",
        stroke=ink,
        stroke_width=1.5,
        stroke_dasharray=dash,
    )


def _ends(item: Item, drawn: Extent, middle: float, ink: str) -> Iterator[Markup]:
    """Arrows where time runs on; a stop at the last or first moment that is stated alone."""
    foot = middle + BAR / 2 - _FOOT / 2
    if drawn.before:
        yield _path(f"M{number(drawn.left + 4.5)} {number(foot - 4)}l-4.5 4l4.5 4", ink)
    if drawn.after:
        yield _path(f"M{number(drawn.right - 4.5)} {number(foot - 4)}l4.5 4l-4.5 4", ink)
    if not item.lasting and (item.lo is None) != (item.hi is None):
        x = drawn.right - 1 if drawn.before else drawn.left + 1
        yield _path(f"M{number(x)} {number(middle - BAR / 2)}v{number(BAR)}", ink)


def _path(path: str, ink: str) -> Markup:
    return element("path", d=path, fill="none", stroke=ink, stroke_width=2.0)


def alert(mark: str, x: float, middle: float) -> Markup:
    """`!` or `?` in a disc."""
    ink = colour("now" if mark == "!" else "muted")
    disc = element("circle", cx=x, cy=middle, r=6.5, fill=ink)
    return disc + _centred(mark, x, middle, colour("ground"), "sign")


def counted(said: str, x: float, middle: float, ink: str) -> Markup:
    """A number in a pill."""
    half = max(width(said, _NUMBER) * 0.5 + 3, 12.0)
    pill = element(
        "rect", x=x - half, y=middle - 8.5, width=2 * half, height=17.0, rx=8.5, fill=colour("ground"), stroke=ink
    )
    return pill + _centred(said, x, middle, ink, "count")


def zigzag(x: float, top: float, bottom: float) -> Markup:
    """The edge of a gap that is left out."""
    turns = "l2.5 4l-2.5 4" * int((bottom - top) // 8)
    return element("path", d=f"M{number(x)} {number(top)}{turns}", stroke=colour("muted"), fill="none")


def _centred(said: str, x: float, middle: float, ink: str, role: str) -> Markup:
    return element(
        "text",
        said,
        x=x,
        y=middle + 4,
        text_anchor="middle",
        font_size=_NUMBER,
        font_weight="700",
        fill=ink,
        class_=role,
    )
