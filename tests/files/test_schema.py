"""The JSON Schema for editors: what the reader takes it takes, and common mistakes it marks."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from chronicle.event.known_types import TYPES
from chronicle.files.mapping import read_mappings
from chronicle.files.scaffold import scaffold
from chronicle.files.schema import document_schema
from tests.files.reading import CURATED
from tests.files.test_scaffold import filled

VALIDATOR = Draft202012Validator(document_schema())
SOUND = {"id": "e", "type": "any.thing", "occurred": "2020", "title": "T"}


def mistakes(document: Any) -> list[str]:
    """What the schema says of a document."""
    return [error.message for error in VALIDATOR.iter_errors(document)]


def as_an_editor_reads(text: str) -> list[Any]:
    """The documents of a YAML text by the types of YAML itself; dates are text in the core schema of YAML 1.2."""
    return [json.loads(json.dumps(one, default=str)) for one in YAML(typ="safe", pure=True).load_all(io.StringIO(text))]


def test_it_is_a_schema() -> None:
    """It is one of draft 2020-12."""
    Draft202012Validator.check_schema(document_schema())


@pytest.mark.parametrize("path", sorted(CURATED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_curated_files(path: Path) -> None:
    """An editor marks nothing in them."""
    assert [] == [found for one in as_an_editor_reads(path.read_text(encoding="utf-8")) for found in mistakes(one)]


@pytest.mark.parametrize("what", [*TYPES, "source", "entity", "attribute", "chronicle"])
def test_new_documents(what: str) -> None:
    """Nor in what `chronicle new` gives, filled in."""
    assert [] == [found for one in as_an_editor_reads(filled(scaffold(what, "x"))) for found in mistakes(one)]


FACT = {"subject": "s", "attribute": "a"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({**SOUND, "titel": "T"}, "'titel' was unexpected"),
        ({"id": "e"}, "'type' is a required property"),
        ({**SOUND, "id": "no id"}, "does not match"),
        ({**SOUND, "occurred": ["2020"]}, "is not of type"),
        ({**SOUND, "facts": [{**FACT, "value": {"amount": 1}}]}, "is not valid under any of the given schemas"),
        ({**SOUND, "facts": [{**FACT, "value": {"amount": 1, "unit": "m", "qualifier": "ca"}}]}, "is not valid under"),
        ({**SOUND, "facts": [{**FACT, "valu": 1}]}, "'valu' was unexpected"),
        ({**SOUND, "sources": [{"locator": "p. 1"}]}, "'source' is a required property"),
        ({"kind": "source", "id": "s"}, "'title' is a required property"),
        ({"kind": "entity", "id": "s", "label": "L", "url": "u"}, "'url' was unexpected"),
        ({"kind": "attribute", "id": "a", "cardinality": "few"}, "'few' is not one of"),
        ({"kind": "attribute", "id": "a", "share_of": {"part": "b"}}, "is not valid under any of"),
        ({"id": "e", "retracted": True, "title": "T"}, "'title' was unexpected"),
        ([], "[] should be non-empty"),
        ("text", "is not of type 'object'"),
    ],
)
def test_mistakes(document: Any, said: str) -> None:
    """Unknown and missing fields, wrong shapes and words."""
    assert any(said in found for found in mistakes(document))


scalars = st.sampled_from(["1994", 1994, 19.94, True, "x y", "é"])
values = st.one_of(
    scalars,
    st.fixed_dictionaries({"amount": st.sampled_from(["1.55e9", 16]), "unit": st.just("USD")}),
    st.just({"low": 7, "high": "8", "unit": "GW"}),
    st.just({"entity": "e"}),
)
events = st.fixed_dictionaries(
    {"id": st.sampled_from(["e", "trade-2025"]), "type": st.sampled_from(["any", "visit.held"]), "title": scalars},
    optional={
        "summary": scalars,
        "tags": st.lists(st.sampled_from(["a", "b"])),
        "participants": st.lists(st.sampled_from(["e", {"entity": "e", "role": "host"}])),
        "facts": st.lists(st.fixed_dictionaries({**{k: st.just(v) for k, v in FACT.items()}, "value": values})),
        "related": st.just([{"event": "f", "relation": "builds-on"}]),
        "sources": st.just([{"source": "s", "quote": "q"}]),
    },
)


@given(events)
def test_what_is_read_is_valid(event: dict[str, Any]) -> None:
    """The schema takes every event that the reader takes, numbers as JSON has them."""
    document = {**event, "occurred": "1994"}
    as_text = {name: str(item) if name in ("title", "summary") else item for name, item in document.items()}
    reading = read_mappings([_exact(as_text)], "c")
    if not any(problem.is_error for problem in reading.problems):
        assert [] == mistakes(document)


def _exact(item: Any) -> Any:
    """Floats are refused from programs: as text here."""
    if isinstance(item, dict):
        return {name: _exact(value) for name, value in item.items()}
    if isinstance(item, list):
        return [_exact(value) for value in item]
    return str(item) if isinstance(item, float) else item
