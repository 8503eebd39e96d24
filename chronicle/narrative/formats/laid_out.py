"""A document as the layout of a PDF reads it: one line of headings and blocks, as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
    Note,
    Paragraph,
    Run,
    Section,
    Sentence,
    Table,
    Timeline,
)
from chronicle.narrative.formats.citing import shown
from chronicle.narrative.formats.drawn import printed
from chronicle.narrative.formats.runs import merged
from chronicle.narrative.formats.words import mark_text, status_word, words, working_text
from chronicle.narrative.inert import plain, web_address

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

_WIDE = 24
"""From how many characters on a column is wide: it may wrap, and others keep their width."""

Piece = dict[str, Any]
"""A heading or a block of the flow, with its `level`."""


class Layout:
    """The document as the layout reads it. Marks are footnotes; within an entry each is set once.

    Of a `long` document they stand in brackets, since footnotes would take most of the time to set, and addresses
    within it are written as those of the web are (`#note-1`): it is set in parts, which know nothing of each other.
    Those of a brief stand in brackets to keep it to its page.
    """

    def __init__(self, document: Document, *, long: bool) -> None:
        self._in_brackets = long or document.kind == "brief"
        self._document = document
        self._said = words(document)
        self._sources = {note.number: _short(note) for note in document.notes}
        self._events = {
            block.event for section in _all(document.sections) for block in section.blocks if isinstance(block, Entry)
        }
        self._long = long
        self._footnotes = 0
        self._here: dict[tuple[object, ...], str] = {}

    def head(self) -> Piece:
        """What stands before the flow, and what is said of the document as a whole."""
        document = self._document
        return {
            "title": plain(document.title),
            "title-lang": document.title_lang or document.lang,
            "lang": document.lang,
            "date": _day(document.basis.get("as_of")),
            "description": [self._sentences(one.sentences) for one in document.description],
            "told": self._sentence(document.told),
            "is-brief": document.kind == "brief",
        }

    def flow(self) -> Iterator[Piece]:
        """Everything else in the order of the text: the sections, the notes, the colophon."""
        document = self._document
        for section in document.sections:
            yield from self._section(section, 1)
        yield _heading("notes", plain(document.notes_heading), 1)
        if not document.notes:
            yield {"block": "plain", "level": 2, "text": self._said("No source is cited.")}
        yield from (self._note(one) for one in document.notes)
        yield _heading("colophon", plain(document.colophon_heading), 1)
        yield {
            "block": "colophon",
            "level": 2,
            "note": plain(document.colophon_note),
            "pairs": [[plain(name), plain(text)] for name, text in document.colophon],
        }

    def _section(self, section: Section, level: int) -> Iterator[Piece]:
        yield _heading(f"section-{section.id}", plain(section.heading), level)
        for block in section.blocks:
            yield {**self._apart(block), "level": level + 1}
        for one in section.sections:
            yield from self._section(one, level + 1)

    def _apart(self, block: Block) -> Piece:
        """A block that repeats the footnotes of no other."""
        self._here.clear()
        return self._block(block)

    def _block(self, block: Block) -> Piece:
        match block:
            case Paragraph():
                return {"block": "paragraph", "sentences": self._paragraph(block.sentences)}
            case Listing():
                return {"block": "listing", "lead": self._sentence(block.lead), "items": self._sentences(block.items)}
            case Table():
                return {"block": "table", **self._table(block)}
            case Chart() | Timeline():
                said = {"caption": plain(block.caption), "alt": plain(block.alt)}
                svg = printed(block, self._document.lang)
                table = None if self._is_repeated(block) else self._table(block.table)
                return {"block": "picture", **said, "svg": svg, "table": table}
            case Entry():
                return {
                    "block": "entry",
                    "label": f"event-{block.event}",
                    "title": self._sentence(block.title),
                    "date": self._runs([block.date]),
                    "status": status_word(block.status, self._said),
                    "blocks": [self._block(one) for one in block.blocks],
                }

    def _is_repeated(self, block: Chart | Timeline) -> bool:
        """Whether the table of a picture would only say again, page after page, what the entries say."""
        return (
            self._long
            and isinstance(block, Timeline)
            and all(item.event in self._events for lane in block.lanes for item in lane.items)
        )

    def _table(self, table: Table) -> Piece:
        rows = [self._sentences(row) for row in table.rows]
        lengths = [
            max((sum(len(run["text"]) for run in row[column]["runs"]) for row in rows), default=0)
            for column in range(len(table.columns))
        ]
        return {
            "caption": plain(table.caption) if table.caption else None,
            "columns": [plain(one) for one in table.columns],
            "widths": [min(length, 3 * _WIDE) if length > _WIDE else None for length in lengths],
            "numeric": list(table.numeric),
            "rows": rows,
        }

    def _note(self, note: Note) -> Piece:
        return {
            "block": "note",
            "level": 2,
            "label": f"note-{note.number}",
            "number": note.number,
            "text": self._sentence(note.text),
            "quotes": self._sentences(note.quotes),
        }

    def _paragraph(self, sentences: tuple[Sentence, ...]) -> list[Piece]:
        """The sentences, or one of all their runs where there are many to set."""
        said = [one.sentence for one in shown(sentences)]
        if not self._in_brackets:
            return self._sentences(said)
        return [{"runs": _joined(run for one in said for run in (*self._bracketed(one), _text(" ")))}]

    def _bracketed(self, sentence: Sentence) -> list[Piece]:
        """The runs of a sentence, and in brackets its marks, each a link to its note."""
        runs = self._runs(sentence.runs)
        marks = [
            {**_text(mark_text(mark, self._said)), **self._within(f"note-{mark.number}")} for mark in sentence.marks
        ]
        if sentence.working is not None:
            marks.append(_text(working_text(sentence.working, self._said)))
        for before, mark in zip((" [", *(self._said("; ") for _ in marks[1:])), marks, strict=False):
            runs += [_text(before), mark]
        return [*runs, _text("]")] if marks else runs

    def _sentences(self, sentences: Iterable[Sentence]) -> list[Piece]:
        return [self._sentence(one) for one in sentences]

    def _sentence(self, sentence: Sentence) -> Piece:
        if self._in_brackets:
            return {"runs": _joined(self._bracketed(sentence))}
        said: Piece = {"runs": self._runs(sentence.runs)}
        if not sentence.marks and sentence.working is None:
            return said
        key = (sentence.marks, sentence.working)
        if key in self._here:
            return {**said, "again": self._here[key]}
        self._footnotes += 1
        self._here[key] = f"mark-{self._footnotes}"
        notes: list[Piece] = [
            {"number": mark.number, "text": ", ".join([self._sources[mark.number], *map(plain, mark.locators)])}
            for mark in sentence.marks
        ]
        if sentence.working is not None:
            notes.append({"text": working_text(sentence.working, self._said)})
        return {**said, "note": notes, "label": self._here[key]}

    def _runs(self, runs: Iterable[Run]) -> list[Piece]:
        return _joined(self._run(run) for run in merged(runs))

    def _run(self, run: Run) -> Piece:
        said = _text(run.text, run.style)
        if run.lang is not None:
            said["lang"] = run.lang
        if run.href is not None:
            event = run.href.removeprefix("#event-")
            url = web_address(run.href)
            if url is not None:
                said["url"] = url
            elif event in self._events and run.href.startswith("#event-"):
                said |= self._within(f"event-{event}")
        return said

    def _within(self, label: str) -> Piece:
        """A link within the document."""
        return {"url": f"#{label}"} if self._long else {"to": label}


def _heading(label: str, text: str, level: int) -> Piece:
    return {"block": "heading", "label": label, "text": text, "level": level}


def _text(text: str, style: str = "plain") -> Piece:
    return {"text": text, "style": style}


def _joined(runs: Iterable[Piece]) -> list[Piece]:
    """The runs; neighbours that differ in their text alone are one."""
    found: list[Piece] = []
    for run in runs:
        if found and {**found[-1], "text": run["text"]} == run:
            found[-1] = {**run, "text": found[-1]["text"] + run["text"]}
        else:
            found.append(run)
    return found


def _all(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def sentences_in(document: Document) -> int:
    """How many sentences, items and cells there are to set."""
    return sum(_sentences_of(block) for section in _all(document.sections) for block in section.blocks)


def _sentences_of(block: Block) -> int:
    match block:
        case Paragraph():
            return len(block.sentences)
        case Listing():
            return 1 + len(block.items)
        case Table():
            return sum(map(len, block.rows))
        case Chart() | Timeline():
            return _sentences_of(block.table)
        case Entry():
            return 1 + sum(_sentences_of(one) for one in block.blocks)


def _short(note: Note) -> str:
    """A note up to its address, without its final stop."""
    said = takewhile(lambda run: web_address(run.text) is None, note.text.runs)
    return plain("".join(run.text for run in said)).rstrip(" .")


def _day(as_of: object) -> list[int] | None:
    found = _DAY.fullmatch(as_of) if isinstance(as_of, str) else None
    return [int(part) for part in found.groups()] if found else None
