"""Feeds: every event once from the newest page back, what is withdrawn, and pages that stay as they are."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import feedparser
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from chronicle.exchange.feed_page import PAGE
from chronicle.service import Archive
from tests.builders import Clock, a_retraction, a_source, an_event
from tests.web.conftest import Client, client_of
from tests.web.json_feed import SCHEMA

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
BASE = "http://127.0.0.1:8765"
ATOM = f"{BASE}/feeds/c/atom"
JSON = f"{BASE}/feeds/c/json"
HOSTILE = "</title><script>alert(1)</script> & ]]> \u202e"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def archive(url: str, clock: Clock) -> Iterator[Archive]:
    """An archive with 3 pages and a bit, of two chronicles, with a stretch of a page that is all of the other."""
    with Archive.open(url, recorded_by="tester", now=clock) as opened:
        opened.append([a_source("s", url="https://example.org/a?b=1&c=2")], chronicle="c")
        opened.append([an_event(f"e{at}", sources=["s"]) for at in range(PAGE)], chronicle="c")
        opened.append([an_event(f"o{at}") for at in range(2 * PAGE)], chronicle="other")
        opened.append(
            [an_event(f"e{PAGE + at}", title=f"Event e{PAGE + at} {HOSTILE}") for at in range(5)], chronicle="c"
        )
        yield opened


@pytest.fixture
def client(archive: Archive, url: str, clock: Clock) -> Iterator[Client]:  # noqa: ARG001 - it is there
    """A client of the server of that archive."""
    with client_of(url, clock=clock) as opened:
        yield opened


def feed(client: Client, address: str) -> ET.Element:
    """A page, as a parser of XML reads it."""
    answer = client.get(address)
    assert (200, "application/atom+xml") == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    return ET.fromstring(answer.content)  # noqa: S314 - our own


def link(page: ET.Element, relation: str) -> str | None:
    """Where a page leads."""
    found = page.find(f"a:link[@rel='{relation}']", NAMES)
    return None if found is None else found.get("href")


def ids(page: ET.Element) -> list[str]:
    """The ends of the ids of its entries."""
    return [(one.findtext("a:id", "", NAMES)).rpartition("/")[2] for one in page.findall("a:entry", NAMES)]


def all_pages(client: Client) -> list[ET.Element]:
    """The newest page and those that `prev-archive` leads to (RFC 5005, section 4.2)."""
    pages, address = [], ATOM
    while address:
        pages.append(feed(client, address))
        address = link(pages[-1], "prev-archive") or ""
    return pages


def test_every_event_is_found_from_the_newest_page_back(client: Client) -> None:
    """The pages have all events of the chronicle, none of another, and skip pages that have none of it."""
    pages = all_pages(client)

    assert {f"e{at}" for at in range(PAGE + 5)} == {one for page in pages for one in ids(page)}
    assert [f"{ATOM}/2", f"{ATOM}/1", None] == [link(page, "prev-archive") for page in pages]
    assert [False, True, True] == [page.find("fh:archive", NAMES) is not None for page in pages]
    assert [None, ATOM, ATOM] == [link(page, "current") for page in pages]
    assert [ATOM, f"{ATOM}/2", f"{ATOM}/1"] == [link(page, "self") for page in pages]


def test_a_reader_of_feeds_reads_it(client: Client) -> None:
    """Feedparser finds no fault, and the entries with what they need (RFC 4287, section 4.1.2)."""
    for page in (ATOM, f"{ATOM}/1"):
        read = feedparser.parse(client.get(page).content)
        assert (False, "atom10") == (bool(read.bozo), read.version)
        for entry in read.entries:
            assert entry.id.startswith("tag:")
            assert entry.title.startswith("Event e")
            assert entry.updated_parsed
            assert entry.published_parsed
            assert entry.link.startswith(f"{BASE}/chronicles/c/events/")
        assert len(read.entries) == len({entry.id for entry in read.entries})


def test_hostile_text_stays_text(client: Client) -> None:
    """Markup in a title is text in both feeds."""
    titles = {one.findtext("a:title", "", NAMES) for one in feed(client, ATOM).findall("a:entry", NAMES)}

    assert f"Event e{PAGE} {HOSTILE}" in titles
    assert b"<script>" not in client.get(ATOM).content
    assert f"Event e{PAGE} {HOSTILE}" in {one["title"] for one in client.get(JSON).json()["items"]}


def test_a_full_page_stays_as_it_is(client: Client, archive: Archive, clock: Clock) -> None:
    """Appends, corrections of events in it and of their sources change nothing; it may be kept for ever."""
    before = client.get(f"{ATOM}/1")
    clock.set("2026-05-01")
    archive.append([a_source("s", title="Another"), an_event("e3", title="Mended"), a_retraction("e4")], chronicle="c")
    archive.append([an_event(f"more{at}") for at in range(PAGE)], chronicle="c")
    after = client.get(f"{ATOM}/1")

    assert before.content == after.content
    assert before.headers["etag"] == after.headers["etag"]
    assert "immutable" in after.headers["cache-control"]
    assert 304 == client.get(f"{ATOM}/1", headers={"if-none-match": before.headers["etag"]}).status_code
    assert "no-cache" in client.get(ATOM).headers["cache-control"]


@pytest.mark.parametrize("form", ["atom", "json"])
def test_pages_that_are_not_full_are_not_there(client: Client, form: str) -> None:
    """An address of a page says what it will always say, or nothing yet."""
    found = [client.get(f"/feeds/c/{form}/{number}").status_code for number in (1, 2, 3, 4, 0, 10**30)]

    assert [200, 200, 200, 404, 404, 404] == found
    assert 404 == client.get(f"/feeds/nowhere/{form}").status_code


def test_what_is_withdrawn_has_a_tombstone(client: Client, archive: Archive, clock: Clock) -> None:
    """A retraction and a redaction are deleted entries (RFC 6721), and no entries; a reassertion is an entry again."""
    clock.set("2026-04-01")
    archive.append([a_retraction("e251", note="in error"), a_retraction("e252")], chronicle="c")
    archive.append([an_event("e252", title="Back")], chronicle="c")
    archive.redact("e253", reason="a person asked", chronicle="c")
    page = feed(client, ATOM)

    tombs = {str(one.get("ref")).rpartition("/")[2]: one for one in page.findall("at:deleted-entry", NAMES)}
    assert {"e251": "retracted: in error", "e253": "redacted: a person asked"} == {
        name: one.findtext("at:comment", "", NAMES) for name, one in tombs.items()
    }
    assert ["2026-04-01"] * 2 == [str(one.get("when"))[:10] for one in tombs.values()]
    assert {"e250", "e252", "e254"} == set(ids(page))
    assert "e252" == ids(page)[0]


def test_what_is_redacted_is_gone_from_full_pages(client: Client, archive: Archive) -> None:
    """The one thing that changes a full page: it has a tombstone where the entry was."""
    assert b"Event e7<" in client.get(f"{ATOM}/1").content
    archive.redact("e7", reason="a person asked", chronicle="c")
    page = feed(client, f"{ATOM}/1")

    assert "e7" not in ids(page)
    assert ["tag:chronicle.invalid,2026:c/event/e7"] == [
        one.get("ref") for one in page.findall("at:deleted-entry", NAMES)
    ]
    assert b"Event e7<" not in client.get(f"{ATOM}/1").content
    told = client.get(f"{JSON}/1").json()
    assert ["redacted: a person asked"] == [one["why"] for one in told["_chronicle"]["deleted"]]


def test_a_correction_keeps_its_id_and_its_first_date(client: Client, archive: Archive, clock: Clock) -> None:
    """Entry and item say when the first version was recorded and when this one was."""
    clock.set("2026-04-01")
    archive.append([an_event("e2", title="Mended")], chronicle="c")
    item = client.get(JSON).json()["items"][0]

    assert ("Mended", "2026-03-01", "2026-04-01") == (
        item["title"],
        item["date_published"][:10],
        item["date_modified"][:10],
    )


def test_json_feeds_are_what_the_specification_says(client: Client, archive: Archive) -> None:
    """All pages of the feed hold against its schema, and lead to one another."""
    archive.append([a_retraction("e251")], chronicle="c")
    found, address = set(), JSON
    addresses = []
    while address:
        addresses.append(address)
        answer = client.get(address)
        assert "application/feed+json" == answer.headers["content-type"].partition(";")[0]
        told = answer.json()
        Draft202012Validator(SCHEMA).validate(told)
        assert address == told["feed_url"]
        found |= {one["id"].rpartition("/")[2] for one in told["items"]}
        address = told.get("next_url", "")

    assert [JSON, f"{JSON}/2", f"{JSON}/1"] == addresses
    assert {f"e{at}" for at in range(PAGE + 5) if at != 251} == found - {"e251"}
    assert "https://example.org/a?b=1&c=2" == client.get(f"{JSON}/1").json()["items"][0]["external_url"]


@pytest.fixture
def planned(url: str) -> Iterator[Client]:
    """A chronicle with what happened, what is planned and what of that was cancelled."""
    with Archive.open(url, now=Clock()) as opened:
        opened.append(
            [
                an_event("past", occurred="2025-03-04"),
                an_event("plan", occurred="2027-05-06", type="plan.announced"),
                an_event("dropped", occurred="2027-07-08", type="plan.announced"),
                an_event("vague", occurred="2027"),
            ],
            chronicle="c",
        )
        related = [{"event": "dropped", "relation": "cancels"}]
        opened.append([an_event("no", occurred="2026-02-01", type="plan.cancelled", related=related)], chronicle="c")
        opened.append([an_event("plan", occurred="2027-05-09", type="plan.announced")], chronicle="c")
    with client_of(url) as client:
        yield client


def entries(client: Client) -> dict[str, Any]:
    """The VEVENTs of the calendar by the ids of their events."""
    answer = client.get("/feeds/c/calendar")
    assert "text/calendar; charset=utf-8" == answer.headers["content-type"]
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(one["UID"]).partition("@")[0].partition("/")[2]: one for one in found}


def test_a_calendar_says_what_is_planned_and_what_was_cancelled(planned: Client) -> None:
    """Events on certain days, with STATUS as they stand; a correction keeps its UID and counts up (RFC 5545)."""
    found = entries(planned)

    assert {"past": "CONFIRMED", "plan": "TENTATIVE", "dropped": "CANCELLED", "no": "CONFIRMED"} == {
        name: str(one["STATUS"]) for name, one in found.items()
    }
    assert (date(2027, 5, 9), 1) == (found["plan"]["DTSTART"].dt, found["plan"]["SEQUENCE"])
    assert (0, datetime(2026, 3, 1, tzinfo=UTC)) == (found["past"]["SEQUENCE"], found["past"]["DTSTAMP"].dt)


def test_a_calendar_is_asked_for_again_with_its_tag(planned: Client) -> None:
    """It is not sent twice, and not answered from memory, for what is planned comes to pass while the log is still."""
    answer = planned.get("/feeds/c/calendar")

    assert 304 == planned.get("/feeds/c/calendar", headers={"if-none-match": answer.headers["etag"]}).status_code
    assert "must-revalidate" in answer.headers["cache-control"]


def test_pages_lead_to_the_feeds(planned: Client) -> None:
    """Pages of a chronicle name its feeds, whatever view they show; the list of chronicles names none."""
    page = planned.get("/chronicles/c?as_of=2026&lang=de").text

    for address, media_type in (("/feeds/c/atom", "application/atom+xml"), ("/feeds/c/json", "application/feed+json")):
        assert f'<link rel="alternate" type="{media_type}" title="c" href="{address}">' in page
        assert 200 == planned.get(address).status_code
    assert 'href="/feeds/c/calendar"' in page
    assert "/feeds/" not in planned.get("/").text


def test_a_strange_parameter_is_refused(planned: Client) -> None:
    """As everywhere: what no feed knows is not passed over."""
    assert (400, "bad-question") == (
        planned.get("/feeds/c/atom?as_of=2025").status_code,
        json.loads(planned.get("/feeds/c/atom?as_of=2025").content)["type"].rpartition(":")[2],
    )
