"""All faults of a document at once, told so that they can be mended."""

from __future__ import annotations

import pytest

from chronicle.files.shape import MOST_FAULTS, read_document
from tests.event.plain import Plain, a_fact, an_event, number, told

Told = list[tuple[str, str, str]]
ATTRIBUTE: Plain = {"kind": "attribute", "id": "a"}


def found(plain: object) -> Told:
    """The faults of a plain document."""
    return [told(fault) for fault in read_document(plain)[1]]


def messages(plain: object) -> list[str]:
    """Their messages."""
    return [fault.message for fault in read_document(plain)[1]]


@pytest.mark.parametrize("plain", ["text", ["a"], number("5"), None, True])
def test_no_document(plain: object) -> None:
    """What has no fields, or none of a document, is refused."""
    document, faults = read_document(plain)
    assert (None, [("error", "shape", "")]) == (document, list(map(told, faults)))


@pytest.mark.parametrize("kind", ["evnt", "", ["event"], {"a": "b"}, number("5"), True])
def test_kind(kind: object) -> None:
    """A kind that is none of the five is told as such, of whatever type it is."""
    assert [("error", "kind", "kind")] == found({"kind": kind, "id": "a"})


def test_faults_of_several_lists_keep_their_places() -> None:
    """What was sound before a fault is not read again, and what comes after it is counted from the beginning."""
    facts = [a_fact() for _ in range(9)]
    facts[2], facts[5], facts[8] = (a_fact(**{field: None}) for field in ("subject", "attribute", "subject"))
    facts[6] = {**a_fact(), "period": ["2025"]}
    plain = an_event(
        *facts, tags=["a", number("1"), "b", number("2")], sources=[{"source": "s"}, {}, {"source": ["t"]}]
    )

    assert {
        "facts/2/subject",
        "facts/5/attribute",
        "facts/6/period",
        "facts/8/subject",
        "sources/1/source",
        "sources/2/source",
        "tags/1",
        "tags/3",
    } == {place for severity, _, place in found(plain) if severity == "error"}


@pytest.mark.parametrize(
    ("plain", "fields"),
    [
        ({"id": "e"}, ["type", "occurred", "title"]),
        ({}, ["id", "type", "occurred", "title"]),
        ({"kind": "source"}, ["id", "title"]),
        ({"kind": "entity"}, ["id", "label"]),
        ({"kind": "attribute"}, ["id"]),
        ({"kind": "chronicle"}, ["id", "title"]),
        ({"kind": "source", "retracted": True}, ["id"]),
        ({**ATTRIBUTE, "share_of": {}}, ["share_of/part", "share_of/whole"]),
        (an_event({}), ["facts/0/subject", "facts/0/attribute"]),
        (an_event(a_fact(subject=None), a_fact(attribute=None)), ["facts/0/subject", "facts/1/attribute"]),
        (an_event(sources=[{"locator": "5"}]), ["sources/0/source"]),
        (an_event(participants=[{"role": "r"}]), ["participants/0/entity"]),
        (an_event(related=[{}]), ["related/0/event", "related/0/relation"]),
    ],
)
def test_missing(plain: Plain, fields: list[str]) -> None:
    """Every required field that is missing is told, and nothing that only follows from it."""
    assert [("error", "missing", field) for field in fields] == [fault for fault in found(plain) if fault[0] == "error"]


@pytest.mark.parametrize(
    ("plain", "path", "message"),
    [
        (an_event(tittle="T"), "tittle", "unknown field 'tittle'; did you mean title?"),
        (an_event(a_fact(untill="2021")), "facts/0/untill", "unknown field 'untill'; did you mean until?"),
        (an_event(participants=[{"entity": "a", "rol": "b"}]), "participants/0/rol", "did you mean role?"),
        (an_event(sources=[{"source": "s", "quot": "q"}]), "sources/0/quot", "did you mean quote?"),
        ({**ATTRIBUTE, "share_of": {"part": "a", "whole": "b", "hole": "c"}}, "share_of/hole", "did you mean whole?"),
        ({**ATTRIBUTE, "cardinalty": "one"}, "cardinalty", "did you mean cardinality?"),
        (an_event(colour="red"), "colour", "unknown field 'colour'; expected one of kind, chronicle, id, type"),
        (an_event(retracted="true"), "retracted", "unknown field 'retracted'"),
        ({"id": "e", "retracted": True, "title": "T"}, "title", "unknown field 'title'"),
        (an_event(**{"a\x1b": "b"}), "a\x1b", "unknown field 'a\\x1b'"),
        (an_event(**{"": "b"}), "", "unknown field ''"),
        (an_event(**{"x` - at `$.facts[0].a": "b"}), "x` - at `$.facts[0].a", "unknown field 'x` - at `$.facts[0].a'"),
        (an_event(**{"x - at `$.facts": "b"}), "x - at `$.facts", "unknown field 'x - at `$.facts'"),
        (an_event(a_fact(**{"y` - at `$.z": "b"})), "facts/0/y` - at `$.z", "unknown field 'y` - at `$.z'"),
    ],
)
def test_unknown(plain: Plain, path: str, message: str) -> None:
    """An unknown field is told with the field that was perhaps meant, whatever its name."""
    document, (fault,) = read_document(plain)
    assert (None, ("error", "unknown-field", path), True) == (document, told(fault), message in fault.message)


