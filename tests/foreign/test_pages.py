"""The pages of the service in a browser: with and without scripts, by keyboard, on a phone, in the dark."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from chronicle import Archive
from chronicle.web.app import application
from tests.foreign import installed
from tests.foreign.reports import EVENTS, NOW

PHONE, DESK = 390, 1280
PAGES = {
    "home": "/",
    "timeline": "/chronicles/azerbaijan-us?as_of=2026-03-01",
    "event": "/chronicles/azerbaijan-us/events/contract-of-the-century",
    "entity": "/chronicles/azerbaijan-us/entities/azerbaijan?as_of=2026-03-01",
    "attribute": "/chronicles/us-executive/attributes/accession",
    "source": "/chronicles/azerbaijan-us/sources/trend-2026-02-24",
    "compare": "/chronicles/azerbaijan-us/compare?before_as_of=1995&after_as_of=2026",
    "search": "/search?q=oil",
    "report": "/chronicles/azerbaijan-us/report?kind=brief&lang=az",
    "correct": "/chronicles/azerbaijan-us/events/contract-of-the-century/correct",
    "fault": "/chronicles/nowhere",
    "api": "/api",
}
OFFICES = "/chronicles/us-executive/entities/president"

Visited = Callable[..., Page]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A running service over the curated chronicles; its address."""
    archive = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
    archive.load(str(EVENTS))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(archive, "open"), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def visited(browser: Browser, service: str) -> Iterator[Visited]:
    """Open a page: `visited(path, width=390, java_script_enabled=False)`; what fails in its script fails the test."""
    contexts, faults = [], []

    def visit(path: str, *, width: int = DESK, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=service, reduced_motion="reduce", locale="en", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [] == faults


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_serious(visited: Visited, path: str, width: int, scheme: str) -> None:
    """No violation of any rule that axe calls serious or critical, contrast included."""
    page = visited(path, width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(installed.axe())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert found["passes"], "axe looked at nothing"
    assert [] == [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_scrolls_sideways(visited: Visited, path: str) -> None:
    """Tables may scroll in themselves; the page does not (WCAG 1.4.10)."""
    page = visited(path, width=PHONE)
    wide = {}
    for width in (320, 390, 800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert {} == {width: found for width, found in wide.items() if found > width}


def test_a_slider_changes_the_state_beside_it(visited: Visited) -> None:
    """By keyboard, without another page; the address has the date, and Reload shows the same."""
    page = visited(f"{OFFICES}?as_of=2020")
    state = page.locator("#state")
    expect(state).to_contain_text("Donald Trump")
    slider = page.get_by_role("slider", name="As of")
    slider.focus()
    page.keyboard.press("Home")
    expect(state).not_to_contain_text("Donald Trump")
    shown = page.locator(".basis input[name=as_of]").input_value()
    expect(page).to_have_url(re.compile(f"as_of={re.escape(shown)}"))
    expect(slider).to_have_attribute("aria-valuetext", shown)
    told = state.inner_text()
    page.reload()
    assert told == page.locator("#state").inner_text()


def test_what_was_known_has_a_slider_too(visited: Visited) -> None:
    """Before the first source was published, nothing was known."""
    page = visited("/chronicles/azerbaijan-us?as_of=2026-03-01")
    expect(page.locator("#state tbody tr").first).to_be_visible()
    page.locator(".basis input[name=known]").fill("2020")
    page.locator(".basis input[name=known]").press("Enter")
    expect(page.locator("#state tbody tr")).to_have_count(0)
    expect(page).to_have_url(re.compile("known=2020"))
    page.get_by_role("slider", name="Known by").focus()
    page.keyboard.press("End")
    expect(page.locator("#state tbody tr").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_steps_go_from_change_to_change(visited: Visited, *, scripts: bool) -> None:
    """With and without a script, the arrows lead to the same state."""
    page = visited(f"{OFFICES}?as_of=1963-11-22", java_script_enabled=scripts)
    expect(page.locator("#state")).to_contain_text("Johnson")
    page.get_by_role("link", name="Earlier").first.click()
    expect(page.locator("#state")).to_contain_text("Kennedy")
    expect(page.locator("#state")).not_to_contain_text("Johnson")


def test_without_scripts_a_date_is_asked_for_by_a_form(visited: Visited) -> None:
    """A field and a button, which the script takes away where it has a better way."""
    page = visited(OFFICES, java_script_enabled=False)
    page.locator(".basis input[name=as_of]").fill("1963-11-21")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#state")).to_contain_text("Kennedy")
    expect(page).to_have_url(re.compile("as_of=1963-11-21"))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_leads_to_an_event(visited: Visited, *, scripts: bool) -> None:
    """From the first page."""
    page = visited("/", java_script_enabled=scripts)
    page.get_by_role("searchbox").fill("contract century")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Contract of the Century signed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contract of the Century signed")


def test_a_date_is_explained_while_it_is_written(visited: Visited) -> None:
    """What it means, or what is wrong with it."""
    page = visited("/chronicles/us-executive/add")
    field = page.locator("input[name=occurred]")
    field.fill("1994~")
    expect(page.locator("input[name=occurred] + output")).to_contain_text("about 1994")
    field.fill("1994-13")
    expect(page.locator("input[name=occurred] + output")).to_contain_text("no month 13")
    expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_event_is_previewed_and_recorded(visited: Visited, *, scripts: bool) -> None:
    """What the state would become is shown first; then the event has a page."""
    page = visited("/chronicles/us-executive/add", java_script_enabled=scripts)
    name = f"note-{int(scripts)}"
    for field, text in {
        "id": name,
        "type": "note.made",
        "occurred": "2026-02-01",
        "title": f"A note {name}",
        "facts": f"- {{subject: {name}, attribute: mood, value: calm}}",
    }.items():
        page.locator(f"[name={field}]").fill(text)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview ins")).to_have_text("calm")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"A note {name}")


def test_the_first_stop_skips_to_the_text(visited: Visited) -> None:
    """Whoever uses a keyboard need not walk through the links of every page."""
    page = visited("/chronicles/us-executive")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#text")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#text$"))


def test_pages_are_dark_in_the_dark(visited: Visited) -> None:
    """The ground, and what is drawn on it."""
    page = visited("/chronicles/us-executive", color_scheme="dark")
    assert "rgb(20, 22, 26)" == page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_description_of_the_service_needs_nothing_from_elsewhere(visited: Visited, *, scripts: bool) -> None:
    """Whole and styled with and without a script, from this server alone and under its own policy."""
    page = visited("/", java_script_enabled=scripts)
    asked: list[str] = []
    blocked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: blocked.append(message.text))
    page.get_by_role("link", name="HTTP API").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HTTP API")
    home = page.url.removesuffix("/api")
    assert [] == [url for url in asked if not url.startswith(home)]
    assert [] == [text for text in blocked if "Content Security Policy" in text]
    expect(page.locator(".operation pre").first).to_be_visible()
    page.get_by_role("link", name="What held over time").click()
    expect(page.get_by_role("heading", name="What held over time")).to_be_in_viewport()
    assert ["Find an operation"] * scripts == page.locator("label.find").all_inner_texts()


def test_an_operation_is_found_and_its_request_copied(visited: Visited) -> None:
    """The field leaves those that have its words; the button takes the command as it stands."""
    page = visited("/api", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("searchbox", name="Find an operation").fill("checkpoint signed tlog")
    expect(page.locator(".contents li:visible")).to_have_count(1)
    shown = page.locator(".operation[id^=Api]:visible")
    expect(shown).to_have_count(1)
    shown.get_by_role("button", name="Copy").click()
    expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    command = shown.locator("[data-copy]").inner_text().strip()
    assert command.startswith("curl http://127.0.0.1:")
    assert command == page.evaluate("navigator.clipboard.readText()")
