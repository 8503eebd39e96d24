"""Figures side by side as bars, set by Vega-Lite without a browser.

Lengths are drawn from binary numbers, which is all that a length needs; what is written at a bar is the figure as the
report prints it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from markupsafe import Markup

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import Chart
from chronicle.narrative.inert import plain
from chronicle.narrative.pictures.lettering import shortened, width
from chronicle.narrative.pictures.markup import element
from chronicle.narrative.pictures.theme import FONT, lane, light, themed

WIDE = 640
NARROW = 340

_VEGA_LITE = "6.4"
_SIZE = 13
_LINE = 24
_MARGIN = 12.0
_GAP = 6.0

Row = dict[str, object]


def draw(chart: Chart, *, breadth: int = WIDE) -> str:
    """The chart, `breadth` pixels wide, 240 at least: under each category a bar for each series, its figure at its end.

    Shares, amounts of `%` between 0 and 100, are drawn before the whole. Raises MissingExtraError where Vega-Lite is
    not installed.
    """
    rows = list(_rows(chart, breadth))
    amounts = [float(point.amount) for series in chart.series for point in series.points]
    shares = chart.unit == "%" and all(0 <= amount <= 100 for amount in amounts)
    drawn = _vega_lite(_specification(rows, breadth, shares=shares))
    height = _LINE * len(rows)
    return str(_framed(chart, _content(drawn), breadth, height))


def _rows(chart: Chart, breadth: int) -> Iterator[Row]:
    """A row for the name of each category, in the order in which they first appear, and one for each of its bars."""
    room = breadth - 2 * _MARGIN
    categories = dict.fromkeys(point.category for series in chart.series for point in series.points)
    count = 0
    for category in categories:
        yield {"row": count, "category": shortened(plain(category), _SIZE * 1.1, room)}
        count += 1
        for index, series in enumerate(chart.series):
            for point in series.points:
                if point.category != category:
                    continue
                said = plain(point.said if len(chart.series) == 1 else f"{series.label}: {point.said}")
                yield {
                    "row": count,
                    "amount": float(point.amount),
                    "said": shortened(said, _SIZE, room * 0.7),
                    "ink": light(lane(index)),
                }
                count += 1


def _domain(rows: list[Row], breadth: int, *, shares: bool) -> tuple[float, float]:
    """From the least to where the figure of every bar still has room behind it."""
    bars = [(amount, str(row["said"])) for row in rows if isinstance(amount := row.get("amount"), float)]
    room = breadth - 2 * _MARGIN
    lo = min([0.0, *(amount for amount, _ in bars)])
    hi = 100.0 if shares else 0.0
    for amount, said in bars:
        share = 1 - (width(said, _SIZE) + _GAP) / room
        hi = max(hi, lo + (max(amount, 0.0) - lo) / share)
    return lo, hi if hi > lo else lo + 1


def _specification(rows: list[Row], breadth: int, *, shares: bool) -> dict[str, object]:
    domain = _domain(rows, breadth, shares=shares)
    amount = {"type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.3, "paddingOuter": 0.15}}
    text = {"type": "text", "align": "left", "baseline": "middle", "font": FONT, "fontSize": _SIZE}
    bars = {"filter": "isValid(datum.amount)"}
    whole = {
        "transform": [bars],
        "mark": {"type": "bar", "fill": light("line")},
        "encoding": {"x": {**amount, "datum": 0}, "x2": {"datum": 100}},
    }
    lengths = {
        "transform": [bars],
        "mark": "bar",
        "encoding": {
            "x": {**amount, "field": "amount"},
            "fill": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    figures = {
        "transform": [bars, {"calculate": "max(datum.amount, 0)", "as": "end"}],
        "mark": {**text, "dx": _GAP, "fill": light("ink")},
        "encoding": {"x": {**amount, "field": "end"}, "text": {"field": "said"}},
    }
    names = {
        "transform": [{"filter": "isValid(datum.category)"}],
        "mark": {**text, "dy": 3, "fill": light("ink"), "fontWeight": 600},
        "encoding": {"x": {"value": 0}, "text": {"field": "category"}},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": 0,
        "width": breadth - 2 * _MARGIN,
        "height": {"step": _LINE},
        "config": {"aria": False, "view": {"stroke": None}},
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [*([whole] if shares else []), lengths, figures, names],
    }


def _vega_lite(specification: dict[str, object]) -> str:
    try:
        from vl_convert import vegalite_to_svg  # noqa: PLC0415 - only there with the extra that brings charts
    except ImportError as error:
        raise MissingExtraError("Charts", "charts", "vl-convert-python") from error
    # As text: the bridge would bring a dict through its own reading of numbers.
    return str(vegalite_to_svg(json.dumps(specification), vl_version=_VEGA_LITE, allowed_base_urls=[]))


def _content(svg: str) -> Markup:
    """What is drawn, without the names of marks that serve Vega alone."""
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    inside = re.sub(r' (?:class|role|aria-[a-z]+)="[^"<>]*"', "", inside)
    return Markup(themed(inside))  # noqa: S704 - Vega escaped the texts


def _framed(chart: Chart, content: Markup, breadth: int, height: int) -> Markup:
    name = f"{chart.id}-{breadth}"
    high = height + 2 * _MARGIN
    return element(
        "svg",
        element("title", chart.caption, id=f"{name}-title"),
        element("desc", chart.alt, id=f"{name}-desc"),
        element("g", content, transform=f"translate({_MARGIN:g} {_MARGIN:g})"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {breadth} {high:g}",
        width=str(breadth),
        height=f"{high:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="chart",
    )
