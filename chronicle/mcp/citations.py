"""What an answer rests on: the events it names, each with its sources, so that an assistant can cite them."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.errors import UnknownError
from chronicle.event.canonical import to_plain
from chronicle.event.model import Event, Redacted, Source
from chronicle.service import Archive
from chronicle.state.answer import Basis

EventId = tuple[str, str]
"""A chronicle, and the id of an event in it."""


def citations(archive: Archive, basis: Basis, events: Iterable[EventId]) -> list[dict[str, object]]:
    """One object for each event, in the order in which they are first named: its title, when it occurred, its sources.

    Each source has what its publication is called, by whom and when it was published and where it is, together with the
    locator and the quote of the citation. Events are read as they stood at the basis; what is redacted says so.
    """
    publications: dict[EventId, dict[str, object]] = {}
    found = []
    for chronicle, id_ in dict.fromkeys(events):
        document = latest(archive, chronicle, "event", id_, position=basis.position, known=basis.known, zone=basis.zone)
        cited: dict[str, object] = {"chronicle": chronicle, "event": id_}
        if isinstance(document, Event):
            named = {(one.source, one.locator, one.quote): one for one in document.sources}
            named |= {(one.source, one.locator, one.quote): one for fact in document.facts for one in fact.sources}
            for one in named.values():
                if (chronicle, one.source) not in publications:
                    publications[chronicle, one.source] = _publication(archive, basis, chronicle, one.source)
            cited |= {
                "title": document.title,
                "occurred": document.occurred,
                "sources": [{**to_plain(one), **publications[chronicle, one.source]} for one in named.values()],
            }
        elif isinstance(document, Redacted):
            cited["redacted"] = document.reason
        found.append(cited)
    return found


def _publication(archive: Archive, basis: Basis, chronicle: str, source: str) -> dict[str, object]:
    document = latest(archive, chronicle, "source", source, position=basis.position)
    if isinstance(document, Redacted):
        return {"redacted": document.reason}
    assert isinstance(document, Source), "a source that is cited is there"
    told = {name: getattr(document, name) for name in ("title", "author", "publisher", "published", "url", "language")}
    return {name: one for name, one in told.items() if one is not None}


def latest(
    archive: Archive,
    chronicle: str,
    kind: str,
    id: str,  # noqa: A002
    *,
    position: int | None = None,
    known: str | None = None,
    zone: str = "UTC",
) -> object:
    """The document of an id at its latest version within the bounds; None if there is none."""
    try:
        versions = archive.show(id, chronicle=chronicle, position=position, known=known, zone=zone)
    except UnknownError:
        return None
    return next((one.document for one in reversed(versions) if one.header.kind == kind), None)
