"""What must hold of every report, whatever it tells.

A figure moves only its own sentences, what is withdrawn is gone, nothing from later is told, nothing is unexplained.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from chronicle import Archive
from chronicle.event.canonical import to_plain
from chronicle.event.model import Event
from chronicle.event.value import written
from chronicle.narrative.document import Sentence
from chronicle.narrative.order import KINDS, Kind
from tests.builders import CHRONICLE, Clock, a_retraction, an_archive
from tests.narrative.audit.composed import (
    GLOSSARY,
    ROOT,
    Report,
    cited,
    composed,
    events,
    money,
    of_kind,
    small,
)

AZERBAIJAN, EXECUTIVE = "azerbaijan-us", "us-executive"
LANGUAGES = ("en", "az", "tr", "ru", "de", "fr")
AS_OF = {AZERBAIJAN: "2026-03-01", EXECUTIVE: "2026-03-01"}


@cache
def loaded(name: str) -> Archive:
    """An archive with a chronicle of `events/`, which no test adds to."""
    archive = Archive.open("sqlite://", recorded_by="tests", now=Clock())
    archive.load(str(ROOT / "events" / name))
    return archive


def curated(name: str, **bounds: Any) -> Report:
    """The narrative of a chronicle of `events/`."""
    return composed(loaded(name), name, **{"as_of": AS_OF[name], **bounds})


def documents(name: str) -> dict[str, dict[str, Any]]:
    """The events of a chronicle as documents, by id."""
    matter = curated(name).matter
    told = [record.document for record in matter.events]
    return {event.id: written(to_plain(event)) for event in told if isinstance(event, Event)}


def figures() -> Iterator[tuple[str, int]]:
    """Every figure of the curated chronicle, as event and place of the fact."""
    for name, event in documents(AZERBAIJAN).items():
        for place, fact in enumerate(event.get("facts", ())):
            if isinstance(fact.get("value"), dict) and {"amount", "low"} & fact["value"].keys():
                yield name, place


def changed_with(document: dict[str, Any], name: str = AZERBAIJAN) -> Report:
    """The narrative after a document has been added to a chronicle of `events/`."""
    archive = Archive.open("sqlite://", recorded_by="tests", now=Clock())
    archive.load(str(ROOT / "events" / name))
    archive.append([document], chronicle=name)
    return composed(archive, name, as_of=AS_OF[name])


def without_places(sentences: list[Sentence]) -> set[Sentence]:
    """Sentences without the working, which is not printed, and without the marks."""
    return {msgspec.structs.replace(one, working=None, marks=()) for one in sentences}


def bumped(digits: str) -> str:
    """A number with its last written digit but zero moved by one: 1.49e9 becomes 1.48e9, and 7 becomes 6."""
    mantissa, mark, exponent = digits.partition("e")
    place = max(at for at, char in enumerate(mantissa) if char in "123456789")
    return mantissa[:place] + str(int(mantissa[place]) - 1 or 2) + mantissa[place + 1 :] + mark + exponent


@pytest.mark.parametrize(("name", "place"), list(figures()))
def test_a_changed_figure_changes_its_sentences_and_no_others(name: str, place: int) -> None:
    """A changed figure changes the sentences that say it or compute with it, and no others."""
    event = documents(AZERBAIJAN)[name]
    value = event["facts"][place]["value"]
    field = "low" if "low" in value else "amount"
    fact = {**event["facts"][place], "value": {**value, field: bumped(str(value[field]))}}
    mutated = {**event, "facts": [*event["facts"][:place], fact, *event["facts"][place + 1 :]], "note": "mutated"}
    before, after = curated(AZERBAIJAN), changed_with(mutated)
    ref = f"{name}#{place + 1}"
    old, new = without_places(before.sentences), without_places(after.sentences)
    assert [] == [one.text for one in old ^ new if ref not in one.facts]
    says = {one for one in old if any(run.kind == "figure" and run.fact == ref for run in one.runs)}
    assert says
    assert set() == says & new
    assert () == after.findings


def test_a_computed_sentence_changes_with_its_operands() -> None:
    """A computed sentence changes with its operands."""
    [before] = [one for one in small().sentences if "times exports" in one.text]
    [after] = [one for one in small(imports="1.20e9").sentences if "times exports" in one.text]
    assert "imports came to 24 times exports, a difference of about $1.43 billion" in before.text
    assert "imports came to 19 times exports, a difference of about $1.14 billion" in after.text


@pytest.mark.parametrize("name", sorted(documents(AZERBAIJAN)))
def test_nothing_is_left_of_an_event_that_is_withdrawn(name: str) -> None:
    """Nothing is left of an event that is withdrawn: no sentence, no fact, no title, and nothing unexplained."""
    event = documents(AZERBAIJAN)[name]
    report = changed_with({"kind": "event", "id": name, "retracted": True, "note": "withdrawn"})
    text = msgspec.json.encode(report.document).decode()
    assert f'"{name}' not in text
    assert event["title"] not in text
    assert () == report.findings


def test_a_source_that_only_a_withdrawn_event_cites_is_gone() -> None:
    """A source that only a withdrawn event cites is no longer in the notes; one that others cite stays."""
    archive = an_archive(*GLOSSARY, *events())
    archive.append([a_retraction("summit"), a_retraction("trade-2024")], chronicle=CHRONICLE)
    report = composed(archive, CHRONICLE, as_of="2025-07-01")
    assert ["paper"] == [note.source for note in report.document.notes]
    assert () == report.findings


DAYS = {
    AZERBAIJAN: ("1990", "1994-06-30", "1995", "2025-06", "2025-12-31", "2026-02-10", "2026-02-24", "2030"),
    EXECUTIVE: (
        "1932",
        "1933-03-04",
        "1945-04-12",
        "1963-11-22",
        "1974-08-09",
        "2013",
        "2017-01-20",
        "2021",
        "2029-06",
    ),
}


@pytest.mark.parametrize(("name", "day"), [(name, day) for name, days in DAYS.items() for day in days])
def test_nothing_from_later_is_told_of_a_day(name: str, day: str) -> None:
    """Told as of a day and from what was known by then, nothing is told that came, or was reported, later."""
    for bounds in ({"as_of": day}, {"as_of": day, "known": day}):
        report = curated(name, **bounds)
        assert () == report.findings


def test_a_basis_that_sees_less_finds_what_leaks() -> None:
    """The audit would find a leak: a report of today does not pass as one of an earlier day, or of less known."""
    today = curated(AZERBAIJAN)
    for bounds in ({"as_of": "1995"}, {"known": "2026-01-01"}):
        leaking = today._replace(matter=curated(AZERBAIJAN, **bounds).matter)
        assert {"reference", "hidden"} & {one.code for one in leaking.findings}


def test_a_target_becomes_overdue_with_the_day() -> None:
    """A target is due until its day, and overdue after it, in words."""
    texts = {
        as_of: " ".join(one.text for one in small(as_of=as_of).sentences) for as_of in ("2024-12-30", "2025-01-01")
    }
    said = ["no completion is recorded as of" in texts[as_of] for as_of in texts]
    assert [False, True] == said


def test_the_same_basis_gives_the_same_bytes_whatever_was_added_since() -> None:
    """The same basis gives the same bytes, whatever was added to the log since."""
    clock = Clock("2025-03-01")
    archive = an_archive(*GLOSSARY, *events(), clock=clock)
    position = archive.state().basis.position
    before = composed(archive, CHRONICLE, as_of="2025-07-01", position=position)
    clock.set("2025-04-01")
    later = {"id": "trade-2025", "type": "statistic.reported", "occurred": "2025", "title": "More"}
    archive.append([{**later, "facts": [money("exports", "1e6", "2025")]}, a_retraction("deal")], chronicle=CHRONICLE)
    after = composed(archive, CHRONICLE, as_of="2025-07-01", position=position)
    assert msgspec.json.encode(before.document) == msgspec.json.encode(after.document)


def test_a_sentence_that_rests_on_nothing_says_nothing_of_the_world() -> None:
    """A sentence that rests on nothing has no figure, no name and no date but those of its section and the basis."""
    for name in (AZERBAIJAN, EXECUTIVE):
        orphans = [one for one in curated(name).sentences if not one.facts]
        kinds = {run.kind for one in orphans for run in one.runs if not one.working}
        assert kinds <= {"text", "date"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [AZERBAIJAN, EXECUTIVE])
def test_nothing_in_a_curated_report_is_unexplained(name: str, lang: str, kind: Kind) -> None:
    """Nothing in a report of a curated chronicle is unexplained, of any kind and in any language."""
    report, since = of_kind(loaded(name), name, kind, lang, as_of=AS_OF[name])
    assert [] == [str(one) for one in report.audited(since)]


@pytest.mark.parametrize(("occurred", "shown"), [("[..2011-11-12]", "12 November 2011"), ("[..2011]", "2011")])
def test_the_last_date_that_something_can_have_is_explained(occurred: str, shown: str) -> None:
    """A heading and a note may name the date by which an event has happened, though no fact and no source has it."""
    by_then = {
        "id": "found",
        "type": "thing.happened",
        "occurred": occurred,
        "title": "Found",
        "sources": cited("page 9"),
    }
    report = composed(an_archive(*GLOSSARY, by_then, clock=Clock("2025-03-01")), CHRONICLE, as_of="2025-07-01")
    assert any(f"{shown} is the latest it can have been" in one.text for one in report.sentences)
    assert () == report.findings
