"""Reports can be read by everybody: by axe, by keyboard, in the light and in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.foreign import installed
from tests.foreign.conftest import Opened
from tests.foreign.reports import ALL, TOLD, Report

PHONE, DESK = 390, 1280
# Those in closed details are not there before somebody opens these.
SHOWN = "all => all.filter(one => one.checkVisibility()).map(one => one.getAttribute('popovertarget'))"


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("report", ALL, ids=str)
def test_axe_finds_nothing_serious(opened: Opened, report: Report, width: int, scheme: str) -> None:
    """No violation of any rule that axe calls serious or critical, contrast included."""
    page = opened(report, width=width, color_scheme=scheme)
    page.evaluate(installed.axe())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert found["passes"], "axe looked at nothing"
    assert [] == [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_axe_would_find_something(opened: Opened) -> None:
    """The check is alive: an image without a text and grey on grey are found in the same page."""
    page = opened(TOLD[0])
    page.evaluate(installed.axe())
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert "image-alt" in [rule["id"] for rule in found["violations"]]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_citation_is_reached_by_keyboard_and_shows_its_source(opened: Opened, width: int) -> None:
    """Tab stops at every mark, in the order of the text; Enter shows its source on the screen, Escape hides it."""
    page = opened(TOLD[0], width=width)
    marks = page.locator(".cite button").evaluate_all(SHOWN)
    assert len(marks) > 20
    reached = []
    for _ in range(len(marks) * 12):
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('popovertarget')")
        if target is None:
            if page.evaluate("document.activeElement === document.body"):
                break
            continue
        reached.append(target)
        page.keyboard.press("Enter")
        cited = page.locator(f"#{target}")
        expect(cited).to_be_in_viewport(ratio=0.99)
        assert cited.inner_text().strip()
        page.keyboard.press("Escape")
        expect(cited).to_be_hidden()
    assert marks == reached


@pytest.mark.parametrize("report", TOLD, ids=str)
def test_the_first_stop_skips_to_the_text(opened: Opened, report: Report) -> None:
    """Whoever uses a keyboard need not walk through the contents."""
    page = opened(report)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#report")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#report$"))
