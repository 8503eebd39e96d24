"""One bad document for every rule."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.event.canonical import from_plain
from chronicle.event.validate import faults, is_name
from tests.event.plain import Plain, a_fact, an_event, found, number

TOO_LONG = "a" * 201

EVENTS: list[tuple[Plain, str, str]] = [
    (an_event(id="no id"), "name", "id"),
    (an_event(id=""), "name", "id"),
    (an_event(id="-a"), "name", "id"),
    (an_event(id="a\n"), "name", "id"),
    (an_event(id="ə"), "name", "id"),
    (an_event(id=TOO_LONG), "name", "id"),
    (an_event(chronicle="no chronicle"), "name", "chronicle"),
    (an_event(type="Agreement.Signed"), "type", "type"),
    (an_event(type="agreement..signed"), "type", "type"),
    (an_event(type=""), "type", "type"),
    (an_event(title=" "), "blank", "title"),
    (an_event(title="two\nlines"), "one-line", "title"),
    (an_event(title="a\x1b[31m"), "control", "title"),
    (an_event(title="a\x85b"), "control", "title"),
    (an_event(summary=""), "blank", "summary"),
    (an_event(summary="a <b>bold</b> word"), "html", "summary"),
    (an_event(summary="a\x00b"), "control", "summary"),
    (an_event(note="<!-- x -->"), "html", "note"),
    (an_event(participants=["no entity"]), "name", "participants/0"),
    (an_event(participants=["a", {"entity": "no entity"}]), "name", "participants/1/entity"),
    (an_event(participants=[{"entity": "a", "role": ""}]), "blank", "participants/0/role"),
    (an_event(related=[{"event": "no event", "relation": "led-to"}]), "name", "related/0/event"),
    (an_event(related=[{"event": "a", "relation": "led to"}]), "name", "related/0/relation"),
    (an_event(sources=[{"source": "no source"}]), "name", "sources/0/source"),
    (an_event(sources=[{"source": "s", "locator": "a\nb"}]), "one-line", "sources/0/locator"),
    (an_event(sources=[{"source": "s", "quote": "<i>"}]), "html", "sources/0/quote"),
    (an_event(tags=["a", " "]), "blank", "tags/1"),
    (an_event(stated_by="no one"), "name", "stated_by"),
    (an_event(occurred="1994-13"), "date", "occurred"),
    (an_event(occurred=""), "date", "occurred"),
    (an_event(occurred="1995/1994"), "date", "occurred"),
    (an_event(occurred="unknown"), "date", "occurred"),
]
FACTS: list[tuple[Plain, str, str]] = [
    (a_fact(subject="no subject"), "name", "subject"),
    (a_fact(attribute="no attribute"), "name", "attribute"),
    (a_fact(dimensions={"no dimension": "a"}), "name", "dimensions/no dimension"),
    (a_fact(dimensions={"partner": "no value"}), "name", "dimensions/partner"),
    (a_fact(value="a\x00b"), "control", "value"),
    (a_fact(value={"entity": "no entity"}), "name", "value"),
    (a_fact(value={"amount": "1", "unit": "a\x07"}), "control", "value"),
    (a_fact(value={"low": "1", "high": "2", "unit": "a\nb"}), "one-line", "value"),
    (a_fact(sources=[{"source": "other"}]), "fact-source", "sources/0/source"),
    (a_fact(sources=[{"source": "s", "locator": ""}]), "blank", "sources/0/locator"),
    (a_fact(value=None), "no-value", ""),
    (a_fact(**{"from": "2020", "at": "2020"}), "fact-times", "at"),
    (a_fact(until="2021", through="2021"), "fact-times", "through"),
    (a_fact(period="2020", at="2020"), "fact-times", "period"),
    (a_fact(period="2020", **{"from": "2020"}), "fact-times", "period"),
    (a_fact(period="2020", until="2021"), "fact-times", "period"),
    (a_fact(period="2020", through="2021"), "fact-times", "period"),
    (a_fact(**{"from": "2019/2020"}), "fact-times", "from"),
    (a_fact(at="2019/2020"), "fact-times", "at"),
    (a_fact(until="2021/.."), "fact-times", "until"),
    (a_fact(through="2021/2022"), "fact-times", "through"),
    (a_fact(period="2020~"), "fact-times", "period"),
    (a_fact(period="202X"), "fact-times", "period"),
    (a_fact(period="[2020, 2021]"), "fact-times", "period"),
    (a_fact(period="2020/.."), "fact-times", "period"),
    (a_fact(period="2020-01-01T00:00:00Z"), "fact-times", "period"),
    (a_fact(period="unknown"), "date", "period"),
    (a_fact(**{"from": "soon"}), "date", "from"),
    (a_fact(at=".."), "date", "at"),
    (a_fact(at="unknown"), "date", "at"),
    (a_fact(until=".."), "date", "until"),
    (a_fact(due="soon"), "date", "due"),
    (a_fact(**{"from": "2021", "until": "2020"}), "never-holds", ""),
    (a_fact(until="2019"), "never-holds", ""),
    (a_fact(through="2019-12-31"), "never-holds", ""),
]
SOURCE = {"id": "s", "title": "T", "published": "2026"}
OTHERS: list[tuple[str, Plain, str, str]] = [
    ("source", {**SOURCE, "id": "no id"}, "name", "id"),
    ("source", {**SOURCE, "title": "a\nb"}, "one-line", "title"),
    ("source", {**SOURCE, "publisher": ""}, "blank", "publisher"),
    ("source", {**SOURCE, "author": " "}, "blank", "author"),
    ("source", {**SOURCE, "published": "yesterday"}, "date", "published"),
    ("source", {**SOURCE, "url": "javascript:alert(1)"}, "url", "url"),
    ("source", {**SOURCE, "url": "example.org"}, "url", "url"),
    ("source", {**SOURCE, "url": "http://[::1"}, "url", "url"),
    ("source", {**SOURCE, "url": "https://example.org/\x00"}, "control", "url"),
    ("source", {**SOURCE, "language": "english language"}, "language", "language"),
    ("entity", {"id": "e", "label": ""}, "blank", "label"),
    ("entity", {"id": "e", "label": "L", "labels": {"a z": "L"}}, "language", "labels/a z"),
    ("entity", {"id": "e", "label": "L", "labels": {"az": ""}}, "blank", "labels/az"),
    ("entity", {"id": "e", "label": "L", "type": "a\nb"}, "one-line", "type"),
    ("entity", {"id": "e", "label": "L", "description": "<p>"}, "html", "description"),
    ("attribute", {"id": "a", "label": "a\nb"}, "one-line", "label"),
    ("attribute", {"id": "a", "labels": {"x": "L"}}, "language", "labels/x"),
    ("attribute", {"id": "a", "description": " "}, "blank", "description"),
    ("attribute", {"id": "a", "cardinality": "many", "measures": "period"}, "attribute", "measures"),
    ("attribute", {"id": "a", "unit": ""}, "blank", "unit"),
    ("attribute", {"id": "a", "sum_of": ["b", "no name"]}, "name", "sum_of/1"),
    ("attribute", {"id": "a", "share_of": {"part": "no name", "whole": "b"}}, "name", "share_of/part"),
    ("attribute", {"id": "a", "share_of": {"part": "b", "whole": "no name"}}, "name", "share_of/whole"),
    ("attribute", {"id": "a", "balance_of": {"exports": "no name", "imports": "b"}}, "name", "balance_of/exports"),
    ("attribute", {"id": "a", "balance_of": {"exports": "b", "imports": "no name"}}, "name", "balance_of/imports"),
    ("entity", {"id": "e", "label": "<what people call it>"}, "placeholder", "label"),
    ("attribute", {"id": "a", "growth_of": "no name"}, "name", "growth_of"),
    ("chronicle", {"id": "c", "title": ""}, "blank", "title"),
    ("chronicle", {"id": "c", "title": "T", "description": "<div>"}, "html", "description"),
    ("chronicle", {"id": "c", "title": "T", "languages": ["en", ""]}, "language", "languages/1"),
    ("event", {"id": "no id", "retracted": True}, "name", "id"),
    ("event", {"id": "x", "retracted": True, "note": ""}, "blank", "note"),
    ("event", {"id": "x", "retracted": True, "sources": [{"source": "no source"}]}, "name", "sources/0/source"),
]


@pytest.mark.parametrize(("plain", "code", "path"), EVENTS)
def test_event(plain: Plain, code: str, path: str) -> None:
    """A bad field of an event is the one fault found."""
    assert [("error", code, path)] == found("event", plain)


@pytest.mark.parametrize(("fact", "code", "path"), FACTS)
def test_fact(fact: Plain, code: str, path: str) -> None:
    """A bad field of a fact is the one fault found."""
    assert [("error", code, "/".join(filter(None, ("facts/1", path))))] == found("event", an_event(a_fact(), fact))


@pytest.mark.parametrize(("kind", "plain", "code", "path"), OTHERS)
def test_other(kind: str, plain: Plain, code: str, path: str) -> None:
    """A bad field of another document is the one fault found."""
    assert [("error", code, path)] == found(kind, plain)


@pytest.mark.parametrize(
    "fact",
    [
        a_fact(**{"from": ".."}),
        a_fact(**{"from": "unknown"}),
        a_fact(**{"from": "[2019, 2020]"}),
        a_fact(**{"from": "2020~", "until": "unknown"}),
        a_fact(at="2020-05-04"),
        a_fact(at="2020", through="unknown"),
        a_fact(until="2020"),
        a_fact(through="2020-05-04T10:00:00Z"),
        a_fact(period="2020-33"),
        a_fact(period="2020-01/2020-09"),
        a_fact(period="1900", until=None),
        a_fact(due="unknown"),
        a_fact(due="2030/2035"),
        a_fact(due="2030~"),
        a_fact(holds=False),
        a_fact(holds=False, value=None),
        a_fact(value="two\nlines of <5"),
        a_fact(value=number("16")),
        a_fact(sources=[{"source": "s", "locator": "2"}]),
        a_fact(dimensions={"partner": "usa"}),
    ],
)
def test_sound_facts(fact: Plain) -> None:
    """What the contract allows has no fault."""
    assert [] == found("event", an_event(fact))


@pytest.mark.parametrize("url", ["https://a.example/x?y#z", "http://[::1]/", "urn:isbn:0", "doi:10.1000/182"])
def test_sound_addresses(url: str) -> None:
    """Web addresses, URNs and DOIs are addresses."""
    assert [] == found("source", {**SOURCE, "url": url})


def test_multiline_prose() -> None:
    """Prose spreads over lines and compares with < without being HTML."""
    assert [] == found("event", an_event(summary="A line.\n\n*Another*, 3 < 4 & 5 > 4.\tEnd\n"))


@pytest.mark.parametrize(
    ("kind", "plain", "code"),
    [("event", an_event(sources=None), "unsourced"), ("source", {"id": "s", "title": "T"}, "undated-source")],
)
def test_warnings(kind: str, plain: Plain, code: str) -> None:
    """What is missed but not needed is a warning of the whole document."""
    assert [("warning", code, "")] == found(kind, plain)


def test_all_faults() -> None:
    """Every fault of a document is found, in its order."""
    plain = an_event(
        a_fact(subject="no subject", at="soon", due="later"), a_fact(value=None), id="no id", title="", occurred="x"
    )
    expected = [
        ("error", "name", "id"), ("error", "blank", "title"), ("error", "date", "occurred"),
        ("error", "name", "facts/0/subject"), ("error", "date", "facts/0/at"), ("error", "date", "facts/0/due"),
        ("error", "no-value", "facts/1"),
    ]  # fmt: skip
    assert expected == found("event", plain)


def test_date_message() -> None:
    """A bad date is told with its field, the text and what is wrong with it."""
    (fault,) = faults(from_plain("event", an_event(occurred="1994-13")))
    assert fault.message.startswith("occurred: '1994-13' has no month 13")


def test_unprintable_names() -> None:
    """Names of the author's own, however unprintable, reach a message only in quotes."""
    plain = an_event(a_fact(dimensions={"a\x1b": "b\x1b"}))
    assert all(fault.message.isprintable() for fault in faults(from_plain("event", plain)))


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        ("agreement.signed", {"participants": ["a"]}),
        ("agreement.ratified", {"participants": ["a"]}),
        ("agreement.entered-into-force", {"participants": ["a"]}),
        ("agreement.terminated", {"participants": ["a"]}),
        ("statistic.reported", {"facts": [a_fact(period="2020")]}),
        ("statistic.revised", {"facts": [a_fact(at="2020")]}),
        ("statement.made", {"stated_by": "a"}),
        ("plan.announced", {"facts": [a_fact(due="unknown")]}),
        ("commitment.made", {"facts": [a_fact(due="2030")]}),
        ("plan.fulfilled", {"related": [{"event": "p", "relation": "fulfils"}]}),
        ("plan.cancelled", {"related": [{"event": "p", "relation": "cancels"}]}),
        ("plan.postponed", {"related": [{"event": "p", "relation": "revises"}]}),
        ("investment.made", {"participants": ["a"]}),
        ("company.entered", {"participants": ["a"]}),
        ("visit.held", {"participants": ["a"]}),
        ("meeting.held", {"participants": ["a"]}),
        ("office.taken", {"participants": ["a"]}),
        ("office.left", {"participants": ["a"]}),
    ],
)
def test_known_types(kind: str, needs: dict[str, Any]) -> None:
    """A known type warns of what it needs until it has it."""
    without, satisfied = found("event", an_event(type=kind)), found("event", an_event(type=kind, **needs))
    assert ([("warning", "known-type", "type")], []) == (without, satisfied)


@pytest.mark.parametrize("kind", ["situation.reported", "x", "infrastructure.opened", "supply.started"])
def test_open_vocabulary(kind: str) -> None:
    """Any other type needs nothing."""
    assert [] == found("event", an_event(type=kind))


@pytest.mark.parametrize("text", ["a", "0", "A.b_c:d~e-f", "1994", "a" * 200])
def test_names(text: str) -> None:
    """Letters, digits and . _ : ~ - make a name, up to 200."""
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "~a", ".a", "a b", "a/b", "é", "a\n", "٣", TOO_LONG])
def test_no_names(text: str) -> None:
    """Anything else makes none."""
    assert not is_name(text)
