"""Answers in pages: put together they are the whole answer, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from chronicle import pages
from chronicle.asking import Asked, Question
from chronicle.errors import QuestionError
from chronicle.event.span import DAY
from chronicle.service import Archive
from chronicle.state.occurrence import occurrences
from chronicle.store import standing
from chronicle.store.read import effective_events
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_archive, an_attribute, an_event


@pytest.fixture
def archive() -> Iterator[Archive]:
    """Facts of three subjects, one of them with an attribute of many values; some mended later, some contested."""
    clock = Clock()
    documents = [
        an_attribute("many", cardinality="many"),
        an_attribute("attribute"),
        *(a_source(f"s{number}", f"2025-0{number}-01") for number in (1, 2, 3)),
        *(
            an_event(
                f"{subject}-{number}",
                a_fact(f"value {number}", subject=subject),
                a_fact(f"value {number}", subject=subject, attribute="many"),
                a_fact(f"value {number}", subject=subject, dimensions={"partner": f"p{number}"}),
                a_fact(number, subject=subject, attribute="figure", period=f"202{number}"),
                occurred=f"202{number}",
                sources=[f"s{number}"],
            )
            for subject in ("a", "b", "c")
            for number in (1, 2, 3)
        ),
    ]
    with an_archive(*documents, clock=clock) as archive:
        mended = an_event("b-3", a_fact("mended", subject="b"), occurred="2023", sources=["s3"])
        archive.append([mended, {"id": "c-2", "retracted": True, "note": "no"}], chronicle=CHRONICLE)
        yield archive


def rows_of(answer: Any, rows: str) -> list[Any]:
    """The rows of an answer; those of histories are segments, of a key that may go on in the next page."""
    if rows == "segments":
        return [(one.key, segment.as_json()) for one in answer for segment in one.segments]
    return [one.as_json() for one in getattr(answer, rows)]


def in_pages(archive: Archive, verb: str, rows: str, limit: int, *given: Any, **asked: Any) -> list[Any]:
    """What the pages of an answer have, one after another."""
    name = "turn" if verb == "diff" else "after"
    told: list[Any] = []
    turn = None
    while True:
        page = getattr(archive, verb)(*given, limit=limit, **{name: turn}, **asked)
        found = rows_of(page, rows)
        assert len(found) <= limit
        told += found
        if page.next is None:
            return told
        assert len(found) == limit
        turn = page.next


questions = pytest.mark.parametrize(
    ("verb", "rows", "given", "asked"),
    [
        ("state", "facts", (), {"as_of": "2026"}),
        ("state", "facts", (), {"as_of": "2026", "chronicle": CHRONICLE, "attribute": "many"}),
        ("state", "facts", (), {"as_of": "2026", "chronicle": CHRONICLE, "subject": "b"}),
        ("state", "facts", (), {"as_of": "2026", "subject": "b", "attribute": "attribute"}),
        ("conflicts", "conflicts", (), {"as_of": "2026"}),
        ("history", "segments", ("a", "attribute"), {}),
        ("history", "segments", ("b", "attribute"), {"as_of": "2022-06"}),
        ("events", "events", (), {"as_of": "2026"}),
        ("events", "events", (), {"as_of": "2022-06", "chronicle": CHRONICLE, "type": "any"}),
        ("diff", "changes", ("2022", "2026"), {}),
        ("diff", "changes", ({"position": 14}, {"position": 16}), {"as_of": "2026"}),
        ("diff", "changes", ({"known": "2025-01"}, {"known": "2025-02"}), {"as_of": "2026"}),
    ],
)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
@questions
def test_pages_are_the_whole(  # noqa: PLR0917 - a table of questions
    archive: Archive, verb: str, rows: str, given: tuple[Any, ...], asked: dict[str, Any], limit: int
) -> None:
    """However long they are."""
    whole = rows_of(getattr(archive, verb)(*given, **asked), rows)

    assert len(whole) > 1
    assert whole == in_pages(archive, verb, rows, limit, *given, **asked)


@questions
def test_all_pages_have_the_basis_of_the_first(
    archive: Archive, verb: str, rows: str, given: tuple[Any, ...], asked: dict[str, Any]
) -> None:
    """Though more is recorded, and the clock goes on, between one and the next."""
    whole = rows_of(getattr(archive, verb)(*given, **asked), rows)
    told = []
    for number, page in enumerate(pages(getattr(archive, verb), *given, **asked, limit=1)):
        told += rows_of(page, rows)
        more = an_event(f"later-{number}", a_fact("later", subject="b"), occurred="2020", sources=["s1"])
        archive.append([more], chronicle=CHRONICLE)

    assert len(whole) > 1
    assert whole == told


def test_now_stays_now_from_page_to_page(archive: Archive) -> None:
    """A question without a date asks about the moment of its first page."""
    assert 1 == len({page.basis.as_of for page in pages(archive.state, limit=2)})


def test_there_is_a_page_though_nothing_holds(archive: Archive) -> None:
    """It has the basis, and no rows."""
    [page] = pages(archive.state, as_of="1900")

    assert ("1900", ()) == (page.basis.as_of, page.facts)


def test_a_page_says_what_comes_next(archive: Archive) -> None:
    """Only where something does."""
    whole = archive.state(as_of="2026")

    assert "next" not in whole.as_json()
    assert archive.state(as_of="2026", limit=1).next == archive.state(as_of="2026", limit=1).as_json()["next"]
    assert archive.state(as_of="2026", limit=len(whole.facts)).next is None


@pytest.mark.parametrize(
    "after",
    [
        *("", "x", "[]", '["c","a","b",-1]', '["c","a","b","1"]', "\ud800", '["c","a","b",1e400]'),
        *('["c","a","b",0,"1"]', '["c","a","b",0,9223372036854775807]', '["c","a","b",0,-1e30]'),
    ],
)
def test_what_no_page_said_is_refused(archive: Archive, after: str) -> None:
    """It is shown in the message."""
    for ask in (partial(archive.state, as_of="2026"), partial(archive.history, "a", "attribute")):
        with pytest.raises(QuestionError, match="is not what a page said comes next"):
            ask(after=after)


def test_a_history_can_be_entered_anywhere(archive: Archive) -> None:
    """A second at which no segment begins is where the first one that is told does."""
    whole = archive.history("a", "attribute").histories[0].segments
    within = [one for one in whole if one.start is not None and one.end is not None and one.end - one.start > DAY]
    second = within[0].start + DAY  # type: ignore[operator] # it has one
    told = archive.history("a", "attribute", after=f'["c","a","attribute",0,{second}]').histories[0].segments

    assert (second, within[0].end) == (told[0].start, told[0].end)
    assert told[1:] == whole[len(whole) - len(told) + 1 :]


def test_a_page_has_at_least_one_row(archive: Archive) -> None:
    """None can be asked for by asking nothing."""
    with pytest.raises(QuestionError, match="limit: ask for at least one"):
        archive.state(as_of="2026", limit=0)


DATES = ("2020", "2020-01-01", "2020/..", "2020/2022", "../2019", "[..2020-05]", "XXXX-12", "2019~", "-0044", "/2020")


@pytest.mark.parametrize("limit", [1, 4, 1_000])
@pytest.mark.parametrize(
    "asked",
    [{}, {"chronicle": CHRONICLE}, {"type": "plan"}, {"known": "2019"}, {"position": 30}],
    ids=["all", "chronicle", "type", "known", "position"],
)
def test_events_come_in_the_order_of_occurrence(
    dated: Archive, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], limit: int
) -> None:
    """However vague their dates, and however little is read together: as if all of them were sorted in memory."""
    monkeypatch.setattr(standing, "SLICE", 3)
    of_all = {name: value for name, value in asked.items() if name in {"known", "position"}}
    with dated._store.reading() as connection:  # noqa: SLF001 - to read them all
        question = Asked(connection, Question(as_of="2020", **of_all), 0)
        every = occurrences(effective_events(connection, question.horizon), question.last_second)
    whole = [one.as_json() for one in every if one.event.type.startswith(asked.get("type", ""))]

    assert len(whole) > 1
    assert whole == in_pages(dated, "events", "events", limit, as_of="2020", **asked)


@pytest.fixture
def dated(url: str) -> Iterator[Archive]:
    """Plans dated in many ways, half of them fulfilled by events of a date as vague; one mended, one retracted."""
    events = []
    for number in range(40):
        done = {"type": "plan.fulfilled", "related": [{"event": f"e{number // 2}", "relation": "fulfils"}]}
        more = done if number % 3 == 2 else {"type": "plan.announced"}
        due = a_fact(number, subject=f"p{number}", due="2020-06")
        events.append(an_event(f"e{number}", due, occurred=DATES[number * 7 % 10], sources=["s"], **more))
    with Archive.open(url, now=Clock()) as archive:
        archive.append([a_source("s", "2018-01-01"), *events], chronicle=CHRONICLE)
        mended = an_event("e5", type="plan.announced", occurred="2021", sources=["s"])
        archive.append([mended, {"id": "e6", "retracted": True, "note": "no"}], chronicle=CHRONICLE)
        yield archive


@pytest.mark.parametrize(
    "after", ["", "x", "[]", "[0,1,2,3]", "[false,1,2]", "[false,1,2,1e400]", f"[false,{2**63},0,0]"]
)
def test_what_no_page_of_events_said_is_refused(archive: Archive, after: str) -> None:
    """Nor does the database see a number that it cannot hold."""
    with pytest.raises(QuestionError, match="is not what a page said comes next"):
        archive.events(after=after)
