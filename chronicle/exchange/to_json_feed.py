"""A page of a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1), whose `next_url` leads to the page before.

The format has no word for what is withdrawn; our extension `_chronicle` names it, and what Atom says as `dcterms`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chronicle.exchange.feed_page import Addresses, FeedPage
from chronicle.exchange.identity import tag
from chronicle.exchange.selection import Selection, Told
from chronicle.exchange.to_atom import instant
from chronicle.exchange.web import web_address
from chronicle.when import When

MEDIA_TYPE = "application/feed+json"

VERSION = "https://jsonfeed.org/version/1.1"


def to_json_feed(page: FeedPage, where: Addresses) -> bytes:
    """The page, newest first."""
    newest = sorted(page.selection.events, key=lambda one: (-one.record.header.recorded, -one.record.position))
    gone = [
        {"id": tag(one.chronicle, "event", one.event), "when": instant(one.when), "why": one.why}
        for one in sorted(page.gone, key=lambda one: (-one.when, one.event))
    ]
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": page.selection.title,
        "home_page_url": where.home(),
        "feed_url": where.page(page.number),
        "authors": [{"name": page.selection.title}],
        "items": [_item(page, where, told) for told in newest],
        "_chronicle": {"sealed": page.number is not None, "deleted": gone},
    }
    if page.before is not None:
        feed["next_url"] = where.page(page.before)
    return msgspec.json.encode(feed)


def _item(page: FeedPage, where: Addresses, told: Told) -> dict[str, Any]:
    event, header = told.event, told.record.header
    parts = (f"When: {When.parse(event.occurred).phrase()}.", event.summary, page.selection.credits(told))
    item: dict[str, Any] = {
        "id": tag(told.chronicle, "event", event.id),
        "url": where.event(event.id),
        "title": event.title,
        "content_text": "\n\n".join(filter(None, parts)),
        "date_published": instant(page.published[told.id]),
        "date_modified": instant(header.recorded),
        "tags": list(dict.fromkeys((event.type, *event.tags))),
        "_chronicle": {"occurred": event.occurred, "version": header.version, "position": told.record.position},
    }
    if event.summary:
        item["summary"] = event.summary
    if address := _external(page.selection, told):
        item["external_url"] = address
    return item


def _external(selection: Selection, told: Told) -> str:
    """The address of the first source that has one."""
    found = (web_address(selection.source(told, one).url or "") for one in told.event.sources)
    return next(filter(None, found), "")
