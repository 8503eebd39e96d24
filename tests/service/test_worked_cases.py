"""More worked cases from other bitemporal systems: differences, histories, ties, retractions, filters.

What they call known is `recorded` or `position` here, what they call reported is `known`.
"""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.event.model import Retraction
from chronicle.service import Archive
from chronicle.state.diff import Diff
from tests.builders import (
    CHRONICLE,
    Clock,
    a_fact,
    a_retraction,
    a_source,
    an_archive,
    an_attribute,
    an_event,
    values,
)


def changes(diff: Diff) -> list[tuple[Any, Any, tuple[str, ...]]]:
    """Values before and after, and the causes."""
    return [
        (
            one.before and [value.written() for value in one.before.values],
            one.after and [value.written() for value in one.after.values],
            one.caused_by,
        )
        for one in diff.changes
    ]


def days(archive: Archive, **bounds: Any) -> list[tuple[str | None, str | None, list[Any]]]:
    """The certain segments of the history, to the days at whose ends they begin and have ended."""
    told = archive.history("subject", "attribute", **bounds).as_json()["segments"]
    assert isinstance(told, list)
    return [
        (one["start"] and one["start"][:10], one["end"] and one["end"][:10], one["values"])
        for one in told
        if one["certainty"] == "certain"
    ]


@pytest.fixture
def walked(archive: Archive) -> Archive:
    """Snodgrass's property 7797 to the sixth step; the seventh takes back each stay of exactly seven days."""
    steps = [
        [an_event("r1", a_fact(145), occurred="1998-01-10")],
        [an_event("r2", a_fact(827), occurred="1998-01-15")],
        [an_event("r3", a_fact(holds=False), occurred="1998-01-20")],
        [an_event("r4", a_fact(145, until="1998-01-10"), occurred="1998-01-03")],
        [an_event("r5", a_fact(holds=False, until="1998-01-05"), occurred="1998-01-03")],
        [an_event("r6", a_fact(827, until="1998-01-20"), occurred="1998-01-12")],
        [an_event("r7", a_fact(holds=False, until="1998-01-12"), occurred="1998-01-05")],
    ]
    for step in steps:
        archive.append(step, chronicle=CHRONICLE)
    return archive


def test_differences_between_steps(walked: Archive) -> None:
    """Cases 5 and 6: the sixth step moves 12 to 14 January from 145 to 827, the seventh empties 5 to 11 January."""
    sixth, seventh = (
        {
            day: changes(walked.diff({"position": before}, {"position": before + 1}, as_of=f"1998-01-{day:02d}"))
            for day in range(1, 32)
        }
        for before in (5, 6)
    )
    assert {12, 13, 14} == {day for day, found in sixth.items() if found}
    assert [([145], [827], ("r6",))] == sixth[13]
    assert set(range(5, 12)) - {day for day, found in seventh.items() if found} == set(range(10, 12))
    assert [([145], None, ("r7",))] == seventh[7]


def test_a_difference_turned_round(walked: Archive) -> None:
    """Case 7: a step does not differ from itself, and the way back is the way there reversed."""
    assert () == walked.diff({"position": 3}, {"position": 3}, as_of="1998-01-13").changes
    there = walked.diff({"position": 1}, {"position": 6}, as_of="1998-01-13")
    back = walked.diff({"position": 6}, {"position": 1}, as_of="1998-01-13")
    assert [([145], [827])] == [found[:2] for found in changes(there)]
    assert [found[1::-1] for found in changes(there)] == [found[:2] for found in changes(back)]


def test_one_append_or_two(clock: Clock) -> None:
    """Case 8: what is appended at once gives the same timeline as when it comes in two appends."""
    first = an_event("a", a_fact(145, until="1998-01-12"), occurred="1998-01-05")
    second = an_event("b", a_fact(827, until="1998-01-20"), occurred="1998-01-12")
    together, apart = an_archive(first, second, clock=clock), an_archive(first, clock=clock)
    apart.append([second], chronicle=CHRONICLE)
    with together, apart:
        assert days(together) == days(apart)
        assert [("1998-01-05", "1998-01-12", [145]), ("1998-01-12", "1998-01-20", [827])] == days(apart)


