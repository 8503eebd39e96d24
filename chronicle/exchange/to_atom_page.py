"""A page of a feed as Atom (RFC 4287): an archived feed (RFC 5005, section 4) with tombstones (RFC 6721).

A page that is full has no `next-archive`, for then it would change once more: readers go from the newest page back.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from chronicle.exchange.feed_page import Addresses, FeedPage
from chronicle.exchange.identity import tag
from chronicle.exchange.to_atom import as_text, entry_of, instant, legal, text_of

MEDIA_TYPE = "application/atom+xml"

_NAMES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
}


def to_atom_page(page: FeedPage, where: Addresses) -> bytes:
    """The page, newest first; all pages of a feed have the id of the feed."""
    selection = page.selection
    feed = ET.Element("feed", _NAMES)
    text_of(feed, "id", tag(where.chronicle))
    text_of(feed, "title", selection.title)
    text_of(feed, "updated", instant(page.updated))
    text_of(ET.SubElement(feed, "author"), "name", selection.title)
    text_of(feed, "generator", "Chronicle")
    _link(feed, "self", where.page(page.number), MEDIA_TYPE)
    _link(feed, "alternate", where.home(), "text/html")
    if page.before is not None:
        _link(feed, "prev-archive", where.page(page.before), MEDIA_TYPE)
    if page.number is not None:
        _link(feed, "current", where.page(), MEDIA_TYPE)
        ET.SubElement(feed, "fh:archive")
    for told in sorted(selection.events, key=lambda told: (-told.record.header.recorded, -told.record.position)):
        entry = entry_of(feed, selection, told)
        text_of(entry, "published", instant(page.published[told.id]))
        _link(entry, "alternate", where.event(told.event.id), "text/html")
    for gone in sorted(page.gone, key=lambda one: (-one.when, one.event)):
        about = {"ref": legal(tag(gone.chronicle, "event", gone.event)), "when": instant(gone.when)}
        text_of(ET.SubElement(feed, "at:deleted-entry", about), "at:comment", gone.why)
    return as_text(feed)


def _link(parent: ET.Element, relation: str, address: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "href": legal(address), "type": media_type})
