"""What a timeline is drawn in: the axis with its marks, and the line of the date told of."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from chronicle.narrative.pictures.axis import SIZE, Axis
from chronicle.narrative.pictures.lettering import width
from chronicle.narrative.pictures.marks import zigzag
from chronicle.narrative.pictures.markup import element, number
from chronicle.narrative.pictures.theme import colour
from chronicle.narrative.pictures.ticks import Calendar

TALL = 420.0
"""From this height on the axis is labelled at its foot, too."""


def grid(axis: Axis, calendar: Calendar, top: float, end: float) -> Iterator[Markup]:
    """The axis and a line at each of its marks, from `top` to `end`; breaks where time is left out."""
    for tick in axis.ticks(calendar):
        yield _rule(tick.x, top - 4, end, colour("line"), stroke_width=1.4 if tick.strong else 0.8)
        if tick.label is None:
            continue
        for y in (top - 8, end + 14) if end > TALL else (top - 8,):
            yield element(
                "text",
                tick.label,
                x=tick.middle,
                y=y,
                text_anchor="middle",
                font_size=SIZE,
                fill=colour("muted"),
                font_weight="600" if tick.strong else None,
                class_="tick",
            )
    line = "".join(f"M{number(one.left)} {number(top - 4)}H{number(one.right)}" for one in axis.stretches)
    yield element("path", d=line, stroke=colour("muted"), fill="none")
    for x in axis.breaks():
        yield element("rect", x=x - 6, y=top - 10, width=12.0, height=end - top + 10, fill=colour("ground"))
        yield zigzag(x - 6, top - 10, end)
        yield zigzag(x + 6, top - 10, end)


def now(axis: Axis, said: str, as_of: int, breadth: float, end: float) -> Iterator[Markup]:
    """A line at the end of the second told of, or an arrow to where it lies beyond the axis."""
    x = axis.x(as_of + 1)
    if as_of >= axis.stretches[-1].hi:
        said += " →"
    elif as_of + 1 < axis.stretches[0].lo:
        said = f"← {said}"
    else:
        yield _rule(x, 20, end, colour("now"), stroke_width=1.6, stroke_dasharray="5 3")
    half = width(said, SIZE) * 0.52 + 6
    middle = min(max(x, half + 2), breadth - half - 2)
    ground, ink = colour("ground"), colour("now")
    yield element("rect", x=middle - half, y=3.0, width=2 * half, height=18.0, rx=9.0, fill=ground, stroke=ink)
    yield element(
        "text", said, x=middle, y=16.0, text_anchor="middle", font_size=SIZE, fill=ink, font_weight="600", class_="now"
    )


def _rule(x: float, top: float, bottom: float, ink: str, **stroke: float | str) -> Markup:
    return element("path", d=f"M{number(x)} {number(top)}V{number(bottom)}", stroke=ink, fill="none", **stroke)
