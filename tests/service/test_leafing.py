"""A chronicle page by page: put together the pages are the whole, and each says what the whole would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chronicle import leafing, leaves
from chronicle.errors import QuestionError, UnknownError
from chronicle.leafing import Leaf
from chronicle.narrative.chapters import shown, told_events
from chronicle.service import Archive
from chronicle.when.calendar import day_text
from tests.builders import CHRONICLE, a_fact, a_source, an_attribute, an_entity, an_event

YEARS = range(2000, 2030)
SMALL = {"WHOLE": 5, "EVENTS": 6, "ROWS": 4, "PLACES": 3, "MOST_NAMES": 2}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages so small that a few events are many."""
    for module in (leaves, leafing):
        for name, size in SMALL.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, size)


@pytest.fixture
def large(archive: Archive) -> Archive:
    """An event for each of thirty years, a plan that is fulfilled far from it, and a correction; another chronicle."""
    archive.append([an_event("elsewhere", a_fact(1, subject="s2003"), occurred="2003")], chronicle="other")
    archive.append(
        [
            a_source("s", "1999-01-01"),
            a_source("late", "2028-06-01"),
            an_entity("ann"),
            an_attribute("attribute"),
            *(
                an_event(
                    f"e{year}",
                    a_fact(year, subject=f"s{year}"),
                    a_fact({"entity": "ann"}, subject=f"s{year}", attribute="owner"),
                    occurred=str(year),
                    participants=["ann"],
                    sources=["late" if year == 2010 else "s"],
                )
                for year in YEARS
            ),
            an_event("undated", occurred="[..2004-06]", sources=["s"]),
            an_event(
                "plan",
                a_fact("done", subject="plan", attribute="goal", due="2003"),
                type="plan.announced",
                occurred="2001-05",
                sources=["s"],
            ),
            an_event(
                "done",
                type="plan.fulfilled",
                occurred="2002-05",
                related=[{"event": "plan", "relation": "fulfils"}],
                sources=["s"],
            ),
        ],
        chronicle=CHRONICLE,
    )
    archive.append(
        [an_event("e2005", a_fact("mended", subject="s2005"), occurred="2005", sources=["s"])], chronicle=CHRONICLE
    )
    return archive


def told(leaf: Leaf) -> list[tuple[str, str]]:
    """The events that a leaf tells and how they stand, in their order."""
    return [(one.event.id, str(one.status)) for one in shown(told_events(leaf.matter), leaf.matter)]


def whole(archive: Archive, **bounds: Any) -> list[tuple[str, str]]:
    """The same of the chronicle as a whole."""
    matter = archive.matter(CHRONICLE, **bounds)
    return [(one.event.id, str(one.status)) for one in told_events(matter)]


def walked(archive: Archive, **bounds: Any) -> list[Leaf]:
    """All leaves, from the one around the date to the earliest, and from there to the last."""
    leaf = archive.leaf(CHRONICLE, **bounds)
    while leaf.earlier is not None:
        leaf = archive.leaf(CHRONICLE, before=leaf.earlier, **bounds)
    found = [leaf]
    while leaf.later is not None:
        leaf = archive.leaf(CHRONICLE, after=leaf.later, **bounds)
        found.append(leaf)
    return found


BOUNDS: list[dict[str, Any]] = [
    {"as_of": "2040"},
    {"as_of": "2012-06"},
    {"as_of": "1990"},
    {"as_of": "2040", "known": "2020"},
    {"as_of": "2040", "position": 30},
]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
def test_pages_of_events_are_the_whole(large: Archive, bounds: dict[str, Any]) -> None:
    """Each event is on one page, with the status that it has among all; pages are bounded."""
    pages = walked(large, **bounds)

    assert sorted(whole(large, **bounds)) == sorted(one for page in pages for one in told(page))
    assert max(len(page.matter.events) for page in pages) <= 2 * SMALL["EVENTS"]
    assert not any(page.is_whole for page in pages)


@pytest.mark.usefixtures("small")
def test_the_first_page_is_that_around_the_date(large: Archive) -> None:
    """It has what happened last and what comes next."""
    found = [name for name, _ in told(large.leaf(CHRONICLE, as_of="2012-06-01"))]

    assert {"e2011", "e2012", "e2013"} < set(found)
    assert not {"e2000", "e2029"} & set(found)


