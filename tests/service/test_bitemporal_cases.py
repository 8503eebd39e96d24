"""Worked cases from other bitemporal systems, in Chronicle's terms.

What they call known is `recorded` here, what they call reported is `known`.
"""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_event, values


def record(archive: Archive, clock: Clock, day: str, *documents: dict[str, Any]) -> None:
    """Append documents on a day."""
    clock.set(day)
    archive.append(documents, chronicle=CHRONICLE)


@pytest.mark.parametrize(
    ("as_of", "recorded", "expected"),
    [
        ("2025-02-25", "2025-02-25", "6000"),
        ("2025-02-25", "2025-03-25", "6500"),
        ("2025-01-25", "2025-03-25", "6000"),
        ("2025-03-25", "2025-02-25", "6000"),
    ],
)
def test_payroll(archive: Archive, clock: Clock, as_of: str, recorded: str, expected: str) -> None:
    """Case 9 (Fowler): 6000 since January; in March we learn that it has been 6500 since mid February."""
    record(archive, clock, "2025-01-01", an_event("hired", a_fact(6000), occurred="2025-01-01"))
    record(archive, clock, "2025-03-15", an_event("raised", a_fact(6500), occurred="2025-02-15"))

    assert [expected] == values(archive, as_of=as_of, recorded=recorded)


@pytest.mark.parametrize(
    ("as_of", "recorded", "expected"),
    [
        ("2025-08-20", None, "London Road"),
        ("2025-12-01", None, "Bank Street"),
        ("2025-12-01", "2025-08-12", "London Road"),
        ("2025-08-31", None, "London Road"),
        ("2025-09-01", None, "Bank Street"),
    ],
)
def test_a_scheduled_change(archive: Archive, clock: Clock, as_of: str, recorded: str | None, expected: str) -> None:
    """Case 10 (XTDB): a move to Bank Street on 1 September is recorded in August."""
    record(archive, clock, "2019-11-18", an_event("lives", a_fact("London Road"), occurred="2019-11-18"))
    record(archive, clock, "2025-08-13", an_event("moves", a_fact("Bank Street"), occurred="2025-09-01"))

    assert [expected] == values(archive, as_of=as_of, recorded=recorded)


@pytest.fixture
def trade(archive: Archive, clock: Clock) -> Archive:
    """Cases 44 to 48: reports A (100) and C (103) as they appear, B (101) recorded after them though dated between."""
    reports = [
        ("2025-02-05", "a", "2025-02-01", 100),
        ("2025-05-02", "c", "2025-05-01", 103),
        ("2025-06-01", "b", "2025-03-01", 101),
    ]
    for day, name, published, figure in reports:
        figures = an_event(f"report-{name}", a_fact(figure, period="2024"), sources=[name])
        record(archive, clock, day, a_source(name, published), figures)
    return archive


@pytest.mark.parametrize(
    ("known", "recorded", "expected"),
    [
        (None, None, [("103", "c")]),
        ("2025-03-15", None, [("101", "b")]),
        ("2025-03-15", "2025-05-15", [("100", "a")]),
        (None, "2025-02-03", []),
        ("2025-01-31", None, []),
    ],
    ids=["44", "45", "46", "47", "before any report"],
)
def test_three_axes(trade: Archive, known: str | None, recorded: str | None, expected: list[tuple[str, str]]) -> None:
    """Cases 44 to 48: the latest report wins, not the latest record; each answer cites the report it is from."""
    answer = trade.state(as_of="2025", known=known, recorded=recorded)

    said = [(fact.value.plain(), [cited.source for cited in fact.sources]) for fact in answer.facts]
    assert [({"$number": figure}, [source]) for figure, source in expected] == said


@pytest.mark.parametrize(
    ("as_of", "certainty"),
    [("1993-12-31", []), ("1994-06-30", ["possible"]), ("1994-12-31", ["certain"])],
)
def test_signed_in_1994(archive: Archive, as_of: str, certainty: list[str]) -> None:
    """Case 49: before its first possible day no, within the year possibly, on its last possible day certainly."""
    archive.append([an_event("signed", a_fact("signed"), occurred="1994")], chronicle=CHRONICLE)

    facts = archive.state(as_of=as_of).facts
    assert certainty == ["certain" if fact.row.certain else "possible" for fact in facts]


