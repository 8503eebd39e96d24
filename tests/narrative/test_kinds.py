"""The kinds of reports on small chronicles: what each tells, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from chronicle.errors import QuestionError, UnknownError
from chronicle.narrative.document import Document, Run, Section
from chronicle.narrative.language import Language
from chronicle.narrative.matter import Narrowing, ReportMatter, narrowed
from chronicle.narrative.order import Order
from chronicle.narrative.pieces import values_held
from chronicle.narrative.report import compose
from tests.narrative.reading import entries, sections, story
from tests.narrative.telling import event, matter, number

FIRST = event(id="first", occurred="2024-05-06", title="First", summary="It began.")
SECOND = event(id="second", occurred="2025-07-08", title="Second", summary="It went on.", participants=["az", "us"])


def section(document: Document, name: str) -> Section:
    """The section of an anchor."""
    return next(one for one in sections(document) if one.id == name)


def text(one: Section) -> str:
    """All sentences of the paragraphs of a section and its entries."""
    return story(Document("narrative", "en", "", "", (), None, (one,), "", (), "", "", (), (), {}))  # type: ignore[arg-type] # only its section is read


def changes(before: ReportMatter, after: ReportMatter) -> Document:
    """What changed between two bases, but for the state."""
    return compose(after, Order(kind="changes", since=before))


def versioned(given: ReportMatter, version: int, last: ReportMatter) -> ReportMatter:
    """The matter with all its events as a later version, known from when `last` was."""
    events = tuple(
        msgspec.structs.replace(
            record, header=msgspec.structs.replace(record.header, version=version), reported=last.last_second
        )
        for record in given.events
    )
    return replace(given, events=events)


# Timeline


@pytest.mark.parametrize("lang", ["az", "tr"])
def test_a_tag_keeps_the_letters_of_its_author(lang: str) -> None:
    """A theme that no document declares is a word of the chronicle, whatever language the report is in."""
    tagged = [
        event(id=f"e{at}", occurred="[..2026-01-02]", tags=["investment" if at % 2 else "industry"]) for at in range(20)
    ]
    for kind in ("timeline", "narrative"):
        told = msgspec.json.encode(compose(matter(*tagged), Order(kind=kind, lang=lang))).decode()
        assert '"Investment"' in told
        assert "\u0130nvestment" not in told


def test_a_timeline_is_short_and_keeps_what_the_state_has_no_more() -> None:
    """A timeline tells the summary of an event, and its words only where no row of the state has them."""
    fact = {"subject": "az", "attribute": "role", "value": "supplier"}
    told = compose(matter(event(summary="It is so.", facts=[fact])), Order(kind="timeline", pictures=False))
    assert [entry.event for entry in entries(told)] == ["one"]
    assert story(told) == "It is so. Azerbaijan, role: supplier."


# Brief


def test_a_brief_says_what_happened_last_and_what_comes_next() -> None:
    """The latest events come first, and what is planned comes with its date."""
    later = event(id="later", occurred="2027", title="Later")
    told = compose(matter(FIRST, SECOND, later), Order(kind="brief"))
    assert [one.id for one in told.sections] == ["last", "next"]
    assert [entry.event for entry in entries(told)] == ["second", "first", "later"]
    assert "This is planned; the date given is 2027." in story(told)


def test_a_brief_of_nothing_says_so() -> None:
    """A brief of nothing says so."""
    told = compose(matter(as_of="2020"), Order(kind="brief"))
    assert [one.id for one in told.sections] == ["state"]


@pytest.mark.parametrize(
    ("values", "many", "said"),
    [
        ("+bp +ExxonMobil", True, "bp and ExxonMobil"),
        ("?bp ?ExxonMobil", True, "possibly bp and ExxonMobil"),
        ("+bp ?ExxonMobil ?SOCAR", True, "bp, possibly ExxonMobil and possibly SOCAR"),
        ("?bp ?ExxonMobil", False, "possibly bp or ExxonMobil"),
        ("?bp +bp", True, "bp"),
        ("+bp", False, "bp"),
    ],
)
def test_values_that_hold_together_are_no_alternatives(values: str, many: bool, said: str) -> None:  # noqa: FBT001 - a case
    """Values of an attribute that has many hold beside one another, surely or possibly; of another one of them does."""
    given = [((Run(one[1:]),), one[0] == "+") for one in values.split()]
    runs = values_held(given, Language("en", {}, {}), many=many)
    assert said == "".join(run.text for run in runs)


# Changes


def test_changes_tell_what_happened_apart_from_what_was_learned() -> None:
    """What occurred since the earlier date happened; what occurred before it, and was not told there, was learned."""
    before, after = matter(as_of="2025-01-01"), matter(FIRST, SECOND, as_of="2026-03-01")
    told = changes(before, after)
    assert [entry.event for entry in section(told, "happened").blocks] == ["second"]  # type: ignore[union-attr] # entries
    assert [entry.event for entry in section(told, "learned").blocks] == ["first"]  # type: ignore[union-attr] # entries
    assert told.told.text == (
        "Told as of 1 March 2026. Compared with what was told as of 1 January 2025, from the log up to position 0."
    )


def test_a_correction_is_told_with_what_was_said_before() -> None:
    """A correction names the old date and the old figure, from its version, and the reason that is given."""

    def stated(occurred: str, amount: str, **rest: Any) -> dict[str, Any]:
        fact = {"subject": "az", "attribute": "capacity", "value": number(amount)}
        return event(occurred=occurred, facts=[fact], **rest)

    before = matter(stated("2024", "5"))
    after = versioned(matter(stated("2025-01", "7", note="A slip of ours.")), 2, before)
    told = changes(before, after)
    assert [one.id for one in told.sections] == ["changed"]
    [entry] = entries(told)
    said = [sentence for block in entry.blocks for sentence in block.sentences]  # type: ignore[union-attr] # paragraphs
    assert [sentence.text for sentence in said] == [
        "The date had been given as 2024; it is now given as January 2025.",
        ("Azerbaijan, capacity: this had been given as 5 (from 2024); it is now given as 7 (from January 2025)."),
        "The reason given: A slip of ours.",
    ]
    assert said[1].facts == ("one@1#1", "one#1")
    assert {used.ref: used.said for used in told.facts}["one@1#1"] == "Azerbaijan, capacity: 5, from 2024"


def test_what_was_withdrawn_is_named() -> None:
    """An event that is no longer told is named with its date."""
    told = changes(matter(FIRST, SECOND), matter(SECOND))
    [one] = told.sections
    assert one.heading == "What was withdrawn"
    [paragraph] = one.blocks
    [sentence] = paragraph.sentences  # type: ignore[union-attr] # a paragraph
    assert sentence.text == "“First” (6 May 2024) is no longer told: it has been withdrawn."
    assert sentence.facts == ("first@1",)


def test_nothing_changed() -> None:
    """Between equal bases nothing changed."""
    told = changes(matter(FIRST), matter(FIRST))
    assert [(one.id, one.heading) for one in told.sections] == [("changed", "What changed")]


def test_changes_need_an_earlier_basis() -> None:
    """An order of changes without the earlier basis says what to give."""
    with pytest.raises(QuestionError, match="give since"):
        compose(matter(FIRST), Order(kind="changes"))


# Profile


def test_a_profile_tells_the_events_that_name_the_entity() -> None:
    """A profile has the label for its title, the events that name the entity, and whom it is named with."""
    told = compose(matter(FIRST, SECOND), Order(kind="profile", entity="us", pictures=False))
    assert told.title == "United States"
    assert [entry.event for entry in entries(told)] == ["second"]
    [ties] = section(told, "ties").blocks
    assert [row[0].text for row in ties.rows] == ["Azerbaijan"]  # type: ignore[union-attr] # a table
    assert told.told.text == "Told as of 1 March 2026."


def test_a_profile_needs_an_entity_that_is_there() -> None:
    """An order of a profile names an entity of the chronicle; what is close to an unknown one is offered."""
    with pytest.raises(QuestionError, match="give its id"):
        compose(matter(FIRST), Order(kind="profile"))
    with pytest.raises(UnknownError, match="'anne'; did you mean ann"):
        compose(matter(FIRST), Order(kind="profile", entity="anne"))


# Narrowing


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (Narrowing(tags=("a",)), ["one"]),
        (Narrowing(tags=("a", "b")), ["one", "two"]),
        (Narrowing(types=("thing",)), ["one"]),
        (Narrowing(types=("thing.happened",)), ["one"]),
        (Narrowing(types=("thin",)), []),
        (Narrowing(entities=("bp",)), ["two"]),
        (Narrowing(since="2025"), ["two"]),
        (Narrowing(until="2024"), ["one"]),
        (Narrowing(since="2024-06", until="2025"), ["one", "two"]),
        (Narrowing(tags=("a",), since="2025"), []),
    ],
)
def test_what_is_narrowed(narrowing: Narrowing, expected: list[str]) -> None:
    """Every limit keeps what fits one of its names; a date keeps what may have occurred from or until then."""
    one = event(id="one", occurred="2024", tags=["a"])
    two = event(id="two", occurred="2025-02", type="other.thing", tags=["b"], participants=["bp"])
    told = compose(narrowed(matter(one, two), narrowing), Order(pictures=False))
    assert [entry.event for entry in entries(told)] == expected


def test_what_is_left_out_still_says_what_it_did() -> None:
    """A plan is told as fulfilled although the event that fulfilled it is left out, and no link leads there."""
    fact = {"subject": "az", "attribute": "target", "value": number("5"), "due": "2024"}
    plan = event(id="plan", occurred="2023", type="plan.announced", title="A plan", facts=[fact], tags=["a"])
    done = event(
        id="done",
        occurred="2025-06",
        type="plan.fulfilled",
        title="It works",
        related=[{"event": "plan", "relation": "fulfils"}],
    )
    told = compose(narrowed(matter(plan, done), Narrowing(tags=("a",))), Order(pictures=False))
    assert [entry.event for entry in entries(told)] == ["plan"]
    assert "this was due by 2024, and was fulfilled in June 2025." in story(told)
