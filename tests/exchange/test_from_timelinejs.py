"""TimelineJS files, in all three forms, as documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chronicle.errors import InputError
from tests.exchange.importing import FILES, assert_it_loads, documents, imported, only, refusals, remarks

NIGHT = {"year": "1985", "month": "4", "day": "12", "hour": "23", "minute": "20"}


def a_slide(**more: Any) -> dict[str, Any]:
    """A slide of 1994."""
    return {"start_date": {"year": "1994"}, "text": {"headline": "A headline"}, **more}


def a_timeline(*slides: dict[str, Any], **more: Any) -> str:
    """A file of slides."""
    return json.dumps({"events": list(slides), **more}, indent=1)


@pytest.mark.parametrize(
    ("start", "end", "occurred"),
    [
        ({"year": "1815", "month": "12", "day": "10"}, None, "1815-12-10"),
        ({"year": 1815, "month": 12}, {}, "1815-12"),
        ({"year": "602", "month": "", "day": ""}, None, "0602"),
        ({"year": "-44", "month": "3", "day": "15"}, None, "-0044-03-15"),
        ({"year": "1943", "month": "7"}, {"year": "1946"}, "1943-07/1946"),
        ({"year": "1943"}, {"year": "1943"}, "1943"),
        ({"year": "-13800000000"}, None, "Y-13800000000"),
        (
            {"year": "1985", "month": "4", "day": "12", "hour": "23", "minute": "20", "second": "30"},
            None,
            "1985-04-12T23:20:30",
        ),
        ({"year": "1985", "month": "4", "day": "12", "hour": "23", "minute": "20"}, None, "1985-04-12"),
        ({"year": "1985", "day": "12"}, None, "1985"),
    ],
)
def test_dates_are_as_imprecise_as_given(start: dict[str, Any], end: dict[str, Any] | None, occurred: str) -> None:
    """Year, month and day, down to where they end; no day of a missing month."""
    slide = a_slide(start_date=start) if end is None else a_slide(start_date=start, end_date=end)
    assert occurred == only(imported(a_timeline(slide), "timelinejs")).occurred


@pytest.mark.parametrize(
    ("slide", "reason"),
    [
        ({"text": {"headline": "No date"}}, "No date: has no start_date with a year"),
        (a_slide(start_date={"year": "1994", "month": "13"}), "'1994-13' has no month 13"),
        (a_slide(start_date={"year": "circa 1994"}), "circa 1994"),
        (a_slide(start_date={"year": "1994"}, end_date={"year": "1990"}), "1994/1990"),
        ({"start_date": {"year": "1994"}}, "neither a headline nor a text"),
        ("a text", "has no start_date"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(slide: Any, reason: str) -> None:
    """And all the rest is taken."""
    found = imported(a_timeline(a_slide(), slide, a_slide(text={"headline": "Third"})), "timelinejs")
    [message] = refusals(found)
    assert reason in message
    assert not message.startswith("1: ")
    assert ["A headline", "Third"] == [event.title for event in documents(found)]


def test_html_becomes_text() -> None:
    """What a reader would read, and no script."""
    text = {
        "headline": "Tom &amp; <b>Ann</b><br/>met<script>alert(1)</script>",
        "text": "<p>One <a href='https://example.org/x'>link</a>.</p><p>Two<br>lines</p><img src=x onerror=alert(1)>",
    }
    found = imported(a_timeline(a_slide(text=text)), "timelinejs")
    event = only(found)
    assert ("Tom & Ann met", "One link.\n\nTwo\nlines") == (event.title, event.summary)
    assert ["links"] == remarks(found)


def test_a_credit_is_a_source() -> None:
    """Its title is the caption, its publisher the credit, and the same one is one source."""
    media = {
        "url": "//example.org/a.jpg",
        "credit": "<a href='https://x.org'>The Paper</a>",
        "caption": "A <i>picture</i>",
    }
    found = imported(a_timeline(a_slide(media=media), a_slide(media=media)), "timelinejs")
    source = only(found, "source")
    assert ("A picture", "The Paper", "https://example.org/a.jpg") == (source.title, source.publisher, source.url)
    assert [[source.id], [source.id]] == [[one.source for one in event.sources] for event in documents(found)]


def test_a_blockquote_is_a_quote() -> None:
    """What is shown as text is what the source says."""
    media = {"url": "<blockquote>There is demand.<cite>Edith Clarke</cite></blockquote>", "credit": "Edith Clarke"}
    [citation] = only(imported(a_timeline(a_slide(media=media)), "timelinejs")).sources
    assert citation.quote == "There is demand.Edith Clarke"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/static/a.jpg", "file:///etc/passwd", "https://"])
def test_only_the_web_is_an_address(url: str) -> None:
    """Anything else is no URL of a source; without a credit there is no source at all, which is told."""
    found = imported(a_timeline(a_slide(media={"url": url})), "timelinejs")
    assert [] == only(found).sources
    assert ["media"] == remarks(found)
    credited = imported(a_timeline(a_slide(media={"url": url, "credit": "The Paper"})), "timelinejs")
    assert only(credited, "source").url is None


def test_a_display_date_is_kept_and_not_believed() -> None:
    """It is free text beside a date that may be made up to place it; the curator is told."""
    found = imported(a_timeline(a_slide(display_date="sometime after 500")), "timelinejs")
    event = only(found)
    assert ("1994", "Date as shown: sometime after 500") == (event.occurred, event.summary)
    assert ["display-date"] == remarks(found)


def test_ids_tell_items_apart_and_stay() -> None:
    """By headline, then by date; an id of its own is kept; other scripts have one too."""
    slides = [
        a_slide(),
        a_slide(start_date={"year": "1995"}),
        a_slide(),
        a_slide(unique_id="own-id"),
        a_slide(text={"headline": "Əli və Nino"}),
        a_slide(text={"headline": "История"}),
    ]
    first, again = (imported(a_timeline(*slides), "timelinejs") for _ in range(2))
    ids = [event.id for event in documents(first)]
    assert ["a-headline", "a-headline-1995", "a-headline-1994", "own-id", "eli-ve-nino"] == ids[:5]
    assert len(set(ids)) == len(ids)
    assert ids == [event.id for event in documents(again)]


def test_title_and_eras() -> None:
    """The title is the chronicle's, eras are events of their own type, groups are tags."""
    era = {"start_date": {"year": "600"}, "end_date": {"year": "650"}, "text": {"headline": "An era"}}
    title = {"text": {"headline": "All of it", "text": "<p>Really</p>"}}
    found = imported(a_timeline(a_slide(group="Wars"), title=title, eras=[era]), "timelinejs")
    about = only(imported(a_timeline(title=title), "timelinejs"), "chronicle")
    assert ("c", "All of it", "Really") == (about.id, about.title, about.description)
    told = [(event.type, event.occurred, event.tags) for event in documents(found)]
    assert [("era", "0600/0650", []), ("event", "1994", ["Wars"])] == told


