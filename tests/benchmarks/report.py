"""Figures as a table, as JSON, and as plots of how costs grow."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.race import Figure

WIDTH, HEIGHT = 320, 200


def table(figures: Iterable[Figure]) -> str:
    """One line for each figure."""
    lines = [f"{'benchmark':20}{'backend':12}{'scale':>10}  {'contestant':24}{'µs each':>10}{'of raw':>8}"]
    for one in figures:
        what = f"{one.benchmark:20}{one.backend:12}{one.scale:>10,}  {one.contestant:24}"
        lines.append(f"{what}{one.seconds * 1e6:>10,.1f}{one.ratio:>8.2f}")
    return "\n".join(lines)


def write(figures: Sequence[Figure], folder: Path) -> None:
    """`results.json`, with what it was measured on, and an SVG for each benchmark that was run at several scales."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "system": platform.system()}
    found = {"machine": machine, "figures": [one._asdict() for one in figures]}
    (folder / "results.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for name in sorted({one.benchmark for one in figures}):
        own = [one for one in figures if one.benchmark == name]
        if len({one.scale for one in own}) > 1:
            (folder / f"{name.replace(' ', '-')}.svg").write_text(plot(name, own), encoding="utf-8")


def plot(name: str, figures: Sequence[Figure]) -> str:
    """How the cost of one unit grows with the scale, a line for each contestant and a panel for each backend."""
    from vl_convert import vegalite_to_svg  # noqa: PLC0415 - of the extra `charts`

    values = [{**one._asdict(), "microseconds": one.seconds * 1e6} for one in figures]
    axis = {"scale": {"type": "log"}, "type": "quantitative"}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": f"{name}: time for one document",
        "data": {"values": values},
        "facet": {"field": "backend", "type": "nominal", "title": None},
        "spec": {
            "width": WIDTH,
            "height": HEIGHT,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "scale", "title": "facts", **axis, "axis": {"format": "~s"}},
                "y": {"field": "microseconds", "title": "µs, the median", **axis},
                "color": {"field": "contestant", "type": "nominal", "title": None},
            },
        },
    }
    made: str = vegalite_to_svg(spec)
    return made
