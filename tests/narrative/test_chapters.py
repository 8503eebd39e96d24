"""Chapters: which events are told together, in what order, under which heading."""

from __future__ import annotations

import pytest

from chronicle.narrative.chapters import Chapter, chapters, told_events
from chronicle.narrative.openings import Elapsed, elapsed
from chronicle.when import When
from tests.narrative.telling import event, matter


def outlined(*events: dict[str, object]) -> list[Chapter]:
    """The chapters of some events as of 2026."""
    return chapters(told_events(matter(*events)))


def shape(found: list[Chapter]) -> list[object]:
    """Headings with the ids under them; chapters inside as lists."""
    return [
        (
            one.kind,
            one.heading,
            [told.event.id for told in one.events],
            *([shape(list(one.chapters))] if one.chapters else []),
        )
        for one in found
    ]


@pytest.mark.parametrize(
    ("occurred", "expected"),
    [
        ("1994-09-20", ("in", "1994")),
        ("1994~", ("in", "1994")),
        ("1994/..", ("in", "1994")),
        ("1994-05/1996", ("in", "1994")),
        ("-0043-03-15", ("in", "-0043")),
        ("Y-170000002", ("in", "Y-170000002")),
        ("199X", ("in", "199X")),
        ("[1990..1999]", ("in", "[1990..1999]")),
        ("[..1994-02]", ("by", "1994-02")),
        ("../1994", ("until", "1994")),
        ("../..", ("undated", "")),
    ],
)
def test_where_an_event_is_told(occurred: str, expected: tuple[str, str]) -> None:
    """An event is told under the year that it began in, or under what is known instead of one."""
    [chapter] = outlined(event(occurred=occurred))
    assert (chapter.kind, chapter.heading) == expected


def test_chapters_come_in_order_each_once() -> None:
    """A decade comes before its years, what is known to be over by a day after the year of it, the undated last."""
    days = ["../..", "[..2001-02]", "2001-03", "200X", "2001-01-02", "2003", "2001"]
    found = outlined(*(event(id=f"e{at}", occurred=day) for at, day in enumerate(days)))
    assert shape(found) == [
        ("in", "200X", ["e3"]),
        ("in", "2001", ["e6", "e4", "e2"]),
        ("by", "2001-02", ["e1"]),
        ("in", "2003", ["e5"]),
        ("undated", "", ["e0"]),
    ]


def test_what_is_bound_to_an_event_of_the_same_date_follows_it() -> None:
    """A part comes right after its whole; events that are bound in a circle keep their order."""
    bonds = {"a": "c", "b": "b", "c": "d", "d": "c"}
    found = outlined(
        *(
            event(id=name, occurred="2001", related=[{"event": other, "relation": "part-of"}])
            for name, other in bonds.items()
        )
    )
    assert shape(found) == [("in", "2001", ["b", "c", "a", "d"])]


def test_many_events_without_an_order_in_time_are_told_by_theme() -> None:
    """The largest theme comes first, those of one size by name."""
    tags = ["b", "a", "b", "c", "a", "b"]
    found = outlined(*(event(id=f"e{at}", occurred="[..2001]", tags=[tag]) for at, tag in enumerate(tags)))
    [chapter] = found
    assert shape(list(chapter.chapters)) == [
        ("theme", "b", ["e0", "e2", "e5"]),
        ("theme", "a", ["e1", "e4"]),
        ("theme", "c", ["e3"]),
    ]


def test_many_years_are_gathered_in_decades() -> None:
    """Decades of few events have none but those; of many events they have years."""
    sparse = [event(id=f"e{year}", occurred=str(year)) for year in range(1980, 2010)]
    assert [(one.heading, len(one.events)) for one in outlined(*sparse)] == [("198X", 10), ("199X", 10), ("200X", 10)]
    dense = [event(id=f"e{year}-{at}", occurred=f"{year}-0{at}") for year in range(1980, 2010) for at in range(1, 6)]
    assert [len(one.chapters) for one in outlined(*dense)] == [10, 10, 10]
    assert outlined(*dense)[0].chapters[3].year == 1983


def test_very_many_years_are_gathered_in_centuries() -> None:
    """More decades than a reader can oversee become centuries."""
    old = [event(id=f"e{year}", occurred=str(year)) for year in range(1500, 2000, 10)]
    assert [one.heading for one in outlined(*old)] == ["15XX", "16XX", "17XX", "18XX", "19XX"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1994-09-20", "1994-12-20", Elapsed(3, "month")),
        ("1994-09-20", "1996-09-20", Elapsed(2, "year")),
        ("1994-09-20", "1994-09-27", Elapsed(7, "day")),
        ("1994-09-20", "1994-12-28", Elapsed(99, "day")),
        ("1994-09-20", "1994-12-29", None),
        ("1994-01-31", "1994-02-28", Elapsed(28, "day")),
        ("1994-09-20", "1994-09-20", None),
        ("1994-09", "1994-12", None),
        ("1994-09-20~", "1994-12-20", None),
    ],
)
def test_time_between_two_days_where_the_bounds_allow_one_answer(
    first: str, second: str, expected: Elapsed | None
) -> None:
    """Whole months and years, else up to 99 days; nothing between dates that are no days."""
    assert elapsed(When.parse(first), When.parse(second)) == expected
