"""Linked data and feeds: names that stay, dates as they are, and text that stays text."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest

from tests.builders import CHRONICLE, Clock, a_source, an_archive, an_entity, an_event
from tests.exchange.archives import an_empty_archive, exported
from tests.project.checkout import ROOT

ATOM = {"a": "http://www.w3.org/2005/Atom", "d": "http://purl.org/dc/terms/"}
SOURCE = a_source(title="A page", url="https://example.org/a?b=1&c=2", publisher="The Paper", published="2025~")


def graph(*events: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes that some events give."""
    with an_archive(*events) as archive:
        nodes: list[dict[str, Any]] = json.loads(exported(archive, "jsonld"))["@graph"]
    return nodes


@pytest.mark.parametrize(
    ("occurred", "dates"),
    [
        ("1994", {"startDate": "1994"}),
        ("1994-09-20", {"startDate": "1994-09-20"}),
        ("1994-09-20/1995", {"startDate": "1994-09-20", "endDate": "1995"}),
        ("1994-09-20/..", {"startDate": "1994-09-20"}),
        ("1994~", {}),
        ("[..1994]", {}),
        ("199X", {}),
        ("2025-33", {}),
        ("Y-13798000000", {}),
    ],
)
def test_exact_dates_are_dates_and_all_are_edtf(occurred: str, dates: dict[str, str]) -> None:
    """schema.org has no way to say about; EDTF has, and says which type of text it is."""
    [node] = graph(an_event(occurred=occurred))
    assert {"@type": "edtf:EDTF", "@value": occurred} == node["lode:atEDTFTime"]
    assert dates == {name: node[name] for name in ("startDate", "endDate") if name in node}


def test_an_event_with_its_sources() -> None:
    """A citation is a part of the source, by its place and what it says; participants are what it is about."""
    event = an_event(participants=["e"], tags=["trade"], summary="How.")
    event["sources"] = [{"source": "s", "locator": "p. 2", "quote": "So."}]
    [node] = graph(SOURCE, an_entity(), event)
    assert ("Event", "tag:chronicle.invalid,2026:c/event/event") == (node["@type"], node["@id"])
    assert ("Event event", "How.", ["trade"]) == (node["name"], node["description"], node["keywords"])
    assert "Entity e" == node["about"][0]["name"]
    [citation] = node["citation"]
    assert ("p. 2", "So.") == (citation["position"], citation["text"])
    assert "A page" == citation["isPartOf"]["name"]
    assert "datePublished" not in citation["isPartOf"]  # about 2025 is no date there


def feed(text: bytes) -> ET.Element:
    """A feed as a parser of XML reads it."""
    return ET.fromstring(text)  # noqa: S314 - our own


def text_at(element: ET.Element, path: str) -> str:
    """The text of what stands at a path."""
    found = element.findtext(path, namespaces=ATOM)
    assert found is not None
    return found


def test_a_feed_has_what_rfc_4287_asks_for() -> None:
    """The feed and each entry: an id, a title, an updated; an author; unique ids."""
    with an_empty_archive() as archive:
        archive.load(ROOT / "events" / "azerbaijan-us")
        told = feed(exported(archive, "atom", chronicle="azerbaijan-us", as_of="2026-03-01"))
    assert text_at(told, "a:author/a:name")
    entries = told.findall("a:entry", ATOM)
    assert 16 == len(entries)
    for one in (told, *entries):
        assert text_at(one, "a:title")
        assert datetime.fromisoformat(text_at(one, "a:updated")).tzinfo is not None
    ids = [text_at(one, "a:id") for one in (told, *entries)]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("tag:chronicle.invalid,2026:azerbaijan-us") for one in ids)


def test_a_correction_updates_the_entry() -> None:
    """Under the same id, and comes first."""
    clock = Clock("2026-03-01")
    with an_archive(an_event("a"), an_event("b"), clock=clock) as archive:
        clock.set("2026-04-01")
        archive.append([an_event("b", title="Mended")], chronicle=CHRONICLE)
        told = feed(exported(archive, "atom"))
    entries = told.findall("a:entry", ATOM)
    assert ["Mended", "Event a"] == [text_at(one, "a:title") for one in entries]
    assert "2026-04-01T00:00:00.000000Z" == text_at(entries[0], "a:updated") == text_at(told, "a:updated")


def test_an_entry_says_when_and_where_from() -> None:
    """As EDTF and as a phrase; the page is a link `via`."""
    with an_archive(SOURCE, an_event(occurred="1994~", sources=["s"], tags=["trade"])) as archive:
        told = feed(exported(archive, "atom"))
    [entry] = told.findall("a:entry", ATOM)
    assert "1994~" == text_at(entry, "d:temporal")
    assert text_at(entry, "a:content").startswith("When: about 1994.\n\nSource: A page, The Paper")
    [link] = entry.findall("a:link", ATOM)
    assert ("via", "https://example.org/a?b=1&c=2") == (link.get("rel"), link.get("href"))
    assert ["any.thing", "trade"] == [one.get("term") for one in entry.findall("a:category", ATOM)]


def test_hostile_text_is_text_in_xml() -> None:
    """Markup is escaped, and what XML cannot hold is replaced."""
    title = "</title><script>x</script> ]]> & \ufffe\uffff"
    with an_archive(an_event(title=title, summary="a & b")) as archive:
        text = exported(archive, "atom")
    [entry] = feed(text).findall("a:entry", ATOM)
    assert title.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") == text_at(entry, "a:title")
    assert b"<script>" not in text


def test_an_empty_archive_makes_an_empty_feed() -> None:
    """It was updated when the log was: never."""
    with an_empty_archive() as archive:
        told = feed(exported(archive, "atom"))
    assert "1970-01-01T00:00:00.000000Z" == text_at(told, "a:updated")


@pytest.mark.parametrize("to", ["timelinejs", "ics", "jsonld", "atom"])
def test_the_same_basis_gives_the_same_bytes(to: str) -> None:
    """Whatever is appended after the position, and whatever the clock says."""
    clock = Clock("2026-03-01")
    with an_archive(SOURCE, an_event(occurred="1994-09-20", sources=["s"]), clock=clock) as archive:
        before = exported(archive, to, as_of="2026", position=2)
        clock.set("2027-01-01")
        archive.append([{**SOURCE, "title": "Another"}, an_event(occurred="1994-09-21")], chronicle=CHRONICLE)
        assert before == exported(archive, to, as_of="2026", position=2)
        assert before != exported(archive, to, as_of="2026")
