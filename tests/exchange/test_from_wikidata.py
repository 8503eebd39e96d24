"""Items of Wikidata as documents: what is dated, by whom it is said, and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chronicle.errors import InputError
from tests.exchange.importing import FILES, assert_it_loads, documents, imported, only, refusals, remarks

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"


def a_time(text: str, precision: int = 11) -> dict[str, Any]:
    """A snak whose value is a time."""
    value = {"time": text, "precision": precision, "timezone": 0, "before": 0, "after": 0, "calendarmodel": GREGORIAN}
    return {"snaktype": "value", "datatype": "time", "datavalue": {"type": "time", "value": value}}


def a_year(year: int) -> dict[str, Any]:
    """A snak of a year."""
    return a_time(f"+{year}-00-00T00:00:00Z", 9)


def an_item_value(item: str) -> dict[str, Any]:
    """A snak whose value is an item."""
    value = {"entity-type": "item", "id": item}
    return {
        "snaktype": "value",
        "datatype": "wikibase-item",
        "datavalue": {"type": "wikibase-entityid", "value": value},
    }


def some(snaktype: str) -> dict[str, Any]:
    """A snak without a value: `somevalue` (there is one, unknown) or `novalue` (there is none)."""
    return {"snaktype": snaktype, "datatype": "time"}


def a_text(text: str) -> dict[str, Any]:
    """A snak whose value is text."""
    return {"snaktype": "value", "datatype": "string", "datavalue": {"type": "string", "value": text}}


def a_statement(snak: dict[str, Any], *, rank: str = "normal", **qualifiers: dict[str, Any]) -> dict[str, Any]:
    """A statement."""
    found = {name: [one] for name, one in qualifiers.items()}
    return {"mainsnak": snak, "rank": rank, "qualifiers": found, "id": "Q42$ABCDEF01-0000-0000-0000-000000000000"}


def an_item(**claims: Any) -> str:
    """A file of one item."""
    statements = {name: one if isinstance(one, list) else [one] for name, one in claims.items()}
    item = {"id": "Q42", "labels": {"en": {"language": "en", "value": "Douglas Adams"}}, "claims": statements}
    return json.dumps({"entities": {"Q42": item}}, indent=1)


def test_a_statement_that_is_a_time_is_an_event() -> None:
    """Of what is said to have happened then, with the item as its source."""
    found = imported(an_item(P569=a_statement(a_time("+1952-03-11T00:00:00Z"))), "wikidata")
    event = only(found)
    assert ("q42-p569", "person.born", "1952-03-11") == (event.id, event.type, event.occurred)
    assert "Douglas Adams: date of birth" == event.title
    assert [("wikidata-q42", "P569")] == [(one.source, one.locator) for one in event.sources]


@pytest.mark.parametrize(
    ("snak", "qualifiers", "occurred"),
    [
        (a_year(1950), {"P1480": an_item_value("Q5727902")}, "1950~"),
        (a_year(1950), {"P1480": an_item_value("Q18122778")}, "1950?"),
        (a_year(1950), {"P1319": a_year(1948), "P1326": a_year(1952)}, "[1948..1952]"),
        (some("somevalue"), {"P1326": a_year(1952)}, "[..1952]"),
        (some("somevalue"), {}, "XXXX"),
        (a_time("+1900-00-00T00:00:00Z", 7), {"P1480": an_item_value("Q5727902")}, "[1801..1900]"),
    ],
)
def test_dates_are_as_imprecise_as_their_qualifiers(
    snak: dict[str, Any], qualifiers: dict[str, Any], occurred: str
) -> None:
    """Circa, presumably, earliest and latest date, and a date of which nothing is known."""
    assert occurred == only(imported(an_item(P569=a_statement(snak, **qualifiers)), "wikidata")).occurred


@pytest.mark.parametrize(
    ("qualifiers", "occurred", "times"),
    [
        ({"P580": a_year(1991), "P582": a_year(2001)}, "1991/2001", {"until": "2001"}),
        ({"P580": a_year(1991)}, "1991", {}),
        ({"P582": a_year(2001)}, "/2001", {"until": "2001"}),
        ({"P580": a_year(1991), "P582": some("novalue")}, "1991/..", {}),
        ({"P580": a_year(1991), "P582": some("somevalue")}, "1991/", {"until": "unknown"}),
        ({"P580": some("somevalue"), "P582": a_year(2001)}, "/2001", {"until": "2001"}),
        ({"P580": some("novalue"), "P582": a_year(2001)}, "../2001", {"until": "2001"}),
        ({"P585": a_year(1991)}, "1991", {"at": "1991"}),
        ({"P580": a_time("+1900-00-00T00:00:00Z", 7), "P582": a_year(1950)}, "[1801..1900]", {"until": "1950"}),
        (
            {"P582": a_time("+1900-00-00T00:00:00Z", 7)},
            "[1801..1900]",
            {"from": "unknown", "until": "[1801..1900]"},
        ),
    ],
)
def test_a_statement_with_times_holds_for_them(
    qualifiers: dict[str, Any], occurred: str, times: dict[str, str], tmp_path: Path
) -> None:
    """Unknown ends stay unknown, and an end that there is not is open."""
    found = imported(an_item(P26=a_statement(an_item_value("Q1"), **qualifiers)), "wikidata")
    event = only(found)
    [fact] = event.facts
    assert occurred == event.occurred
    stated = {"from": fact.from_, "at": fact.at, "until": fact.until}
    assert times == {name: text for name, text in stated.items() if text}
    assert ("Q42", "P26", {"entity": "Q1"}) == (fact.subject, fact.attribute, fact.value.plain())
    assert_it_loads(found, tmp_path)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (a_statement(some("novalue")), "no such date"),
        (a_statement(a_time("+1952-13-00T00:00:00Z", 10)), "has no month 13"),
        (a_statement(a_year(1950), P1319=a_year(1952), P1326=a_year(1948)), "no bounds"),
        (a_statement(an_item_value("Q1"), P580=a_year(2001), P582=a_year(1991)), "2001/1991"),
        (a_statement(an_item_value("Q1"), P580=some("somevalue")), "nothing is known"),
        (a_statement(some("somevalue") | {"datatype": "wikibase-item"}, P580=a_year(1991)), "unknown value"),
        (a_statement(a_text(""), P580=a_year(1991)), "not known here"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(statement: dict[str, Any], reason: str) -> None:
    """And the statement next to it is taken."""
    found = imported(an_item(P569=[statement, a_statement(a_year(1952))]), "wikidata")
    [message] = refusals(found)
    assert reason in message
    assert int(message.partition(":")[0]) > 10
    assert ["1952"] == [event.occurred for event in documents(found)]


def test_ranks() -> None:
    """Deprecated statements are left; preferred ones are marked, and normal ones stand beside them."""
    statements = [
        a_statement(a_year(1950), rank="deprecated"),
        a_statement(a_year(1951)),
        a_statement(a_year(1952), rank="preferred"),
    ]
    found = imported(an_item(P569=statements), "wikidata")
    assert [("q42-p569", []), ("q42-p569-abcdef01", ["preferred"])] == [(one.id, one.tags) for one in documents(found)]
    assert ["deprecated"] == remarks(found)


def test_what_has_no_time_is_told() -> None:
    """Once for each property."""
    found = imported(an_item(P106=[a_statement(an_item_value("Q1")), a_statement(an_item_value("Q2"))]), "wikidata")
    assert [] == documents(found)
    [problem] = found.problems
    assert "2 of P106 have no time" in problem.message


def test_references_are_sources() -> None:
    """With title, publisher, date, address and place; what has no field is kept in the note."""
    snaks = {
        "P1476": [a_text("An obituary")],
        "P123": [an_item_value("Q5")],
        "P577": [a_time("+2001-05-15T00:00:00Z")],
        "P854": [a_text("https://example.org/a")],
        "P304": [a_text("12")],
        "P813": [a_time("+2013-12-07T00:00:00Z")],
        "P214": [a_text("113230702")],
    }
    statement = {**a_statement(a_year(1952)), "references": [{"hash": "0123456789abcdef", "snaks": snaks}]}
    found = imported(an_item(P569=[statement, statement]), "wikidata")
    _, source = documents(found, "source")
    assert ("wikidata-ref-0123456789", "An obituary", "Q5", "2001-05-15", "https://example.org/a") == (
        source.id,
        source.title,
        source.publisher,
        source.published,
        source.url,
    )
    assert "retrieved: 2013-12-07; P214: 113230702" == source.note
    assert ["page 12", "page 12"] == [event.sources[1].locator for event in documents(found)]


def test_other_values_and_qualifiers() -> None:
    """Quantities have the item of their unit, other qualifiers are told in the summary."""
    amount = {"type": "quantity", "value": {"amount": "+0120.50", "unit": "http://www.wikidata.org/entity/Q11573"}}
    exact = {"type": "quantity", "value": {"amount": "+120.50", "unit": "http://www.wikidata.org/entity/Q11573"}}
    bad = a_statement({"snaktype": "value", "datavalue": amount}, P585=a_year(1991))
    good = a_statement({"snaktype": "value", "datavalue": exact}, P585=a_year(1991), P512=an_item_value("Q1765120"))
    found = imported(an_item(P2048=[bad, good]), "wikidata")
    [event] = documents(found)
    assert {"amount": "120.50", "unit": "Q11573"} == event.facts[0].value.plain()
    assert "academic degree: Q1765120" == event.summary
    assert 1 == len(refusals(found))


@pytest.mark.parametrize(
    "text", ["{}", "[]", "3", '{"entities": {}}', '{"entities": {"Q1": {"id": "no id"}}}', "[1, 2"]
)
def test_what_is_no_item_is_refused(text: str) -> None:
    """With the file's name."""
    with pytest.raises(InputError, match=r"^file"):
        imported(text, "wikidata")


