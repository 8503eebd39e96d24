"""TimelineJS: what it is told of dates, and that our text is no HTML of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.builders import a_source, an_archive, an_event
from tests.exchange.archives import an_empty_archive, exported
from tests.exchange.importing import documents, imported
from tests.project.checkout import ROOT

TOP = {"title", "events", "eras", "scale"}
SLIDE = {"start_date", "end_date", "text", "media", "group", "display_date", "background", "autolink", "unique_id"}
DATE = ("year", "month", "day", "hour", "minute", "second", "millisecond")
MEDIA = {"url", "caption", "credit", "thumbnail", "alt", "title", "link", "link_target"}


def timeline(*events: dict[str, Any], **bounds: Any) -> dict[str, Any]:
    """The JSON that some events give."""
    with an_archive(*events) as archive:
        told: dict[str, Any] = json.loads(exported(archive, "timelinejs", **bounds))
    return told


def conforms(told: dict[str, Any]) -> None:
    """It is what timeline.knightlab.com/docs/json-format.html describes."""
    assert told.keys() <= TOP
    for slide in told["events"]:
        assert slide.keys() <= SLIDE
        assert slide["text"].keys() <= {"headline", "text"}
        assert slide.get("media", {}).keys() <= MEDIA
        if "media" in slide:
            assert slide["media"]["url"]
    for dated in (*told["events"], *told.get("eras", [])):
        for date in (dated["start_date"], dated.get("end_date", {"year": 1})):
            given = [name for name in DATE if name in date]
            assert date.keys() == set(given)
            assert given == list(DATE[: len(given)])  # no month without its year
            assert all(isinstance(part, int) for part in date.values())
    ids = [slide["unique_id"] for slide in told["events"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("occurred", "start", "end", "phrase"),
    [
        ("1994", {"year": 1994}, None, "1994"),
        ("1994-09", {"year": 1994, "month": 9}, None, "September 1994"),
        ("1994-09-20", {"year": 1994, "month": 9, "day": 20}, None, "20 September 1994"),
        ("1994~", {"year": 1994}, None, "about 1994"),
        ("-0043-03-13", {"year": -43, "month": 3, "day": 13}, None, "13 March 44 BC"),
        ("199X", {"year": 1990}, {"year": 1999}, "the 1990s"),
        ("1985-04-XX", {"year": 1985, "month": 4}, None, "some day in April 1985"),
        ("2025-33", {"year": 2025, "month": 1}, {"year": 2025, "month": 3}, "the first quarter of 2025"),
        ("2025-01/2025-09", {"year": 2025, "month": 1}, {"year": 2025, "month": 9}, "from January to September 2025"),
        ("2026-02/..", {"year": 2026, "month": 2}, None, "from February 2026, ongoing"),
        ("/1950", {"year": 1950}, None, "until 1950 (start not stated)"),
        ("[..2026-02-24]", {"year": 2026, "month": 2, "day": 24}, None, "24 February 2026 or earlier"),
        ("[1667, 1668]", {"year": 1667}, {"year": 1668}, "1667 or 1668"),
        (
            "1985-04-12T23:20:30Z",
            {"year": 1985, "month": 4, "day": 12, "hour": 23, "minute": 20, "second": 30},
            None,
            "12 April 1985, 23:20:30 UTC",
        ),
    ],
)
def test_dates_say_no_more_than_is_known(
    occurred: str, start: dict[str, int], end: dict[str, int] | None, phrase: str
) -> None:
    """The parts go down to what is known, and what is shown is our phrase."""
    told = timeline(an_event(occurred=occurred), as_of="2026-12-31")
    conforms(told)
    [slide] = told["events"]
    assert (start, end, phrase) == (slide["start_date"], slide.get("end_date"), slide["display_date"])


def test_what_has_no_date_is_told() -> None:
    """It has no place on a line."""
    with an_archive(an_event("dateless", occurred="../.."), an_event("e")) as archive:
        left_out = archive.export(to="timelinejs").left_out
    assert ((("c", "event", "dateless"), "has neither a start nor an end to place it by"),) == left_out


def test_the_age_of_the_universe_changes_the_scale() -> None:
    """Years that JavaScript cannot count in days."""
    assert "cosmological" == timeline(an_event(occurred="Y-13798000000"))["scale"]
    assert "scale" not in timeline(an_event(occurred="1994"))


def test_eras_are_eras() -> None:
    """Events of this type, where both ends are known."""
    told = timeline(an_event("bronze", type="era", occurred="-2000/-0800", title="Bronze <Age>"), an_event("e"))
    conforms(told)
    assert [{"headline": "Bronze &lt;Age&gt;"}] == [era["text"] for era in told["eras"]]
    assert ["c/e"] == [slide["unique_id"] for slide in told["events"]]


def test_hostile_text_is_text() -> None:
    """Whatever stands in titles, summaries and sources reaches the page as it reads, and as nothing else."""
    source = a_source(title="<script>alert(1)</script>", url='https://example.org/"onmouseover="x', publisher="A & B")
    event = an_event(title='An <img src=x onerror="y">', summary='5 < 6 & "so"', sources=["s"])
    text = json.dumps(timeline(source, event))
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="https://example.org/&quot;onmouseover=&quot;x"' in json.loads(text)["events"][0]["text"]["text"]
    assert "An &lt;img src=x" in text


def test_the_first_page_on_the_web_is_shown() -> None:
    """With its title as caption and its publisher as credit."""
    source = a_source(title="A page", url="https://example.org/a", publisher="The Paper", author="Ann")
    told = timeline(a_source("book"), {**source, "id": "web"}, an_event(sources=["book", "web"]))
    conforms(told)
    expected = {"url": "https://example.org/a", "caption": "A page", "credit": "Ann, The Paper"}
    assert expected == told["events"][0]["media"]


def test_the_curated_chronicle_conforms_and_comes_back() -> None:
    """All of it has a place; imported again, titles and order are the same."""
    with an_empty_archive() as archive:
        archive.load(ROOT / "events" / "azerbaijan-us")
        export = archive.export(to="timelinejs", chronicle="azerbaijan-us", as_of="2026-03-01")
        text = b"".join(export.chunks).decode()
        events = [one.event for one in archive.events(as_of="2026-03-01").events]
    assert () == export.left_out
    conforms(json.loads(text))
    again = documents(imported(text, "timelinejs"))
    assert [(event.id, event.title) for event in events] == [(event.id, event.title) for event in again]
