"""What holds of every document, tried on the curated chronicles in every kind and as of many dates."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import msgspec
import pytest

from chronicle import Archive
from chronicle.asking import Asked, Question
from chronicle.narrative.chapters import told_events
from chronicle.narrative.document import Document
from chronicle.narrative.language import Language
from chronicle.narrative.matter import Narrowing, ReportMatter, narrowed
from chronicle.narrative.order import KINDS, Kind, Order
from chronicle.narrative.pieces import pieces
from chronicle.narrative.report import compose
from chronicle.narrative.setting import Setting
from tests.narrative.reading import entries, sections, sentences

EVENTS = Path(__file__).parents[2] / "events"
NOW = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
CHRONICLES = ("azerbaijan-us", "us-executive")
DATES = ("1930", "1994-06-30", "2013-03-16", "2026-03-01")
SINCE = {"azerbaijan-us": "2025-12-31", "us-executive": "1974-08-08"}
ENTITIES = {"azerbaijan-us": "azerbaijan", "us-executive": "gerald-ford"}


@pytest.fixture(scope="module")
def archive() -> Archive:
    """An archive that holds the curated chronicles."""
    opened = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
    for name in CHRONICLES:
        opened.load(str(EVENTS / name))
    return opened


@pytest.fixture(scope="module")
def documents(archive: Archive) -> list[Document]:
    """A document of each chronicle and kind as of each date."""
    return [told(archive, *given) for given in product(CHRONICLES, KINDS, DATES)]


def told(archive: Archive, chronicle: str, kind: Kind, as_of: str) -> Document:
    """A report of a kind."""
    more: dict[Kind, dict[str, str]] = {
        "changes": {"since": SINCE[chronicle]},
        "profile": {"entity": ENTITIES[chronicle]},
    }
    return archive.document(chronicle, kind=kind, as_of=as_of, **more.get(kind, {}))  # type: ignore[arg-type] # of them


def matter_of(archive: Archive, chronicle: str, as_of: str) -> ReportMatter:
    """What a report is told from."""
    with archive._store.reading() as connection:  # noqa: SLF001 - programs have no use for it
        return Asked(connection, Question(as_of=as_of), NOW).report_matter(chronicle)


def test_every_figure_date_and_name_belongs_to_a_fact_of_its_sentence(documents: list[Document]) -> None:
    """Every run that is taken from a fact stands in a sentence that rests on it, and the document accounts for it."""
    for one in documents:
        known = {used.ref for used in one.facts}
        for sentence in sentences(one):
            refs = {run.fact for run in sentence.runs if run.fact is not None}
            assert refs <= set(sentence.facts), sentence
            assert set(sentence.facts) <= known, sentence


def test_every_fact_that_can_be_told_is_in_the_narrative(archive: Archive) -> None:
    """Every fact that may be told as of the date is rested on by a sentence or a row of the narrative."""
    for chronicle, as_of in product(CHRONICLES, DATES):
        matter = matter_of(archive, chronicle, as_of)
        one = compose(matter, Order())
        rested = {ref for sentence in sentences(one) for ref in sentence.facts}
        setting = Setting(matter, Language("en", matter.entities, matter.attributes))
        facts = {piece.stated.ref for event in told_events(matter) for piece in pieces(event, setting)}
        assert facts - rested == set()


def test_sections_and_entries_can_be_led_to(documents: list[Document]) -> None:
    """Anchors are unique, each event has one entry, and every link within the document leads to one."""
    for one in documents:
        names = [section.id for section in sections(one)]
        assert len(names) == len(set(names)), names
        events = [f"#event-{entry.event}" for entry in entries(one)]
        assert len(events) == len(set(events))
        links = {run.href for sentence in sentences(one) for run in sentence.runs if run.href is not None}
        assert {link for link in links if link.startswith("#")} <= set(events)


def test_marks_lead_to_notes(documents: list[Document]) -> None:
    """Every mark has its note, notes are numbered from one, and there is none for what is not used."""
    for one in documents:
        numbers = [note.number for note in one.notes]
        assert numbers == list(range(1, len(numbers) + 1))
        marked = {mark.number for sentence in sentences(one) for mark in sentence.marks}
        accounted = {mark.number for used in one.facts for mark in used.marks}
        assert marked | accounted == set(numbers)
        assert marked <= accounted


def test_the_same_matter_and_order_give_the_same_document(archive: Archive) -> None:
    """The same matter and order give the same document."""
    encode = msgspec.json.Encoder().encode
    for chronicle, kind in product(CHRONICLES, KINDS):
        first, second = (encode(told(archive, chronicle, kind, "2026-03-01")) for _ in range(2))
        assert first == second


def test_what_is_narrowed_tells_only_that_and_says_so(archive: Archive) -> None:
    """A report of one theme has the entries of that theme alone, and says that it is narrowed."""
    matter = narrowed(matter_of(archive, "azerbaijan-us", "2026-03-01"), Narrowing(tags=("transport",)))
    one = compose(matter, Order())
    expected = {event.event.id for event in told_events(matter) if "transport" in event.event.tags}
    assert {entry.event for entry in entries(one)} == expected
    assert one.told.text == "Told as of 1 March 2026. Only some events are told (theme: transport)."


def test_no_text_has_a_slip(documents: list[Document]) -> None:
    """No text has a doubled space, a stray comma, a doubled full stop or the name of a missing value."""
    for one in documents:
        for sentence in sentences(one):
            for slip in ("  ", " ,", " .", "..", "None", "{", "( ", " )", ",,", ";;"):
                assert slip not in sentence.text, sentence.text
