"""The page of the HTTP API: whole, without a script, and nothing of it from elsewhere."""

from __future__ import annotations

import re
from html import unescape

from chronicle.web.described.examples import examples
from tests.web.pages.conftest import Browser, an_office, opened


def test_every_operation_is_told(browser: Browser) -> None:
    """Each has its path, its request as a command, and its answer."""
    told = unescape(browser.get("/api").text)

    for one in examples().operations:
        if not one.operation.startswith("head ") and one.operation != "get /metrics":
            assert f"<code>{one.operation.partition(' ')[2]}</code>" in told
            assert one.address in told
    assert len(examples().problems) == told.count('id="problem-')


def test_what_it_needs_comes_from_here(browser: Browser) -> None:
    """No address of another host is loaded, and its policy allows none."""
    answer = browser.get("/api")

    assert {"'self'", "'none'"} == set(re.findall(r"'\w+'", answer.headers["content-security-policy"]))
    assert [] == [one for one in re.findall(r'(?:src|href)="([^"]*)"', answer.text) if "//" in one]
    assert [] == re.findall(r"<script>|<style|style=|onclick", answer.text)


def test_it_can_be_read_without_a_token() -> None:
    """Where tokens are needed it says so, and its commands have one."""
    with opened(an_office(), "tokens") as guarded:
        answer = guarded.get("/api")

    assert 200 == answer.status_code
    assert "Send a token with every request." in answer.text
    assert "Authorization: Bearer $CHRONICLE_TOKEN" in answer.text


def test_a_host_that_is_sent_stays_text(browser: Browser) -> None:
    """The name by which the server was asked stands within the quotes of a command, whatever it is."""
    text = browser.get("/api", headers={"host": "a'$(id)<b>.example"}).text

    assert "<b>.example" not in text
    assert "$(id)" not in re.sub(r"curl (?:-H \S+ )?'[^\n]*", "", unescape(text))
