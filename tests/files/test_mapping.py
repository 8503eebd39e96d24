"""Documents as programs have them."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from chronicle.event.canonical import canonical, from_plain
from chronicle.event.model import Attribute, Chronicle, Entity, Event
from chronicle.event.value import Figure, Number, Quantity, Range, Value
from chronicle.files.mapping import read_mappings
from chronicle.files.plain import DEEPEST
from tests.event.plain import a_fact, an_event, number, the_event


def value(given: Any) -> Value | None:
    """The value of a fact as given."""
    reading = read_mappings([an_event(a_fact(value=given))], "c")
    assert [] == reading.problems
    return reading.drafts[0].document.facts[0].value  # type: ignore[union-attr]


def refusal(*documents: Any, chronicle: str | None = "c") -> tuple[str, str, str]:
    """The file, code and message of the only problem."""
    (problem,) = read_mappings(documents, chronicle).problems
    assert (0, 0) == (problem.line, problem.column)
    return problem.file, problem.code, problem.message


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    item: Any = "x"
    for _ in range(depth):
        item = [item]
    return item


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (16, Figure(Number("16"))),
        (-(10**40), Figure(Number(str(-(10**40))))),
        (Decimal("1.50"), Figure(Number("1.50"))),
        (Decimal("1.55e9"), Figure(Number("1.55E+9"))),
        (Decimal("-0"), Figure(Number("-0"))),
        ({"amount": Decimal("61.80"), "unit": "USD"}, Quantity(Number("61.80"), "USD")),
        ({"amount": "61.80", "unit": "USD"}, Quantity(Number("61.80", quoted=True), "USD")),
        ({"amount": 5, "unit": "USD", "qualifier": None}, Quantity(Number("5"), "USD")),
        ({"low": 7, "high": Decimal(8), "unit": "GW"}, Range(Number("7"), Number("8"), "GW")),
    ],
)
def test_numbers(given: Any, expected: Value) -> None:
    """Integers and decimals are numbers with their digits; text stays text."""
    assert expected == value(given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (1.5, "holds '1.5': expected text, int, Decimal"),
        (float("nan"), "holds 'nan'"),
        (Decimal("NaN"), "holds 'Decimal('NaN')'"),
        (Decimal("Infinity"), "expected text, int, Decimal"),
        ({1, 2}, "expected text, int, Decimal"),
        (b"bytes", "expected text, int, Decimal"),
        (object, "expected text, int, Decimal"),
        ([None], "holds 'None'"),
        ({1: "x"}, "has the field name '1'"),
        ({None: "x"}, "has the field name 'None'"),
        ({"$number": "5"}, "has the field name '$number'"),
        ("\ud800", "half of a surrogate pair"),
        ({"\ud800": "x"}, "half of a surrogate pair"),
        (nested(5_000), "is nested too deeply"),
        (nested(DEEPEST), "is nested too deeply"),
    ],
)
def test_refused(given: Any, told: str) -> None:
    """What no document can hold is a problem of its document."""
    file, code, message = refusal(an_event(a_fact(value=given)))
    assert ("document 1", "shape", True) == (file, code, told in message)


def test_huge_integers() -> None:
    """An integer of more digits than Python prints is refused like any other that is too long."""
    file, code, _ = refusal(an_event(a_fact(value=10**5_000)))
    assert ("document 1", "shape") == (file, code)


def test_numbers_too_long_to_print() -> None:
    """It is refused in the words of the documents, and no million digits are printed for it."""
    assert "holds an integer of more than 100 digits" == refusal(an_event(a_fact(value=10**5_000)))[2]


def test_itself() -> None:
    """A mapping that holds itself is refused."""
    document: dict[str, Any] = {"id": "e"}
    document["note"] = document
    assert ("document 1", "shape", "is nested too deeply") == refusal(document)


def test_none_is_left_out() -> None:
    """None is a field that is not there."""
    one = read_mappings([{**an_event(a_fact()), "note": None, "chronicle": None}], "c")
    other = read_mappings([an_event(a_fact())], "c")
    assert one.drafts[0].document == other.drafts[0].document


def test_tuples_and_mappings() -> None:
    """Tuples are lists, and any mapping is a mapping."""
    given = MappingProxyType({**an_event(), "tags": ("a", "b"), "participants": (MappingProxyType({"entity": "e"}),)})
    plain = an_event(tags=["a", "b"], participants=[{"entity": "e"}])
    assert from_plain("event", plain) == read_mappings([given], "c").drafts[0].document


@pytest.mark.parametrize("field", ["occurred", "id", "title"])
def test_numbers_for_text(field: str) -> None:
    """A number where text is expected is refused, as in a file."""
    assert ("document 1", "shape", f"{field}: expected text: write 1994 in quotes") == refusal(
        an_event(**{field: 1994})
    )


def test_typed() -> None:
    """Typed documents are taken as they are."""
    event = the_event(
        a_fact(value=number("1.50")), a_fact(value={"amount": "1.55e9", "unit": "USD"}), participants=["e"]
    )
    assert [event] == [draft.document for draft in read_mappings([event], "c").drafts]


def test_typed_defaults() -> None:
    """A typed document that spells out a default has the content of one that does not."""
    spelt = Attribute(id="a", resolution="latest-from ".strip())  # type: ignore[arg-type]
    assert canonical(Attribute(id="a")) == canonical(spelt)


def test_typed_faults() -> None:
    """Typed documents are checked like any other."""
    assert ("document 1", "name") == refusal(Entity(id="no id", label="L"))[:2]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (Attribute(id="a", cardinality="\ud800"), "half of a surrogate pair"),  # type: ignore[arg-type]
        (Attribute(id="a", label="\ud800"), "half of a surrogate pair"),
        (Entity(id="a", label="L", labels={"\ud800": "L"}), "half of a surrogate pair"),
        (the_event(a_fact()).__replace__(facts=5), "facts: expected a list, got a number"),
        (Attribute(id="a", cardinality="few"), "'few' is none of one, many"),  # type: ignore[arg-type]
        (Entity(id="a", label=1.5), "holds '1.5'"),  # type: ignore[arg-type]
    ],
)
def test_typed_hostile(document: Any, told: str) -> None:
    """What a typed document should not hold is a problem of the document too."""
    file, code, message = refusal(document)
    assert ("document 1", "shape", True) == (file, code, told in message)


@pytest.mark.parametrize(
    ("document", "argument", "chronicle"),
    [
        (an_event(), "c", "c"),
        (an_event(chronicle="own"), "c", "own"),
        (an_event(chronicle="own"), None, "own"),
        ({"kind": "chronicle", "id": "itself", "title": "T"}, "c", "itself"),
        (Chronicle(id="itself", title="T", chronicle="own"), None, "itself"),
    ],
)
def test_chronicle(document: Any, argument: str | None, chronicle: str) -> None:
    """A document's own chronicle wins over the argument; a chronicle belongs to itself."""
    assert [chronicle] == [draft.chronicle for draft in read_mappings([document], argument).drafts]


@pytest.mark.parametrize("argument", [None, "", "no name"])
def test_no_chronicle(argument: str | None) -> None:
    """A document that belongs nowhere is refused."""
    assert ("document 1", "chronicle") == refusal(an_event(), chronicle=argument)[:2]


def test_numbered() -> None:
    """Problems name their document by its number, and the sound ones are read."""
    reading = read_mappings([an_event(), an_event(title=""), an_event(title=1.5), an_event()], "c")
    files = [problem.file for problem in reading.problems]
    assert (["document 2", "document 3"], 2) == (files, len(reading.drafts))


@pytest.mark.parametrize("document", [["a"], "text", 5, None])
def test_no_mapping(document: Any) -> None:
    """What is no mapping is refused."""
    assert ("document 1", "shape") == refusal(document)[:2]


def test_types() -> None:
    """The kind decides the type, and a typed document is of its type's kind."""
    documents: list[Any] = [an_event(), {"kind": "entity", "id": "e", "label": "L"}, Entity(id="f", label="L")]
    assert [Event, Entity, Entity] == [type(draft.document) for draft in read_mappings(documents, "c").drafts]
