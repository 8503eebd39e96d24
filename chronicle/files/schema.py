"""A JSON Schema (draft 2020-12) of the documents, for editors of YAML (`chronicle schema`).

It is made from the models, with what editors show added. An editor sees YAML's own types, so what the format takes as
text whatever it looks like (`occurred: 1994`) may be a number or a boolean to it. What only a reader can tell, such as
whether a date exists or an id is declared, is left to `chronicle check`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chronicle.event.known_types import TYPES
from chronicle.event.model import KINDS, NAME_PATTERN, Retraction
from chronicle.event.value import QUALIFIERS, Value

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RELATIONS = (
    "builds-on",
    "led-to",
    "part-of",
    "implements",
    "revises",
    "fulfils",
    "cancels",
    "postpones",
    "contradicts",
)

TEXT = {"type": ["string", "number", "boolean"]}
NUMBER = {"type": ["number", "string"], "description": "an exact decimal: 16, 3.15, 1.55e9"}

DESCRIPTIONS = {
    "kind": "What this is: event (if left out), source, entity, attribute or chronicle.",
    "chronicle": "The chronicle it belongs to; left out, the folder's name.",
    "id": "Unique in its chronicle and kind: letters, digits and . _ : ~ - such as trade-2025.",
    "Event.type": "Dotted, lower case. The vocabulary is open; known types are checked and told with their own verbs.",
    "occurred": 'When it happened, as EDTF: 1994, 1994-09, 1994~, 2025-01/2025-09, "[..2026-02-24]" for "by then".',
    "title": "One line.",
    "summary": "Plain prose, light CommonMark.",
    "participants": "Entities that took part: ids, or {entity, role}.",
    "facts": "What it asserts: subject . attribute [dimensions] = value, with the time for which that holds.",
    "related": "How it relates to other events of the chronicle.",
    "Relation.relation": "builds-on, led-to, part-of, implements, revises, fulfils, cancels, postpones, contradicts …",
    "sources": "Where it is said: {source, locator, quote}. Those of a fact narrow those of its event.",
    "tags": "Words to find it by.",
    "stated_by": "The entity whose statement it is.",
    "note": "On a correction or a retraction: why.",
    "subject": "What the fact is about; best an entity.",
    "attribute": "What is said of it; best a declared attribute.",
    "dimensions": "What tells figures of one attribute apart: {partner: usa}.",
    "value": "Text, a number, true or false, {entity}, {amount, unit, qualifier} or {low, high, unit}.",
    "holds": "false denies: of many values the one named, of one value that there is any.",
    "from": "It began then; left out, when the event occurred. unknown: some time up to the event. ..: since ever.",
    "at": "It was observed to hold then.",
    "until": "It had ceased by the end of then. unknown: it ended, or may have, at any time.",
    "through": "The last day on which it held.",
    "period": "The definite period a figure is of: 2025, 2025-01/2025-09. It counts from the period's last second.",
    "due": "When a target is to be reached, or unknown.",
    "source": "The id of a source.",
    "locator": "Where in the source: paragraph 5, page 12, table 3.",
    "quote": "A few words, verbatim.",
    "published": "When it came out, as EDTF. It decides since when its facts count as reported.",
    "publisher": "Who published it.",
    "author": "Who wrote it.",
    "url": "Where it can be read.",
    "language": "Its language: en, az.",
    "label": "What people call it.",
    "labels": "What it is called in other languages: {az: Azərbaycan}.",
    "Entity.type": "country, company, person, office …",
    "description": "A sentence about it.",
    "role": "As what it took part: operator, host.",
    "cardinality": "one value at a time, or many side by side.",
    "measures": "A state, figures of periods, or targets.",
    "unit": "The unit of its figures.",
    "resolution": "Which of two claims wins: the one that began later, or the one reported later.",
    "sum_of": "Its figures are the sum of those of these attributes.",
    "share_of": "Its figures are the share of one attribute's in another's.",
    "balance_of": "Its figures are exports less imports.",
    "growth_of": "Its figures are the growth of this attribute on the same period a year before, or on the one before.",
    "part": "The attribute of the part.",
    "whole": "The attribute of the whole.",
    "exports": "The attribute that counts for the balance.",
    "imports": "The attribute that counts against it.",
    "languages": "The languages it is told in.",
    "retracted": "true withdraws the id.",
    "entity": "The id of an entity.",
    "event": "The id of an event.",
}
"""What editors show of a field, by its name, or by document and name where a name means several things."""


def document_schema() -> dict[str, Any]:
    """The schema of a file: one document, several, or a list of them."""
    models = [*KINDS.values(), Retraction]
    _, components = msgspec.json.schema_components(models, schema_hook=_value, ref_template="#/$defs/{name}")
    definitions = {name: _relaxed(name, part) for name, part in components.items()}
    for kind, model in KINDS.items():
        if kind != "event":
            definitions[model.__name__]["required"].insert(0, "kind")
    document: dict[str, Any] = {"$ref": "#/$defs/Event"}
    for kind, model in KINDS.items():
        if kind != "event":
            document = _choice({"kind": {"const": kind}}, {"$ref": f"#/$defs/{model.__name__}"}, document)
    document = _choice({"retracted": {"const": True}}, {"$ref": "#/$defs/Retraction"}, document)
    return {
        "$schema": DIALECT,
        "title": "Chronicle documents",
        "description": "Events, sources, entities, attributes and chronicles.",
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/document"}, "minItems": 1},
        "else": {"$ref": "#/$defs/document"},
        "$defs": {"document": {"type": "object", **document}, **definitions},
    }


def _choice(properties: dict[str, Any], then: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"required": list(properties), "properties": properties}, "then": then, "else": otherwise}


def _value(kind: type) -> dict[str, Any]:
    assert kind is Value, "the models have no other type of their own"
    name = {"type": ["string", "number"]}
    qualifier = {"enum": list(QUALIFIERS)}
    quantity = {"amount": NUMBER, "unit": TEXT, "qualifier": qualifier}
    return {
        "anyOf": [
            TEXT,
            _object({"entity": name}, ["entity"]),
            _object(quantity, ["amount", "unit"]),
            _object({"low": NUMBER, "high": NUMBER, "unit": TEXT}, ["low", "high", "unit"]),
        ]
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _relaxed(name: str, part: Any) -> Any:
    """A component as an editor needs it: text of any scalar, fields described, known words offered."""
    part = _texts(part)
    for field, schema in part.get("properties", {}).items():
        described = DESCRIPTIONS.get(f"{name}.{field}") or DESCRIPTIONS.get(field)
        if described is None:
            raise AssertionError(f"{name}.{field} has no description")
        schema["description"] = described
    properties = part.get("properties", {})
    if "id" in properties:
        properties["id"]["pattern"] = NAME_PATTERN
    if name == "Event":
        properties["type"] |= {"anyOf": [{"enum": list(TYPES)}, {"pattern": "^[a-z]"}]}
    if name == "Relation":
        properties["relation"] |= {"anyOf": [{"enum": list(RELATIONS)}, {"pattern": NAME_PATTERN}]}
    return part


def _texts(part: Any) -> Any:
    """Every plain string may be a number or a boolean to YAML."""
    if isinstance(part, list):
        return [_texts(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {key: item if key in ("enum", "required") else _texts(item) for key, item in part.items()}
    if isinstance(kept.get("title"), str):
        del kept["title"]
    return {**kept, **TEXT} if kept.get("type") == "string" and "enum" not in kept else kept
