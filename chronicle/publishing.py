"""The publishing part of the hall: pages of a chronicle's feed, for those who subscribe to it."""

from __future__ import annotations

from typing import Any

from chronicle.errors import UnknownError, near, shown
from chronicle.event.draft import DocumentId
from chronicle.event.model import Event, Redacted, Redaction, Retraction
from chronicle.event.record import Record
from chronicle.exchange.feed_page import PAGE, Addresses, FeedPage, Gone, full_pages, span_of
from chronicle.exchange.formats import check_format
from chronicle.exchange.selection import Selection
from chronicle.exchange.to_atom_page import to_atom_page
from chronicle.exchange.to_json_feed import to_json_feed
from chronicle.store import listed, read
from chronicle.store.archive import Store
from chronicle.store.head import read_head

FORMS = {"atom": to_atom_page, "json": to_json_feed}
"""The kinds of feeds."""


def feed(store: Store, form: str, chronicle: str, base: str, number: int | None) -> bytes:
    """A page of the feed of a chronicle: a full one by its number, from 1 on, or the newest.

    Raises UnknownError for a chronicle or a page that is not there, QuestionError for another form.
    """
    check_format("feed", form, FORMS)
    with store.reading() as connection:
        head = read_head(connection).position
        if not listed.has_chronicle(connection, head, chronicle):
            known = listed.chronicles(connection, head)
            raise UnknownError(f"there is no chronicle {shown(chronicle)}{near(chronicle, known)}")
        if number is not None and not 1 <= number <= full_pages(head):
            raise UnknownError(f"the feed has {full_pages(head)} full pages, and no page {number} of these")
        page = _page(connection, chronicle, number, head)
    return FORMS[form](page, Addresses(base.rstrip("/"), chronicle, form))


def _page(connection: Any, chronicle: str, number: int | None, head: int) -> FeedPage:
    after, last = span_of(number, head)
    records = read.records_after(connection, after, 2 * PAGE, until=last, chronicle=chronicle)
    told: dict[DocumentId, Record | Gone] = {}
    for one in records:
        gone = _gone(connection, one)
        id_ = gone.event if gone else one.header.id
        if gone or isinstance(one.document, Event):
            told.pop((chronicle, "event", id_), None)
            told[chronicle, "event", id_] = gone or one
    events = [one for one in told.values() if isinstance(one, Record)]
    return FeedPage(
        Selection(
            chronicle,
            read.recorded_at(connection, last),
            tuple(events),
            _cited(connection, chronicle, events, last),
        ),
        tuple(one for one in told.values() if isinstance(one, Gone)),
        {(chronicle, "event", one.header.id): _published(connection, one) for one in events},
        number,
        _before(connection, chronicle, after),
    )


def _gone(connection: Any, record: Record) -> Gone | None:
    """What a record says is withdrawn; None where it says nothing of the kind."""
    header, document = record.header, record.document
    if isinstance(document, Redaction) and document.of == "event":
        return Gone(header.chronicle, header.id, header.recorded, f"redacted: {document.reason}")
    if header.kind != "event":
        return None
    if isinstance(document, Retraction):
        why = f"retracted: {document.note}" if document.note else "retracted"
        return Gone(header.chronicle, header.id, header.recorded, why)
    if isinstance(document, Redacted):
        when = read.recorded_at(connection, document.redaction)
        return Gone(header.chronicle, header.id, when, f"redacted: {document.reason}")
    return None


def _published(connection: Any, record: Record) -> int:
    """The microsecond at which the first version was recorded."""
    is_first = record.first == record.position
    return record.header.recorded if is_first else read.recorded_at(connection, record.first)


def _cited(connection: Any, chronicle: str, events: list[Record], last: int) -> dict[DocumentId, Any]:
    """The sources of events and the chronicle, as they stood at the end of the page."""
    documents = [one.document for one in events]
    names = {citation.source for one in documents if isinstance(one, Event) for citation in one.sources}
    found = read.latest_of(connection, last, "source", {(chronicle, name) for name in names})
    found += read.latest_of(connection, last, "chronicle", {(chronicle, chronicle)})
    return {(one.header.chronicle, one.header.kind, one.header.id): one.document for one in found}


def _before(connection: Any, chronicle: str, after: int) -> int | None:
    """The nearest full page up to a position that has a record of the chronicle."""
    last = read.last_of(connection, chronicle, after)
    return None if last is None else (last - 1) // PAGE + 1
