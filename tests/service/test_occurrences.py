"""How events stand as of a date: happened, perhaps, ongoing, planned, overdue, or left out."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_event


def append(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append to the one chronicle."""
    archive.append(documents, chronicle=CHRONICLE)


def statuses(archive: Archive, as_of: str, **bounds: Any) -> dict[str, str]:
    """The status of every event that is told."""
    return {one.event.id: str(one.status) for one in archive.events(as_of=as_of, **bounds).events}


@pytest.mark.parametrize(
    ("occurred", "as_of", "status"),
    [
        ("1994", "1993-12-31", None),
        ("1994", "1994-06-30", "may-have-happened"),
        ("1994", "1994-12-31", "happened"),
        ("1994-09-20", "1994-09-20", "happened"),
        ("1994-09-20", "1994-09-20T12:00:00Z", "may-have-happened"),
        ("1994-09-20T12:00:00Z", "1994-09-20T12:00:00Z", "happened"),
        ("1994~", "1993-06-30", "may-have-happened"),
        ("1994~", "1994-12-31", "may-have-happened"),
        ("1994~", "1995-12-31", "happened"),
        ("2020/2030", "2019", None),
        ("2020/2030", "2020-06", "may-have-happened"),
        ("2020/2030", "2020", "ongoing"),
        ("2020/2030", "2030-06", "ongoing"),
        ("2020/2030", "2030", "happened"),
        ("2020/..", "2025", "ongoing"),
        ("2020/", "2025", "ongoing"),
        ("../2030", "2025", "ongoing"),
        ("../2030", "2030", "happened"),
        ("/2030", "2025", "may-have-happened"),
        ("[..2026-02-24]", "2026-02-23", "may-have-happened"),
        ("[..2026-02-24]", "2026-02-24", "happened"),
        ("[2020, 2022]", "2021", "may-have-happened"),
        ("{2020, 2022}", "2022", "happened"),
        ("XXXX-12", "1994", "may-have-happened"),
    ],
)
def test_a_date_and_a_day(archive: Archive, occurred: str, as_of: str, status: str | None) -> None:
    """An event that nobody reported beforehand, by how its date lies to the day that is asked about."""
    append(archive, a_source("s", "2030-12-31"), an_event("x", occurred=occurred, sources=["s"]))

    assert status == statuses(archive, as_of).get("x")


@pytest.mark.parametrize(
    ("published", "as_of", "status"),
    [
        ("2025-06-01", "2025-05-31", None),
        ("2025-06-01", "2025-06-01", "planned"),
        ("2025-06-01", "2027-12-31", "happened"),
        ("2025", "2025-06-01", None),
    ],
)
def test_what_is_to_come(archive: Archive, published: str, as_of: str, status: str | None) -> None:
    """A later event is planned once it has been reported, and left out before."""
    append(archive, a_source("s", published), an_event("opens", occurred="2027", sources=["s"]))

    assert status == statuses(archive, as_of).get("opens")


def test_a_plan_without_a_date_of_report(archive: Archive, clock: Clock) -> None:
    """What no dated source says counts from when it was recorded, and its corrections count from then too."""
    clock.set("2026-03-01")
    append(archive, an_event("opens", occurred="2027"))
    clock.set("2026-05-01")
    append(archive, an_event("opens", occurred="2028"))

    assert [{}, {"opens": "planned"}] == [statuses(archive, day) for day in ("2026-02-28", "2026-03-01")]


PLAN = an_event(
    "plan", a_fact(7, attribute="target", due="2025"), occurred="2020", type="plan.announced", sources=["a"]
)


def done(id: str, kind: str, relation: str, *facts: Any, source: str = "b", **more: Any) -> dict[str, Any]:  # noqa: A002
    """What became of the plan."""
    related = [{"event": "plan", "relation": relation}]
    return an_event(id, *facts, type=kind, related=related, sources=[source], **{"occurred": "2024-05-01", **more})


SOURCES = (a_source("a", "2020-01-15"), a_source("b", "2024-06-01"), a_source("c", "2027-01-01"))


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2019", None), ("2020", "happened"), ("2025-12-30", "happened"), ("2025-12-31", "overdue"), ("2040", "overdue")],
)
def test_a_due_date_that_passes(archive: Archive, as_of: str, status: str | None) -> None:
    """A plan is overdue from the last day it was due on, and says since when."""
    append(archive, *SOURCES, PLAN)

    assert status == statuses(archive, as_of).get("plan")
    assert {"2025"} == {one.due for one in archive.events(as_of="2026").events}


@pytest.mark.parametrize("due", ["unknown", "2025/..", "2025~"])
def test_a_due_date_that_has_not_certainly_passed(archive: Archive, due: str) -> None:
    """What is due at a time unknown, open or about the year is not overdue at its end."""
    append(archive, *SOURCES, an_event("plan", a_fact(7, due=due), occurred="2020", type="plan.announced"))

    assert "happened" == statuses(archive, "2025")["plan"]


