"""Events as TimelineJS3 JSON (https://timeline.knightlab.com/docs/json-format.html).

TimelineJS wants a date for the place of a slide, and shows it as exact. So the parts of a date go down only to what is
known, a span that is one date to us has a start and an end, and what is read is our own phrase, as `display_date`.
Events of type `era` that have both ends become eras. All text there is HTML: ours is escaped.
"""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec

from chronicle.event.model import Citation, Source
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When

ERA = "era"
LAST_JAVASCRIPT_YEAR = 271_821
"""Dates of JavaScript end in the year 275760 and begin in -271821; beyond, TimelineJS counts whole years."""

_FINE = {"day": 3, "second": 3, "month": 2, "season": 2, "quarter": 2, "third": 2, "half": 2}
"""How many of year, month and day are known of a date of some precision; of all others the year."""

_OF_THEIR_OWN = ("year", "month", "day", "second")
"""Precisions that TimelineJS knows, so that a start says all."""

Slide = dict[str, Any]


def to_timelinejs(selection: Selection) -> Export:
    """A timeline with a title; an event without any date cannot be placed and is left out."""
    slides, eras, left_out, furthest = [], [], [], 0
    for told in selection.events:
        dates = _dates(When.parse(told.event.occurred))
        if not dates:
            left_out.append((told.id, "has neither a start nor an end to place it by"))
            continue
        furthest = max(furthest, *(abs(date["year"]) for date in dates.values()))
        if told.event.type == ERA and "end_date" in dates:
            eras.append({**dates, "text": {"headline": escape(told.event.title)}})
        else:
            slides.append({**dates, **_slide(selection, told)})
    timeline: dict[str, Any] = {"title": {"text": {"headline": escape(selection.title)}}, "events": slides}
    about = selection.about(selection.chronicle).description if selection.chronicle else None
    if about:
        timeline["title"]["text"]["text"] = _paragraphs(about)
    if eras:
        timeline["eras"] = eras
    if furthest >= LAST_JAVASCRIPT_YEAR:
        timeline["scale"] = "cosmological"
    return Export((msgspec.json.format(msgspec.json.encode(timeline), indent=2) + b"\n",), tuple(left_out))


def _dates(when: When) -> dict[str, dict[str, int]]:
    """`start_date`, and `end_date` where the date is more than one unit that TimelineJS knows."""
    start = _parts(when.start, when.start.earliest)
    end = _parts(when.end, when.end.latest)
    if not start or not end:
        known = start or end
        return {"start_date": known} if known else {}
    alone = when.kind in ("date", "datetime") and when.precision in _OF_THEIR_OWN
    return {"start_date": start} if alone or start == end else {"start_date": start, "end_date": end}


def _parts(when: When, day: str) -> dict[str, int]:
    """The parts of a day that are known of a date; none where there is no day."""
    if day in ("", ".."):
        return {}
    known = _FINE.get(when.precision, 1)
    year, month, of_month = day[:-6], day[-5:-3], day[-2:]
    parts = dict(zip(("year", "month", "day"), map(int, (year, month, of_month)[:known]), strict=False))
    if when.kind == "datetime":
        clock = when.edtf[when.edtf.index("T") + 1 :]
        parts |= zip(("hour", "minute", "second"), map(int, clock[:8].split(":")), strict=True)
    return parts


def _slide(selection: Selection, told: Told) -> Slide:
    event = told.event
    text = {"headline": escape(event.title)}
    if body := _paragraphs(event.summary or "") + _credits(selection, told):
        text["text"] = body
    return {
        "unique_id": event.id if selection.chronicle else f"{told.chronicle}/{event.id}",
        "display_date": escape(When.parse(event.occurred).phrase()),
        "group": event.type.partition(".")[0],
        "text": text,
        **_media(selection, told),
    }


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())


def _credits(selection: Selection, told: Told) -> str:
    """One list item for each citation of the event."""
    items = [_credit(selection.source(told, citation), citation) for citation in told.event.sources]
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _credit(source: Source, citation: Citation) -> str:
    title = escape(source.title)
    if _is_web(source.url):
        title = f'<a href="{escape(source.url or "")}" rel="noopener">{title}</a>'
    return ", ".join(filter(None, (title, escape(source.publisher or ""), escape(citation.locator or ""))))


def _media(selection: Selection, told: Told) -> Slide:
    """The first cited page that is on the web, which TimelineJS shows as a card."""
    for citation in told.event.sources:
        source = selection.source(told, citation)
        if _is_web(source.url):
            credit = ", ".join(filter(None, (source.author, source.publisher)))
            media = {"url": source.url, "caption": escape(source.title), "credit": escape(credit)}
            return {"media": {name: text for name, text in media.items() if text}}
    return {}


def _is_web(url: str | None) -> bool:
    return url is not None and url.lower().startswith(("http://", "https://"))
