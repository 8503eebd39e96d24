"""A browser, and reports to open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.foreign import installed
from tests.foreign.reports import Press, Report

Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Reports, each written once."""
    return Press(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system, without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed.chromium())
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, press: Press) -> Iterator[Opened]:
    """Open a report: `opened(report, width=390, color_scheme="dark")`; whatever it asks of the network fails."""
    contexts = []

    def open_(report: Report, *, width: int = 1280, height: int = 900, **options: object) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, offline=True, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(press.written(report).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
