"""iCalendar files (RFC 5545): each VEVENT an event; tasks, journals, free/busy times and alarms are counted and left.

A whole day stays a day and whole days an interval; the end of RFC 5545 is the day after, ours is the last one. A time
of day becomes an instant with its offset, found through zoneinfo or the file's own VTIMEZONE. A time without a zone is
no instant, so its day is kept; so are the days of what lasts for days. Of what repeats, the first time is taken.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from icalendar import Calendar, Component

from chronicle.errors import InputError, shown
from chronicle.exchange.intake import Intake, Plain
from chronicle.exchange.prose import one_line, plain_text, tidy
from chronicle.exchange.web import web_address

_PASSED_OVER = ("VTODO", "VJOURNAL", "VFREEBUSY", "VALARM", "VAVAILABILITY")
_DEEPEST = 8
_MOST_RULES = 100
_FOLD = re.compile(r"(?:\r?\n)+[ \t]")
_YEARLY = re.compile(
    r"FREQ=YEARLY(?:;(?:(?:BYMONTH|BYHOUR|BYMINUTE|BYSECOND|COUNT|INTERVAL)=\d+|BYDAY=[+-]?\d?[A-Z]{2}|WKST=[A-Z]{2}"
    r"|UNTIL=\w+|BYMONTHDAY=-?\d+(?:,-?\d+){0,6}))*",
    re.IGNORECASE,
)
"""The rules that time zones have: once a year, or on a weekday among at most seven days."""
_HTML = re.compile(r"<(?:br|p|div|a|b|i|u|span|ul|ol|li|html)\b[^>]*>", re.IGNORECASE)


def from_ics(text: str, intake: Intake) -> None:
    """Take the events of every calendar in the text, and each calendar that has a name as a source."""
    lines = _checked(text, intake.file)
    try:
        with warnings.catch_warnings(record=True) as guesses:
            warnings.simplefilter("always")
            # Bytes: what is text without a line end would be taken for the path of a file.
            calendars = Calendar.from_ical(text.encode(), multiple=True)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise InputError(f"{intake.file}: is no iCalendar file: {shown(str(error), 200)}") from None
    for guess in dict.fromkeys(str(one.message) for one in guesses):
        intake.remark(0, "guess", shown(guess, 300))
    passed = Counter(name for calendar in calendars for name in _names(calendar) if name in _PASSED_OVER)
    for name, count in sorted(passed.items()):
        intake.remark(0, "component", f"{count} {name} left out: only events are taken")
    for calendar in calendars:
        source = _calendar_source(calendar, intake)
        for component in calendar.walk("VEVENT"):
            _event(component, next(lines, 0), source, intake)


def _checked(text: str, file: str) -> Iterator[int]:
    """The lines on which events begin, in order. Raises InputError for what would cost too much to read."""
    numbers: list[int] = []
    within: list[str] = []
    at, rules = 1, 0
    for line in _unfolded(text):
        name, _, value = line.partition(":")
        match name.strip().upper().partition(";")[0]:
            case "BEGIN":
                within.append(value.strip().upper())
                if within[-1] == "VEVENT":
                    numbers.append(at)
            case "END" if within:
                within.pop()
            case "RRULE" if "VTIMEZONE" in within:
                rules += 1
                rule = _FOLD.sub("", value).strip().upper()
                if not _YEARLY.fullmatch(rule) or ("BYDAY" in rule and "BYMONTH=" not in rule):
                    raise InputError(f"{file}:{at}: is a rule that no time zone has, and is not followed")
        if len(within) > _DEEPEST or rules > _MOST_RULES:
            raise InputError(f"{file}:{at}: has components in one another, or rules of time zones, without end")
        at += line.count("\n") + 1
    if not numbers and "BEGIN:VCALENDAR" not in text.upper():
        raise InputError(f"{file}: is no iCalendar file: it has no BEGIN:VCALENDAR")
    return iter(numbers)


def _unfolded(text: str) -> Iterator[str]:
    """Content lines, each with the line ends that folded it still in it."""
    start = 0
    for found in re.finditer(r"\n(?![ \t])(?!\r?\n(?:\r?\n)*[ \t])", text):
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def _names(component: Component) -> Iterator[str]:
    return (str(one.name) for one in component.walk())


def _calendar_source(calendar: Component, intake: Intake) -> str | None:
    """The calendar as a source, by the name it has; None if it has none."""
    title = next((one_line(str(calendar[name])) for name in ("NAME", "X-WR-CALNAME") if name in calendar), "")
    addresses = (web_address(str(calendar[name])) for name in ("SOURCE", "URL", "X-SOURCE-URL") if name in calendar)
    url = next(filter(None, addresses), "")
    return intake.source(1, title=title or url, url=url) if title or url else None


def _event(component: Component, line: int, source: str | None, intake: Intake) -> None:
    title = _text(component, "SUMMARY", one_line)
    called = title or _text(component, "UID", one_line) or "an event without a name"
    if _text(component, "STATUS", one_line).upper() == "CANCELLED":
        intake.remark(line, "cancelled", f"{called}: is cancelled, so it did not happen: left out")
        return
    if not title:
        title = _text(component, "DESCRIPTION", _described).partition("\n")[0][:120].strip()
    if not title:
        intake.refuse(line, "title", f"{called}: has neither a SUMMARY nor a DESCRIPTION to take a title from")
        return
    try:
        dated = _dated(component)
    except (ValueError, OverflowError) as error:
        intake.refuse(line, "date", f"{called}: {error}")
        return
    told = list(dated.told)
    if dated.lost:
        intake.remark(line, "time-of-day", f"{title}: {dated.lost}")
    if rules := [name for name in ("RRULE", "RDATE") if name in component]:
        intake.remark(line, "repeats", f"{title}: repeats ({' and '.join(rules)}): only the first time is taken")
        told += [f"Repeats: {rule}" for rule in map(_rule, _listed(component, "RRULE")) if rule]
    if place := _text(component, "LOCATION", one_line):
        told.append(f"Place: {place}")
    event: Plain = {
        "id": intake.ids.take(title, dated.occurred),
        "type": "event",
        "occurred": dated.occurred,
        "title": title,
        "summary": "\n\n".join(filter(None, (_text(component, "DESCRIPTION", _described), *told))),
        "tags": _categories(component),
        "sources": [{"source": one} for one in (_page(component, title, line, intake) or source,) if one],
    }
    intake.take("event", event, line)


class _Dated(NamedTuple):
    """A date as EDTF, what it cannot say and the summary should, and what is lost by that if anything is."""

    occurred: str
    told: tuple[str, ...] = ()
    lost: str = ""


def _dated(component: Component) -> _Dated:
    """When an event is. Raises ValueError saying what is missing or wrong."""
    start, end = _moment(component, "DTSTART"), _moment(component, "DTEND")
    if start is None:
        raise ValueError("has no DTSTART")
    if end is None and "DURATION" in component:
        lasts = getattr(component["DURATION"], "td", None)
        if lasts is None:
            raise ValueError("has a DURATION that cannot be read")
        end = start + lasts
    if isinstance(start, datetime):
        return _of_time(start, end)
    last = start if end is None else end.date() if isinstance(end, datetime) else end - timedelta(days=1)
    if end is not None and last < start - timedelta(days=1):
        raise ValueError("ends before it begins")
    # An end on the very day of the start, as if it were the last day, is often written.
    return _Dated(f"{start.isoformat()}/{last.isoformat()}" if last > start else start.isoformat())


def _of_time(start: datetime, end: date | None) -> _Dated:
    last = end if isinstance(end, datetime) or end is None else datetime.combine(end, start.timetz())
    if last is not None and (last.tzinfo is None) != (start.tzinfo is None):
        raise ValueError("has a zone at one end only")
    if last is not None and last < start:
        raise ValueError("ends before it begins")
    if last is not None and last - start > timedelta(days=1):
        days = f"{start.date().isoformat()}/{last.date().isoformat()}"
        told = f"From {_instant(start)} to {_instant(last)}"
        return _Dated(days, (told,), "lasts for days, so its times of day are left to the summary")
    until = (f"Until {_instant(last)}",) if last is not None and last > start else ()
    if start.tzinfo is None:
        told = f"Local time: {_instant(start)}"
        return _Dated(
            start.date().isoformat(), (told, *until), "its time of day is in no zone, so only the day is taken"
        )
    return _Dated(_instant(start), until)


def _instant(moment: datetime) -> str:
    """To the second, with Z or an offset of hours and minutes; of older, odder offsets the same instant in UTC."""
    offset = moment.utcoffset()
    if offset is not None and offset.total_seconds() % 60:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(component: Component, name: str) -> date | None:
    """The date or date-time of a property; None if it is not there. Raises ValueError if it is twice or broken."""
    found = _listed(component, name)
    if len(found) > 1:
        raise ValueError(f"has {len(found)} {name}: keep one")
    if not found:
        broken = next((str(error) for field, error in component.errors if field == name), None)
        if broken is not None:
            raise ValueError(f"{name} cannot be read: {shown(broken, 100)}")
        return None
    moment = getattr(found[0], "dt", None)
    if not isinstance(moment, date):
        raise ValueError(f"{name} is no date: {shown(str(found[0]))}")
    return moment


def _listed(component: Component, name: str) -> list[object]:
    found = component.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def _rule(rule: object) -> str:
    to_ical = getattr(rule, "to_ical", None)
    return one_line(to_ical().decode("utf-8", "replace")) if to_ical is not None else ""


def _text(component: Component, name: str, read: Callable[[str], str]) -> str:
    """The first value of a text property, as `read` reads it; empty if there is none."""
    found = _listed(component, name)
    return read(str(found[0])) if found else ""


def _described(text: str) -> str:
    """A description, which calendars on the web write in HTML."""
    return plain_text(text) if _HTML.search(text) else tidy(text)


def _categories(component: Component) -> list[str]:
    found = (category for one in _listed(component, "CATEGORIES") for category in getattr(one, "cats", ()))
    return list(dict.fromkeys(filter(None, (one_line(str(category)) for category in found))))


def _page(component: Component, title: str, line: int, intake: Intake) -> str | None:
    """The page of the event as a source."""
    url = web_address(_text(component, "URL", str))
    return intake.source(line, title=title, url=url) if url else None
