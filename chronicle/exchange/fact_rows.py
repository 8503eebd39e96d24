"""The rows of `export --to csv` as documents again: events with their facts, and what those refer to.

What the table does not have is not there afterwards either: summaries, participants, relations, tags and labels. For a
copy of a log there is JSON Lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from chronicle.errors import InputError, shown
from chronicle.event.value import NUMBER_TAG
from chronicle.exchange.cells import split
from chronicle.exchange.intake import Intake, Plain
from chronicle.exchange.to_csv import SOURCE_COLUMNS

Row = dict[str, str]

NEEDED = {"event", "type", "occurred", "title", "subject", "attribute", "value_type"}
"""The columns that tell the table of facts from others."""

_EVENT = ("type", "occurred", "title")
_TIMES = ("from", "at", "until", "through", "period", "due")


def from_fact_rows(rows: Sequence[tuple[int, Row]], intake: Intake) -> None:
    """Take the facts under their events; a row that says something else of its event than the first one is refused.

    Raises InputError for facts of several chronicles: the same id can stand for other events in each.
    """
    chronicles = sorted({row["chronicle"] for _, row in rows if row.get("chronicle")})
    if len(chronicles) > 1:
        raise InputError(f"{intake.file}: has facts of several chronicles, {shown(', '.join(chronicles))}: export one")
    intake.remark(
        1,
        "table",
        "a table of facts has no summaries, participants, relations, tags and labels: loaded over the "
        "chronicle that it came from, it would take them away (a copy of that is --to jsonl)",
    )
    first: dict[str, tuple[int, Row]] = {}
    facts: dict[str, list[tuple[Plain, list[Plain]]]] = {}
    for line, row in rows:
        name = row["event"]
        at, head = first.setdefault(name, (line, row))
        differing = [column for column in _EVENT if row.get(column) != head.get(column)]
        if differing:
            intake.refuse(line, "row", f"event {shown(name)} has another {' and '.join(differing)} than on line {at}")
            continue
        citations = _citations(row, line, intake)
        _declare(row, line, intake)
        facts.setdefault(name, []).append((_fact(row), citations))
    for name, stated in facts.items():
        line, head = first[name]
        whole = list({tuple(sorted(one.items())): one for _, citations in stated for one in citations}.values())
        told = [fact if citations == whole else {**fact, "sources": citations} for fact, citations in stated]
        event = {"id": name, **{column: head[column] for column in _EVENT}, "facts": told, "sources": whole}
        intake.take("event", event, line)


def _fact(row: Row) -> Plain:
    pairs = (pair.partition("=") for pair in split(row.get("dimensions", "")))
    fact: Plain = {
        "subject": row["subject"],
        "attribute": row["attribute"],
        "dimensions": {key: value for key, _, value in pairs},
        "value": _value(row),
        **{name: row.get(name, "") for name in _TIMES},
    }
    denied = {"holds": False} if row.get("holds") == "false" else {}
    return {**{name: item for name, item in fact.items() if item not in (None, "", {})}, **denied}


def _value(row: Row) -> object:
    def cell(name: str) -> str:
        return row.get(name, "")

    match row["value_type"]:
        case "text":
            return cell("value")
        case "boolean":
            return cell("value") == "true"
        case "number":
            return {NUMBER_TAG: cell("amount") or cell("value")}
        case "entity":
            return {"entity": cell("value")}
        case "quantity":
            qualifier = {"qualifier": cell("qualifier")} if cell("qualifier") else {}
            return {"amount": cell("amount"), "unit": cell("unit"), **qualifier}
        case "range":
            return {"low": cell("low"), "high": cell("high"), "unit": cell("unit")}
    return None


def _declare(row: Row, line: int, intake: Intake) -> None:
    """The entity that is the value, and the attribute if it has many values."""
    if row["value_type"] == "entity":
        intake.take("entity", {"id": row.get("value"), "label": row.get("label") or row.get("value")}, line)
    if row.get("cardinality") == "many":
        intake.take("attribute", {"id": row["attribute"], "cardinality": "many"}, line)


def _citations(row: Row, line: int, intake: Intake) -> list[Plain]:
    names = split(row.get("sources", ""))
    lists = {column: split(row.get(column, "")) for column in ("locators", "quotes", *SOURCE_COLUMNS)}

    def listed(column: str, index: int) -> str:
        return lists[column][index] if index < len(lists[column]) else ""

    citations = []
    for index, name in enumerate(names):
        fields = {field: listed(column, index) for column, field in SOURCE_COLUMNS.items()}
        source = intake.source(line, **{**fields, "id": name, "title": fields["title"] or name})
        if source is not None:
            citation = {"source": source, "locator": listed("locators", index), "quote": listed("quotes", index)}
            citations.append({field: text for field, text in citation.items() if text})
    return citations
