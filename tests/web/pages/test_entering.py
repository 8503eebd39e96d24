"""Logging in and out: what a session opens, what ends it, and whom its forms obey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest

from chronicle.narrative.language.wording import languages
from chronicle.service import Archive
from chronicle.web.pages.entering import within
from chronicle.web.visitors import PLAIN, SECURE
from tests.builders import an_event
from tests.web.pages.conftest import HOSTILE, Browser, an_office, opened
from tests.web.pages.test_recording import FIELDS, PATH, fields

OWN = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
"""What a browser sends with a form of our own page."""


@pytest.fixture
def guarded(archive: Archive) -> Iterator[Browser]:
    """Pages that want a token."""
    with opened(archive, "tokens") as client:
        yield client


def a_token(archive: Archive, *scopes: str, **more: Any) -> str:
    """A token with some scopes."""
    text, _ = archive.tokens().create("Editor", scopes, **more)
    return text


def log_in(browser: Browser, token: str, **more: str) -> Any:
    """What is answered to the form that takes a token."""
    return browser.post("/login", data={"token": token, **more}, headers=OWN)


def test_who_has_no_token_is_shown_the_way_in(guarded: Browser) -> None:
    """A page, with the status and the header that programs look for, and a link to the form that leads back."""
    answer = guarded.get("/chronicles/c?as_of=2021")

    assert (401, "text/html") == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert 'Bearer realm="chronicle"' == answer.headers["www-authenticate"]
    assert 'href="/login?next=%2Fchronicles%2Fc%3Fas_of%3D2021"' in answer.text


def test_a_token_opens_a_session(guarded: Browser, archive: Archive) -> None:
    """Whoever shows one goes on to where they were going, and reads."""
    answer = log_in(guarded, a_token(archive, "read"), next="/chronicles/c?as_of=2021")

    assert (303, "/chronicles/c?as_of=2021") == (answer.status_code, answer.headers["location"])
    page = guarded.get("/chronicles/c?as_of=2021")
    assert (200, True, "no-store") == (page.status_code, "Editor" in page.text, page.headers["cache-control"])
    assert 200 == guarded.get("/api/state?chronicle=c").status_code


def test_the_cookie_of_a_session(guarded: Browser, archive: Archive) -> None:
    """Scripts and other sites do not get it, it ends by itself, and the token is not in it."""
    token = a_token(archive, "read")
    told = log_in(guarded, token).headers["set-cookie"]
    name, _, rest = told.partition("=")
    value, *attributes = rest.split("; ")

    assert PLAIN == name
    assert {"httponly", "samesite=strict", "path=/", f"max-age={12 * 3600}"} == {one.lower() for one in attributes}
    assert value not in token
    assert not any(part in value for part in token.split("_", 2)[1:])


def test_over_https_the_cookie_stays_there(archive: Archive) -> None:
    """It is Secure and has a name that browsers keep to this host; one of the plain name opens nothing."""
    with opened(archive, "tokens") as browser:
        browser.base_url = "https://127.0.0.1"
        own = {**OWN, "origin": "https://127.0.0.1"}
        answer = browser.post("/login", data={"token": a_token(archive, "read")}, headers=own)
        told = answer.headers["set-cookie"]
        assert (True, True) == (told.startswith(f"{SECURE}="), "Secure" in told)
        secret = told.partition("=")[2].partition(";")[0]
        browser.cookies.clear()
        codes = [browser.get("/", headers={"cookie": f"{name}={secret}"}).status_code for name in (SECURE, PLAIN)]
        assert [200, 401] == codes


@pytest.mark.parametrize("token", ["", "chr_x_y", "x" * 10_000, "a.b.c", "é", "\x00"])
def test_a_token_that_is_none_opens_none(guarded: Browser, token: str) -> None:
    """The form comes again and says so, without what was written in it."""
    answer = log_in(guarded, token, next="/chronicles/c")

    assert (401, False) == (answer.status_code, "set-cookie" in answer.headers)
    assert 'role="alert"' in answer.text
    assert '<input type="hidden" name="next" value="/chronicles/c">' in answer.text
    assert not token or token not in answer.text


def test_a_token_that_is_revoked_ends_its_sessions(guarded: Browser, archive: Archive) -> None:
    """With the next request."""
    log_in(guarded, a_token(archive, "read"))
    assert 200 == guarded.get("/").status_code
    archive.tokens().revoke(archive.tokens().all()[-1].id)

    assert 401 == guarded.get("/").status_code


def test_a_session_ends_by_itself() -> None:
    """After its hours, and with a token that ends earlier."""
    archive = an_office()
    now = [archive._now()]  # noqa: SLF001 - the clock that was injected
    archive._now = lambda: now[0]  # noqa: SLF001 - as above
    with opened(archive, "tokens") as browser:
        hour = 3_600_000_000
        for token, last in (
            (a_token(archive, "read"), 12 * hour),
            (a_token(archive, "read", expires=now[0] + 13 * hour), hour),
        ):
            log_in(browser, token)
            now[0] += last - 1
            assert 200 == browser.get("/").status_code
            now[0] += 1
            assert 401 == browser.get("/").status_code


def test_logging_out_ends_the_session(guarded: Browser, archive: Archive) -> None:
    """In the archive too: whoever copied the cookie has nothing; and the browser forgets what it had read."""
    log_in(guarded, a_token(archive, "read"))
    cookie = {"cookie": f"{PLAIN}={guarded.cookies[PLAIN]}"}
    proof = _proof(guarded.get("/").text)

    answer = guarded.post("/logout", data={"proof": proof}, headers=OWN)
    assert (303, '"cache"') == (answer.status_code, answer.headers["clear-site-data"])
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert [401, 401] == [guarded.get("/", headers=one).status_code for one in ({}, cookie)]


def test_a_session_records_by_its_own_form(guarded: Browser, archive: Archive) -> None:
    """The form asks for no token then, and the record says whose it was."""
    log_in(guarded, a_token(archive, "read", "append"))
    form = guarded.get("/chronicles/c/add").text
    assert 'name="token"' not in form

    sent = {**fields(form), **FIELDS, "action": "record"}
    assert 303 == guarded.post(PATH, data=sent, headers=OWN).status_code
    assert "Editor" == archive.show("third")[0].header.recorded_by


def test_the_form_of_a_session_comes_again_with_its_proof(guarded: Browser, archive: Archive) -> None:
    """What was to be mended can be sent."""
    log_in(guarded, a_token(archive, "read", "append"))
    sent = {**fields(guarded.get("/chronicles/c/add").text), **FIELDS, "occurred": "1994-13", "action": "record"}
    again = guarded.post(PATH, data=sent, headers=OWN)
    assert 422 == again.status_code

    sent = {**fields(again.text), "occurred": "1994", "action": "record"}
    assert 303 == guarded.post(PATH, data=sent, headers=OWN).status_code


@pytest.mark.parametrize(
    ("headers", "proof"),
    [
        (OWN, None),
        (OWN, ""),
        (OWN, "é"),
        (OWN, "0" * 64),
        ({}, None),
        ({"origin": "http://evil.example"}, "own"),
        ({"origin": "null"}, "own"),
        ({"origin": "http://127.0.0.1:81"}, "own"),
        ({"sec-fetch-site": "same-site"}, "own"),
    ],
)
def test_another_site_does_nothing_in_a_session(
    guarded: Browser, archive: Archive, headers: dict[str, str], proof: str | None
) -> None:
    """Neither records nor ends it, whatever it sends with the cookie."""
    log_in(guarded, a_token(archive, "read", "append"))
    before, own = archive.position(), _proof(guarded.get("/").text)
    given = {} if proof is None else {"proof": own if proof == "own" else proof}

    sent = {**FIELDS, **given, "action": "record"}
    assert 403 == guarded.post(PATH, data=sent, headers=headers).status_code
    assert 403 == guarded.post("/logout", data=given, headers=headers).status_code
    assert (before, 200) == (archive.position(), guarded.get("/").status_code)


def test_a_session_does_not_append_over_the_api(guarded: Browser, archive: Archive) -> None:
    """Programs show the token itself; a cookie comes along by itself and proves nothing."""
    log_in(guarded, a_token(archive, "read", "append"))
    body = {"chronicle": "c", "documents": [an_event("n")]}

    assert 403 == guarded.post("/api/append", json=body, headers=OWN).status_code


def test_another_site_logs_nobody_in(guarded: Browser, archive: Archive) -> None:
    """Else what a person writes would be recorded under the name of another."""
    sent = {"token": a_token(archive, "read")}
    answer = guarded.post("/login", data=sent, headers={"origin": "http://evil.example"})

    assert (403, False) == (answer.status_code, "set-cookie" in answer.headers)


def test_a_session_may_what_its_token_may(guarded: Browser, archive: Archive) -> None:
    """One for a chronicle is shown that one only, and one that reads does not record."""
    archive.append([an_event("other")], chronicle="elsewhere")
    log_in(guarded, a_token(archive, "read", chronicles=["c"]))
    home = guarded.get("/").text

    assert (True, False) == ("/chronicles/c" in home, "elsewhere" in home)
    assert [200, 403] == [guarded.get(f"/chronicles/{one}").status_code for one in ("c", "elsewhere")]
    assert [200, 403] == [guarded.get(f"/search?q=e&chronicle={one}").status_code for one in ("c", "elsewhere")]
    assert "elsewhere" not in guarded.get("/search?q=e&chronicle=c").text
    sent = {**fields(guarded.get("/chronicles/c/add").text), **FIELDS, "action": "record"}
    assert 403 == guarded.post(PATH, data=sent, headers=OWN).status_code


def test_who_is_logged_in_reads_what_anybody_may(archive: Archive) -> None:
    """A token for one chronicle takes nothing away where all may be read; and its session records there."""
    archive.append([an_event("other")], chronicle="elsewhere")
    with opened(archive, "public-read") as browser:
        log_in(browser, a_token(archive, "append", chronicles=["c"]))
        assert [200, 200] == [browser.get(path).status_code for path in ("/", "/chronicles/elsewhere")]
        sent = {**fields(browser.get("/chronicles/c/add").text), **FIELDS, "action": "record"}
        assert 303 == browser.post(PATH, data=sent, headers=OWN).status_code
        assert 403 == browser.post("/chronicles/elsewhere/record", data=sent, headers=OWN).status_code


def test_the_name_of_a_token_is_text(guarded: Browser, archive: Archive) -> None:
    """It stands on every page, and is markup on none."""
    text, _ = archive.tokens().create(HOSTILE, ["read"])
    log_in(guarded, text)
    page = guarded.get("/").text

    assert (False, True) == (HOSTILE in page, "Logged in as <strong>&lt;script&gt;alert(1)&lt;/script&gt;" in page)


def test_a_new_session_takes_the_place_of_the_old_one(guarded: Browser, archive: Archive) -> None:
    """A cookie from before is worth nothing once somebody has logged in (session fixation)."""
    log_in(guarded, a_token(archive, "read"))
    before = guarded.cookies[PLAIN]
    log_in(guarded, a_token(archive, "read"))

    assert before != guarded.cookies[PLAIN]
    guarded.cookies.clear()
    assert 401 == guarded.get("/", headers={"cookie": f"{PLAIN}={before}"}).status_code


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "/a\r\nset-cookie: x=y",
        "///evil.example",
        "/\t/evil.example",
        "",
        "chronicles",
        "//[",
        "/é",
    ],
)
def test_no_address_of_another_site_is_gone_on_to(guarded: Browser, archive: Archive, goal: str) -> None:
    """The first page comes in its place."""
    assert "/" == within(goal)
    assert "/" == log_in(guarded, a_token(archive, "read"), next=goal).headers["location"]


def test_whoever_is_logged_in_goes_on(guarded: Browser, archive: Archive) -> None:
    """A link from elsewhere brings no cookie; from our own page the same address is reached with it."""
    log_in(guarded, a_token(archive, "read"))
    answer = guarded.get("/login?next=/chronicles/c")

    assert (303, "/chronicles/c") == (answer.status_code, answer.headers["location"])


def test_where_no_token_is_needed_there_is_no_way_in(browser: Browser) -> None:
    """The form leads on, and no page links to it."""
    assert 303 == browser.get("/login").status_code
    assert "/login" not in browser.get("/").text


def test_a_cookie_opens_nothing_where_no_token_is_needed(archive: Archive) -> None:
    """On one's own machine it is not looked at."""
    with opened(archive, "open") as browser:
        assert 200 == browser.get("/", headers={"cookie": f"{PLAIN}=x"}).status_code


