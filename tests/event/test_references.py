"""What a document says of others."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.event.canonical import from_plain
from chronicle.event.model import AnyDocument, Attribute
from chronicle.event.references import attribute_fits, reference_faults
from chronicle.event.units import is_currency, is_known_unit
from tests.event.plain import Plain, a_fact, number, the_event, told

DECLARED = {("source", "s"), ("entity", "azerbaijan"), ("entity", "bp"), ("event", "other"), ("attribute", "partner")}
ONE, MANY = Attribute(id="partner"), Attribute(id="partner", cardinality="many")


def found(document: AnyDocument, attribute: Attribute | None = ONE) -> list[tuple[str, str, str]]:
    """The faults of its references, where `partner` is the attribute given."""
    attributes = {} if attribute is None else {"partner": attribute}
    return [told(fault) for fault in reference_faults(document, lambda *name: name in DECLARED, attributes.get)]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"sources": [{"source": "s"}, {"source": "none"}]}, "sources/1/source"),
        ({"participants": ["azerbaijan", "none"]}, "participants/1"),
        ({"participants": [{"entity": "none", "role": "r"}]}, "participants/0"),
        ({"stated_by": "none"}, "stated_by"),
        ({"facts": [a_fact(value={"entity": "none"})]}, "facts/0/value"),
        ({"stated_by": "s"}, "stated_by"),
    ],
)
def test_undeclared(more: dict[str, Any], path: str) -> None:
    """Sources, participants, entity values and who stated it must be declared, each as its own kind."""
    assert [("error", "undeclared", path)] == found(the_event(**more))


def test_undeclared_in_retraction() -> None:
    """What a retraction cites must be declared."""
    document = from_plain("event", {"id": "x", "retracted": True, "sources": [{"source": "none"}]})
    assert [("error", "undeclared", "sources/0/source")] == found(document)


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"related": [{"event": "none", "relation": "led-to"}]}, "unknown-event", "related/0/event"),
        ({"facts": [a_fact(subject="none")]}, "unlabelled", "facts/0/subject"),
        ({"facts": [a_fact(attribute="none")]}, "undeclared-attribute", "facts/0/attribute"),
        ({"facts": [a_fact(value={"amount": "1", "unit": "barrels"})]}, "unit", "facts/0/value"),
        ({"facts": [a_fact(value={"low": "1", "high": "2", "unit": "usd"})]}, "unit", "facts/0/value"),
    ],
)
def test_warnings(more: dict[str, Any], code: str, path: str) -> None:
    """Unknown events, unlabelled subjects, undeclared attributes and odd units are told and let through."""
    assert [("warning", code, path)] == found(the_event(**more))


@pytest.mark.parametrize(
    "fact",
    [
        a_fact(value={"entity": "bp"}),
        a_fact(value={"amount": "1", "unit": "USD"}),
        a_fact(value={"amount": "1", "unit": "%"}),
        a_fact(value={"low": "1", "high": "2", "unit": "GW"}),
        a_fact(value=number("5")),
        a_fact(period="2020"),
        a_fact(holds=False, value=None),
    ],
)
def test_sound(fact: Plain) -> None:
    """What is declared and fits its attribute has no fault."""
    assert [] == found(the_event(fact, participants=["bp"], related=[{"event": "other", "relation": "led-to"}]))


def test_declared_unit() -> None:
    """A unit that its attribute declares is meant."""
    fact = a_fact(value={"amount": "1", "unit": "times"})
    assert [] == found(the_event(fact), Attribute(id="partner", unit="times"))


@pytest.mark.parametrize(
    ("fact", "attribute", "expected"),
    [
        (a_fact(holds=False), ONE, [("error", "denial", "facts/0/value")]),
        (a_fact(holds=False), MANY, []),
        (a_fact(holds=False, value=None), ONE, []),
        (a_fact(holds=False, value=None), MANY, [("error", "denial", "facts/0/holds")]),
        (a_fact(period="2020"), MANY, [("error", "fact-times", "facts/0/period")]),
        (a_fact(), MANY, []),
        (a_fact(holds=False, value=None), None, [("warning", "undeclared-attribute", "facts/0/attribute")]),
        (
            a_fact(holds=False),
            None,
            [("warning", "undeclared-attribute", "facts/0/attribute"), ("error", "denial", "facts/0/value")],
        ),
    ],
)
def test_cardinality(fact: Plain, attribute: Attribute | None, expected: list[tuple[str, str, str]]) -> None:
    """A denial names its value on many and none on one; periods measure one; the undeclared is one."""
    assert expected == found(the_event(fact), attribute)


@pytest.mark.parametrize(
    ("use", "one", "many"),
    [
        ((True, True, False), True, True),
        ((True, True, True), True, False),
        ((False, False, False), True, False),
        ((False, True, False), False, True),
        ((False, True, True), False, False),
    ],
)
def test_attribute_fits(use: tuple[bool, bool, bool], one: bool, many: bool) -> None:  # noqa: FBT001
    """A new version of an attribute is held against the facts it would be read by."""
    assert (one, many) == (attribute_fits(ONE, [use]), attribute_fits(MANY, [use]))


@pytest.mark.parametrize(
    ("unit", "currency"), [("USD", True), ("AZN", True), ("usd", False), ("GW", False), ("", False)]
)
def test_currency(unit: str, currency: bool) -> None:  # noqa: FBT001
    """Currencies are ISO 4217 codes as written there."""
    assert currency is is_currency(unit)


@pytest.mark.parametrize(
    ("unit", "known"), [("EUR", True), ("%", True), ("GW", True), ("barrels", False), ("gw", False)]
)
def test_known_unit(unit: str, known: bool) -> None:  # noqa: FBT001
    """Currencies, % and common SI and UCUM codes have a locale's way of writing."""
    assert known is is_known_unit(unit)
