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
    _text(feed, "id", tag(selection.chronicle or "all"))
    _text(feed, "title", selection.title)
    _text(feed, "updated", _instant(newest[0].record.header.recorded if newest else selection.recorded))
    _text(ET.SubElement(feed, "author"), "name", selection.title)
    _text(feed, "generator", "Chronicle")
    for told in newest:
        _entry(feed, selection, told)
    ET.indent(feed)
    return Export((ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n",))


def _entry(feed: ET.Element, selection: Selection, told: Told) -> None:
    event = told.event
    entry = ET.SubElement(feed, "entry")
    _text(entry, "id", tag(told.chronicle, "event", event.id))
    _text(entry, "title", event.title)
    _text(entry, "updated", _instant(told.record.header.recorded))
    for term in dict.fromkeys((event.type, *event.tags)):
        ET.SubElement(entry, "category", {"term": _legal(term)})
    sources = [selection.source(told, citation) for citation in event.sources]
    for source in {source.id: source for source in sources}.values():
        if source.url is not None:
            ET.SubElement(entry, "link", {"rel": "via", "href": _legal(source.url), "title": _legal(source.title)})
    _text(entry, "dcterms:temporal", event.occurred)
    parts = (f"When: {When.parse(event.occurred).phrase()}.", event.summary, selection.credits(told))
    _text(entry, "content", "\n\n".join(filter(None, parts)), type="text")


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _legal(text)


def _legal(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _instant(microseconds: int) -> str:
    """RFC 3339, with the microseconds that tell appends apart."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
