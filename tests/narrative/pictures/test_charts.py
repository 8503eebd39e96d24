"""Charts say exact figures, draw their lengths in proportion, and are as inert as any text."""

from __future__ import annotations

import re
import struct
import sys

import pytest

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import Chart, Point, Series
from chronicle.narrative.pictures.charts import NARROW, WIDE, draw
from chronicle.narrative.pictures.raster import png
from tests.narrative.pictures.drawing import SVG, TABLE, parsed

TRADE = (
    ("Exports", (("2024", "1.4e9", "$1.4 billion"), ("2025", "62000000", "$62 million"))),
    ("Imports", (("2024", "1200000000", "$1.2 billion"), ("2025", "1.49e9", "$1.49 billion"))),
)


def chart(*series: tuple[str, tuple[tuple[str, str, str], ...]], unit: str = "USD") -> Chart:
    """A chart of series of category, amount and what is said."""
    told = tuple(
        Series(label, tuple(Point(category, amount, said, "e#1") for category, amount, said in points))
        for label, points in series
    )
    return Chart("trade", "Trade by year", "Imports rose, exports fell", unit, told, TABLE)


def said(svg: str) -> list[str]:
    """The texts, from top to bottom."""
    texts = parsed(svg).iter(f"{SVG}text")
    height = {text: float(re.findall(r"[-\d.]+", text.attrib["transform"])[1]) for text in texts}
    return [text.text or "" for text in sorted(height, key=height.__getitem__)]


def lengths(svg: str, colour: str) -> list[float]:
    """The lengths of the bars of one colour."""
    bars = [path for path in parsed(svg).iter(f"{SVG}path") if colour in path.get("fill", "")]
    return [float(re.findall(r"h([-\d.]+)", bar.attrib["d"])[0]) for bar in bars]


@pytest.mark.parametrize("breadth", [WIDE, NARROW])
def test_figures_are_said_as_they_are_printed(breadth: int) -> None:
    """Categories in their order, under each its series by name: colour is never the only sign."""
    assert [
        "2024", "Exports: $1.4 billion", "Imports: $1.2 billion",
        "2025", "Exports: $62 million", "Imports: $1.49 billion",
    ] == said(draw(chart(*TRADE), breadth=breadth))  # fmt: skip


def test_lengths_are_in_proportion() -> None:
    """A bar is as long as its figure is large, from zero."""
    exports = lengths(draw(chart(*TRADE)), "lane-1")
    imports = lengths(draw(chart(*TRADE)), "lane-2")
    assert exports[1] / exports[0] == pytest.approx(62 / 1400)
    assert imports[0] / exports[0] == pytest.approx(12 / 14)


def test_shares_are_drawn_before_the_whole() -> None:
    """85.5% takes 85.5% of a bar that stands for all."""
    svg = draw(chart(("Share", (("Oil", "85.5", "85.5%"), ("Gas", "12", "12%"))), unit="%"))
    assert lengths(svg, "lane-1")[0] / lengths(svg, "line")[0] == pytest.approx(0.855)


def test_figures_below_zero() -> None:
    """A deficit is drawn to the left of zero, a surplus to the right."""
    svg = draw(chart(("Balance", (("2024", "-5", "−5"), ("2025", "3", "3")))))  # noqa: RUF001 - a minus sign
    assert [pytest.approx(5 / 3)] == [abs(one / other) for one, other in [lengths(svg, "lane-1")]]


def test_the_same_chart_gives_the_same_bytes() -> None:
    """Nothing of a chart depends on the run."""
    assert draw(chart(*TRADE)) == draw(chart(*TRADE))


def test_a_chart_is_inert() -> None:
    """Markup, formulas, control and bidirectional characters of names are text."""
    hostile = "</text><script>alert(1)</script>\u202e\x1b' + datum + '"
    svg = draw(chart((hostile, ((hostile, "1", hostile),)), (hostile, ())))
    assert "<script" not in svg
    assert not set("\u202e\x1b") & set(svg)
    assert not re.search(r"(?:href|style|on\w+)=", svg)
    assert {"svg", "title", "desc", "g", "path", "text"} >= {node.tag.removeprefix(SVG) for node in parsed(svg).iter()}


def test_a_chart_has_a_name_and_a_description_and_takes_the_colours_of_the_page() -> None:
    """It is one image, with caption and alternative text; no colour is fixed."""
    svg = draw(chart(*TRADE))
    drawn = parsed(svg)
    assert "img" == drawn.get("role")
    assert ["Trade by year", "Imports rose, exports fell"] == [drawn[0].text, drawn[1].text]
    assert [] == re.findall(r'"#[0-9a-f]{6}"', svg)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names what to install."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chronicle-service\[charts\]'"):
        draw(chart(*TRADE))
    with pytest.raises(MissingExtraError, match=r"vl-convert-python"):
        png("<svg/>")


def test_pixels() -> None:
    """A picture as PNG is twice as wide as it is drawn."""
    image = png(draw(chart(*TRADE)))
    assert b"\x89PNG\r\n\x1a\n" == image[:8]
    assert (2 * WIDE,) == struct.unpack(">I", image[16:20])