def test_two_claims_in_one_append(archive: Archive) -> None:
    """Case 32: of two claims for one key in one append the later one is the state; the log and conflicts have both."""
    archive.append(
        [an_event(name, a_fact(value), occurred="2025-06-01") for name, value in (("first", "a"), ("second", "b"))],
        chronicle=CHRONICLE,
    )

    assert ["b"] == values(archive, as_of="2025")
    [conflict] = archive.conflicts(as_of="2025").conflicts
    assert [("first", "recorded", False)] == [(claim.event.id, by, may_win) for claim, by, may_win in conflict.losers]
    assert [1, 2] == [record.position for record in archive.follow(wait=False)]


def test_a_claim_and_its_retraction_in_one_append(archive: Archive) -> None:
    """Case 33: what is claimed and withdrawn at once is absent, and both versions are there to be seen."""
    archive.append([an_event("x", a_fact("a")), a_retraction("x")], chronicle=CHRONICLE)

    assert [] == values(archive, as_of="2025")
    assert [1, 2] == [version.header.version for version in archive.show("x")]


def test_a_clock_that_steps_back(archive: Archive, clock: Clock) -> None:
    """Case 36: recorded times rise though the clock is put back by five seconds."""
    for number, now in enumerate(("2026-01-01T00:00:05", "2026-01-01T00:00:00", "2026-01-01T00:00:00")):
        clock.set(now)
        archive.append([an_event(f"e{number}")], chronicle=CHRONICLE)

    recorded = [record.header.recorded for record in archive.follow(wait=False)]
    assert recorded == sorted(set(recorded))


def test_a_future_recorded_bound(archive: Archive, clock: Clock) -> None:
    """Case 37: an answer's own basis gives the same answer after new records, even if it was asked for the future."""
    clock.set("2026-01-01")
    archive.append([an_event("x", a_fact("a"))], chronicle=CHRONICLE)
    before = archive.state(as_of="2025", recorded="2026-01-02")
    archive.append([an_event("x", a_fact("b"))], chronicle=CHRONICLE)

    after = archive.state(as_of="2025", position=before.basis.position)
    assert before.as_json() == after.as_json()


def test_bounds_compose(archive: Archive) -> None:
    """Case 38: a history as of a date is the history up to it, and asking so twice changes nothing."""
    archive.append(
        [an_event("x", a_fact("a"), occurred="2020-01-01"), an_event("y", a_fact("b"), occurred="2022-01-01")],
        chronicle=CHRONICLE,
    )
    assert [("2020-01-01", "2022-01-01", ["a"]), ("2022-01-01", None, ["b"])] == days(archive)
    assert [("2020-01-01", "2021-07-01", ["a"])] == days(archive, as_of="2021-06-30")
    once = archive.history("subject", "attribute", as_of="2021-06-30")
    assert once.basis.as_of is not None
    assert once.segments == archive.history("subject", "attribute", as_of=once.basis.as_of).segments


def test_what_is_withdrawn(archive: Archive, clock: Clock) -> None:
    """Cases 40 and 41: withdrawn with a reason, a claim is in no later answer, still in earlier ones, and in show."""
    clock.set("2026-01-01")
    archive.append([an_event("a", a_fact("a")), an_event("b", a_fact("b", attribute="other"))], chronicle=CHRONICLE)
    clock.set("2026-01-05")
    archive.append([a_retraction("a", note="mistaken identity")], chronicle=CHRONICLE)

    assert ["a", "b"] == sorted(values(archive, as_of="2025", recorded="2026-01-04"))
    assert ["b"] == values(archive, as_of="2025", recorded="2026-01-05")
    assert [(["a"], None, ("a",))] == changes(
        archive.diff({"recorded": "2026-01-04"}, {"recorded": "2026-01-05"}, as_of="2025")
    )
    gone = archive.show("a")[-1].document
    assert isinstance(gone, Retraction)
    assert "mistaken identity" == gone.note


