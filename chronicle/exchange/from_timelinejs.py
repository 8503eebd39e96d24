"""TimelineJS files: its JSON, the older one of version 2, and the CSV of its spreadsheet template.

A slide's date is taken as precisely as its parts go. `display_date` is free text and not read: where there is one that
the date does not say, the summary keeps it, and a remark asks the curator to write the EDTF date for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chronicle.errors import InputError, WhenError, shown
from chronicle.event.fault import Path
from chronicle.exchange.from_csv import read_rows
from chronicle.exchange.intake import Intake
from chronicle.exchange.json_text import fields, items, read_json, text_of
from chronicle.exchange.prose import links, one_line, plain_text
from chronicle.exchange.web import web_address
from chronicle.when import When

Slide = dict[str, Any]
_PARTS = ("year", "month", "day", "hour", "minute", "second")


def from_timelinejs(text: str, intake: Intake) -> None:
    """Take the title as the chronicle, eras and slides as events, media credits as sources."""
    is_json = text.lstrip()[:1] in ("{", "[")
    title, slides = (_of_json if is_json else _of_csv)(text, intake)
    if title is not None:
        heading, description = _said(title)
        if heading:
            chronicle = {"kind": "chronicle", "id": intake.chronicle, "title": heading, "description": description}
            intake.take("chronicle", chronicle, 1)
    for line, type_, slide in slides:
        _slide(slide, type_, line, intake)


Slides = Iterator[tuple[int, str, Slide]]
"""Line, event type and slide."""


def _of_json(text: str, intake: Intake) -> tuple[Slide | None, Slides]:
    found, line_of = read_json(text, intake.file)
    top = fields(found)
    if "timeline" in top:
        old = fields(top["timeline"])
        title: Slide | None = _from_version_2(old)
        lists: list[tuple[str, Path, list[Any]]] = [
            ("event", ("timeline", "date"), items(old.get("date"))),
            ("era", ("timeline", "era"), items(old.get("era"))),
        ]
        read = _from_version_2
    else:
        title = fields(top.get("title")) or None
        lists = [("era", ("eras",), items(top.get("eras"))), ("event", ("events",), items(top.get("events")))]
        read = fields
    if title is None and not any(slides for _, _, slides in lists):
        raise InputError(f"{intake.file}: is no TimelineJS file: it has neither events nor a title")
    return title, (
        (line_of((*path, index)), type_, read(slide))
        for type_, path, slides in lists
        for index, slide in enumerate(slides)
    )


def _from_version_2(item: object) -> Slide:
    """A slide of version 2 (`startDate: "1963,8,9"`, `asset`) as one of version 3."""
    old = fields(item)
    asset = fields(old.get("asset"))
    return {
        **{
            new: _date_parts(text_of(old.get(name)))
            for name, new in (("startDate", "start_date"), ("endDate", "end_date"))
        },
        "text": {"headline": old.get("headline"), "text": old.get("text")},
        "media": {**asset, "url": asset.get("media")},
        "group": old.get("tag"),
        "display_date": old.get("displayDate"),
    }


def _date_parts(text: str) -> dict[str, str]:
    return dict(zip(_PARTS, (part.strip() for part in text.replace("/", ",").split(",")), strict=False)) if text else {}


def _of_csv(text: str, intake: Intake) -> tuple[Slide | None, Slides]:
    """The columns of the template: Year … End Time, Display Date, Headline, Text, Media …, Type, Group."""
    rows = list(read_rows(text, intake.file))
    if not rows or "headline" not in rows[0][1]:
        raise InputError(f"{intake.file}:1: is no TimelineJS file: expected JSON, or CSV with a column Headline")
    slides = [(line, row.get("type", "").lower() or "event", _from_row(row)) for line, row in rows]
    title = next((slide for _, type_, slide in slides if type_ == "title"), None)
    return title, (
        (line, "era" if type_ == "era" else "event", slide) for line, type_, slide in slides if type_ != "title"
    )


def _from_row(row: dict[str, str]) -> Slide:
    def date(prefix: str) -> dict[str, str]:
        clock = dict(zip(_PARTS[3:], row.get(f"{prefix}time", "").split(":"), strict=False))
        return {**{part: row.get(f"{prefix}{part}", "") for part in _PARTS[:3]}, **clock}

    return {
        "start_date": date(""),
        "end_date": date("end "),
        "display_date": row.get("display date"),
        "text": {"headline": row.get("headline"), "text": row.get("text")},
        "media": {name: row.get(f"media {name}".removesuffix(" url")) for name in ("url", "credit", "caption")},
        "group": row.get("group"),
    }


def _slide(slide: Slide, type_: str, line: int, intake: Intake) -> None:
    heading, summary = _said(slide)
    start, end = (_edtf(slide.get(name)) for name in ("start_date", "end_date"))
    if not start:
        intake.refuse(line, "date", f"{heading or 'a slide'}: has no start_date with a year")
        return
    occurred = start
    if end and end != start:
        occurred = "/".join(side.partition("T")[0] for side in (start, end))
    try:
        when = When.parse(occurred)
    except WhenError as error:
        intake.refuse(line, "date", f"{heading or 'a slide'}: {error}")
        return
    if "T" in start and when.kind == "interval":
        intake.remark(line, "time-of-day", f"{heading}: lasts, so its days are kept and the times of day left out")
    media = fields(slide.get("media"))
    if not heading:
        heading = (summary or one_line(plain_text(text_of(media.get("caption"))))).partition("\n")[0][:120].strip()
    if not heading:
        intake.refuse(line, "title", "a slide: has neither a headline nor a text to take a title from")
        return
    if displayed := _display_date(slide, when):
        summary = "\n\n".join(filter(None, (summary, f"Date as shown: {displayed}")))
        message = f"display_date {shown(displayed)} is kept in the summary: see whether occurred says it"
        intake.remark(line, "display-date", f"{heading}: {message}")
    if lost := links(text_of(fields(slide.get("text")).get("text"))):
        intake.remark(line, "links", f"{heading}: links in the text are left out: {', '.join(lost)}")
    group = one_line(plain_text(text_of(slide.get("group"))))
    own = text_of(slide.get("unique_id"))
    event = {
        "id": intake.ids.take(heading, occurred, own=own),
        "type": type_,
        "occurred": occurred,
        "title": heading,
        "summary": summary,
        "sources": _sources(media, heading, line, intake),
        "tags": [group] if group else [],
    }
    intake.take("event", event, line)


def _said(slide: Slide) -> tuple[str, str]:
    """Headline, on one line, and text."""
    text = fields(slide.get("text"))
    return one_line(plain_text(text_of(text.get("headline")))), plain_text(text_of(text.get("text")))


def _edtf(date: object) -> str:
    """The parts of a date as EDTF, down to where they end; empty without a year. Not all that comes out is a date."""
    given = fields(date)
    parts = [text_of(given.get(name)).strip() for name in _PARTS]
    known = next((index for index, part in enumerate(parts) if not part), len(parts))
    if not known:
        return ""
    year, *rest = parts[:known]
    sign, digits = ("-", year[1:]) if year.startswith("-") else ("", year)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 4:
        return f"Y{year}" if known == 1 or len(digits) > 4 else year
    days = "-".join((f"{sign}{digits:0>4}", *(f"{part:0>2}" for part in rest[:2])))
    clock = [f"{part:0>2}" for part in rest[2:]]
    # EDTF has times down to the second only; a time that is vaguer is told by its day.
    return f"{days}T{':'.join(clock)}" if len(clock) == 3 else days


def _display_date(slide: Slide, when: When) -> str:
    """What is shown in the place of the date, where it is not simply our phrase for it."""
    own = slide.get("display_date") or fields(slide.get("start_date")).get("display_date")
    displayed = one_line(plain_text(text_of(own)))
    return "" if displayed == when.phrase() else displayed


def _sources(media: Slide, heading: str, line: int, intake: Intake) -> list[dict[str, str]]:
    """The citation of what the slide shows, by its credit and its address; what is shown as text is the quote."""
    url, credit, caption = (text_of(media.get(name)).strip() for name in ("url", "credit", "caption"))
    is_markup = "<" in url
    address = web_address(next(iter(links(url)), "") if is_markup else url)
    quote = plain_text(url) if is_markup else ""
    said_by = one_line(plain_text(credit))
    title = one_line(plain_text(caption)) or said_by or address or one_line(quote)[:120].strip()
    if not title:
        if url:
            message = f"media {shown(url)} has no credit and no address on the web: left out"
            intake.remark(line, "media", f"{heading}: {message}")
        return []
    source = intake.source(line, title=title, publisher="" if said_by == title else said_by, url=address)
    return [] if source is None else [{"source": source, **({"quote": quote} if quote else {})}]
