"""Wikidata items as its API and its dumps give them (JSON of Wikibase), read for what is dated.

A statement whose value is a time (date of birth) is an event. So is one with a time among its qualifiers (spouse, from
1991 to 2001), and it states a fact that holds for this time. A statement without any time is no event: it is told and
left. Deprecated statements are left too, preferred ones get the tag `preferred`. Every event cites the item; references
become sources of their own.
"""

from __future__ import annotations

import re
from typing import Any

from chronicle.errors import InputError, WhenError, shown
from chronicle.event.fault import Path
from chronicle.exchange.intake import Intake, Plain
from chronicle.exchange.json_text import LineOf, fields, items, read_json, text_of
from chronicle.exchange.prose import one_line, tidy
from chronicle.exchange.wikibase_time import edtf
from chronicle.exchange.wikidata_sources import Sources
from chronicle.exchange.wikidata_terms import (
    CIRCA,
    CIRCUMSTANCES,
    EARLIEST,
    END,
    LABELS,
    LATEST,
    POINT,
    PRESUMABLY,
    START,
    TYPES,
)
from chronicle.exchange.wikidata_values import item_id, label, text_value, value_of
from chronicle.when import When

_OF_TIME = {START, END, POINT, EARLIEST, LATEST, CIRCUMSTANCES}
_MARKS = {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_UNKNOWN = "XXXX"
"""A date of which nothing is known, but that there is one (`somevalue`)."""


def from_wikidata(text: str, intake: Intake) -> None:
    """Take every item of an answer (`entities`), a list of items, or one item."""
    found, line_of = read_json(text, intake.file)
    if isinstance(found, dict) and "entities" in found:
        entities: list[tuple[Path, Any]] = [
            (("entities", name), one) for name, one in fields(found["entities"]).items()
        ]
    elif isinstance(found, list):
        entities = [((index,), one) for index, one in enumerate(found)]
    else:
        entities = [((), found)]
    known = [(path, fields(one)) for path, one in entities if item_id(one)]
    if not known:
        raise InputError(f"{intake.file}: is no JSON of Wikidata: no item with an id was found")
    names = {item_id(one): label(one) for _, one in known}
    for path, one in known:
        _Item(path, one, names, intake, line_of).read()


class _Item:
    """One item on its way; `names` are the labels of all items of the file."""

    def __init__(self, path: Path, item: Plain, names: dict[str, str], intake: Intake, line_of: LineOf) -> None:
        self._path = path
        self._item = item
        self._names = names
        self._intake = intake
        self._line_of = line_of
        self._id = item_id(item)
        self._title = label(item) or self._id
        self._sources = Sources(item, self._title, names, intake)

    def read(self) -> None:
        line = self._line_of(self._path)
        if "missing" in self._item:
            self._intake.refuse(line, "missing", f"{self._id}: Wikidata has no such item")
            return
        self._entity(line)
        for holder in ("claims", "statements"):
            for property_, statements in fields(self._item.get(holder)).items():
                self._property(holder, property_, items(statements))

    def _entity(self, line: int) -> None:
        given = sorted(fields(self._item.get("labels")).items())
        labels = {
            language: text
            for language, one in given
            if _LANGUAGE.fullmatch(language) and (text := one_line(text_of(fields(one).get("value"))))
        }
        if lost := [language for language, _ in given if language not in labels]:
            message = f"{self._id}: labels in {shown(', '.join(lost))}, which is no language or no text: left out"
            self._intake.remark(line, "label", message)
        description = tidy(text_of(fields(fields(self._item.get("descriptions")).get("en")).get("value")))
        entity = {"id": self._id, "label": self._title, "labels": labels, "description": description}
        self._intake.take("entity", entity, line)

    def _property(self, holder: str, property_: str, statements: list[Any]) -> None:
        undated = 0
        for index, statement in enumerate(statements):
            path = (*self._path, holder, property_, index)
            if fields(statement).get("rank") == "deprecated":
                message = f"{self._id}: a statement of {property_} is deprecated: left out"
                self._intake.remark(self._line_of(path), "deprecated", message)
                continue
            try:
                undated += not self._statement(property_, fields(statement), path)
            except (ValueError, WhenError) as error:
                self._refuse(path, "statement", f"{property_}: {error}")
        if undated:
            message = f"{self._id}: {undated} of {property_} have no time, so they make no event"
            self._intake.remark(self._line_of((*self._path, holder, property_)), "undated", message)

    def _refuse(self, path: Path, code: str, message: str) -> None:
        self._intake.refuse(self._line_of(path), code, f"{self._id}: {message}")

    def _statement(self, property_: str, statement: Plain, path: Path) -> bool:
        """Take a statement; false if it has no time. Raises ValueError, or WhenError, if it cannot be."""
        snak = fields(statement.get("mainsnak"))
        qualifiers = {name: items(one) for name, one in fields(statement.get("qualifiers")).items()}
        is_time = snak.get("datatype") == "time" or fields(snak.get("datavalue")).get("type") == "time"
        if not is_time and not ({START, END, POINT} & qualifiers.keys()):
            return False
        line = self._line_of(path)
        name = LABELS.get(property_) or self._names.get(property_) or property_
        citations = self._sources.cited(property_, items(statement.get("references")), line)
        event: Plain = {
            "type": TYPES.get(property_, "statement"),
            "participants": [self._id],
            "summary": self._qualified(qualifiers),
            "sources": citations,
            "tags": ["preferred"] if statement.get("rank") == "preferred" else [],
        }
        if is_time:
            event |= {"occurred": _when(snak, qualifiers), "title": one_line(f"{self._title}: {name}")}
        else:
            value, said = self._value(snak, line)
            occurred, times = _lasting(qualifiers)
            fact = {"subject": self._id, "attribute": property_, "value": value, **times}
            event |= {"occurred": occurred, "title": one_line(f"{self._title}: {name} {said}"), "facts": [fact]}
            self._intake.take("attribute", {"id": property_, "label": name, "cardinality": "many"}, line)
        own = text_of(statement.get("id")).partition("$")[2][:8].lower()
        event["id"] = self._intake.ids.take("", own, event["occurred"], own=f"{self._id}-{property_}".lower())
        self._intake.take("event", event, line)
        return True

    def _value(self, snak: Plain, line: int) -> tuple[object, str]:
        """The value of a fact and how it is said. Raises ValueError if there is none."""
        if snak.get("snaktype") == "somevalue":
            raise ValueError("has an unknown value, which no fact can state")
        if snak.get("snaktype") == "novalue":
            raise ValueError("says that there is no value, for a time that is no denial of ours")
        value, entity = value_of(fields(snak.get("datavalue")))
        if entity is not None:
            self._intake.take("entity", {"id": entity, "label": self._names.get(entity) or entity}, line)
            return value, self._names.get(entity) or entity
        return value, text_value(fields(snak.get("datavalue")))

    def _qualified(self, qualifiers: dict[str, list[Any]]) -> str:
        """The qualifiers that are not about time, as lines of text."""
        return "\n".join(
            f"{LABELS.get(name) or self._names.get(name) or name}: {', '.join(self._told(one) for one in snaks)}"
            for name, snaks in qualifiers.items()
            if name not in _OF_TIME
        )

    def _told(self, snak: object) -> str:
        given = fields(snak)
        if given.get("snaktype") != "value":
            return "unknown" if given.get("snaktype") == "somevalue" else "none"
        said = text_value(fields(given.get("datavalue")))
        return one_line(self._names.get(said) or said)


def _when(snak: Plain, qualifiers: dict[str, list[Any]]) -> str:
    """The date of a statement that is a time, with what its qualifiers say of the date. Raises ValueError."""
    if snak.get("snaktype") == "novalue":
        raise ValueError("says that there is no such date, so there is no event")
    bounds = [_one(qualifiers, name) for name in (EARLIEST, LATEST)]
    stated = _UNKNOWN if snak.get("snaktype") == "somevalue" else edtf(fields(snak.get("datavalue")).get("value"))
    if any(bounds):
        within = f"[{bounds[0] or ''}..{bounds[1] or ''}]"
        try:
            return When.parse(within).edtf
        except WhenError as error:
            raise ValueError(f"has an earliest and a latest date that are no bounds: {error}") from None
    circumstances = {text_value(fields(fields(one).get("datavalue"))) for one in qualifiers.get(CIRCUMSTANCES, [])}
    mark = _MARKS[CIRCA in circumstances, PRESUMABLY in circumstances]
    return f"{stated}{mark}" if When.parse(stated).kind == "date" and stated[0] != "Y" else stated


def _lasting(qualifiers: dict[str, list[Any]]) -> tuple[str, Plain]:
    """When a statement held, as the event's date and the times of its fact. Raises ValueError."""
    if (point := _one(qualifiers, POINT)) and not ({START, END} & qualifiers.keys()):
        return point, {"at": point} if When.parse(point).kind != "interval" else {}
    start, end = _side(qualifiers, START), _side(qualifiers, END)
    until: Plain = {} if end in (None, "..") else {"until": end or "unknown"}
    if start is not None and end is not None and not any(side[:1] == "[" for side in (start, end)) and (start or end):
        return f"{start}/{end}", until
    if start:
        return start if start != ".." else f"../{end or ''}", until
    if not end or end == "..":
        raise ValueError("has only times of which nothing is known")
    return (f"/{end}", until) if end[0] != "[" else (end, {"from": "unknown", **until})


def _side(qualifiers: dict[str, list[Any]], name: str) -> str | None:
    """The date of a qualifier, `..` for none (`novalue`), blank for an unknown one, None if it is not there."""
    if name not in qualifiers:
        return None
    kind = fields(next(iter(qualifiers[name]), {})).get("snaktype")
    return {"somevalue": "", "novalue": ".."}.get(str(kind)) if kind != "value" else _one(qualifiers, name)


def _one(qualifiers: dict[str, list[Any]], name: str) -> str:
    """The date of a qualifier; empty if there is none. Raises ValueError if there are several."""
    snaks = map(fields, qualifiers.get(name, []))
    values = [fields(snak["datavalue"]).get("value") for snak in snaks if "datavalue" in snak]
    if len(values) > 1:
        raise ValueError(f"has {len(values)} {LABELS.get(name, name)} ({name}): it is not said which belongs to which")
    return edtf(values[0]) if values else ""
