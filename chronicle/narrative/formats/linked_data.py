"""What a page tells machines about itself: JSON-LD in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from chronicle.narrative.document import Document, Entry
from chronicle.narrative.formats.dates import machine_date
from chronicle.narrative.formats.levels import levelled
from chronicle.narrative.inert import plain, web_address


def linked_data(document: Document) -> Markup:
    """The report, the events it tells and the sources it cites, fit for a script element, which it cannot end."""
    described = {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": plain(document.title),
        "description": " ".join(plain(one.text) for paragraph in document.description for one in paragraph.sentences),
        "inLanguage": document.lang,
        "abstract": plain(document.told.text),
        "mentions": list(_events(document)),
        "citation": list(_sources(document)),
    }
    text = msgspec.json.encode({name: value for name, value in described.items() if value}).decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - JSON whose signs of markup are escapes


def _events(document: Document) -> Iterator[dict[str, str]]:
    for section, _ in levelled(document.sections, 1):
        for block in section.blocks:
            if isinstance(block, Entry):
                date = machine_date(block.date.when)
                event = {"@type": "Event", "@id": f"#event-{block.event}", "name": plain(block.title.text)}
                yield event if date is None else {**event, "startDate": date}


def _sources(document: Document) -> Iterator[dict[str, str]]:
    for note in document.notes:
        cited = {"@type": "CreativeWork", "@id": f"#note-{note.number}", "name": plain(note.text.text)}
        urls = [url for run in note.text.runs if run.href and (url := web_address(run.href))]
        yield {**cited, "url": urls[0]} if urls else cited
