"""On which days facts have a bound, and that what changed between two dates is found by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from chronicle import Archive
from chronicle.store.archive import Store
from chronicle.store.schema import bound
from chronicle.when import When
from tests.builders import CHRONICLE, Clock, a_fact, a_retraction, an_event


@pytest.fixture
def archive(url_on_disk: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(url_on_disk, now=Clock()) as made:
        yield made


def days(url: str) -> list[tuple[int, int]]:
    """Day and position of all bounds."""
    store = Store.open(url, create=False)
    with store.reading() as connection:
        told = connection.execute(select(bound.c.day, bound.c.position).order_by(bound.c.position, bound.c.day)).all()
    store.close()
    return [tuple(row) for row in told]


def day(date: str) -> int:
    """The number of a day."""
    lo = When.parse(date).lo
    assert lo is not None
    return lo // 86_400


def an_office(id_: str, subject: str = "x", **dates: Any) -> dict[str, Any]:
    """An event of one fact, which holds between dates."""
    return dict(an_event(id_, a_fact(1, subject=subject, **dates), occurred="2001-03-01"))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"from": "2001-03-01", "until": "2002-05-06"}, ["2001-03-01", "2002-05-06"]),
        ({"at": "2001-03-01"}, ["2001-03-01"]),
        ({"at": "1950-02"}, ["1950-02-01", "1950-02-28"]),
        ({"from": "[2001..2003-04]", "until": "2005"}, ["2001-01-01", "2003-04-30", "2005-01-01", "2005-12-31"]),
        ({"from": "2001-03-01", "through": "2001-03-01"}, ["2001-03-01", "2001-03-02"]),
        ({"at": "-0043-03-15"}, ["-0043-03-15"]),
        ({"from": ".."}, []),
        ({"from": "[..2001]"}, ["2001-12-31"]),
        ({"from": "unknown", "until": "unknown"}, ["2001-03-01"]),
    ],
    ids=str,
)
def test_a_bound_is_on_its_day(archive: Archive, url_on_disk: str, dates: dict[str, str], expected: list[str]) -> None:
    """What is not dated has none, and what is vague two: a fact whose beginning is unknown began by its event."""
    archive.append([an_office("e", **dates)], chronicle=CHRONICLE)

    assert [(day(date), 1) for date in expected] == days(url_on_disk)


def test_what_is_superseded_keeps_its_days_and_what_is_redacted_has_none(archive: Archive, url_on_disk: str) -> None:
    """Somebody may ask what had changed as the log stood before."""
    archive.append([an_office("a", at="2001-03-01"), an_office("b", at="2001-03-01")], chronicle=CHRONICLE)
    archive.append([an_office("a", at="2001-03-02")], chronicle=CHRONICLE)
    archive.append([a_retraction("b")], chronicle=CHRONICLE)
    first, second = day("2001-03-01"), day("2001-03-02")
    assert [(first, 1), (first, 2), (second, 3)] == days(url_on_disk)

    archive.redact("a", reason="asked for")

    assert [(first, 2)] == days(url_on_disk)
    assert () == archive.verify().findings


def test_of_a_long_log_only_what_has_a_bound_between_is_looked_at(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many facts there are beside it."""
    archive.append([an_office(f"e{n}", f"s{n}", at=f"{1900 + n}-07-01") for n in range(100)], chronicle=CHRONICLE)

    def never(*_asked: Any, **_more: Any) -> Any:
        pytest.fail("all facts are gone through")

    for everything in ("chronicle.store.bounds.moved_since", "chronicle.differing._both_states"):
        monkeypatch.setattr(everything, never)

    dates = {"as_of": "1941-06-01"}, {"as_of": "1942-01-01"}
    for changes in (archive.diff(*dates).changes, archive.compared(CHRONICLE, *dates)[1].changes):
        assert ["s41"] == [change.key["subject"] for change in changes]
    assert [] == list(archive.diff("1942-01-01", "1942-06-30").changes)
