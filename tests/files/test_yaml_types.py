"""In YAML the field decides the type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chronicle.event.canonical import to_plain
from chronicle.event.value import EntityValue, Figure, Flag, Number, Quantity, Range, Text, Value
from chronicle.files.yaml_reader import read_yaml
from tests.files.reading import SOUND, read

LOOKS = [
    "1994",
    "1994-09",
    "1994-09-20",
    "no",
    "on",
    "yes",
    "off",
    "12:30:00",
    "0o17",
    "0x1F",
    "null",
    "~",
    "true",
    "false",
    "1.5e3",
    "-0752-01-01",
    "1985-04-12T23:20:30Z",
    ".inf",
    ".nan",
    "1_000",
    "=",
    "<<",
    "190:20:30",
]


def plain(text: str) -> Any:
    """The plain form of a YAML text of one document."""
    (document,) = read_yaml(text)
    return document.plain


def value(folder: Path, written: str) -> Value | None:
    """The value of a fact as written in flow style."""
    reading = read(folder, f"{SOUND}facts: [{{subject: a, attribute: b, value: {written}}}]\n")
    assert [] == reading.problems
    return reading.drafts[0].document.facts[0].value  # type: ignore[union-attr]


@pytest.mark.parametrize("text", LOOKS)
@pytest.mark.parametrize("field", ["id", "occurred", "title", "from", "unit", "entity", "qualifier", "subject"])
def test_text_stays_text(field: str, text: str) -> None:
    """Dates, ids and all other fields are text, whatever the text looks like."""
    assert {field: text} == plain(f"{field}: {text}")


@pytest.mark.parametrize("text", LOOKS)
def test_lists_stay_text(text: str) -> None:
    """Items of lists are text too, short or long."""
    assert {"tags": [text, text]} == plain(f"tags:\n  - {text}\n  - {text}\n")


@pytest.mark.parametrize("text", ["5", "true", "1.5e3"])
@pytest.mark.parametrize("holder", ["dimensions", "labels"])
@pytest.mark.parametrize("name", ["value", "amount", "low", "holds", "retracted", "year"])
def test_names_of_the_author(holder: str, name: str, text: str) -> None:
    """Under dimensions and labels a name says nothing about a type, so everything is text."""
    assert {holder: {name: text}} == plain(f"{holder}: {{{name}: {text}}}")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("16", Figure(Number("16"))),
        ("-0.50", Figure(Number("-0.50"))),
        ("1.55e9", Figure(Number("1.55e9"))),
        ('"16"', Text("16")),
        ("'1.5'", Text("1.5")),
        ("true", Flag(flag=True)),
        ("false", Flag(flag=False)),
        ('"true"', Text("true")),
        ("True", Text("True")),
        ("yes", Text("yes")),
        ("no", Text("no")),
        ("null", Text("null")),
        ("0o17", Text("0o17")),
        ("017", Text("017")),
        ("+1", Text("+1")),
        (".5", Text(".5")),
        ("1_000", Text("1_000")),
        (".nan", Text(".nan")),
        ("1994-09", Text("1994-09")),
        ("12:30", Text("12:30")),
        ("{entity: 1994}", EntityValue("1994")),
        ("{entity: true}", EntityValue("true")),
        ('{amount: "1.55e9", unit: USD}', Quantity(Number("1.55e9", quoted=True), "USD")),
        ("{amount: 1.50, unit: 1}", Quantity(Number("1.50"), "1")),
        ("{low: 7, high: '8', unit: GW}", Range(Number("7"), Number("8", quoted=True), "GW")),
    ],
)
def test_values(tmp_path: Path, written: str, expected: Value) -> None:
    """Under value an unquoted JSON number is a number, true and false are booleans, anything else is text."""
    assert expected == value(tmp_path, written)


def test_block_scalars(tmp_path: Path) -> None:
    """A number in a block scalar is text, as a quoted one is."""
    text = f"{SOUND}facts:\n- subject: a\n  attribute: b\n  value: |-\n    16\n"
    assert "16" == to_plain(read(tmp_path, text).drafts[0].document)["facts"][0]["value"]


@pytest.mark.parametrize(
    ("written", "expected"), [("true", True), ("false", False), ("'false'", "false"), ("no", "no")]
)
def test_holds(written: str, expected: object) -> None:
    """`holds` takes true and false, unquoted, and nothing that only looks like them."""
    assert {"facts": [{"holds": expected}]} == plain(f"facts: [{{holds: {written}}}]")


@pytest.mark.parametrize("blank", ["note:", "note: ", "note:   # to be written"])
def test_blank(blank: str) -> None:
    """A field left blank is left out."""
    assert {"id": "e"} == plain(f"id: e\n{blank}\n")


@pytest.mark.parametrize("written", ["''", '""'])
def test_empty_text(written: str) -> None:
    """An empty text is a text."""
    assert {"note": ""} == plain(f"note: {written}\n")


def test_list_at_the_top() -> None:
    """A list at the top holds documents, as several documents do."""
    documents = [document.plain for document in read_yaml("- id: a\n- id: b\n---\nid: c\n---\n---\n- id: d\n")]
    assert [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}] == documents
