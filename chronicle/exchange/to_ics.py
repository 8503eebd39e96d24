"""Events as an iCalendar file (RFC 5545, with the NAME of RFC 7986).

A calendar can say only days, so only events whose days are certain are in it: whole days, or an instant. The UID is the
same for all versions of an event, SEQUENCE counts them, and DTSTAMP is when the log learned this one. STATUS says what
was planned, and what of that was cancelled.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS

_DAY_UNCERTAIN = "no certain day is known"
_FIRST_YEAR = "a calendar holds the years 1 to 9999 only"
_STATUSES = {"happened": "CONFIRMED", "planned": "TENTATIVE", "cancelled": "CANCELLED"}
_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def to_ics(selection: Selection) -> Export:
    """A calendar of the events that have certain days; the others are left out."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Chronicle//chronicle export//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("NAME", selection.title)
    calendar.add("X-WR-CALNAME", selection.title)  # what clients read that do not know NAME
    left_out = []
    for told in selection.events:
        entry = Event()
        reason = _place(entry, When.parse(told.event.occurred))
        if reason is None:
            _describe(entry, selection, told)
            calendar.add_component(entry)
        else:
            left_out.append((told.id, reason))
    return Export((calendar.to_ical(),), tuple(left_out))


def _place(entry: Event, when: When) -> str | None:
    """Give an entry its start, and the end of whole days, which is the day after; the reason if it can have none."""
    sides = (when.start, when.end)
    certain = when.is_definite and all(side.precision in ("day", "second") for side in sides)
    if not certain or when.strict_lo is None or when.strict_hi is None:
        return _DAY_UNCERTAIN
    first, last = when.strict_lo // DAY_SECONDS, (when.strict_hi - 1) // DAY_SECONDS
    if not (first >= _FIRST and last < _LAST):
        return _FIRST_YEAR
    if when.kind == "datetime":
        # An instant; one that is written without an offset is in UTC, as everywhere.
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=when.strict_lo)
        entry.add("DTSTART", instant)
    else:
        entry.add("DTSTART", _EPOCH + timedelta(days=first))
        entry.add("DTEND", _EPOCH + timedelta(days=last + 1))
    return None


def _describe(entry: Event, selection: Selection, told: Told) -> None:
    event, header = told.event, told.record.header
    entry.add("UID", f"{told.chronicle}/{event.id}@chronicle.invalid")
    recorded = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=header.recorded // 1_000_000)
    entry.add("DTSTAMP", recorded)
    entry.add("LAST-MODIFIED", recorded)
    entry.add("SEQUENCE", header.version - 1)
    entry.add("STATUS", _STATUSES[selection.statuses.get(told.id, "happened")])
    entry.add("SUMMARY", event.title)
    entry.add("TRANSP", "TRANSPARENT")
    if description := "\n\n".join(filter(None, (event.summary, selection.credits(told)))):
        entry.add("DESCRIPTION", description)
    if event.tags:
        entry.add("CATEGORIES", event.tags)
    urls = [selection.source(told, citation).url for citation in event.sources]
    if url := next(filter(None, urls), None):
        entry.add("URL", url)
