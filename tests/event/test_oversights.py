"""What may have been overlooked: told as a warning where it was, and not told where it was meant."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import Attribute
from chronicle.event.oversights import oversights
from chronicle.files.mapping import read_mappings
from tests.builders import CHRONICLE, a_fact, a_source, an_attribute, an_entity, an_event

USED = (an_entity("subject"), an_attribute("attribute"))


def attributes_of(drafts: list[Draft]) -> dict[DocumentId, Attribute]:
    """The attributes among some documents."""
    return {one.id: one.document for one in drafts if isinstance(one.document, Attribute)}


def found(*documents: dict[str, Any]) -> list[tuple[str, str]]:
    """The document and the code of every oversight."""
    reading = read_mappings(documents, CHRONICLE)
    assert [] == [problem for problem in reading.problems if problem.is_error]
    told = list(oversights(reading.drafts, attributes_of(reading.drafts)))
    assert {"warning"} >= {fault.severity for _, fault in told}
    return [(draft.document.id, fault.code) for draft, fault in told]


def test_what_is_never_used() -> None:
    """Sources, entities and attributes that nothing speaks of."""
    documents = [a_source("s"), an_entity("e"), an_attribute("a"), an_event("x")]
    assert [("s", "unused"), ("e", "unused"), ("a", "unused")] == found(*documents)


@pytest.mark.parametrize(
    "event",
    [
        an_event("x", a_fact("v", subject="e")),
        an_event("x", a_fact({"entity": "e"})),
        an_event("x", a_fact("v", dimensions={"partner": "e"})),
        an_event("x", participants=["e"]),
        an_event("x", participants=[{"entity": "e", "role": "host"}]),
        an_event("x", stated_by="e"),
    ],
)
def test_ways_to_use_an_entity(event: dict[str, Any]) -> None:
    """As subject, value, dimension, participant or speaker."""
    assert ("e", "unused") not in found(an_entity("e"), event)


@pytest.mark.parametrize(
    "agreeing",
    [
        {"sum_of": ["a"]},
        {"share_of": {"part": "a", "whole": "attribute"}},
        {"balance_of": {"exports": "attribute", "imports": "a"}},
        {"growth_of": "a"},
    ],
)
def test_an_attribute_used_by_another(agreeing: dict[str, Any]) -> None:
    """One that figures must agree with is used."""
    assert ("a", "unused") not in found(an_attribute("a"), an_attribute("attribute", **agreeing))


@pytest.mark.parametrize(
    ("occurred", "fact", "told"),
    [
        ("2020/2022", a_fact("v"), True),
        ("2020/2022", a_fact("v", until="2022"), False),
        ("2020/2022", a_fact("v", through="2022-12-31"), False),
        ("2020/2022", a_fact("v", **{"from": "2021"}), False),
        ("2020/2022", a_fact("v", at="2021"), False),
        ("2020/2022", a_fact(7, period="2021"), False),
        ("2020/2022", a_fact(7, due="2030"), False),
        ("2020/2022", a_fact(holds=False), False),
        ("2020/..", a_fact("v"), False),
        ("2020/", a_fact("v"), False),
        ("2020", a_fact("v"), False),
    ],
)
def test_a_fact_that_outlives_its_event(occurred: str, fact: dict[str, Any], told: bool) -> None:  # noqa: FBT001
    """A fact that begins with what lasted, is over, and says of no end of its own."""
    assert told == (("x", "outlives") in found(*USED, an_event("x", fact, occurred=occurred)))


def test_a_dimension_without_a_label() -> None:
    """A value of a dimension that is no entity stands out only where others are."""
    events = [
        an_event("x", a_fact(1, dimensions={"partner": "usa", "sector": "oil"}, period="2024")),
        an_event("y", a_fact(1, dimensions={"partner": "chna", "sector": "gas"}, period="2024")),
    ]
    assert [("y", "unlabelled")] == found(*USED, an_entity("usa"), *events)
    assert [] == found(*USED, *events)


A = an_event("a", a_fact("a", **{"from": "2000-01-01"}))
B = an_event("b", a_fact("b", **{"from": "2010-01-01", "until": "2015-01-01"}))


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([A, B], [("b", "resumes")]),
        ([B, A], [("b", "resumes")]),
        ([an_event("a", a_fact("a", **{"from": "2000-01-01", "until": "2010-01-01"})), B], []),
        ([A, B, an_event("c", a_fact("c", **{"from": "2015-01-01"}))], []),
        ([A, B, an_event("c", a_fact("c", **{"from": "2018-01-01"}))], [("b", "resumes")]),
        ([A, B, an_event("c", a_fact(holds=False, **{"from": "2015-01-01"}))], []),
        ([A, an_event("b", a_fact("a", **{"from": "2010-01-01", "until": "2015-01-01"}))], []),
        ([A, an_event("b", a_fact("b", subject="else", **{"from": "2010-01-01", "until": "2015-01-01"}))], []),
        ([A, an_event("b", a_fact("b", dimensions={"d": "e"}, **{"from": "2010", "until": "2015"}))], []),
        ([an_event("a", a_fact(1, period="2001")), B], []),
    ],
)
def test_a_fact_that_resumes(others: list[dict[str, Any]], told: list[tuple[str, str]]) -> None:
    """An open fact that shows again when a later one ends, though nobody may have meant it to."""
    assert told == [one for one in found(*USED, *others) if one[1] == "resumes"]


def test_values_side_by_side_do_not_resume() -> None:
    """Of an attribute of many values each has a time of its own."""
    assert [] == found(an_entity("subject"), an_attribute("attribute", cardinality="many"), A, B)


def test_a_resuming_fact_is_placed() -> None:
    """The warning stands at the fact that ends and says where the other stands."""
    drafts = read_mappings([*USED, A, B], CHRONICLE).drafts
    [(draft, fault)] = oversights(drafts, attributes_of(drafts))
    assert draft.document.id == "b"
    assert fault.path == ("facts", 0, "attribute")
    assert "what a states (document 3:0) shows again" in fault.message


def test_an_agreement_with_what_nobody_declares() -> None:
    """Figures would never be tried against an attribute that is misspelt."""
    told = found(*USED, an_attribute("total", sum_of=["attribute", "atribute"]), an_event("x", a_fact(1)))
    assert ("total", "undeclared-attribute") in told


@pytest.mark.parametrize(
    "others",
    [
        [A, an_event("b", a_fact(holds=False, **{"from": "2010-01-01", "until": "2015-01-01"}))],
        [A, B, an_event("c", a_fact("c", **{"from": "2012-01-01", "until": "2013-01-01"}))],
    ],
    ids=["denial", "within the bounded one"],
)
def test_what_does_not_resume(others: list[dict[str, Any]]) -> None:
    """An exception is one by nature, and what ends within another bounded fact brings that one back."""
    assert {"b"} >= {one for one, code in found(*USED, *others) if code == "resumes"}
    assert "c" not in {one for one, code in found(*USED, *others) if code == "resumes"}
