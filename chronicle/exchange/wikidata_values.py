"""Values of Wikibase snaks as values of facts, and as text."""

from __future__ import annotations

import re
from typing import Any

from chronicle.event.value import NUMBER_TAG, is_number
from chronicle.exchange.json_text import fields, text_of
from chronicle.exchange.prose import one_line
from chronicle.exchange.wikibase_time import edtf

_ID = re.compile(r"[PQL]\d{1,12}", re.ASCII)


def item_id(item: object) -> str:
    """The id of an item or a property; empty if it has none."""
    found = text_of(fields(item).get("id"))
    return found if _ID.fullmatch(found) else ""


def label(item: object) -> str:
    """The English label, else that of the first language there is; empty if there is none."""
    labels = fields(fields(item).get("labels"))
    chosen = labels.get("en") or labels.get("mul") or next(iter(labels.values()), None)
    return one_line(text_of(fields(chosen).get("value")))


def value_of(datavalue: dict[str, Any]) -> tuple[object, str | None]:
    """The value of a fact, and the id of the item if it is one. Raises ValueError for what is of no known type."""
    value, said = datavalue.get("value"), text_value(datavalue)
    match datavalue.get("type"):
        case "wikibase-entityid":
            return {"entity": said}, said
        case "quantity":
            amount = text_of(fields(value).get("amount")).removeprefix("+")
            if not is_number(amount):
                raise ValueError(f"has the amount {amount!r}, which is no number")
            unit = text_of(fields(value).get("unit")).rpartition("/")[2]
            return {"amount": amount, "unit": unit} if _ID.fullmatch(unit) else {NUMBER_TAG: amount}, None
        case _ if said:
            return said, None
    raise ValueError(f"has a value of the type {datavalue.get('type')!r}, which is not known here")


def text_value(datavalue: dict[str, Any]) -> str:
    """A value in words: ids, texts, dates as EDTF. Empty for what is of no known type. Raises ValueError."""
    value = datavalue.get("value")
    given = fields(value)
    match datavalue.get("type"):
        case "wikibase-entityid":
            found = text_of(given.get("id")) or _numeric(given)
            if not _ID.fullmatch(found):
                raise ValueError(f"refers to {found!r}, which is no item")
            return found
        case "string":
            return one_line(text_of(value))
        case "monolingualtext":
            return one_line(text_of(given.get("text")))
        case "time":
            return edtf(value)
        case "globecoordinate":
            return f"{text_of(given.get('latitude'))}, {text_of(given.get('longitude'))}"
        case "quantity":
            unit = text_of(given.get("unit")).rpartition("/")[2]
            amount = text_of(given.get("amount")).removeprefix("+")
            return f"{amount} {unit}" if _ID.fullmatch(unit) else amount
    return ""


def _numeric(value: dict[str, Any]) -> str:
    """Older files have the number of an item instead of its id."""
    prefix = "P" if value.get("entity-type") == "property" else "Q"
    return f"{prefix}{text_of(value.get('numeric-id'))}"
