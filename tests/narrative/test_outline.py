from __future__ import annotations

from chronicle.narrative.outline import Standing, sections
from chronicle.when import resolve_bound
from tests.narrative.telling import event, matter


def outlined(*dates: str, as_of: str = "2040") -> list[tuple[str, list[str]]]:
    """Headings, each with the dates of the events under it."""
    given = matter(*(event(id=f"e{number}", occurred=date) for number, date in enumerate(dates)), as_of=as_of)
    found = sections(given.events, given.last_second)
    return [(section.heading, [one.event.occurred for one in section.events]) for section in found]


def standing(date: str, as_of: str, *, reported: bool = True) -> Standing | None:
    """How an event of this date stands, None if it is not told."""
    source = {"id": "paper", "title": "A", "published": "1900" if reported else "2099"}
    given = matter(event(occurred=date), as_of=as_of, sources=[source])
    assert given.last_second == resolve_bound(as_of, zone="UTC", now=0).last
    found = sections(given.events, given.last_second)
    return found[0].events[0].standing if found else None


def test_years_in_order_and_within_a_year_by_start_end_and_position() -> None:
    """Years in order and within a year by start end and position."""
    assert outlined("2025", "1994-09-20", "2025-01/2025-09", "1994", "2025-01", "2025") == [
        ("1994", ["1994", "1994-09-20"]),
        ("2025", ["2025-01", "2025-01/2025-09", "2025", "2025"]),
    ]


def test_a_qualifier_does_not_move_an_event_out_of_its_year() -> None:
    """A qualifier does not move an event out of its year."""
    assert outlined("1993-05", "1994~", "1994-01") == [("1993", ["1993-05"]), ("1994", ["1994-01", "1994~"])]


def test_what_has_no_start_stands_where_it_ends_and_says_so() -> None:
    """What has no start stands where it ends and says so."""
    assert outlined("2026-03-01", "[..2026-02-24]", "2026-02", "../2026-02-26") == [
        ("2026", ["2026-02"]),
        ("By 24 February 2026", ["[..2026-02-24]"]),
        ("Until 26 February 2026", ["../2026-02-26"]),
        ("2026 (continued)", ["2026-03-01"]),
    ]


def test_imprecise_dates_have_headings_of_their_own() -> None:
    """Imprecise dates have headings of their own."""
    assert outlined("199X", "1994", "-0043", "[1667,1668]", "2020/2030", "2031/..", "../..") == [
        ("44 BC", ["-0043"]),
        ("1667 or 1668", ["[1667,1668]"]),
        ("The 1990s", ["199X"]),
        ("1994", ["1994"]),
        ("2020", ["2020/2030"]),
        ("2031", ["2031/.."]),
        ("No date given", ["../.."]),
    ]


def test_how_an_event_stands_depends_on_the_day() -> None:
    """How an event stands depends on the day."""
    assert standing("1994", "1994-06-30") is Standing.POSSIBLE
    assert standing("1994", "1994-12-31") is Standing.DONE
    assert standing("2020/2030", "2025") is Standing.ONGOING
    assert standing("2020/..", "2025") is Standing.ONGOING
    assert standing("2020/2030", "2020-05") is Standing.POSSIBLE
    assert standing("2020/2030", "2030") is Standing.DONE
    assert standing("[..2026-02-24]", "2026-02-23") is Standing.POSSIBLE
    assert standing("[..2026-02-24]", "2026-02-24") is Standing.DONE


def test_what_is_later_is_told_only_if_it_had_been_reported() -> None:
    """What is later is told only if it had been reported."""
    assert standing("2027", "2026-12-31") is Standing.PLANNED
    assert standing("2027", "2026-12-31", reported=False) is None
    assert standing("2027", "2027-01-01", reported=False) is Standing.POSSIBLE