@pytest.mark.parametrize("cookie", ["x", "", "a" * 4000, '"', "%00", "é".encode().decode("latin-1")])
def test_a_cookie_that_is_none(guarded: Browser, cookie: str) -> None:
    """It opens nothing."""
    assert 401 == guarded.get("/", headers={b"cookie": f"{PLAIN}={cookie}".encode("latin-1")}).status_code


def test_only_a_hash_of_a_session_is_kept(guarded: Browser, archive: Archive) -> None:
    """Whoever reads the database has no session."""
    log_in(guarded, a_token(archive, "read"))
    secret = guarded.cookies[PLAIN]
    with archive._store.reading() as connection:  # noqa: SLF001 - what is in the table
        [row] = connection.exec_driver_sql("SELECT * FROM session").all()

    assert not any(secret in str(value) or secret.encode() == value for value in row)


@pytest.mark.parametrize("lang", languages())
def test_the_form_speaks_every_language(guarded: Browser, lang: str) -> None:
    """It is a page without faults, whose field has a name, in the language that was asked for."""
    text = guarded.get(f"/login?lang={lang}&next=/chronicles/c").text
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)

    assert lang == page.get("lang")
    [field] = [one for one in page.iter("input") if one.get("type") == "password"]
    [label] = [one for one in page.iter("label") if field in list(one.iter())]
    assert "".join(label.itertext()).strip()
    assert ("Log in" in text) == (lang == "en")
    assert f'<form class="fields" method="post" action="/login?lang={lang}">' in text


def _proof(page: str) -> str:
    found = re.search(r'name="proof" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]
