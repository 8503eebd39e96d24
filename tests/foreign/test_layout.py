"""Reports fit the screens people have, and what is drawn in them can be read there."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.foreign.conftest import Opened
from tests.foreign.reports import ALL, TOLD, Report

TEXTS = """svg => [...svg.querySelectorAll('text')].map(text => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    return { said: text.textContent, left, right, top, bottom, size };
})"""


@pytest.mark.parametrize("report", ALL, ids=str)
def test_no_page_scrolls_sideways(opened: Opened, report: Report) -> None:
    """Tables may scroll in themselves; the page does not (WCAG 1.4.10)."""
    page = opened(report)
    wide = {}
    for width in (320, 390, 800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert [] == [width for width, needed in wide.items() if needed > width]


@pytest.mark.parametrize(("width", "least"), [(320, 9.0), (390, 11.0), (800, 11.0), (1280, 11.0)])
@pytest.mark.parametrize("report", TOLD, ids=str)
def test_pictures_can_be_read(opened: Opened, report: Report, width: int, least: float) -> None:
    """Each picture is shown once, in the size for the screen: letters large enough, none on another, none cut off."""
    page = opened(report, width=width)
    figures = page.locator("figure:has(svg)")
    assert figures.count() > 0
    for figure in figures.all():
        (picture,) = [svg for svg in figure.locator("svg").all() if svg.is_visible()]
        texts = picture.evaluate(TEXTS)
        assert min(text["size"] for text in texts) >= least
        assert [] == [(a["said"], b["said"]) for a, b in combinations(texts, 2) if _overlap(a, b)]
        box = picture.bounding_box()
        assert box is not None
        assert all(box["x"] <= text["left"] and text["right"] <= box["x"] + box["width"] for text in texts)


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """More than the leading of two lines, which fonts count to the height of a letter."""
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(wide > 0.5 and high > 3)


def test_an_event_in_the_picture_leads_to_its_entry(opened: Opened) -> None:
    """A click on a label goes to what is told of the event."""
    page = opened(TOLD[0])
    link = page.locator("svg.timeline a").first
    target = link.get_attribute("href")
    link.locator("text").first.click()
    assert target is not None
    expect(page).to_have_url(re.compile(f"{re.escape(target)}$"))
    assert 1 == page.locator(f"[id='{target[1:]}']").count()
