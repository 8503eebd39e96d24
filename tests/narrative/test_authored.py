from __future__ import annotations

import pytest

from chronicle.errors import QuestionError
from chronicle.narrative.document import Entry, Paragraph
from chronicle.narrative.order import Order
from chronicle.narrative.report import compose
from tests.narrative.telling import event, matter, number

SIGNED = event(
    id="pact",
    type="agreement.signed",
    occurred="2025-03",
    title="Pact signed",
    participants=["az", "us"],
    facts=[{"subject": "az", "attribute": "sum", "value": {"amount": number("5e6"), "unit": "USD"}}],
)


def told(template: str, name: str = "agreement.signed", given: dict[str, object] | None = None) -> list[list[str]]:
    """The sentences of the paragraphs of an event, by a template."""
    return [[one.text for one in paragraph.sentences] for paragraph in paragraphs(template, name, given)]


def paragraphs(
    template: str, name: str = "agreement.signed", given: dict[str, object] | None = None
) -> list[Paragraph]:
    """The paragraphs of an event, by a template."""
    order = Order(templates={f"events/{name}.j2": template}, pictures=False)
    document = compose(matter(SIGNED if given is None else given), order)
    [entry] = [one for section in document.sections for one in section.blocks if isinstance(one, Entry)]
    return [one for one in entry.blocks if isinstance(one, Paragraph)]


def test_a_line_is_a_sentence_and_a_blank_line_ends_a_paragraph() -> None:
    """A line is a sentence, and a blank line ends a paragraph."""
    assert [["One.", "Two."], ["Three."]] == told("one.\n  Two.\n\n\nThree.\n")


def test_what_is_printed_keeps_its_fact() -> None:
    """Names, dates and figures that are printed keep what they are, and the sentence rests on their facts."""
    [paragraph] = paragraphs(
        "{{ listed(event.names) }} signed {{ event.date | form('on') }}.\n"
        "{% for fact in event.facts %}{{ fact.value }} is the {{ fact.attribute }}.{% endfor %}"
    )
    first, second = paragraph.sentences
    assert "Azerbaijan and the United States signed in March 2025." == first.text
    assert [("name", "az"), ("name", "us")] == [(run.kind, run.entity) for run in first.runs if run.entity]
    assert ["2025-03"] == [run.when for run in first.runs if run.when]
    assert (("pact",), ("pact", "pact#1")) == (first.facts, second.facts)
    assert ["pact#1"] == [run.fact for run in second.runs if run.kind == "figure"]
    assert all(one.marks for one in paragraph.sentences)


def test_the_nearest_type_is_taken() -> None:
    """A template of a type serves the types below it."""
    assert [["An agreement."]] == told("An agreement.", "agreement")
    assert [["An agreement."]] != told("An agreement.", "agree")


def test_a_template_that_prints_nothing_leaves_the_telling_to_us() -> None:
    """A template that prints nothing leaves the event as it is told without it."""
    assert told("", "plan") == told("{% if event.status == 'planned' %}It will be.{% endif %}")


def test_text_of_events_is_inert() -> None:
    """Text of an event can be no token, no template and no second line."""
    given = {**SIGNED, "summary": "{{ 7 * 7 }}\ue0000\ue001\x1b[31m"}
    assert [["{{ 7 * 7 }}0[31m"]] == told("{{ event.summary }}", given=given)
    assert [["0 and 1"]] == told("\ue0000\ue001 and {{ 1 }}")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ event.nothing }}", "events/agreement.signed.j2:2: 'chronicle.*has no attribute 'nothing'"),
        ("one\n\n{% if %}", "events/agreement.signed.j2:3: Expected an expression"),
        ("{{ event.date | form('x') }}", "events/agreement.signed.j2:1: there is no form 'x' of this"),
        ("{{ event.__class__.__mro__ }}", "events/agreement.signed.j2:1: .*unsafe"),
        ("{{ event.facts.append(1) }}", "events/agreement.signed.j2:1: .*"),
        ("{% include 'events/other.j2' %}", "events/agreement.signed.j2:1: events/other.j2"),
        ("{{ 1 / 0 }}", "events/agreement.signed.j2:1: division by zero"),
    ],
)
def test_errors_name_file_and_line(template: str, expected: str) -> None:
    """Errors name the file and the line, and nothing can be reached that is not given."""
    with pytest.raises(QuestionError, match=expected):
        told(template)
