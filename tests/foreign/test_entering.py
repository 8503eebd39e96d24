"""Logging in and out in a browser: without scripts, by keyboard, and what other sites get of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chronicle import Archive
from chronicle.web.app import application
from tests.foreign import installed
from tests.foreign.reports import EVENTS, NOW

PATH = "/chronicles/us-executive?as_of=1963-11-22"


class Guarded(NamedTuple):
    """The address of a service that wants tokens, and one of them."""

    base: str
    token: str


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    """A running service over the curated chronicles."""
    archive = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
    archive.load(str(EVENTS))
    token, _ = archive.tokens().create("Editor", ["read", "append"])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(archive, "tokens"), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Guarded(f"http://127.0.0.1:{listening.getsockname()[1]}", token)
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def context(browser: Browser, guarded: Guarded, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of somebody who was never here, with scripts and without."""
    made = browser.new_context(base_url=guarded.base, locale="en", java_script_enabled=request.param)
    yield made
    made.close()


def entered(context: BrowserContext, token: str) -> Page:
    """The page that was refused, after its way in was taken by keyboard."""
    page = context.new_page()
    answer = page.goto(PATH)
    assert answer is not None
    assert 401 == answer.status
    page.get_by_role("main").get_by_role("link", name="Log in").press("Enter")
    page.get_by_label("Token").fill(token)
    page.get_by_label("Token").press("Enter")
    return page


def test_who_has_a_token_comes_in_records_and_leaves(context: BrowserContext, guarded: Guarded) -> None:
    """To the page that was refused; the form asks for no token; afterwards it is refused again."""
    page = entered(context, guarded.token)
    expect(page).to_have_url(f"{guarded.base}{PATH}")
    expect(page.get_by_text("Logged in as Editor")).to_be_visible()

    page.get_by_role("link", name="Add an event").click()
    expect(page.get_by_label("Token")).to_have_count(0)
    for label, text in (("id", "visit-x"), ("Type", "note.made"), ("Occurred (EDTF)", "1963"), ("Title", "A visit")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_be_visible()

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    answer = page.goto(PATH)
    assert answer is not None
    assert 401 == answer.status


def test_a_token_that_is_none_is_said_to_be(context: BrowserContext) -> None:
    """Beside its field, to those who do not see it, too; and the field is empty."""
    page = entered(context, "chr_nothing")

    expect(page.get_by_role("alert")).to_contain_text("opens nothing here")
    expect(page.get_by_label("Token")).to_have_value("")
    expect(page.get_by_label("Token")).to_have_accessible_description(
        "This token opens nothing here: it is misspelt, has expired or was revoked."
    )


def test_the_cookie_is_for_this_site_alone(context: BrowserContext, guarded: Guarded) -> None:
    """No script reads it, and a link from another site comes without it; from our own page it is there again."""
    page = entered(context, guarded.token)
    expect(page.get_by_text("Logged in as Editor")).to_be_visible()
    [cookie] = context.cookies()
    assert (True, "Strict") == (cookie["httpOnly"], cookie["sameSite"])

    page.route(
        "http://elsewhere.example/",
        lambda route: route.fulfill(body=f'<a href="{guarded.base}/">over</a>', content_type="text/html"),
    )
    page.goto("http://elsewhere.example/")
    page.get_by_role("link", name="over").click()
    expect(page.get_by_role("heading", name="This cannot be shown")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    expect(page.get_by_text("Logged in as Editor")).to_be_visible()
    expect(page).to_have_url(f"{guarded.base}/")


@pytest.mark.parametrize("path", [PATH, "/login", f"/login?lang=az&next={PATH}"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(browser: Browser, guarded: Guarded, path: str, width: int, scheme: str) -> None:
    """In the page that is refused and in the form; and neither scrolls sideways."""
    made = browser.new_context(
        base_url=guarded.base, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = made.new_page()
    page.goto(path)
    page.evaluate(installed.axe())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    made.close()

    assert found["passes"], "axe looked at nothing"
    assert [] == [(rule["id"], rule["impact"]) for rule in found["violations"]]
    assert not wide
