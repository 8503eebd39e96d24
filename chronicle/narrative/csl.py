"""The bibliography of a report as CSL-JSON 1.0.2, which Zotero, pandoc and every citation processor read.

A date has as many parts as are known. What CSL cannot say in parts (`199X`, `[..2026]`) is said in words, as a literal.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chronicle.event.model import Source
from chronicle.narrative.document import Document, Note
from chronicle.narrative.inert import plain
from chronicle.when import When

_SEASONS = {"21": 1, "22": 2, "23": 3, "24": 4}
_PARTS = {"year": 1, "month": 2, "day": 3, "second": 3}


def csl(document: Document, sources: Mapping[str, Source]) -> bytes:
    """The sources that a document cites, in the order of its notes; a JSON array, empty if none is cited."""
    items = [_item(note, sources.get(note.source)) for note in document.notes]
    return msgspec.json.format(msgspec.json.encode(items), indent=2) + b"\n"


def _item(note: Note, source: Source | None) -> dict[str, object]:
    item: dict[str, object] = {"id": note.source, "type": "document", "citation-number": note.number}
    quotes = "; ".join(plain(quote.text) for quote in note.quotes)
    if source is None:
        return {**item, "title": note.source, **({"note": quotes} if quotes else {})}
    url, publisher = plain(source.url or ""), plain(source.publisher or "")
    said = {
        "type": "webpage" if url else "document",
        "title": plain(source.title),
        "author": [{"literal": plain(source.author)}] if source.author else None,
        # What a page is part of is its site; a document that is no page has none.
        "container-title" if url else "publisher": publisher,
        "issued": issued(source.published) if source.published else None,
        "URL": url,
        "language": source.language,
        "note": quotes,
    }
    return {**item, **{name: given for name, given in said.items() if given}}


def issued(edtf: str) -> dict[str, object]:
    """A date as CSL has it: parts down to what is known, two for an interval, `circa` where it is qualified at all."""
    when = When.parse(edtf)
    season = when.edtf.rstrip("~?%")[-2:] if when.kind == "date" and when.precision == "season" else ""
    circa = {} if when.qualifier is None else {"circa": True}
    if season in _SEASONS and len(when.edtf.rstrip("~?%")) == len("2001-21"):
        return {"date-parts": [[int(when.edtf[:4])]], "season": _SEASONS[season], **circa}
    sides = [when.start, when.end] if when.kind == "interval" else [when]
    parts = [_parts(side) for side in sides]
    if any(not part for part in parts):
        return {"literal": when.phrase()}
    return {"date-parts": parts, **circa}


def _parts(when: When) -> list[int]:
    """Year, month and day as far as they are known; none of what is open, unknown, masked, or no year, month or day."""
    if when.kind not in ("date", "datetime") or when.precision not in _PARTS or "X" in when.edtf or "S" in when.edtf:
        return []
    year, month, day = when.earliest.rsplit("-", 2)
    return [int(year), int(month), int(day)][: _PARTS[when.precision]]
