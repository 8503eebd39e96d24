"""Full text over documents: what is found, how it is ranked, and as of which basis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.errors import QuestionError
from chronicle.event.words import fold
from chronicle.service import Archive
from chronicle.state.search import terms
from tests.builders import CHRONICLE, a_fact, a_retraction, a_source, an_archive, an_attribute, an_entity, an_event

# ruff: noqa: RUF001 - letters of many scripts


def found(archive: Archive, query: str, **bounds: Any) -> list[str]:
    """The ids of the results, best first."""
    return [hit.record.header.id for hit in archive.search(query, **bounds).results]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Bakı", "baki"),
        ("BAKI", "Bakı"),
        ("Əliyev", "eliyev"),
        ("İlham", "ilham"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Café", "cafe\u0301"),
        ("Ελλάδα", "ελλαδα"),
        ("Москва", "МОСКВА"),
        ("ﬁnance", "finance"),
        ("Tunisia", "tunis"),
        ("U.S.-made", "made"),
    ],
)
def test_letters(archive: Archive, written: str, asked: str) -> None:
    """Case, marks and letters of one language do not matter, and a word may go on."""
    archive.append([an_event("x", title=f"In {written} today")], chronicle=CHRONICLE)

    assert ["x"] == found(archive, asked)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("gas pipeline", ["a", "b"]),
        ("pipeline gas", ["a", "b"]),
        ('"gas pipeline"', ["a"]),
        ('"pipe"', []),
        ("pipe", ["a", "b"]),
        ("gas oil", []),
        ("line", []),
        ("gas -", ["a", "b"]),
    ],
)
def test_words_and_phrases(archive: Archive, query: str, ids: list[str]) -> None:
    """All words, in any order; in quotation marks together and whole; only from the beginning of words."""
    events = [an_event("a", title="A gas pipeline opens"), an_event("b", title="The pipeline for gas")]
    archive.append(events, chronicle=CHRONICLE)

    assert ids == found(archive, query)


def test_every_kind_of_document(archive: Archive) -> None:
    """Sources, entities and attributes are found too, events by what their participants and values are called."""
    archive.append(
        [
            a_source("s", title="Zephyr Daily"),
            an_entity("e", label="Zephyr Ltd"),
            an_attribute("a", label="zephyr share"),
            an_event("by-participant", participants=["e"]),
            an_event("by-value", a_fact({"entity": "e"})),
            an_event("by-text", a_fact("a mild zephyr")),
            an_event("by-tag", tags=["zephyr"]),
            an_event("by-summary", summary="Of a zephyr."),
            an_event("by-quote", sources=[]) | {"sources": [{"source": "s", "quote": "zephyr blew"}]},
        ],
        chronicle=CHRONICLE,
    )
    assert ["s", "e", "a", "by-tag", "by-participant", "by-summary", "by-value", "by-text", "by-quote"] == found(
        archive, "zephyr"
    )


def test_whole_words_come_first(archive: Archive) -> None:
    """A word that is whole counts more than one that only begins so; what is alike comes in the order of the log."""
    archive.append(
        [an_event(f"e{n}", title=title) for n, title in enumerate(["oils", "oil", "oil"])], chronicle=CHRONICLE
    )

    assert ["e1", "e2", "e0"] == found(archive, "oil")
    assert ["e1"] == found(archive, "oil", limit=1)
    assert 3 == archive.search("oil", limit=1).total


def test_a_snippet(archive: Archive) -> None:
    """Some of the text around what was found, on one line, with what was found between asterisks."""
    archive.append([an_event("x", summary=f"{'a ' * 40}before\nthe Corridor after{' z' * 40}")], chronicle=CHRONICLE)

    [hit] = archive.search("corridor").results
    assert "summary" == hit.field
    assert "before the *Corridor* after" in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")


def test_the_basis(archive: Archive) -> None:
    """Documents are read as they stood at a position and as they were known."""
    archive.append([a_source("s", "2025-01-01"), a_source("t", "2026-01-01")], chronicle=CHRONICLE)
    archive.append([an_event("x", title="Old words", sources=["s"])], chronicle=CHRONICLE)
    archive.append([an_event("x", title="New words", sources=["t"])], chronicle=CHRONICLE)
    archive.append([a_retraction("x")], chronicle=CHRONICLE)

    assert [["x"], [], [], ["x"], []] == [
        found(archive, "old", position=3),
        found(archive, "old", position=4),
        found(archive, "new"),
        found(archive, "old", known="2025", position=4),
        found(archive, "new", known="2025", position=4),
    ]


def test_one_chronicle(archive: Archive) -> None:
    """All chronicles, or one."""
    for name in ("c", "d"):
        archive.append([an_event(f"of-{name}", title="Word")], chronicle=name)

    assert ["of-c", "of-d"] == found(archive, "word")
    assert ["of-d"] == found(archive, "word", chronicle="d")


@pytest.mark.parametrize("query", ["", "  ", '""', "- ., !"])
def test_nothing_asked(query: str) -> None:
    """A query without a word is no question."""
    with an_archive() as archive, pytest.raises(QuestionError, match="at least one word"):
        archive.search(query)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text is folded."""
    assert fold(text) == fold(fold(text))


@given(st.text())
def test_any_query(text: str) -> None:
    """Any text is a query of folded words, or refused."""
    try:
        wanted = terms(text)
    except QuestionError:
        return
    assert all(term.words for term in wanted)


def test_as_json() -> None:
    """What a program gets."""
    with an_archive(an_event("x", title="A word")) as archive:
        answer = archive.search("word").as_json()
    assert {"basis", "query", "total", "results", "next"} == answer.keys()
    expected = {
        "chronicle": "c",
        "kind": "event",
        "id": "x",
        "title": "A word",
        "occurred": "2025",
        "field": "title",
        "snippet": "A *word*",
    }
    assert [expected] == answer["results"]