@pytest.mark.parametrize(
    ("plain", "path", "message"),
    [
        (an_event(title=number("5")), "title", "title: expected text: write 5 in quotes"),
        (an_event(occurred=number("1994")), "occurred", "occurred: expected text: write 1994 in quotes"),
        (an_event(title=["a"]), "title", "title: expected text, got a list"),
        (an_event(title=True), "title", "title: expected text, got true or false"),
        (an_event(note={"a": "b"}), "note", "note: expected text or nothing, got fields"),
        (an_event(tags="a"), "tags", "tags: expected a list, got text"),
        (an_event(tags=number("5")), "tags", "tags: expected a list, got a number"),
        (an_event(tags=["a", number("5")]), "tags/1", "tags: expected text: write 5 in quotes"),
        (an_event(participants=[number("5")]), "participants/0", "participants: no number can stand here"),
        (an_event(participants=["a", ["b"]]), "participants/1", "participants: expected text or fields, got a list"),
        (an_event("a"), "facts/0", "facts: expected fields, got text"),  # type: ignore[arg-type]
        (an_event(number("5")), "facts/0", "facts: no number can stand here"),
        (an_event(facts={"subject": "a"}), "facts", "facts: expected a list, got fields"),
        (an_event(a_fact(holds="no")), "facts/0/holds", "holds: expected true or false, got text"),
        (an_event(a_fact(holds=number("0"))), "facts/0/holds", "holds: expected true or false, got a number"),
        (an_event(a_fact(dimensions=number("5"))), "facts/0/dimensions", "dimensions: expected fields, got a number"),
        (
            {"kind": "entity", "id": "e", "label": "L", "labels": number("5")},
            "labels",
            "labels: expected fields, got a number",
        ),
        (an_event(title=number("5" * 1_000)), "title", f"write {'5' * 100}… in quotes"),
        (an_event(a_fact(dimensions=["a"])), "facts/0/dimensions", "dimensions: expected fields, got a list"),
        (an_event(a_fact(dimensions={"a": "b", "c": number("5")})), "facts/0/dimensions/c", "write 5 in quotes"),
        (an_event(a_fact(value=["a"])), "facts/0/value", "value: expected text, a number, true or false"),
        (an_event(a_fact(value=number("1e400"))), "facts/0/value", "value: is beyond 1e±300"),
        (an_event(a_fact(value={"amount": "x", "unit": "USD"})), "facts/0/value", "value: amount: expected a decimal"),
        (an_event(a_fact(value={"\x1b": "x"})), "facts/0/value", "got '\\x1b'"),
        (an_event(sources=["s"]), "sources/0", "sources: expected fields, got text"),
        ({"kind": "entity", "id": "e", "label": "L", "labels": {"az": ["A"]}}, "labels/az", "labels: expected text"),
        ({**ATTRIBUTE, "cardinality": "few"}, "cardinality", "cardinality: 'few' is none of one, many"),
        ({**ATTRIBUTE, "resolution": "a\x1b"}, "resolution", "'a\\x1b' is none of latest-from, latest-reported"),
        ({**ATTRIBUTE, "measures": "x - at `$.id`"}, "measures", "'x - at `$.id`' is none of state, period, target"),
        ({**ATTRIBUTE, "share_of": "a"}, "share_of", "share_of: expected fields or nothing, got text"),
        ({**ATTRIBUTE, "share_of": number("5")}, "share_of", "share_of: no number can stand here"),
    ],
)
def test_wrong_type(plain: Plain, path: str, message: str) -> None:
    """A field of the wrong type is the one fault, told in words of the documents and not of the program."""
    document, (fault,) = read_document(plain)
    assert (None, ("error", "shape", path), True) == (document, told(fault), message in fault.message)


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (an_event(occurred=None, facts=[a_fact(until="1999")]), [("error", "missing", "occurred")]),
        (an_event(a_fact(sources=[{"source": "s"}]), sources=["s"]), [("error", "shape", "sources/0")]),
        (an_event(sources="s"), [("error", "shape", "sources")]),
        (an_event(a_fact(value=None, vlaue="x")), [("error", "unknown-field", "facts/0/vlaue")]),
        (an_event(type="plan.announced", facts=["x"]), [("error", "shape", "facts/0")]),
        ({"kind": "source", "id": "s", "title": "T", "published": ["2020"]}, [("error", "shape", "published")]),
    ],
)
def test_no_echo(plain: Plain, expected: Told) -> None:
    """A fault that only follows from another is not told before that one is mended."""
    assert expected == found(plain)


def test_all_together() -> None:
    """Faults of shape and of meaning are found together, in every item of a list."""
    facts = ["x", a_fact(colour="red"), number("5"), a_fact(at="soon"), a_fact(holds="no")]
    plain = an_event(
        *facts,  # type: ignore[arg-type]
        id="no id",
        tittle="T",
        tags=[" "],
    )
    expected = {
        ("error", "unknown-field", "tittle"),
        ("error", "shape", "facts/0"),
        ("error", "unknown-field", "facts/1/colour"),
        ("error", "shape", "facts/2"),
        ("error", "date", "facts/3/at"),
        ("error", "shape", "facts/4/holds"),
        ("error", "name", "id"),
        ("error", "blank", "tags/0"),
    }
    assert (8, expected) == (len(found(plain)), set(found(plain)))


def test_limit() -> None:
    """A document of nothing but faults is given up after some."""
    document, faults = read_document(an_event(**{f"x{count}": "y" for count in range(200)}))
    assert (None, MOST_FAULTS) == (document, len(faults))


def test_given_is_kept() -> None:
    """Reading a faulty document does not change what was given."""
    plain = an_event("x", tittle="T")  # type: ignore[arg-type]
    read_document(plain)
    assert an_event("x", tittle="T") == plain  # type: ignore[arg-type]


def test_warnings_let_through() -> None:
    """A document with warnings only is read."""
    document, faults = read_document(an_event(sources=None))
    assert (True, ["warning"]) == (document is not None, [fault.severity for fault in faults])