def test_a_small_chronicle_is_on_one_page(large: Archive) -> None:
    """All events, in their order, and nowhere to go."""
    leaf = large.leaf(CHRONICLE, as_of="2040")

    assert whole(large, as_of="2040") == told(leaf)
    assert (True, None, None) == (leaf.is_whole, leaf.earlier, leaf.later)


@pytest.mark.usefixtures("small")
def test_pages_of_the_state_are_the_whole(large: Archive) -> None:
    """The rows of all pages, in the order of the state, each once."""
    found: list[Any] = []
    following = None
    while True:
        leaf = large.leaf(CHRONICLE, as_of="2040", rows_after=following)
        assert len(leaf.matter.state) <= SMALL["ROWS"]
        found += leaf.matter.state
        following = leaf.next
        if following is None:
            break

    assert [one.as_json() for one in large.state(chronicle=CHRONICLE, as_of="2040").facts] == [
        one.as_json() for one in found
    ]


@pytest.mark.usefixtures("small")
def test_the_state_is_narrowed(large: Archive) -> None:
    """To a subject, or an attribute of it."""
    leaf = large.leaf(CHRONICLE, as_of="2040", subject="s2007", attribute="owner")

    assert [("s2007", "owner")] == [(one.fact.subject, one.fact.attribute) for one in leaf.matter.state]


