"""Marks are shown once for sentences in a row that rest on the same places."""

from __future__ import annotations

from chronicle.narrative.document import Mark, Paragraph, Run, Section, Sentence, Table, Timeline
from chronicle.narrative.formats.citing import shown
from chronicle.narrative.formats.undrawn import undrawn

ONE, OTHER = Mark(1, ("page 1",)), Mark(1, ("page 2",))


def sentence(fact: str, *marks: Mark, working: str | None = None) -> Sentence:
    """A sentence that rests on a fact."""
    return Sentence((Run("It is so."),), (fact,), marks, working)


def test_the_last_in_a_row_has_the_marks_of_all() -> None:
    """The last of a row has the marks, for the facts of all of it; other places, or none, end a row."""
    said = shown(
        [sentence("a#1", ONE), sentence("a#2", ONE), sentence("a#3", OTHER), sentence("a"), sentence("b", OTHER)]
    )
    assert [(), (ONE,), (OTHER,), (), (OTHER,)] == [one.sentence.marks for one in said]
    assert [("a#1",), ("a#1", "a#2"), ("a#3",), ("a",), ("b",)] == [one.facts for one in said]


def test_what_is_computed_keeps_its_working() -> None:
    """The working stays with the sentence whose figure it explains, and so do its facts."""
    first, _ = shown([sentence("a#1", ONE, working="1 + 1 = 2"), sentence("a#2", ONE)])
    assert ((), "1 + 1 = 2", ("a#1",)) == (first.sentence.marks, first.sentence.working, first.sentence.facts)


def test_a_drawn_timeline_is_left_out_with_its_heading() -> None:
    """Without pictures there is neither the timeline nor a heading for it; all else stays."""
    drawn = Timeline("drawn", "Events", "Events.", 0, (), Table(("Date", "Event"), ()))
    text = Paragraph((sentence("a"),))
    empty = Section("empty", "Empty")
    given = (Section("timeline", "Timeline", (drawn,)), Section("1994", "1994", (drawn, text)), empty)
    assert (Section("1994", "1994", (text,)), empty) == undrawn(given)