def test_ended_or_withdrawn(archive: Archive) -> None:
    """Case 42: what ended in 2001 held in 1999; what was withdrawn never did."""
    archive.append(
        [
            an_event("ended", a_fact("a", **{"from": "1994-01-01", "until": "2001-01-01"})),
            an_event("gone", a_fact("b", attribute="other", **{"from": "1994-01-01"})),
            a_retraction("gone"),
        ],
        chronicle=CHRONICLE,
    )
    assert ["a"] == values(archive, as_of="1999")
    assert [] == values(archive, as_of="2001-01-01")


def test_a_correction_withdrawn(archive: Archive) -> None:
    """Case 43: saying the first version again undoes its correction; all three versions stay."""
    versions = [an_event("x", a_fact("a")), an_event("x", a_fact("b")), an_event("x", a_fact("a"))]
    outcomes = [archive.append([one], chronicle=CHRONICLE).receipts[0] for one in versions]

    assert ["new", "corrected", "reverted"] == [receipt.outcome for receipt in outcomes]
    assert 1 == outcomes[-1].reverted_to
    assert ["a"] == values(archive, as_of="2025")
    assert 3 == len(archive.show("x"))


def test_the_same_statement_twice_in_time(archive: Archive) -> None:
    """Case 55: an office held 2001 to 2003 and again 2007 to 2009 stays two stays."""
    terms = [("2001-01-01", "2003-01-01"), ("2007-01-01", "2009-01-01")]
    archive.append(
        [an_event(f"t{n}", a_fact("x", **{"from": a, "until": b})) for n, (a, b) in enumerate(terms)],
        chronicle=CHRONICLE,
    )
    assert [(a, b, ["x"]) for a, b in terms] == days(archive)


def test_a_second_source_for_the_same(archive: Archive) -> None:
    """Case 56: another citation of the same statement is a version with more sources, and no other segment."""
    archive.append([a_source("s", "2025-06-01"), a_source("t", "2025-07-01")], chronicle=CHRONICLE)
    told = []
    for cited in (["s"], ["s", "t"]):
        archive.append([an_event("x", a_fact("a"), sources=cited)], chronicle=CHRONICLE)
        told.append(days(archive))

    assert told[0] == told[1]
    [fact] = archive.state(as_of="2025").facts
    assert ["s", "t"] == [citation.source for citation in fact.sources]
    assert () == archive.diff({"position": 3}, {"position": 4}, as_of="2025").changes


def test_side_by_side(archive: Archive) -> None:
    """Case 58: values of a many attribute hold together where their times overlap, and not where they only touch."""
    spans = [("a", "2016", "2019"), ("b", "2018", "2020"), ("c", "2020", "2022")]
    archive.append(
        [
            an_attribute(cardinality="many"),
            *(
                an_event(name, a_fact(name, **{"from": f"{start}-01-01", "until": f"{end}-01-01"}))
                for name, start, end in spans
            ),
        ],
        chronicle=CHRONICLE,
    )
    found = {year: values(archive, as_of=f"{year}-06-30") for year in range(2015, 2023)}
    assert {
        2015: [],
        2016: ["a"],
        2017: ["a"],
        2018: ["a", "b"],
        2019: ["b"],
        2020: ["c"],
        2021: ["c"],
        2022: [],
    } == found


def test_coalescing(archive: Archive) -> None:
    """Case 59: A[1,5) A[5,9) A[9,12) B[12,13) A[13,14) is told as A[1,12) B[12,13) A[13,14)."""
    given = [("A", 1, 5), ("A", 5, 9), ("A", 9, 12), ("B", 12, 13), ("A", 13, 14)]
    archive.append(
        [
            an_event(
                f"e{n}", a_fact(value, **{"from": f"2020-01-{a:02d}T00:00:00Z", "until": f"2020-01-{b:02d}T00:00:00Z"})
            )
            for n, (value, a, b) in enumerate(given)
        ],
        chronicle=CHRONICLE,
    )
    told = [("A", "01", "12"), ("B", "12", "13"), ("A", "13", "14")]
    assert [(f"2020-01-{a}", f"2020-01-{b}", [value]) for value, a, b in told] == days(archive)
