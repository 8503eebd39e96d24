"""Calendars: only what has a certain day, and what calendars need to follow corrections."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from tests.builders import CHRONICLE, Clock, a_source, an_archive, an_event
from tests.exchange.archives import exported
from tests.exchange.importing import imported, only

VAGUE = (
    *("1994", "1994-09", "1994-09-20~", "1994-09-XX", "[1994-09-20,1994-09-21]"),
    *("1994-09-20/..", "/1994-09-20", "1994-09-20/1995"),
)


def read(text: bytes) -> list[Any]:
    """The VEVENTs of a calendar, as icalendar reads them."""
    return list(Calendar.from_ical(text).walk("VEVENT"))


def entries(*events: dict[str, Any], **bounds: Any) -> list[Any]:
    """The VEVENTs that some events give."""
    with an_archive(*events) as archive:
        return read(exported(archive, "ics", **bounds))


@pytest.mark.parametrize(
    ("occurred", "start", "end"),
    [
        ("1994-09-20", date(1994, 9, 20), date(1994, 9, 21)),
        ("2024-02-28/2024-02-29", date(2024, 2, 28), date(2024, 3, 1)),
        ("0001-01-01", date(1, 1, 1), date(1, 1, 2)),
    ],
)
def test_certain_days_are_whole_days(occurred: str, start: date, end: date) -> None:
    """The end is the day after the last one (RFC 5545 section 3.6.1)."""
    [entry] = entries(an_event(occurred=occurred))
    assert (start, end) == (entry["DTSTART"].dt, entry["DTEND"].dt)
    assert "DATE" == entry["DTSTART"].params["VALUE"]


def test_an_instant_is_an_instant() -> None:
    """In UTC, with no end."""
    [entry] = entries(an_event(occurred="1985-04-12T23:20:30+04:00"))
    assert datetime(1985, 4, 12, 19, 20, 30, tzinfo=UTC) == entry["DTSTART"].dt
    assert "DTEND" not in entry


@pytest.mark.parametrize(
    ("occurred", "reason"),
    [
        (text, "no certain day is known")
        for text in (
            "1994",
            "1994-09",
            "1994-09-20~",
            "1994-09-XX",
            "[1994-09-20,1994-09-21]",
            "1994-09-20/..",
            "1994-09-20/1995",
        )
    ]
    + [
        ("-0043-03-13", "a calendar holds the years 1 to 9999 only"),
        ("9999-12-31", "a calendar holds the years 1 to 9999 only"),
    ],
)
def test_what_a_calendar_cannot_say_is_left_out(occurred: str, reason: str) -> None:
    """And told, with the reason; no day is made up."""
    with an_archive(an_event(occurred=occurred), an_event("sure", occurred="1994-09-20")) as archive:
        made = archive.export(to="ics", as_of="9999-12-31")
        assert ((("c", "event", "event"), reason),) == made.left_out
        assert ["Event sure"] == [
            str(one["SUMMARY"]) for one in Calendar.from_ical(b"".join(made.chunks)).walk("VEVENT")
        ]


def test_a_correction_is_told_as_one() -> None:
    """The same UID, the next SEQUENCE, the time of the record."""
    clock = Clock("2026-03-01")
    with an_archive(an_event(occurred="1994-09-20"), clock=clock) as archive:
        clock.set("2026-04-02T10:00:00")
        archive.append([an_event(occurred="1994-09-21")], chronicle=CHRONICLE)
        told = [read(exported(archive, "ics", position=n))[0] for n in (1, 2)]
    assert "c/event@chronicle.invalid" == told[0]["UID"] == told[1]["UID"]
    assert [0, 1] == [one["SEQUENCE"] for one in told]
    assert datetime(2026, 4, 2, 10, tzinfo=UTC) == told[1]["DTSTAMP"].dt


def test_lines_are_folded_and_text_is_escaped() -> None:
    """No line is longer than 75 octets, letters are not torn, and commas, semicolons and lines come back."""
    title = "Ölkələr; a, b \\ c " + "ə" * 90
    summary = "one\ntwo, BEGIN:VEVENT\n\nthree"
    with an_archive(an_event(occurred="1994-09-20", title=title, summary=summary, tags=["a,b", "c"])) as archive:
        text = exported(archive, "ics")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    [line.decode() for line in text.split(b"\r\n")]  # every line is UTF-8 by itself
    [entry] = read(text)
    assert (title, summary) == (str(entry["SUMMARY"]), str(entry["DESCRIPTION"]))
    assert ["a,b", "c"] == [str(one) for one in entry["CATEGORIES"].cats]
    again = only(imported(text.decode(), "ics"))
    assert (title, summary, "1994-09-20", ["a,b", "c"]) == (again.title, again.summary, again.occurred, again.tags)


def test_sources_are_told() -> None:
    """In the description, and the first address as the page of the entry."""
    source = a_source(title="A page", url="https://example.org/a", publisher="The Paper")
    event = an_event(occurred="1994-09-20")
    [entry] = entries(source, {**event, "sources": [{"source": "s", "locator": "p. 2"}]})
    assert "Source: A page, The Paper, p. 2, https://example.org/a" == str(entry["DESCRIPTION"])
    assert "https://example.org/a" == str(entry["URL"])
