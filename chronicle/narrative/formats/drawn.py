"""Pictures of a document for formats that show them; where what draws them is not installed, there is their table."""

from __future__ import annotations

from typing import Literal

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import Chart, Timeline
from chronicle.narrative.pictures import charts, raster, theme, timeline

Breadth = Literal["wide", "narrow"]


def drawn(block: Chart | Timeline, lang: str, breadth: Breadth = "wide") -> str | None:
    """A picture as SVG that takes its colours from the page; None where an extra is missing."""
    if isinstance(block, Timeline):
        return timeline.draw(block, lang, breadth=timeline.WIDE if breadth == "wide" else timeline.NARROW)
    try:
        return charts.draw(block, breadth=charts.WIDE if breadth == "wide" else charts.NARROW)
    except MissingExtraError:
        return None


def printed(block: Chart | Timeline, lang: str) -> str | None:
    """The same in the colours of white paper."""
    svg = drawn(block, lang)
    return None if svg is None else theme.fixed(svg)


def pixels(block: Chart | Timeline, lang: str) -> bytes | None:
    """The same as PNG."""
    svg = drawn(block, lang)
    try:
        return None if svg is None else raster.png(svg)
    except MissingExtraError:
        return None
