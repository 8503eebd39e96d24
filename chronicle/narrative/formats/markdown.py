"""A document as CommonMark with tables. Its text is inert there: it can look like anything and be nothing but text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from jinja2 import Environment

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
    Note,
    Paragraph,
    Run,
    Sentence,
    Table,
    Timeline,
)
from chronicle.narrative.formats.citing import shown
from chronicle.narrative.formats.levels import levelled
from chronicle.narrative.formats.runs import merged
from chronicle.narrative.formats.undrawn import undrawn
from chronicle.narrative.formats.words import Words, mark_texts, marks_listed, status_word, words
from chronicle.narrative.inert import plain, web_address
from chronicle.narrative.templating import NO_TEMPLATES, Templates, environment, rendered

TEMPLATE = "report.md.j2"
_DEEPEST = 6

_ALWAYS = re.compile(r"[\\`*_\[\]~#]")
# A run may end within an entity that the next one goes on with.
_ENTITY = re.compile(r"&(?=#?\w*(?:;|$))")
_AT_START = re.compile(r"^(?:[-+=>]|\d{1,9}(?=[.)](?:\s|$)))")
_SPACES = re.compile(" {2,}")
_EMPHASIS = {"emphasis": "*", "strong": "**"}


class Markdown(str):
    """Text that is CommonMark already; everything else is escaped on its way into a page."""

    __slots__ = ()


def write(document: Document, templates: Templates = NO_TEMPLATES) -> str:
    """The document as Markdown, by the template `report.md.j2`."""
    page = _Page(words(document), entries_as_list=document.kind == "timeline")
    made = environment(templates, _finished) if templates else _shipped()
    return rendered(
        made,
        TEMPLATE,
        document=document,
        sections=list(levelled(undrawn(document.sections), 2)),
        said=page.said,
        heading=heading,
        told=page.told,
        note=page.note,
    )


@cache
def _shipped() -> Environment:
    return environment(NO_TEMPLATES, _finished)


def escaped(text: str) -> Markdown:
    """Text as CommonMark: one line, fit for a paragraph, a heading, a list item or a cell of a table."""
    return _begun(_escaped(plain(text)))


def heading(level: int) -> Markdown:
    """The signs before a heading; a document has six levels."""
    return Markdown("#" * min(level, _DEEPEST))


def _escaped(text: str) -> str:
    return _ENTITY.sub("&amp;", _ALWAYS.sub(r"\\\g<0>", text)).replace("<", "&lt;").replace("|", "&#124;")


def _begun(text: str) -> Markdown:
    """Text at the start of a line, where signs and numbers could begin a list, a quotation or a rule."""
    return Markdown(_AT_START.sub(lambda found: f"{found[0]}\\" if found[0][0].isdigit() else f"\\{found[0]}", text))


def _finished(value: object) -> Markdown:
    """What a template prints: Markdown as it is, all else escaped."""
    return value if isinstance(value, Markdown) else escaped(str(value))


class _Page:
    """How the parts of a document look."""

    def __init__(self, said: Words, *, entries_as_list: bool) -> None:
        self.said = said
        self._entries_as_list = entries_as_list

    def told(self, value: Sentence | Block, level: int = 1) -> Markdown:
        """A sentence or a block, with what it has for headings at a level."""
        match value:
            case Sentence():
                return self._sentence(value)
            case Paragraph():
                return Markdown(" ".join(self._sentence(one.sentence) for one in shown(value.sentences)))
            case Listing():
                return Markdown(f"{self._sentence(value.lead)}\n\n{_items(map(self._sentence, value.items))}")
            case Table():
                return self._captioned(value.caption, self._table(value))
            case Chart() | Timeline():
                return self._captioned(value.caption, self._table(value.table))
            case Entry():
                return self._item(value, level) if self._entries_as_list else self._entry(value, level)

    def note(self, note: Note) -> Markdown:
        """An entry of the bibliography with the quotes from it."""
        said = f"{note.number}. {self._sentence(note.text)}"
        return Markdown(f"{said}\n{_indented(_items(map(self._sentence, note.quotes)))}" if note.quotes else said)

    def _entry(self, entry: Entry, level: int) -> Markdown:
        title = f"{heading(level)} {self._sentence(entry.title)}"
        date = [f"*{self._date(entry)}*"] if entry.date_apart else []
        return Markdown("\n\n".join([title, *date, *(self.told(block, level + 1) for block in entry.blocks)]))

    def _date(self, entry: Entry) -> Markdown:
        status = status_word(entry.status, self.said)
        return escaped(f"{entry.date.text} ({status})" if status else entry.date.text)

    def _item(self, entry: Entry, level: int) -> Markdown:
        title = f"- **{self._date(entry)}** {self._sentence(entry.title)}"
        return Markdown("\n\n".join([title, *(_indented(self.told(block, level), "  ") for block in entry.blocks)]))

    def _captioned(self, caption: str | None, text: str) -> Markdown:
        return Markdown(f"**{escaped(caption)}**\n\n{text}" if caption and plain(caption) else text)

    def _table(self, table: Table) -> str:
        rules = ("---:" if column in table.numeric else "---" for column in range(len(table.columns)))
        lines = [map(escaped, table.columns), rules, *(map(self._sentence, row) for row in table.rows)]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def _sentence(self, sentence: Sentence) -> Markdown:
        text = _begun(_SPACES.sub(" ", _runs(merged(sentence.runs))).strip())
        marks = mark_texts(sentence, self.said)
        return Markdown(f"{text} [{_escaped(marks_listed(marks, self.said))}]".lstrip()) if marks else text


def _runs(runs: Iterable[Run]) -> str:
    said = ""
    for (style, href), group in groupby(runs, lambda run: (run.style, run.href)):
        words = "".join(run.text for run in group)
        text = _escaped(words)
        url = web_address(href) if href is not None else None
        if url is not None:
            text = f"<{url}>" if plain(words) == url else f"[{text.strip()}](<{url}>)"
        elif style != "plain" and text.strip() and not said.endswith("*"):
            sign, inner = _EMPHASIS[style], text.strip()
            text = text.replace(inner, f"{sign}{inner}{sign}", 1)
        said += text
    return said


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _indented(text: str, indent: str = "   ") -> str:
    return "\n".join(f"{indent}{one}" if one else "" for one in text.split("\n"))
