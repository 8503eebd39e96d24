"""A history as it is drawn: nothing is lost, doubt is seen, and labels stay text."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from chronicle.event.value import Figure, Flag, Number, Quantity
from chronicle.narrative.pictures.history import NARROW, WIDE, Stretch, amount, draw
from tests.builders import instant

YEAR = [instant(f"{year}-01-01") // 1_000_000 for year in range(2020, 2026)]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("breadth", [WIDE, NARROW])
def test_every_stretch_is_drawn_where_it_holds(breadth: int) -> None:
    """From left to right, without a gap where there is none, what has no end to the edge."""
    found = boxes(
        [
            Stretch(None, YEAR[1], "A", certain=True, amount=None),
            Stretch(YEAR[1], YEAR[3], "B", certain=True, amount=None),
            Stretch(YEAR[3], None, "C", certain=True, amount=None),
        ],
        breadth,
    )
    edges = [(float(one.get("x", "")), float(one.get("x", "")) + float(one.get("width", ""))) for one in found]
    assert ["A", "B", "C"] == [one.findtext(f"{SVG}title") for one in found]
    assert all(abs(left[1] - right[0]) < 0.2 for left, right in pairwise(edges))
    assert all(0 <= left < right <= breadth for left, right in edges)


def test_doubt_is_dashed() -> None:
    """What is only possible does not look certain."""
    stretches = [
        Stretch(YEAR[0], YEAR[1], "A", certain=True, amount=None),
        Stretch(YEAR[1], YEAR[2], "B", certain=False, amount=None),
    ]
    assert [None, "4 3"] == [one.get("stroke-dasharray") for one in boxes(stretches)]


def test_figures_are_steps() -> None:
    """Twice the figure is twice as high."""
    stretches = [
        Stretch(YEAR[0], YEAR[1], "10", certain=True, amount=Decimal(10)),
        Stretch(YEAR[1], YEAR[2], "20", certain=True, amount=Decimal(20)),
    ]
    low, high = (float(one.get("height", "")) for one in boxes(stretches))
    assert 2 * low == high


def test_figures_below_nothing_are_boxes() -> None:
    """A base of nothing would tell them wrong."""
    stretches = [
        Stretch(YEAR[0], YEAR[1], "-10", certain=True, amount=Decimal(-10)),
        Stretch(YEAR[1], YEAR[2], "20", certain=True, amount=Decimal(20)),
    ]
    assert 1 == len({one.get("height") for one in boxes(stretches)})


def test_what_is_said_stays_text() -> None:
    """Whatever a value has for its text."""
    hostile = '"><script>alert(1)</script>'
    drawn = draw([Stretch(YEAR[0], YEAR[3], hostile, certain=True, amount=None)], hostile, "h", YEAR[4], "en")
    assert "<script" not in drawn
    ET.fromstring(drawn)  # noqa: S314 - made here


def test_an_amount_is_that_of_one_number() -> None:
    """Of several values, or of what is no number, there is none."""
    ten = Figure(Number("10"))
    assert Decimal(10) == amount([ten])
    assert Decimal("1.5") == amount([Quantity(Number("1.5"), "USD")])
    assert (None, None, None) == (amount([]), amount([ten, ten]), amount([Flag(flag=True)]))


def boxes(stretches: list[Stretch], breadth: int = WIDE) -> list[ET.Element]:
    """The boxes of the stretches, in order."""
    svg = ET.fromstring(draw(stretches, "T", "h", YEAR[4], "en", breadth))  # noqa: S314 - made here
    return [one for one in svg.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
