"""Documents in plain form, sound until a test spoils them."""

from __future__ import annotations

from typing import Any

from chronicle.event.canonical import from_plain
from chronicle.event.fault import Fault
from chronicle.event.model import Event, Fact
from chronicle.event.validate import faults
from chronicle.event.value import NUMBER_TAG

Plain = dict[str, Any]


def number(digits: str) -> Plain:
    """A number as readers hand it over."""
    return {NUMBER_TAG: digits}


def a_fact(**more: Any) -> Plain:
    """A fact with a value, unless told otherwise; None leaves a field out."""
    fact: Plain = {"subject": "azerbaijan", "attribute": "partner", "value": "bp", **more}
    return {name: item for name, item in fact.items() if item is not None}


def an_event(*facts: Plain, **more: Any) -> Plain:
    """An event that cites a source."""
    event: Plain = {"id": "e", "type": "any.thing", "occurred": "2020", "title": "Something happened"}
    event |= {"facts": list(facts), "sources": [{"source": "s"}], **more}
    return {name: item for name, item in event.items() if item is not None}


def the_event(*facts: Plain, **more: Any) -> Event:
    """The same, typed."""
    event = from_plain("event", an_event(*facts, **more))
    assert isinstance(event, Event)
    return event


def the_fact(**more: Any) -> Fact:
    """A fact, typed."""
    return the_event(a_fact(**more)).facts[0]


def found(kind: str, plain: Plain) -> list[tuple[str, str, str]]:
    """The faults of a document as (severity, code, path)."""
    return [told(fault) for fault in faults(from_plain(kind, plain))]


def told(fault: Fault) -> tuple[str, str, str]:
    """A fault without its message."""
    return fault.severity, fault.code, "/".join(map(str, fault.path))
