"""Real office holders and the real history of what was published about them, as questions about dates."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import IN_MEMORY, Clock, a_fact, a_source, an_attribute, an_event

DATA = Path(__file__).parents[1] / "data" / "us-office-holders"

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of a file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def executive() -> Iterator[dict[str, Any]]:
    """One event for each term of a president or vice president."""
    for row in rows("executive_terms.tsv"):
        name = f"{row['type']}-{row['person_id']}-{row['start']}"
        fact = a_fact(row["name"], subject="united-states", attribute=row["type"], until=row["end"])
        yield an_event(name, fact, occurred=row["start"])


def senate() -> Iterator[dict[str, Any]]:
    """Every published state of a term is a version of one event, reported by the commit that published it."""
    yield an_attribute("senators", cardinality="many")
    changes: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in rows("senate_revisions.tsv"):
        term = row["person_id"], row["start"]
        before = changes[row["known_at"]].get(term)
        if before is None or row["op"] == "assert":
            changes[row["known_at"]][term] = row
    for known_at, terms in changes.items():
        commit = next(iter(terms.values()))["commit"]
        yield a_source(f"commit-{commit}", known_at)
        for (person, start), row in terms.items():
            assert row["op"] != "retract", "in the excerpt whatever is taken back is said anew at once"
            end = min(known_at[:10], row["end"]) if row["op"] == "archive" else row["end"]
            fact = a_fact(row["name"], subject=row["state"], attribute="senators", until=end)
            yield an_event(f"{person}-{start}", fact, occurred=start, sources=[f"commit-{commit}"])


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    """Both files in one archive."""
    with Archive.open(IN_MEMORY, recorded_by="tester", now=Clock("2026-06-15")) as opened:
        opened.append(list(executive()), chronicle="executive")
        opened.append(list(senate()), chronicle="senate")
        yield opened


@pytest.mark.parametrize(
    ("office", "as_of", "expected"),
    [
        ("prez", "1861-06-01", ["Abraham Lincoln"]),
        ("prez", "1969-07-20", ["Richard Milhous Nixon"]),
        ("viceprez", "1945-06-01", []),
        ("viceprez", "1989-11-09", ["James Danforth Quayle"]),
    ],
    ids=["S01", "S02", "S03", "S04"],
)
def test_who_held_the_office(archive: Archive, office: str, as_of: str, expected: list[str]) -> None:
    """Presidents and vice presidents as of a day, and none where the office was vacant."""
    answer = archive.state(as_of=as_of, chronicle="executive", subject="united-states", attribute=office)

    assert expected == [fact.value.plain() for fact in answer.facts]


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("HI", "2013-03-01", ["Brian Schatz", "Mazie K. Hirono"]),
        ("IL", "2016-06-01", ["Mark Kirk", "Richard J. Durbin"]),
        ("TX", "2020-01-31", ["John Cornyn", "Ted Cruz"]),
        ("KY", "2026-02-01", ["Mitch McConnell", "Rand Paul"]),
    ],
    ids=["S05", "S06", "S07", "S08"],
)
def test_who_was_known_to_be_senator(archive: Archive, state: str, day: str, expected: list[str]) -> None:
    """The senators of a state on a day, as the file published by that day had them."""
    answer = archive.state(as_of=day, known=day, chronicle="senate", subject=state)

    assert expected == [fact.value.plain() for fact in answer.facts]


@pytest.mark.parametrize(
    ("known", "expected"),
    [("2012-12-16", ["Daniel K. Inouye"]), ("2012-12-18", []), ("2012-12-28", ["Brian Emanuel Schatz"])],
)
def test_a_seat_that_fell_vacant(archive: Archive, known: str, expected: list[str]) -> None:
    """Asked about the last day of 2012, the answer for one seat of Hawaii changed twice within a fortnight."""
    answer = archive.state(as_of="2012-12-30", known=known, chronicle="senate", subject="HI")

    others = ("Daniel Kahikina Akaka", "Daniel K. Akaka")
    assert expected == [name for fact in answer.facts if (name := fact.value.plain()) not in others]


@pytest.mark.parametrize(("known", "until"), [("2012-12-31", "2016-12-31"), ("2013-02-01", "2017-01-03")])
def test_an_end_in_the_future_is_revised(archive: Archive, known: str, until: str) -> None:
    """The end of a running term lies in the future, and is told as it was published by then."""
    answer = archive.state(as_of="2013-01-02", known=known, chronicle="senate", subject="HI")

    assert until in [fact.fact.until for fact in answer.facts if fact.value.plain() != "Daniel K. Akaka"]
