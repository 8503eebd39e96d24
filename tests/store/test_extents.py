"""Where extents say that something may hold, and that they say the same however facts come to be there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from chronicle.service import Archive
from chronicle.store import holding
from chronicle.store.archive import Store
from chronicle.store.extents import Extent, united
from chronicle.store.read import LATEST
from chronicle.store.schema import extent
from tests.builders import CHRONICLE, Clock, a_fact, a_retraction, an_attribute, an_event

extents = st.builds(
    lambda begins, length, position: Extent(begins, begins + length, position),
    st.integers(-30, 30),
    st.integers(1, 9),
    st.integers(1, 20),
)


@given(st.lists(extents))
def test_what_is_united_is_of_the_same_seconds(several: list[Extent]) -> None:
    """No second is lost, and none is won."""

    def seconds(some: list[Extent]) -> set[int]:
        return {second for one in some for second in range(one.begins, one.ends)}

    assert seconds(several) == seconds(united(several))


@given(st.lists(extents))
def test_what_is_united_does_not_meet(several: list[Extent]) -> None:
    """Between one and the next lies a second of neither; they come in order."""
    made = united(several)

    assert [] == [one for one, after in pairwise(made) if after.begins <= one.ends]


@given(st.lists(extents), st.lists(extents))
def test_it_is_the_same_whatever_was_united_before(some: list[Extent], more: list[Extent]) -> None:
    """So that appends, redactions and migrations come to the same rows."""
    assert united(some + more) == united(united(some) + more)


@given(st.lists(extents, min_size=1))
def test_each_has_the_first_position_of_its_parts(several: list[Extent]) -> None:
    """Before it nothing of it was recorded."""
    for made in united(several):
        parts = [one.position for one in several if made.begins <= one.begins < made.ends]
        assert min(parts) == made.position


TERMS = [("2001-03-01", "2001-04-01"), ("2003-01-01", "2003-02-01"), ("2001-04-01", "2001-05-01"), ("2002-01-01", None)]
"""Terms of one office: the first and the third follow one another, and the last has no end."""

DAYS = {day: 86_400 * number for day, number in (("2001-03-01", 11382), ("2001-05-01", 11443), ("2002-01-01", 11688))}
DAYS |= {"2003-01-01": 86_400 * 12053, "2003-02-01": 86_400 * 12084}

JOINED = (DAYS["2001-03-01"], DAYS["2001-05-01"] + 86_399, 1)
APART = (DAYS["2003-01-01"], DAYS["2003-02-01"] + 86_399, 2)
ENDLESS = (DAYS["2002-01-01"], LATEST, 4)


@pytest.fixture
def archive(url_on_disk: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(url_on_disk, now=Clock()) as made:
        yield made


def held(number: int) -> dict[str, Any]:
    """The event of a term."""
    begins, ends = TERMS[number]
    return dict(an_event(f"x{number}", a_fact(number, **({"until": ends} if ends else {})), occurred=begins))


def found(url: str) -> list[tuple[int, int, int]]:
    """All extents: first second, the one after the last, position."""
    store = Store.open(url, create=False)
    with store.reading() as connection:
        columns = (extent.c.begins, extent.c.ends, extent.c.position)
        told = connection.execute(select(*columns).order_by(extent.c.lane.desc(), extent.c.begins)).all()
    store.close()
    return [tuple(row) for row in told]


@pytest.mark.parametrize("together", [1, 2, 4])
def test_terms_that_follow_one_another_have_one_extent(archive: Archive, url_on_disk: str, together: int) -> None:
    """Terms apart have others, and what has no end has one of its own, however many are appended together."""
    for first in range(0, 4, together):
        archive.append([held(number) for number in range(first, first + together)], chronicle=CHRONICLE)

    assert [JOINED, APART, ENDLESS] == found(url_on_disk)


def test_a_load_makes_the_same(archive: Archive, url_on_disk: str, tmp_path: Path) -> None:
    """It asks for all extents of a batch at once where the database is elsewhere."""
    file = tmp_path / "terms.jsonl"
    file.write_text("".join(f"{json.dumps(held(number))}\n" for number in range(4)), encoding="utf-8")
    others = [an_event(f"y{number}", a_fact(number, subject=f"other-{number}")) for number in range(4)]
    archive.load(file, chronicle=CHRONICLE)
    archive.append(others, chronicle=CHRONICLE)
    archive.load(file, chronicle=CHRONICLE)

    assert [JOINED, APART, ENDLESS] == [one for one in found(url_on_disk) if one[2] <= 4]


def test_what_is_retracted_stays_within(archive: Archive, url_on_disk: str) -> None:
    """An answer at an earlier position may rest on it; one at the head finds nothing there."""
    archive.append([held(1)], chronicle=CHRONICLE)
    archive.append([a_retraction("x1")], chronicle=CHRONICLE)

    assert [(*APART[:2], 1)] == found(url_on_disk)
    assert [0, 1] == [len(archive.state(as_of="2003-01-15", position=position).facts) for position in (2, 1)]


def test_what_is_redacted_is_taken_out(archive: Archive, url_on_disk: str) -> None:
    """No extent tells when it held, and those of others are as they would be without it."""
    archive.append([held(number) for number in range(4)], chronicle=CHRONICLE)
    for gone in ("x0", "x1"):
        archive.redact(gone, reason="asked for")

    assert [(86_400 * 11413, JOINED[1], 3), ENDLESS] == found(url_on_disk)
    assert () == archive.verify().findings


def test_what_is_recorded_later_is_not_looked_at(archive: Archive) -> None:
    """A state at a position asks no extent whose first fact comes after it."""
    archive.append([held(0)], chronicle=CHRONICLE)
    archive.append([held(1)], chronicle=CHRONICLE)

    assert 0 == len(archive.state(as_of="2003-01-15", position=1).facts)


@pytest.mark.parametrize(("few", "page", "chunk"), [(0, 2_000, 50), (0, 2, 50), (10_000, 2, 1), (3, 3, 2)])
def test_however_they_are_found_the_facts_are_the_same(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, few: int, page: int, chunk: int
) -> None:
    """In the order of time or of keys, in long pages or in short ones, of one value or of many side by side."""
    subjects = [f"s{number}" for number in range(7)]
    events = [
        an_event(
            f"{subject}-{number}",
            a_fact(number, subject=subject),
            a_fact(number, subject=subject, attribute="many"),
            a_fact(number, subject=subject, dimensions={"partner": f"p{number}"}),
            a_fact(number, subject=subject, attribute="term", until=f"202{number + 2}"),
            occurred=f"202{number}" if subject > "s3" else f"202{number}-05-01",
        )
        for subject in subjects
        for number in range(4)
    ]
    archive.append([an_attribute("many", cardinality="many"), *events], chronicle=CHRONICLE)
    asked: list[dict[str, Any]] = [{}, {"subject": "s2"}, {"attribute": "many"}, {"resolution": "latest-reported"}]
    dates = ("2020-12-31", "2022-06-01", "2026")
    expected = [archive.state(as_of=date, **one).facts for one in asked for date in dates]
    for name, value in (("FEW", few), ("PAGE", page), ("CHUNK", chunk)):
        monkeypatch.setattr(holding, name, value)

    assert expected == [archive.state(as_of=date, **one).facts for one in asked for date in dates]
    assert len(expected[2]) == 7 * (1 + 4 + 4)
