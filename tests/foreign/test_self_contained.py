"""A report is one file: it asks for nothing, runs nothing, and keeps its own policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.foreign.conftest import Opened
from tests.foreign.reports import ALL, TOLD, Press, Report


@pytest.mark.parametrize("report", ALL, ids=str)
def test_nothing_is_asked_for_and_no_policy_violated(browser: Browser, press: Press, report: Report) -> None:
    """The only request is that for the page, and the console stays silent: no refused style, no error."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    address = press.written(report).as_uri()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    context.close()
    assert [address] == asked
    assert [] == said


def test_the_policy_forbids_scripts_and_strange_styles(opened: Opened) -> None:
    """What somebody smuggled into a page would not run, not look, and not load."""
    page = opened(TOLD[0])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'document.title = "taken over"';
            const style = document.createElement('style');
            style.textContent = 'h1 { display: none }';
            const image = new Image();
            image.src = 'https://example.org/tracker.png';
            document.body.append(script, style, image);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.title() != "taken over"
    assert page.locator("h1").is_visible()
    assert 3 <= sum("Content Security Policy" in line for line in said)


@pytest.mark.parametrize("report", TOLD, ids=str)
def test_it_works_without_javascript(opened: Opened, report: Report) -> None:
    """The same text, and a tap on a mark still opens its source."""
    without = opened(report, java_script_enabled=False)
    with_scripts = opened(report)
    assert with_scripts.locator("body").inner_text() == without.locator("body").inner_text()
    mark = without.locator(".cite button").first
    cited = without.locator(".cited").first
    expect(cited).to_be_hidden()
    mark.click()
    expect(cited).to_be_visible()
    assert cited.inner_text().strip()