@pytest.mark.usefixtures("small")
def test_what_became_of_a_plan_is_known_on_its_page(large: Archive) -> None:
    """It is not overdue although what fulfilled it is on another page; without that it is."""
    with_plan = [one for page in walked(large, as_of="2040") for one in told(page) if one[0] == "plan"]
    large.append([{"id": "done", "retracted": True, "note": "no"}], chronicle=CHRONICLE)
    without = [one for page in walked(large, as_of="2040") for one in told(page) if one[0] == "plan"]

    assert ([("plan", "happened")], [("plan", "overdue")]) == (with_plan, without)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"as_of": "2003"}, {"as_of": "2020"}),
        ({"as_of": "2003", "position": 20}, {"as_of": "2020"}),
        ({"position": 20}, {"position": 39}),
        ({"known": "2000"}, {"known": "2029"}),
    ],
    ids=str,
)
def test_pages_of_a_comparison_are_the_whole(large: Archive, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The changes of all pages, each once; a page may have none although there are more."""
    changes: list[Any] = []
    turn = None
    while True:
        _, page = large.compared(CHRONICLE, before, after, turn=turn, as_of="2040")
        changes += page.changes
        turn = page.next
        if turn is None:
            break

    expected = large.diff(before, after, chronicle=CHRONICLE, as_of="2040").changes
    assert [one.as_json() for one in expected] == [one.as_json() for one in changes]
    assert changes


def test_a_comparison_in_pages_asks_both_ways_alike(large: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where much lies between two positions, places are compared one by one, with the same answer."""
    monkeypatch.setattr("chronicle.store.touched.LITTLE", 1)
    _, page = large.compared(CHRONICLE, {"position": 20}, {"position": 39}, as_of="2040")

    expected = large.diff({"position": 20}, {"position": 39}, chronicle=CHRONICLE, as_of="2040").changes
    assert [one.as_json() for one in expected] == [one.as_json() for one in page.changes]


def test_an_event_is_told_with_those_it_is_related_to(large: Archive) -> None:
    """Both ways, and nothing else."""
    for name in ("plan", "done"):
        leaf = large.event_leaf(CHRONICLE, name, as_of="2040")
        assert {"plan", "done"} == {one.header.id for one in leaf.matter.events}
        assert [name] == [one for one, _ in told(leaf)]


@pytest.mark.usefixtures("small")
def test_a_subject_has_the_events_nearest_to_the_date(large: Archive) -> None:
    """Of many, and says that there are more; its rows, and those whose value it is."""
    about = large.subject_leaf(CHRONICLE, "ann", as_of="2003-12-31")

    assert about.is_cut
    assert len(told(about.leaf)) <= SMALL["EVENTS"]
    assert {"ann"} == {one.fact.value.entity for one in about.leaf.matter.state}  # type: ignore[union-attr] # all are
    assert "e2003" in [name for name, _ in told(about.leaf)]


def test_a_subject_without_an_entity(large: Archive) -> None:
    """Is told by its facts; what is no subject at all is unknown."""
    about = large.subject_leaf(CHRONICLE, "s2007", as_of="2040")

    assert (None, ["attribute", "owner"]) == (about.declared, sorted(one.key["attribute"] for one in about.histories))  # type: ignore[type-var] # names
    with pytest.raises(UnknownError, match="nothing here is known of 's20077'"):
        large.subject_leaf(CHRONICLE, "s20077")


@pytest.mark.usefixtures("small")
def test_subjects_of_an_attribute_come_in_pages(large: Archive) -> None:
    """Each once, in order; one subject has no next page."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        about = large.attribute_leaf(CHRONICLE, "owner", after=after)
        found += about.names
        after = about.leaf.next

    assert [f"s{year}" for year in YEARS if year != 2005] == found
    assert ["s2009"] == [
        one.key["subject"] for one in large.attribute_leaf(CHRONICLE, "owner", subject="s2009").histories
    ]


def test_a_history_of_too_many_facts_is_named_only(large: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take too long to tell."""
    large.append(
        [an_event(f"x{n}", a_fact(n, subject="s2007"), occurred="2007") for n in range(3)], chronicle=CHRONICLE
    )
    monkeypatch.setattr(leaves, "MOST_FACTS", 2)
    about = large.subject_leaf(CHRONICLE, "s2007", as_of="2040")

    assert (("attribute",), ["owner"]) == (about.hot, [one.key["attribute"] for one in about.histories])


@pytest.mark.usefixtures("small")
def test_events_that_cite_a_source_come_in_pages(large: Archive) -> None:
    """Each once."""
    found: list[str] = []
    after = None
    while True:
        about = large.source_leaf(CHRONICLE, "s", after=after, as_of="2040")
        found += [name for name, _ in told(about.leaf)]
        after = about.leaf.next
        if after is None:
            break

    cited = {one.header.id for one in large.matter(CHRONICLE, as_of="2040").events} - {"e2010"}
    assert sorted(cited) == sorted(found)


def test_steps_are_the_same_in_a_large_chronicle(large: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days before and after the date at which an event begins or is over, found by an index."""
    dates = ["1990", "2003-12-31", "2012-06-01", "2029-12-31", "2040"]
    small = [large.leaf(CHRONICLE, as_of=date).as_of for date in dates]
    monkeypatch.setattr(leaves, "WHOLE", 5)
    large_ones = [large.leaf(CHRONICLE, as_of=date).as_of for date in dates]

    assert [(one.before, one.after) for one in small] == [(one.before, one.after) for one in large_ones]
    assert all(set(some.days) <= set(every.days) for some, every in zip(large_ones, small, strict=True))


def test_steps_of_what_was_known_by_what_was_reported(large: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many sources, the days on which events were reported, of whatever chronicle."""
    monkeypatch.setattr("chronicle.stops.WHOLE", 1)
    stops = large.leaf(CHRONICLE, known="2010").known

    assert ("1999-01-01", "2026-03-01") == (day(stops.before), day(stops.after))


def day(number: int | None) -> str | None:
    """A day since 1970 as EDTF."""
    return None if number is None else day_text(number)


@pytest.mark.parametrize("text", ["", "x", "1", "1.", ".1", "1.2.3", "1.x", "9" * 40 + ".1", "²." + "1", "--1.1"])
@pytest.mark.usefixtures("small")
def test_a_place_that_no_page_named_is_refused(large: Archive, text: str) -> None:
    """Whatever stands in an address."""
    asks: list[Callable[[], Any]] = [
        lambda: large.leaf(CHRONICLE, before=text),
        lambda: large.leaf(CHRONICLE, after=text),
        lambda: large.leaf(CHRONICLE, rows_after=text),
    ]
    for ask in asks:
        with pytest.raises(QuestionError, match="comes next"):
            ask()


def test_a_search_in_stretches_finds_all(large: Archive) -> None:
    """Each hit once, whatever the size of the stretch; without one the best of all come first."""
    expected = {hit.record.header.id for hit in large.search("event", limit=100).results}
    for stretch in (1, 7, 1_000):
        found: list[str] = []
        after = None
        while True:
            hits = large.search("event", limit=3, after=after, stretch=stretch)
            found += [hit.record.header.id for hit in hits.results]
            after = hits.next
            if after is None:
                break
        assert sorted(expected) == sorted(found)
    assert hits.is_whole


@pytest.mark.parametrize("text", ["1.2", "x~", "~", "1~2", "9" * 30 + "~", "-1~"])
def test_a_stretch_that_no_page_named_is_refused(large: Archive, text: str) -> None:
    """Whatever stands in an address."""
    with pytest.raises(QuestionError, match="after:"):
        large.search("event", after=text, stretch=5)