@pytest.mark.parametrize("text", ["{}", '{"events": []}', "[]", "no json, no csv", "{", '{"a": NaN}', "[" * 100_000])
def test_what_is_no_timeline_is_refused(text: str) -> None:
    """With the file's name."""
    with pytest.raises(InputError, match=r"^file"):
        imported(text, "timelinejs")


def test_a_fault_of_the_json_names_its_line() -> None:
    """And its column."""
    with pytest.raises(InputError, match=r"^file:2:4: is no JSON here"):
        imported('{"events":\n  [nothing]}', "timelinejs")


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("women_in_computing.json", 10),
        ("women_in_computing.csv", 10),
        ("eras.json", 23),
        ("houston-timeline2.json", 18),
    ],
)
def test_published_timelines_are_taken_whole(name: str, events: int, tmp_path: Path) -> None:
    """Every slide and era; what comes out passes check and loads."""
    found = imported((FILES / name).read_text(encoding="utf-8"), "timelinejs")
    assert [] == refusals(found)
    assert events == len(documents(found))
    assert_it_loads(found, tmp_path)


def test_the_forms_of_one_timeline_agree() -> None:
    """JSON and CSV of the same slides; the CSV says of one slide only what the JSON says too."""
    found = [
        imported((FILES / f"women_in_computing.{form}").read_text(encoding="utf-8"), "timelinejs")
        for form in ("json", "csv")
    ]
    told = [[(event.id, event.occurred, event.title) for event in documents(one)] for one in found]
    assert told[0] == told[1]
    assert ("ada-lovelace", "1815-12-10/1852-11-27", "Ada Lovelace") == told[0][0]


def test_a_span_before_the_common_era_keeps_its_days() -> None:
    """The sign makes such a day one character longer."""
    slide = {
        "start_date": {"year": "-44", "month": "3", "day": "15"},
        "end_date": {"year": "-43", "month": "11", "day": "27", "hour": "10", "minute": "0", "second": "0"},
        "text": {"headline": "From the Ides"},
    }
    assert "-0044-03-15/-0043-11-27" == only(imported(json.dumps({"events": [slide]}), "timelinejs")).occurred
