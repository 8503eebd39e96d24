"""Events as an Atom feed (RFC 4287): an entry for each, newest record first.

`updated` is when the log learned the version, `dcterms:temporal` when the event happened, as EDTF; a source is a link
`via`. Ids are tag URIs, the same for all versions.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

from chronicle.exchange.identity import tag
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even by number (section 2.2, Char)."""


def to_atom(selection: Selection) -> Export:
    """The feed; one without entries was updated when the log was."""
    newest = sorted(selection.events, key=lambda told: (-told.record.header.recorded, told.id))
    # Names are written out: the registry that ElementTree has for prefixes is one for the whole process.
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:dcterms": "http://purl.org/dc/terms/"})
    text_of(feed, "id", tag(selection.chronicle or "all"))
    text_of(feed, "title", selection.title)
    text_of(feed, "updated", instant(newest[0].record.header.recorded if newest else selection.recorded))
    text_of(ET.SubElement(feed, "author"), "name", selection.title)
    text_of(feed, "generator", "Chronicle")
    for told in newest:
        entry_of(feed, selection, told)
    return Export((as_text(feed),))


def as_text(feed: ET.Element) -> bytes:
    """A feed as UTF-8."""
    ET.indent(feed)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def entry_of(feed: ET.Element, selection: Selection, told: Told) -> ET.Element:
    """Add the entry of an event."""
    event = told.event
    entry = ET.SubElement(feed, "entry")
    text_of(entry, "id", tag(told.chronicle, "event", event.id))
    text_of(entry, "title", event.title)
    text_of(entry, "updated", instant(told.record.header.recorded))
    for term in dict.fromkeys((event.type, *event.tags)):
        ET.SubElement(entry, "category", {"term": legal(term)})
    sources = [selection.source(told, citation) for citation in event.sources]
    for source in {source.id: source for source in sources}.values():
        if source.url is not None:
            ET.SubElement(entry, "link", {"rel": "via", "href": legal(source.url), "title": legal(source.title)})
    text_of(entry, "dcterms:temporal", event.occurred)
    parts = (f"When: {When.parse(event.occurred).phrase()}.", event.summary, selection.credits(told))
    text_of(entry, "content", "\n\n".join(filter(None, parts)), type="text")
    return entry


def text_of(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    """Add an element that holds a text."""
    ET.SubElement(parent, name, attributes).text = legal(text)


def legal(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def instant(microseconds: int) -> str:
    """RFC 3339, with the microseconds that tell appends apart."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
