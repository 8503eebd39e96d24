"""What holds of every document, tried on the curated chronicles in every kind and as of many dates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec
import pytest

from chronicle import Archive
from chronicle.asking import Asked, Question
from chronicle.narrative.chapters import told_events
from chronicle.narrative.document import Document
from chronicle.narrative.matter import Narrowing, ReportMatter, narrowed
from chronicle.narrative.order import KINDS, Kind, Order
from chronicle.narrative.pieces import pieces
from chronicle.narrative.report import compose
from chronicle.narrative.setting import Setting
from chronicle.narrative.language import Language
from tests.narrative.reading import entries, sections, sentences

EVENTS = Path(__file__).parents[2] / "events"
NOW = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
CHRONICLES = ("azerbaijan-us", "us-executive")
DATES = ("1930", "1994-06-30", "2013-03-16", "2026-03-01")
ENTITIES = {"azerbaijan-us": "azerbaijan", "us-executive": "gerald-ford"}


@pytest.fixture(scope="module")
def archive() -> Archive:
    """An archive that holds the curated chronicles."""
    opened = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
    for name in CHRONICLES:
        opened.load(str(EVENTS / name))
    return opened


def matter_of(archive: Archive, chronicle: str, as_of: str) -> ReportMatter:
    """What a report is told from."""
    with archive._asking(Question(as_of=as_of)) as asked:
        assert isinstance(asked, Asked)
        return asked.report_matter(chronicle)


def document(archive: Archive, chronicle: str, kind: Kind, as_of: str) -> Document:
    """A report of a kind; changes are those since the day before the last of 2025, or half a century."""
    matter = matter_of(archive, chronicle, as_of)
    earlier = "1974-08-08" if chronicle == "us-executive" else "2025-12-31"
    since = matter_of(archive, chronicle, earlier) if kind == "changes" else None
    diff = archive.diff({"as_of": earlier}, {"as_of": as_of}, chronicle=chronicle) if kind == "changes" else None
    entity = ENTITIES[chronicle] if kind == "profile" else None
    return compose(matter, Order(kind=kind, since=since, diff=diff, entity=entity))


def every(archive: Archive) -> Iterator[Document]:
    """A document of each chronicle and kind as of each date."""
    for chronicle, kind, as_of in product(CHRONICLES, KINDS, DATES):
        yield document(archive, chronicle, kind, as_of)


def test_every_figure_date_and_name_belongs_to_a_fact_of_its_sentence(archive: Archive) -> None:
    """Every run that is taken from a fact stands in a sentence that rests on it, and the document accounts for it."""
    for told in every(archive):
        known = {used.ref for used in told.facts}
        for sentence in sentences(told):
            refs = {run.fact for run in sentence.runs if run.fact is not None}
            assert refs <= set(sentence.facts), sentence
            assert set(sentence.facts) <= known, sentence


def test_every_fact_that_can_be_told_is_in_the_narrative(archive: Archive) -> None:
    """Every fact that may be told as of the date is rested on by a sentence or a row of the narrative."""
    for chronicle, as_of in product(CHRONICLES, DATES):
        matter = matter_of(archive, chronicle, as_of)
        told = compose(matter, Order())
        rested = {ref for sentence in sentences(told) for ref in sentence.facts}
        setting = Setting(matter, Language("en", matter.entities, matter.attributes))
        facts = {piece.stated.ref for one in told_events(matter) for piece in pieces(one, setting)}
        assert facts - rested == set()


def test_sections_and_entries_can_be_led_to(archive: Archive) -> None:
    """Anchors are unique, each event has one entry, and every link within the document leads to one."""
    for told in every(archive):
        names = [section.id for section in sections(told)]
        assert len(names) == len(set(names)), names
        events = [f"#event-{entry.event}" for entry in entries(told)]
        assert len(events) == len(set(events))
        links = {run.href for sentence in sentences(told) for run in sentence.runs if run.href is not None}
        assert {link for link in links if link.startswith("#")} <= set(events)


def test_marks_lead_to_notes(archive: Archive) -> None:
    """Every mark has its note, notes are numbered from one, and there is none for what is not used."""
    for told in every(archive):
        numbers = [note.number for note in told.notes]
        assert numbers == list(range(1, len(numbers) + 1))
        marked = {mark.number for sentence in sentences(told) for mark in sentence.marks}
        accounted = {mark.number for used in told.facts for mark in used.marks}
        assert marked | accounted == set(numbers)
        assert marked <= accounted


def test_the_same_matter_and_order_give_the_same_document(archive: Archive) -> None:
    """The same matter and order give the same document."""
    encode = msgspec.json.Encoder().encode
    for chronicle, kind in product(CHRONICLES, KINDS):
        first, second = (encode(document(archive, chronicle, kind, "2026-03-01")) for _ in range(2))
        assert first == second


def test_what_is_narrowed_tells_only_that_and_says_so(archive: Archive) -> None:
    """A report of one theme has the entries of that theme alone, and says that it is narrowed."""
    matter = narrowed(matter_of(archive, "azerbaijan-us", "2026-03-01"), Narrowing(tags=("transport",)))
    told = compose(matter, Order())
    expected = {one.event.id for one in told_events(matter) if "transport" in one.event.tags}
    assert {entry.event for entry in entries(told)} == expected
    assert told.told.text == "Told as of 1 March 2026. Only some events are told (theme: transport)."


def test_no_text_has_a_slip(archive: Archive) -> None:
    """No text has a doubled space, a stray comma, a doubled full stop or the name of a missing value."""
    for told in every(archive):
        for sentence in sentences(told):
            for slip in ("  ", " ,", " .", "..", "None", "{", "( ", " )", ",,", ";;"):
                assert slip not in sentence.text, sentence.text