@pytest.mark.parametrize(
    ("kind", "relation"),
    [
        ("plan.fulfilled", "fulfils"),
        ("plan.cancelled", "cancels"),
        ("plan.fulfilled", "builds-on"),
        ("infrastructure.opened", "fulfils"),
    ],
)
def test_a_plan_that_was_closed(archive: Archive, kind: str, relation: str) -> None:
    """A fulfilment or a cancellation closes it, known by its relation, or by its type if no relation says so."""
    append(archive, *SOURCES, PLAN, done("closed", kind, relation))

    assert "happened" == statuses(archive, "2026")["plan"]


@pytest.mark.parametrize(
    "closed",
    [
        done("closed", "plan.fulfilled", "fulfils", source="c"),
        done("closed", "plan.fulfilled", "fulfils", occurred="2028-01-01"),
        done("closed", "infrastructure.opened", "builds-on"),
        done("closed", "statement.made", "contradicts"),
    ],
    ids=["reported later", "to come", "other type and relation", "other relation"],
)
def test_a_plan_that_was_not_closed(archive: Archive, closed: dict[str, Any]) -> None:
    """Nothing reported by then that had happened by then fulfils or cancels it."""
    append(archive, *SOURCES, PLAN, closed)

    assert "overdue" == statuses(archive, "2026")["plan"]


def test_knowledge_of_a_fulfilment(archive: Archive) -> None:
    """Before the fulfilment was known the plan is overdue, also in an answer about today."""
    append(archive, *SOURCES, PLAN, done("closed", "plan.fulfilled", "fulfils"))

    assert ["overdue", "happened"] == [statuses(archive, "2026", known=day)["plan"] for day in ("2024-05", "2024-06")]


@pytest.mark.parametrize(
    ("due", "as_of", "status"),
    [("2028", "2026", "happened"), ("2028", "2028", "overdue"), ("unknown", "2040", "happened")],
)
def test_a_plan_that_was_put_off(archive: Archive, due: str, as_of: str, status: str) -> None:
    """The due date of a postponement takes the place of the plan's, and is not the postponement's own."""
    later = done("later", "plan.postponed", "postpones", a_fact(7, attribute="target", due=due))
    append(archive, *SOURCES, PLAN, later)

    assert {"plan": status, "later": "happened"} == statuses(archive, as_of)


def test_a_plan_that_was_put_off_twice(archive: Archive) -> None:
    """The latest report decides."""
    first, second = (
        done(f"later-{due}", "plan.postponed", "postpones", a_fact(7, attribute="target", due=due), source=source)
        for due, source in (("2026", "b"), ("2030", "c"))
    )
    append(archive, *SOURCES, PLAN, second, first)

    assert ["overdue", "happened"] == [statuses(archive, day)["plan"] for day in ("2026", "2027-01-01")]


def test_the_order_of_occurrence(archive: Archive) -> None:
    """By earliest, then latest day, then record; what ends without a beginning stands where it ends."""
    dates = ["2025", "2025-01-01", "2024/2026", "[..2025-01-01]", "1994~", "1995", "2025"]
    append(archive, *(an_event(f"e{n}", occurred=occurred) for n, occurred in enumerate(dates)))

    told = archive.events(as_of="2030").events
    expected = ["1994~", "1995", "2024/2026", "2025-01-01", "2025", "2025", "[..2025-01-01]"]
    assert expected == [one.event.occurred for one in told]
    assert ["e0", "e6", "e3"] == [one.event.id for one in told][-3:]


def test_types_and_chronicles(archive: Archive) -> None:
    """A type has those below it, and not those that only begin alike; a chronicle has its own events."""
    append(archive, *(an_event(kind, type=kind) for kind in ("plan.announced", "plan.fulfilled", "planet.found")))
    archive.append([an_event("other", type="plan.announced")], chronicle="d")

    told = [one.event.id for one in archive.events(type="plan", chronicle=CHRONICLE).events]
    assert ["plan.announced", "plan.fulfilled"] == told
    assert {"plan.announced", "other"} == {one.event.id for one in archive.events(type="plan.announced").events}


def test_an_event_as_json(archive: Archive, clock: Clock) -> None:
    """The fields of DESIGN section 7."""
    clock.set("2026-03-01T10:00:00")
    append(archive, *SOURCES, PLAN)

    answer = archive.events(as_of="2026").as_json()
    assert {"position": 4, "as_of": "2026", "known": None, "zone": "UTC", "resolution": None, "schema": 1} == answer[
        "basis"
    ]
    assert [
        {
            "chronicle": "c",
            "id": "plan",
            "type": "plan.announced",
            "occurred": "2020",
            "status": "overdue",
            "due": "2025",
            "title": "Event plan",
            "version": 1,
            "position": 4,
            "reported": "2020-01-15T23:59:59Z",
            "recorded": "2026-03-01T10:00:00.000000Z",
        }
    ] == answer["events"]
