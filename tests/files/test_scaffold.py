"""`chronicle new`: refused until it is filled in, sound once it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chronicle.errors import QuestionError
from chronicle.event.known_types import TYPES
from chronicle.files.check import check
from chronicle.files.formatter import formatted
from chronicle.files.scaffold import MODELINE, scaffold
from tests.files.reading import write

KINDS = ("source", "entity", "attribute", "chronicle")
GROUND = """\
- {kind: source, id: s, title: T, published: 2020}
- {kind: entity, id: e, label: E}
- {kind: attribute, id: a}
- {id: p, type: any.thing, occurred: 2019, title: P, sources: [{source: s}]}
"""
FILLED = {
    "date": "2020",
    "entity": "e",
    "attribute": "a",
    "source": "s",
    "1.55e9": '"1.55e9"',
    "USD": "USD",
    "2025": "2025",
    "https://…": "https://example.org/",
    "id of the plan": "p",
    "id of the event revised": "p",
}


def filled(text: str) -> str:
    """The text with what is in angle brackets filled in."""
    return re.sub(r"<([^<>]*)>", lambda found: FILLED.get(found[1], "something"), text)


@pytest.mark.parametrize("what", [*TYPES, *KINDS, "my.own"])
def test_filled_in_it_is_sound(tmp_path: Path, what: str) -> None:
    """No error, and no warning but that a new source, entity or attribute is not used yet."""
    write(tmp_path, GROUND, "x/ground.yaml")
    text = filled(scaffold(what, "x"))
    path = write(tmp_path, text, "x/x.yaml")

    assert {"unused"} >= {problem.code for problem in check([path])}
    assert text == formatted(text)
    assert text.startswith(MODELINE)


@pytest.mark.parametrize("what", [*TYPES, *KINDS, "my.own"])
def test_each_gap_is_refused(tmp_path: Path, what: str) -> None:
    """As long as one thing is still in angle brackets, the document has an error there."""
    write(tmp_path, GROUND, "x/ground.yaml")
    text = scaffold(what, "x")
    gaps = list(re.finditer(r"<[^<>]*>", text))
    assert gaps
    for gap in gaps:
        others = filled(text[: gap.start()]) + gap[0] + filled(text[gap.end() :])
        path = write(tmp_path, others, "x/x.yaml")
        errors = [problem for problem in check([path]) if problem.is_error]
        assert {text[: gap.start()].count("\n") + 1} == {problem.line for problem in errors}


def test_what_is_known_is_filled_in() -> None:
    """A date and a title that are given stand where they belong, as text to every reader."""
    text = scaffold("visit.held", "x", occurred="1994~", title="It's: a visit")
    assert "\noccurred: '1994~'  #" in text
    assert "\ntitle: 'It''s: a visit'\n" in text


@pytest.mark.parametrize(
    ("what", "id", "said"),
    [
        ("Visit", "x", "'Visit' is neither a kind (source, entity, attribute, chronicle) nor a type of event"),
        ("event", "x", "'event' is neither a kind"),
        ("visit.held", "no id", "'no id' is no id"),
        ("visit.held", "../x", "'../x' is no id"),
    ],
)
def test_what_cannot_be_new(what: str, id: str, said: str) -> None:  # noqa: A002
    """A kind or type that is none, an id that is none."""
    with pytest.raises(QuestionError) as refused:
        scaffold(what, id)
    assert said in str(refused.value)


def test_dates_and_titles_are_of_events() -> None:
    """Other documents have none to give."""
    with pytest.raises(QuestionError, match="are of events"):
        scaffold("entity", "x", title="T")
