"""The audit has to be able to fail: a report is tampered with in one way after another, and each has to be found."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest

from chronicle.narrative.audit.examine import audit
from chronicle.narrative.document import Document
from tests.narrative.audit.composed import Change, Report, run, sentence, small, tampered


@cache
def sound() -> Report:
    """A report as it was composed."""
    return small()


def new_findings(report: Report) -> set[str]:
    """The kinds of findings that a sound report does not have."""
    known = set(sound().findings)
    return {one.code for one in report.findings if one not in known}


def swap(old: str, new: str) -> Any:
    """A text with a part exchanged."""
    return lambda text: text.replace(old, new)


def without(field: str) -> Any:
    """A sentence with an empty field."""
    return lambda plain: {name: given for name, given in plain.items() if name != field}


def refs(old: str, new: str) -> Any:
    """A sentence that rests on something else."""
    return lambda plain: {**plain, "facts": [ref.replace(old, new) for ref in plain.get("facts", ())]}


def marked(**fields: Any) -> Any:
    """A sentence with other marks."""
    return lambda plain: {**plain, "marks": [{**mark, **fields} for mark in plain.get("marks", ())]}


def spoken(text: str, **fields: Any) -> Any:
    """A sentence of plain text, that rests on nothing unless told otherwise."""
    return lambda _: {"runs": [{"text": text}], **fields}


def field(where: str, name: str, make: Any) -> Change:
    """Another value in a field of a part that has a field of another name."""

    def change(plain: dict[str, Any]) -> dict[str, Any] | None:
        if where not in plain or name not in plain:
            return None
        made = make(plain[name]) if callable(make) else make
        return None if made == plain[name] else {**plain, name: made}

    return change


FAULTS: dict[str, tuple[Change, str]] = {
    # figures
    "a digit": (run("figure", "1.49", text=swap("1.49", "1.48")), "figure"),
    "a magnitude": (run("figure", "1.49 billion", text=swap("billion", "million")), "figure"),
    "more digits than the source": (run("figure", "1.49", text=swap("1.49", "1.490")), "figure"),
    "a digit of a range": (run("figure", "7–8", text=swap("8", "9")), "figure"),
    "one end of a range": (run("figure", "7–8", text=swap("7–", "")), "figure"),
    "a currency": (run("figure", "$1.49", text=swap("$", "€")), "unit"),
    "a unit": (run("figure", "GW", text=swap("GW", "MW")), "unit"),
    "a qualifier lost": (run("figure", "more than", text=swap("more than ", "")), "hedge"),
    "a qualifier gained": (run("figure", "$1.49", text=swap("$", "about $")), "hedge"),
    "a figure of another fact": (run("figure", "$1.49", fact="trade-2024#2"), "figure"),
    "a figure of another event": (run("figure", "$1.49", fact="trade-2023#1"), "foreign"),
    "a figure of no fact": (run("figure", "$1.49", fact=None), "figure"),
    "a figure that is no run": (run("figure", "$1.49", kind="text", fact=None, text="$1.47 billion"), "orphan"),
    "a magnitude after a run": (run("text", " and exports to ", text=" million and exports to "), "figure"),
    # dates
    "another year": (run("date", "20 October 1994", text=swap("1994", "1995")), "date"),
    "another day": (run("date", "20 September", text=swap("20", "21")), "date"),
    "another month": (run("date", "20 September", text=swap("September", "October")), "date"),
    "a date sharpened to a day": (run("date", "March", text=swap("March", "14 March")), "date"),
    "a date sharpened to a month": (run("date", "2023", text=swap("2023", "May 2023")), "date"),
    "a doubt about a date lost": (run("date", "about 1990", text=swap("about ", "")), "hedge"),
    "a date of another event": (run("date", "20 October", when="1994-09-21"), "date"),
    "no date at all": (run("date", "20 October", when="soon"), "date"),
    "a weekday": (run("date", "on 20 October", text=swap("on ", "on Thursday, ")), "date"),
    "a date that is no run": (run("date", "in 2023", kind="text", text="in May 2019", fact=None), "orphan"),
    # names
    "a name swapped": (run("name", "Azerbaijan", text="Armenia"), "name"),
    "a name of another entity": (run("name", "Oil Consortium", text="bp", entity="bp"), "foreign"),
    "a name of nobody": (run("name", "Azerbaijan", entity=None), "name"),
    "a name that is no run": (run("name", "Oil Consortium", kind="text", text="Gazprom", entity=None), "orphan"),
    "a title": (run("title", "Oil Contract", text=swap("Oil", "Gas")), "title"),
    # words of our own
    "a number in the words": (run("text", "came to", text=swap("came to", "came 12 times to")), "orphan"),
    "a spelled number in the words": (run("text", "came to", text=swap("came to", "came twelve times to")), "orphan"),
    "a sentence from nowhere": (sentence("Nobody wrote", spoken("In 2019, Peru paid 42 dollars.")), "orphan"),
    "a sentence on another event": (sentence("Nobody wrote", spoken("It was 13 firms.", facts=["talks"])), "orphan"),
    # what a sentence rests on
    "a fact that is not there": (sentence("imports came", refs("#1", "#9")), "reference"),
    "an event that is not there": (sentence("It builds on", refs("first-well", "second-well")), "reference"),
    "a fact of another event": (sentence("exports came to $41", refs("trade-2023", "trade-2024")), "foreign"),
    "a sentence without its facts": (sentence("exports came to $41", without("facts")), "foreign"),
    # computations
    "a computed digit": (run("figure", "24", text="23"), "working"),
    "a computed per cent": (run("figure", "50%", text="60%"), "working"),
    "a working lost": (sentence("By these figures", without("working")), "figure"),
    "an operand": (sentence("By these", lambda s: {**s, "working": s["working"].replace("61.8", "61.9")}), "working"),
    "an outcome": (sentence("By these", lambda s: {**s, "working": s["working"].replace("24.11", "24.31")}), "working"),
    "a working that is none": (sentence("By these", lambda s: {**s, "working": "by experience"}), "working"),
    "a time between": (sentence("One mo", lambda s: {**s, "working": s["working"].replace("1 mo", "2 mo")}), "working"),
    # citations
    "a mark lost": (sentence("Nobody wrote", without("marks")), "uncited"),
    "a mark to no note": (sentence("Nobody wrote", marked(number=9)), "mark"),
    "a mark to another source": (sentence("Nobody wrote", marked(number=2)), "mark"),
    "another place in the source": (sentence("Nobody wrote", marked(locators=["page 99"])), "mark"),
    "a note of an unknown source": (field("quotes", "source", "rumour"), "note"),
    "a number of a note": (field("quotes", "number", 7), "note"),
    "a publisher of a source": (run("text", "The Press", text=swap("The Press", "The Pulpit")), "note"),
    "a title of a source": (run("text", "Source paper", text=swap("Source paper", "Source pepper")), "note"),
    "a date of a source": (run("date", "31 December", text=swap("31", "30")), "date"),
    "a quote": (run("quote", "13 companies", text=swap("13", "30")), "quote"),
    "the words of a fact": (field("ref", "said", swap("1.49", "1.94")), "orphan"),
    "the name of a fact": (field("said", "ref", swap("trade-2024#1", "trade-2023#9")), "reference"),
    "the marks of a fact": (field("said", "marks", lambda _: [{"number": 99}]), "mark"),
    # headings, tables and pictures
    "a heading": (field("blocks", "heading", swap("1994", "1996")), "orphan"),
    "a label that is drawn": (field("lo", "label", "Something else"), "title"),
    "how an event stands": (field("blocks", "status", swap("happened", "planned")), "status"),
    "a type": (field("blocks", "type", swap("meeting.held", "visit.held")), "status"),
    "a caption": (field("as_of", "alt", lambda text: f"{text} Of 1812."), "orphan"),
    "the second of a picture": (field("lanes", "as_of", lambda second: second + 86_400), "basis"),
    "when an event is drawn": (field("label", "lo", lambda second: second + 86_400), "date"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    """A fault of each kind is found, wherever a sound report has none."""
    change, code = FAULTS[name]
    assert code in new_findings(tampered(sound(), change))


def test_a_fact_that_is_not_listed_is_found() -> None:
    """A fact that sentences rest on and the document does not list is found."""
    report = sound()
    document = msgspec.structs.replace(report.document, facts=report.document.facts[1:])
    assert {"used"} == new_findings(report._replace(document=document))


def test_a_fact_that_no_sentence_uses_is_found() -> None:
    """A fact that the document lists and no sentence rests on is found."""
    report = sound()
    used = [one for one in report.document.facts if one.ref.startswith("goal#")]
    sections = tuple(one for one in report.document.sections if one.id not in ("state", "2024"))
    document = msgspec.structs.replace(report.document, sections=sections)
    found = [one for one in audit(document, report.matter) if one.code == "used"]
    assert {used[0].ref} <= {one.token for one in found}


def test_another_basis_is_found() -> None:
    """A document that names another basis than it was composed from is found."""
    report = sound()
    document = msgspec.structs.replace(report.document, basis={**report.document.basis, "as_of": "2024-01-01"})
    assert {"basis"} == new_findings(report._replace(document=document))


def test_what_the_basis_does_not_see_is_found() -> None:
    """A fact from after the position, from after what is known, or from later and not yet reported, is found."""
    report = sound()
    basis = report.matter.basis
    matters = [
        replace(report.matter, basis=replace(basis, position=basis.position - 1)),
        replace(report.matter, basis=replace(basis, known="2025-01-01")),
        replace(report.matter, last_second=0),
    ]
    hidden = [{one.code for one in audit(report.document, matter)} for matter in matters]
    assert [True] * 3 == ["hidden" in codes for codes in hidden]


def test_a_finding_says_what_where_and_in_which_sentence() -> None:
    """A finding says what is wrong, where, and in which sentence."""
    [found] = [
        one
        for one in tampered(sound(), run("figure", "1.49", text=swap("1.49", "1.48"))).findings
        if one.code == "figure" and one.section == "2024"
    ]
    assert "it reads 1480000000, and the fact says 1.49e9 USD" == found.message
    assert ("2024", "$1.48 billion") == (found.section, found.token)
    assert "imports came to $1.48 billion" in found.sentence


def test_a_document_survives_its_own_round_trip() -> None:
    """Tampering itself changes nothing: a document written as data and read again is the same."""
    document = sound().document
    assert document == msgspec.convert(msgspec.to_builtins(document), Document)
