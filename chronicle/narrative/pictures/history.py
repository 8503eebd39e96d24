"""What held of one key over time, drawn under an axis: values as boxes, figures as steps, doubt dashed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from chronicle.event.value import Figure, Quantity, Value
from chronicle.narrative.language import Language
from chronicle.narrative.pictures import axis as axes
from chronicle.narrative.pictures import frame
from chronicle.narrative.pictures.lettering import shortened, width
from chronicle.narrative.pictures.markup import element
from chronicle.narrative.pictures.theme import FONT, colour
from chronicle.narrative.pictures.ticks import DAY, Calendar
from chronicle.when.calendar import day_text

WIDE = 960
NARROW = 360

_SIZE = 13.0
_TOP = 46.0
_BOX = 34.0
_STEPS = 110.0
_LEAST = 3.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """What holds in `[start, end)`, None without bound: in words, and as a number if it is one."""

    start: int | None
    end: int | None
    said: str
    certain: bool
    amount: Decimal | None


def amount(values: Sequence[Value]) -> Decimal | None:
    """The number that is drawn for values; None if they are several, or none."""
    match values:
        case [Figure(number)] | [Quantity(number)]:
            return number.decimal
    return None


def draw(stretches: Sequence[Stretch], title: str, name: str, as_of: int, lang: str, breadth: int = WIDE) -> str:  # noqa: PLR0917 - what a picture is of, and where
    """The history, `breadth` pixels wide, with a line at the second `as_of`. `name` is unique on its page.

    Stretches without bound run to the edge. Where all are numbers of one sign they are steps above a base of nothing.
    """
    said = Language(lang, {}, {})
    bounds = [one for stretch in stretches for one in (stretch.start, stretch.end) if one is not None]
    first, last = min([*bounds, as_of]), max([*bounds, as_of + 1])
    room = max((last - first) // 12, 30 * DAY)
    spans = [
        (first - room if one.start is None else one.start, last + room if one.end is None else one.end)
        for one in stretches
    ]
    margin = 24.0 if breadth >= 600 else 12.0
    axis = axes.fit([*spans, (as_of, as_of + 1)], margin, breadth - margin)
    scale = _scale(stretches)
    end = _TOP + (_BOX if scale is None else _STEPS) + 8
    now = "".join(run.text for run in said.end_of(day_text(as_of // DAY)).form("as-of"))
    content = [
        element("title", title, id=f"{name}-{breadth}"),
        element("rect", width=float(breadth), height=end + 12, fill=colour("ground")),
        *frame.grid(axis, Calendar(lang), _TOP, end),
        *(
            part
            for span, one in zip(spans, stretches, strict=True)
            for part in _stretch(one, axis.x(span[0]), axis.x(span[1]), scale)
        ),
        *frame.now(axis, now, as_of, float(breadth), end),
    ]
    return str(
        element(
            "svg",
            *content,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {breadth} {end + 12:.0f}",
            width=float(breadth),
            height=end + 12,
            role="img",
            aria_labelledby=f"{name}-{breadth}",
            class_="history",
            font_family=FONT,
            font_size=_SIZE,
        )
    )


def _scale(stretches: Sequence[Stretch]) -> Decimal | None:
    """The largest number, where all that is drawn are numbers from nothing up and differ; else None."""
    amounts = [one.amount for one in stretches]
    found = [one for one in amounts if one is not None]
    if len(found) < len(amounts) or min(found, default=Decimal(-1)) < 0 or len(set(found)) < 2:
        return None
    return max(found)


def _stretch(stretch: Stretch, left: float, right: float, scale: Decimal | None) -> Iterator[Markup]:
    right = max(right, left + _LEAST)
    height = _BOX
    if scale is not None and stretch.amount is not None:
        height = max(float(stretch.amount / scale) * _STEPS, _LEAST)
    bottom = _TOP + (_BOX if scale is None else _STEPS) + 4
    ink = colour("lane-1")
    yield element(
        "rect",
        element("title", stretch.said),
        x=left,
        y=bottom - height,
        width=right - left,
        height=height,
        fill=ink,
        fill_opacity="0.22" if stretch.certain else "0.06",
        stroke=ink,
        stroke_dasharray=None if stretch.certain else "4 3",
    )
    label = shortened(stretch.said, _SIZE, right - left - 10)
    if len(label.rstrip("…")) >= min(3, len(stretch.said)) and width(label, _SIZE) <= right - left - 8:
        inside = height >= 20
        y = bottom - min(height, _BOX) / 2 + 4.5 if inside else bottom - height - 5
        yield element("text", label, x=left + 6, y=y, fill=colour("ink"), class_="label")
