"""Figures as plots of how costs grow: a file for each benchmark, with a panel for each backend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.memory import Peak
from tests.benchmarks.race import Figure

WIDTH, HEIGHT = 330, 230

RAW = "#8a8f98"
OURS = ("#0b5cad", "#56a3e8", "#17324d", "#7a3fa0", "#c08bd6")
OTHERS = ("#c2410c", "#15803d", "#d99a1c", "#be185d", "#0f766e", "#6b4f2a", "#4d7c0f", "#9f1239")

UNITS = {
    "bulk": "µs a document",
    "replay": "µs an event",
    "events as of a day": "µs an event",
    "state of the whole world": "µs a row",
    "what was learned": "µs a record between",
    "what changed": "µs a change",
    "changed and learned": "µs a change",
}
"""What one unit of a benchmark is, where it is no question."""


def plot(name: str, figures: Sequence[Figure]) -> str:
    """How the cost of one unit grows with the number of facts, on axes of which each step is as many times more."""
    values = [
        {"panel": one.backend, "scale": one.scale, "line": one.contestant, "cost": one.seconds * 1e6} for one in figures
    ]
    raw = figures[0].contestant
    return _drawn(name.capitalize(), UNITS.get(name, "µs a question, the median"), values, raw, rule=None)


def plot_peaks(peaks: Sequence[Peak], goal: float) -> str:
    """The same of memory, with a line at what it is to stay below."""
    values = [{"panel": one.backend, "scale": one.scale, "line": one.work, "cost": one.megabytes} for one in peaks]
    return _drawn("Memory at most", "megabytes of the process", values, "nothing", rule=goal)


def _drawn(title: str, unit: str, values: list[dict[str, Any]], raw: str, rule: float | None) -> str:
    from vl_convert import vegalite_to_svg  # noqa: PLC0415 - of the extra `charts`

    names = list(dict.fromkeys(one["line"] for one in values))
    names.sort(key=lambda name: name != raw)
    axis: dict[str, Any] = {"scale": {"type": "log", "nice": False, "padding": 12}, "type": "quantitative"}
    ticks = sorted({one["scale"] for one in values})
    line: dict[str, Any] = {
        "mark": {"type": "line", "point": {"size": 45, "filled": True}, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "scale", "title": "facts", **axis, "axis": {"format": "~s", "values": ticks, "grid": False}},
            "y": {"field": "cost", "title": unit, **axis, "axis": {"format": "~s", "values": _steps(values)}},
            "color": {
                "field": "line",
                "type": "nominal",
                "title": None,
                "sort": names,
                "scale": {"domain": names, "range": _colours(names, raw)},
                "legend": {"orient": "bottom", "columns": 3, "labelLimit": 260, "symbolType": "stroke"},
            },
            "strokeDash": {
                "field": "line",
                "type": "nominal",
                "scale": {"domain": names, "range": [[5, 3] if name == raw else [1, 0] for name in names]},
                "legend": None,
            },
        },
    }
    layers = [line]
    if rule is not None:
        layers.append(
            {"mark": {"type": "rule", "color": RAW, "strokeDash": [2, 3]}, "encoding": {"y": {"datum": rule}}}
        )
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title, "anchor": "start", "fontSize": 15, "offset": 12},
        "data": {"values": values},
        "facet": {"field": "panel", "type": "nominal", "title": None, "sort": ["sqlite", "postgresql"]},
        "spec": {"width": WIDTH, "height": HEIGHT, "layer": layers},
        "config": {
            "aria": False,
            "background": "white",
            "font": "sans-serif",
            "axis": {"gridColor": "#e6e8eb", "domainColor": RAW, "tickColor": RAW, "titleFontWeight": "normal"},
            "header": {"labelFontSize": 13},
            "view": {"stroke": None},
        },
    }
    made: str = vegalite_to_svg(spec)
    return made


def _steps(values: Sequence[dict[str, Any]]) -> list[float]:
    """Powers of ten, and between those 2 and 5 times as much where there are few of them."""
    costs = [one["cost"] for one in values]
    first, last = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))
    factors = (1, 2, 5) if last - first <= 3 else (1,)
    return [factor * 10.0**power for power in range(first, last + 1) for factor in factors]


def _colours(names: Sequence[str], raw: str) -> list[str]:
    """Grey for the raw limit, blue and violet for Chronicle, warm and green for others."""
    ours, others = iter(OURS), iter(OTHERS)
    return [RAW if name == raw else next(ours if name.startswith("chronicle") else others) for name in names]