@pytest.mark.parametrize(
    ("as_of", "certainty"),
    [
        ("1993-12-31", []),
        ("1994-06-30", ["possible"]),
        ("1994-12-31", ["certain"]),
        ("2001-02-28", ["certain"]),
        ("2001-03-01", ["certain"]),
        ("2001-03-02", ["possible"]),
        ("2001-03-31", ["possible"]),
        ("2001-04-01", []),
    ],
)
def test_held_through_a_month(archive: Archive, as_of: str, certainty: list[str]) -> None:
    """Case 50: held from 1994 through 2001-03, the end read as the last day on which it held."""
    held = an_event("held", a_fact("held", through="2001-03"), occurred="1994")
    archive.append([held], chronicle=CHRONICLE)

    facts = archive.state(as_of=as_of).facts
    assert certainty == ["certain" if fact.row.certain else "possible" for fact in facts]


@pytest.mark.parametrize(("as_of", "rows"), [("1993-12-31", 0), ("1994-06-30", 1), ("1994-12-31", 0), ("1995", 0)])
def test_held_within_a_year(archive: Archive, as_of: str, rows: int) -> None:
    """Case 50: what began and ended in 1994 is possible within the year and never certain."""
    archive.append([an_event("held", a_fact("held", until="1994"), occurred="1994")], chronicle=CHRONICLE)

    facts = archive.state(as_of=as_of).facts
    assert rows == len(facts)
    assert not any(fact.row.certain for fact in facts)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("1994-05-02", ["a"]), ("1994-06-30", ["a", "b"]), ("1995", ["a", "b"]), ("1996", ["c"])],
)
def test_1994_and_a_day_in_it(archive: Archive, as_of: str, expected: list[str]) -> None:
    """Case 51: `1994` and 1994-05-03 are not ordered, so either may have the last word; 1996 comes after both."""
    for name, occurred in (("a", "1994"), ("b", "1994-05-03"), ("c", "1996-01-01")):
        archive.append([an_event(name, a_fact(name), occurred=occurred)], chronicle=CHRONICLE)

    assert expected == sorted(values(archive, as_of=as_of))


def test_refining_a_date(archive: Archive, clock: Clock) -> None:
    """Case 52: a day found for `1994` is a correction, and both dates are there to be asked for."""
    record(archive, clock, "2025-01-01", an_event("signed", a_fact("signed"), occurred="1994"))
    record(archive, clock, "2025-02-01", an_event("signed", a_fact("signed"), occurred="1994-05-03"))

    began = [archive.state(as_of="1995", recorded=day).facts[0].began for day in ("2025-01-31", "2025-02-28")]
    assert ["1994", "1994-05-03"] == began


def test_the_property_walk(archive: Archive, clock: Clock) -> None:
    """Cases 1 to 4 (Snodgrass): who owned property 7797 on a day of January 1998, as recorded after each step."""
    steps = [
        an_event("r1", a_fact(145), occurred="1998-01-10"),
        an_event("r2", a_fact(827), occurred="1998-01-15"),
        an_event("r3", a_fact(holds=False), occurred="1998-01-20"),
        an_event("r4", a_fact(145, until="1998-01-10"), occurred="1998-01-03"),
        an_event("r5", a_fact(holds=False, until="1998-01-05"), occurred="1998-01-03"),
        an_event("r6", a_fact(827, until="1998-01-20"), occurred="1998-01-12"),
    ]
    for day, step in enumerate(steps, 1):
        record(archive, clock, f"1998-02-{day:02d}", step)

    def owner(day: int, after: int) -> list[str]:
        return values(archive, as_of=f"1998-01-{day:02d}", position=after)

    assert (["145"], ["827"]) == (owner(13, 5), owner(13, 6))
    assert [[], ["145"], []] == [owner(4, after) for after in (3, 4, 5)]
    assert (["827"], []) == (owner(15, 2), owner(20, 3))
