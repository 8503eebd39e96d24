"""Calendars as documents: days, instants, zones, and what is no event."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.errors import InputError
from tests.exchange.importing import FILES, assert_it_loads, documents, imported, only, refusals, remarks


def a_calendar(*lines: str, top: tuple[str, ...] = ()) -> str:
    """A calendar of one event of these lines."""
    event = ("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *top, *event, "END:VCALENDAR", ""))


@pytest.mark.parametrize(
    ("lines", "occurred"),
    [
        (["DTSTART;VALUE=DATE:19940920"], "1994-09-20"),
        (["DTSTART;VALUE=DATE:19940920", "DTEND;VALUE=DATE:19940921"], "1994-09-20"),
        (["DTSTART;VALUE=DATE:19940920", "DTEND;VALUE=DATE:19940920"], "1994-09-20"),
        (["DTSTART;VALUE=DATE:20240228", "DTEND;VALUE=DATE:20240301"], "2024-02-28/2024-02-29"),
        (["DTSTART;VALUE=DATE:20240228", "DURATION:P2D"], "2024-02-28/2024-02-29"),
        (["DTSTART:19850412T232030Z"], "1985-04-12T23:20:30Z"),
        (["DTSTART;TZID=Asia/Baku:20240101T120000"], "2024-01-01T12:00:00+04:00"),
        (["DTSTART;TZID=Europe/London:20240701T120000"], "2024-07-01T12:00:00+01:00"),
        (
            ["DTSTART;TZID=Europe/London:20240101T120000", "DTEND;TZID=Europe/London:20240101T130000"],
            "2024-01-01T12:00:00Z",
        ),
    ],
)
def test_days_are_days_and_instants_are_instants(lines: list[str], occurred: str) -> None:
    """The end of a calendar is the day after; ours is the last one."""
    found = imported(a_calendar("SUMMARY:x", *lines), "ics")
    assert occurred == only(found).occurred
    assert [] == remarks(found)


def test_a_time_without_a_zone_is_no_instant() -> None:
    """The day is taken, and the rest told: our dates without an offset would be read as UTC."""
    found = imported(a_calendar("SUMMARY:x", "DTSTART:20240101T120000"), "ics")
    event = only(found)
    assert ("2024-01-01", "Local time: 2024-01-01T12:00:00") == (event.occurred, event.summary)
    assert ["time-of-day"] == remarks(found)


def test_what_lasts_for_days_keeps_its_days() -> None:
    """EDTF has no interval of instants; the summary keeps them."""
    found = imported(a_calendar("SUMMARY:x", "DTSTART:20240101T120000Z", "DTEND:20240105T100000Z"), "ics")
    event = only(found)
    assert ("2024-01-01/2024-01-05", "From 2024-01-01T12:00:00Z to 2024-01-05T10:00:00Z") == (
        event.occurred,
        event.summary,
    )
    assert ["time-of-day"] == remarks(found)


def test_of_what_repeats_the_first_time_is_taken() -> None:
    """The rule is kept as text, and the curator told."""
    found = imported(a_calendar("SUMMARY:x", "DTSTART;VALUE=DATE:20240101", "RRULE:FREQ=SECONDLY"), "ics")
    assert ("2024-01-01", "Repeats: FREQ=SECONDLY") == (only(found).occurred, only(found).summary)
    assert ["repeats"] == remarks(found)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["SUMMARY:x"], "x: has no DTSTART"),
        (["SUMMARY:x", "DTSTART:20240101T1", "DTEND:20240102T000000Z"], "DTSTART"),
        (["SUMMARY:x", "DTSTART;VALUE=DATE:20241301"], "DTSTART"),
        (["SUMMARY:x", "DTSTART;VALUE=DATE:20240101", "DTSTART;VALUE=DATE:20240102"], "has 2 DTSTART"),
        (["SUMMARY:x", "DTSTART;VALUE=DATE:20240105", "DTEND;VALUE=DATE:20240101"], "ends before it begins"),
        (["SUMMARY:x", "DTSTART:20240105T000000Z", "DTEND:20240101T000000Z"], "ends before it begins"),
        (["SUMMARY:x", "DTSTART:20240105T000000Z", "DTEND:20240106T000000"], "a zone at one end only"),
        (["DTSTART;VALUE=DATE:20240101"], "neither a SUMMARY nor a DESCRIPTION"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(lines: list[str], reason: str) -> None:
    """The line on which the event begins."""
    [message] = refusals(imported(a_calendar(*lines), "ics"))
    assert reason in message
    assert message.startswith("4: ")


def test_what_was_cancelled_did_not_happen() -> None:
    """It is left out on purpose."""
    found = imported(a_calendar("SUMMARY:x", "DTSTART;VALUE=DATE:20240101", "STATUS:CANCELLED"), "ics")
    assert ((), ["cancelled"]) == (found.documents, remarks(found))


def test_all_that_an_event_says() -> None:
    """Description, place, categories; its page is a source, else the calendar is."""
    lines = [
        "SUMMARY:A\\, b",
        "DTSTART;VALUE=DATE:20240101",
        "DESCRIPTION:One<br>two <b>x</b>",
        "LOCATION:Baku",
        "CATEGORIES:a,b",
    ]
    found = imported(a_calendar(*lines, top=("X-WR-CALNAME:My days",)), "ics")
    event = only(found)
    assert ("A, b", "One\ntwo x\n\nPlace: Baku", ["a", "b"]) == (event.title, event.summary, event.tags)
    assert ["My days"] == [source.title for source in documents(found, "source")]
    paged = imported(a_calendar(*lines, "URL:https://example.org/e"), "ics")
    assert "https://example.org/e" == only(paged, "source").url


@pytest.mark.parametrize("text", ["", "no calendar", "BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR", "/etc/passwd"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    """A text is never taken for the path of a file."""
    with pytest.raises(InputError, match=r"^file"):
        assert () == imported(text, "ics").documents


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=YEARLY;BYDAY=SU", "FREQ=YEARLY;BYHOUR=1,2", "FREQ=YEARLY;BYYEARDAY=1,2,3"],
)
def test_a_zone_that_would_take_for_ever_is_refused(rule: str) -> None:
    """Icalendar follows the rules of zones to the year 9999 when it reads them."""
    half = ("BEGIN:STANDARD", "DTSTART:16010101T000000", f"RRULE:{rule}", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200")
    zone = ("BEGIN:VTIMEZONE", "TZID:own", *half, "END:STANDARD", "END:VTIMEZONE")
    with pytest.raises(InputError, match=r"^file:8: is a rule that no time zone has"):
        imported(a_calendar("SUMMARY:x", "DTSTART;TZID=own:20240101T000000", top=zone), "ics")


def test_components_without_end_are_refused() -> None:
    """Thousands of them in one another."""
    with pytest.raises(InputError, match="in one another"):
        imported("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 5000, "ics")


@pytest.mark.parametrize(
    ("name", "events", "refused", "left"),
    [
        ("example.ics", 3, 0, []),
        ("issue_350.ics", 1, 0, []),
        ("issue_1050_all_components.ics", 1, 0, ["component"] * 4),
        ("pacific_fiji.ics", 0, 1, []),
        ("timezoned.ics", 1, 0, ["time-of-day"]),
    ],
)
def test_published_calendars(name: str, events: int, refused: int, left: list[str], tmp_path: Path) -> None:
    """What is taken passes check and loads, and what is not is counted."""
    found = imported((FILES / name).read_text(encoding="utf-8"), "ics")
    assert (events, refused, left) == (len(documents(found)), len(refusals(found)), remarks(found))
    assert_it_loads(found, tmp_path)


def test_a_zone_of_the_file_counts() -> None:
    """Offsets come from its own VTIMEZONE, at the change as on both sides of it."""
    found = imported((FILES / "issue_722_timezone_transition_ambiguity.ics").read_text(encoding="utf-8"), "ics")
    winter = ["2024-03-03T08:00:00+12:00", "2024-05-05T07:00:01+12:00"]
    summer = ["2024-05-05T08:00:01+10:00", "2024-08-03T08:00:00+10:00"]
    assert sorted(winter + summer) == sorted(event.occurred for event in documents(found))
