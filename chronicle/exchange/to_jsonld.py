"""Events as JSON-LD: schema.org Events, their sources as citations, their dates as EDTF typed literals.

schema.org has exact dates only, so `startDate` and `endDate` are there where the date is exact to a day, month or year;
`lode:atEDTFTime` says every date as it was written.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chronicle.event.model import Citation, Participant
from chronicle.exchange.identity import tag
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When

CONTEXT = [
    "https://schema.org",
    {"lode": "http://linkedevents.org/ontology/", "edtf": "http://id.loc.gov/datatypes/edtf/"},
]

Node = dict[str, Any]


def to_jsonld(selection: Selection) -> Export:
    """One document with a graph of events."""
    graph = [_event(selection, told) for told in selection.events]
    document = {"@context": CONTEXT, "@graph": graph}
    return Export((msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n",))


def _event(selection: Selection, told: Told) -> Node:
    event = told.event
    node = {
        "@type": "Event",
        "@id": tag(told.chronicle, "event", event.id),
        "identifier": event.id,
        "additionalType": event.type,
        "name": event.title,
        "description": event.summary,
        "lode:atEDTFTime": {"@type": "edtf:EDTF", "@value": event.occurred},
        **_dates(When.parse(event.occurred)),
        "about": [_thing(selection, told, one) for one in event.participants],
        "keywords": event.tags,
        "citation": [_citation(selection, told, one) for one in event.sources],
    }
    return _said(node)


def _dates(when: When) -> Node:
    """ISO 8601 dates for what is exact, down to what is known."""
    sides = {"startDate": when.start, "endDate": when.end} if when.kind == "interval" else {"startDate": when}
    return {name: side.edtf for name, side in sides.items() if _is_exact(side)}


def _is_exact(when: When) -> bool:
    return (
        when.level == 0 and when.kind in ("date", "datetime") and when.precision in ("year", "month", "day", "second")
    )


def _thing(selection: Selection, told: Told, participant: str | Participant) -> Node:
    entity = participant if isinstance(participant, str) else participant.entity
    name = selection.label(told.chronicle, entity)
    return {"@type": "Thing", "@id": tag(told.chronicle, "entity", entity), "name": name}


def _citation(selection: Selection, told: Told, citation: Citation) -> Node:
    """A part of the source: the place, and what it says there."""
    source = selection.source(told, citation)
    work = {
        "@type": "CreativeWork",
        "@id": tag(told.chronicle, "source", source.id),
        "name": source.title,
        "publisher": source.publisher and {"@type": "Organization", "name": source.publisher},
        "author": source.author and {"@type": "Person", "name": source.author},
        **({"datePublished": source.published} if source.published and _is_exact(When.parse(source.published)) else {}),
        "url": source.url,
        "inLanguage": source.language,
    }
    if citation.locator is None and citation.quote is None:
        return _said(work)
    part = {
        "@type": "CreativeWork",
        "position": citation.locator,
        "text": citation.quote,
        "isPartOf": _said(work),
    }
    return _said(part)


def _said(node: Node) -> Node:
    return {name: item for name, item in node.items() if item not in (None, "", [])}
