"""A document as PDF, set by Typst: outline, links, footnotes, page numbers, and its own fonts.

The layout is `templates/report.typ`; what it lays out goes to it as JSON, so that no text is ever read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from chronicle.errors import MissingExtraError
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
from chronicle.narrative.formats.words import Words, mark_texts, status_word, words
from chronicle.narrative.inert import plain, web_address

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
MOST_FOOTNOTES = 1_000
"""With more than so many marks a report has them in brackets: footnotes would take most of the time to set."""

_WIDE = 24
"""From how many characters on a column is wide: it may wrap, and others keep their width."""


def write(document: Document) -> bytes:
    """The document as PDF. Raises MissingExtraError where Typst is not installed."""
    try:
        import typst  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise MissingExtraError("Reports as PDF", "pdf", "typst") from error
    data = msgspec.json.encode(_Layout(document, words(document)).report()).decode()
    compiler = typst.Compiler(_source(), ignore_system_fonts=True, sys_inputs={"document": data})
    made = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _source() -> bytes:
    return (files("chronicle.narrative") / "templates" / "report.typ").read_bytes()


class _Layout:
    """The document as the layout reads it. Marks are footnotes; within an entry each is set once."""

    def __init__(self, document: Document, said: Words) -> None:
        self._document = document
        self._said = said
        self._sources = {note.number: _short(note) for note in document.notes}
        self._events = {
            block.event for section in _all(document.sections) for block in section.blocks if isinstance(block, Entry)
        }
        self._in_brackets = _marks(document) > MOST_FOOTNOTES
        self._footnotes = 0
        self._here: dict[tuple[object, ...], str] = {}

    def report(self) -> dict[str, Any]:
        """Everything that is laid out, in the order of the text."""
        document = self._document
        return {
            "title": plain(document.title),
            "title-lang": document.title_lang or document.lang,
            "lang": document.lang,
            "date": _day(document.basis.get("as_of")),
            "description": [self._sentences(one.sentences) for one in document.description],
            "told": self._sentence(document.told),
            "sections": [self._section(one) for one in document.sections],
            "notes-heading": plain(document.notes_heading),
            "unsourced": self._said("No source is cited."),
            "notes": [self._note(one) for one in document.notes],
            "colophon-heading": plain(document.colophon_heading),
            "colophon-note": plain(document.colophon_note),
            "colophon": [[plain(name), plain(text)] for name, text in document.colophon],
        }

    def _section(self, section: Section) -> dict[str, Any]:
        return {
            "label": f"section-{section.id}",
            "heading": plain(section.heading),
            "blocks": [self._apart(one) for one in section.blocks],
            "sections": [self._section(one) for one in section.sections],
        }

    def _apart(self, block: Block) -> dict[str, Any]:
        """A block that repeats the footnotes of no other."""
        self._here.clear()
        return self._block(block)

    def _block(self, block: Block) -> dict[str, Any]:
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
                return {"block": "picture", **said, "svg": svg, "table": self._table(block.table)}
            case Entry():
                return {
                    "block": "entry",
                    "label": f"event-{block.event}",
                    "title": self._sentence(block.title),
                    "date": self._runs([block.date]),
                    "status": status_word(block.status, self._said),
                    "blocks": [self._block(one) for one in block.blocks],
                }

    def _table(self, table: Table) -> dict[str, Any]:
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

    def _note(self, note: Note) -> dict[str, Any]:
        return {
            "number": note.number,
            "text": self._sentence(note.text),
            "quotes": self._sentences(note.quotes),
        }

    def _paragraph(self, sentences: tuple[Sentence, ...]) -> list[dict[str, Any]]:
        """The sentences, or one of all their runs where there are many to set."""
        said = [one.sentence for one in shown(sentences)]
        if not self._in_brackets:
            return self._sentences(said)
        spaced = ((Run(" "), *self._bracketed(one)) for one in said)
        return [{"runs": self._runs(run for runs in spaced for run in runs)}]

    def _bracketed(self, sentence: Sentence) -> tuple[Run, ...]:
        marks = mark_texts(sentence, self._said)
        return (*sentence.runs, Run(f" [{'; '.join(marks)}]")) if marks else sentence.runs

    def _sentences(self, sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
        return [self._sentence(one) for one in sentences]

    def _sentence(self, sentence: Sentence) -> dict[str, Any]:
        if self._in_brackets:
            return {"runs": self._runs(self._bracketed(sentence))}
        said: dict[str, Any] = {"runs": self._runs(sentence.runs)}
        if not sentence.marks and sentence.working is None:
            return said
        key = (sentence.marks, sentence.working)
        if key in self._here:
            return {**said, "again": self._here[key]}
        self._footnotes += 1
        self._here[key] = f"mark-{self._footnotes}"
        notes: list[dict[str, Any]] = [
            {"number": mark.number, "text": ", ".join([self._sources[mark.number], *map(plain, mark.locators)])}
            for mark in sentence.marks
        ]
        if sentence.working is not None:
            notes.append({"text": f"{self._said('computed')}: {plain(sentence.working)}"})
        return {**said, "note": notes, "label": self._here[key]}

    def _runs(self, runs: Iterable[Run]) -> list[dict[str, str]]:
        return [self._run(run) for run in merged(runs)]

    def _run(self, run: Run) -> dict[str, str]:
        said = {"text": run.text, "style": run.style}
        if run.lang is not None:
            said["lang"] = run.lang
        if run.href is not None:
            event = run.href.removeprefix("#event-")
            url = web_address(run.href)
            if url is not None:
                said["url"] = url
            elif event in self._events and run.href.startswith("#event-"):
                said["event"] = f"event-{event}"
        return said


def _all(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        yield section
        yield from _all(section.sections)


def _marks(document: Document) -> int:
    """How many sentences of the blocks have a mark."""
    return sum(_marks_of(block) for section in _all(document.sections) for block in section.blocks)


def _marks_of(block: Block) -> int:
    match block:
        case Paragraph():
            return sum(1 for one in block.sentences if one.marks)
        case Listing():
            return sum(1 for one in block.items if one.marks)
        case Table():
            return sum(1 for row in block.rows for cell in row if cell.marks)
        case Chart() | Timeline():
            return _marks_of(block.table)
        case Entry():
            return sum(_marks_of(one) for one in block.blocks)


def _short(note: Note) -> str:
    """A note without its address and final stop."""
    return plain("".join(run.text for run in note.text.runs if web_address(run.text) is None)).rstrip(" .")


def _day(as_of: object) -> list[int] | None:
    found = _DAY.fullmatch(as_of) if isinstance(as_of, str) else None
    return [int(part) for part in found.groups()] if found else None