def test_an_item_that_is_missing_is_told() -> None:
    """As the API says it."""
    assert ["2: Q9: Wikidata has no such item"] == refusals(
        imported('{"entities":\n {"Q9": {"id": "Q9", "missing": ""}}}', "wikidata")
    )


def test_douglas_adams(tmp_path: Path) -> None:
    """Birth, death, a marriage and a degree, as the item of 2015 had them."""
    found = imported((FILES / "douglas-adams.json").read_text(encoding="utf-8"), "wikidata")
    told = {event.id: event.occurred for event in documents(found)}
    expected = {
        "q42-p569": "1952-03-11",
        "q42-p570": "2001-05-11",
        "q42-p26": "1991-11-25/2001-05-11",
        "q42-p69": "/1974",
    }
    assert expected == told
    assert ([], ["undated"] * 3) == (refusals(found), remarks(found))
    assert_it_loads(found, tmp_path)


def test_the_universe(tmp_path: Path) -> None:
    """13,798 million years ago, known to the million."""
    found = imported((FILES / "universe.json").read_text(encoding="utf-8"), "wikidata")
    assert "Y-13798000000S5" == only(found).occurred
    assert ["deprecated", "undated"] == sorted(remarks(found))
    assert_it_loads(found, tmp_path)


def test_a_label_in_no_language_is_left() -> None:
    """And not the whole item with it."""
    labels = {"en": {"value": "A"}, "not a tag": {"value": "B"}, "az": {"value": 3}}
    found = imported(
        json.dumps({"id": "Q1", "labels": labels, "claims": {"P569": [a_statement(a_year(1952))]}}), "wikidata"
    )
    assert {"en": "A", "az": "3"} == only(found, "entity").labels
    assert ["label"] == remarks(found)
    assert "A: date of birth" == only(found).title


def test_an_event_needs_its_entity() -> None:
    """What refers to a refused document is refused as well, so that the rest loads."""
    found = imported(
        an_item(P26=a_statement(an_item_value("Q1"), P580=a_year(1991))).replace("Douglas Adams", "<fill in>"),
        "wikidata",
    )
    assert [] == [document for document in found.documents if document.kind == "event"]
    assert any("is not declared" in message for message in refusals(found))
