"""A document as plain text of 72 columns, without any markup: for mail, for a screen, for reading aloud."""

from __future__ import annotations

from functools import cache

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
from chronicle.narrative.formats.columns import columns, wrapped
from chronicle.narrative.formats.levels import levelled
from chronicle.narrative.formats.runs import merged
from chronicle.narrative.formats.undrawn import undrawn
from chronicle.narrative.formats.words import Words, mark_texts, marks_listed, status_word, words
from chronicle.narrative.inert import plain, web_address
from chronicle.narrative.templating import NO_TEMPLATES, Templates, environment, rendered

TEMPLATE = "report.txt.j2"
WIDTH = 72
_RULES = {1: "=", 2: "-", 3: "."}
_STEP = "    "


class Laid(str):
    """Text whose lines are laid out already; everything else is made one line on its way into a page."""

    __slots__ = ()


def write(document: Document, templates: Templates = NO_TEMPLATES) -> str:
    """The document as text, by the template `report.txt.j2`."""
    page = _Page(words(document), dated=document.kind == "timeline")
    made = environment(templates, _finished) if templates else _shipped()
    return rendered(
        made,
        TEMPLATE,
        document=document,
        sections=list(levelled(undrawn(document.sections), 2)),
        said=page.said,
        heading=heading,
        paragraph=paragraph,
        told=page.told,
        note=page.note,
    )


@cache
def _shipped() -> Environment:
    return environment(NO_TEMPLATES, _finished)


def _finished(value: object) -> Laid:
    return value if isinstance(value, Laid) else Laid(plain(str(value)))


def heading(text: str, level: int) -> Laid:
    """A heading; those of the first three levels are underlined."""
    shown = wrapped(plain(text), WIDTH)
    rule = _RULES.get(level, "") * max(map(len, shown.split("\n")))
    return Laid(f"{shown}\n{rule}" if rule else shown)


def paragraph(text: str) -> Laid:
    """A paragraph of plain text as lines."""
    return Laid(wrapped(plain(text), WIDTH))


class _Page:
    """How the parts of a document look."""

    def __init__(self, said: Words, *, dated: bool) -> None:
        self.said = said
        self._dated = dated

    def told(self, value: Sentence | Block, indent: str = "") -> Laid:
        """A sentence or a block as lines."""
        match value:
            case Sentence():
                return Laid(wrapped(self._sentence(value), WIDTH, indent))
            case Paragraph():
                sentences = (self._sentence(one.sentence) for one in shown(value.sentences))
                return Laid(wrapped(" ".join(sentences), WIDTH, indent))
            case Listing():
                items = "\n".join(self._item(one, indent) for one in value.items)
                return Laid(f"{self.told(value.lead, indent)}\n\n{items}")
            case Table():
                return self._table(value, value.caption, indent)
            case Chart() | Timeline():
                return self._table(value.table, value.caption, indent)
            case Entry():
                return self._entry(value, indent)

    def note(self, note: Note) -> Laid:
        """An entry of the bibliography with the quotes from it."""
        text = wrapped(f"{note.number}. {self._sentence(note.text)}", WIDTH, hanging=_STEP)
        return Laid("\n".join([text, *(self._item(one, _STEP) for one in note.quotes)]))

    def _entry(self, entry: Entry, indent: str) -> Laid:
        title = self._sentence(entry.title)
        if self._dated or entry.date_apart:
            status = status_word(entry.status, self.said)
            date = plain(entry.date.text)
            head = [
                wrapped(f"{date} ({status})" if status else date, WIDTH, indent),
                wrapped(title, WIDTH, indent + _STEP),
            ]
        else:
            head = [wrapped(title, WIDTH, indent)]
        return Laid("\n\n".join(["\n".join(head), *(self.told(block, indent + _STEP) for block in entry.blocks)]))

    def _item(self, sentence: Sentence, indent: str) -> str:
        return wrapped(f"- {self._sentence(sentence)}", WIDTH, indent, hanging="  ")

    def _table(self, table: Table, caption: str | None, indent: str) -> Laid:
        titles = [plain(title) for title in table.columns]
        rows = [[self._sentence(cell) for cell in row] for row in table.rows]
        lines = columns(titles, rows, WIDTH - len(indent), table.numeric, colon=self.said(": "))
        laid = "\n".join(f"{indent}{one}".rstrip() for one in lines)
        said = plain(caption or "")
        return Laid(f"{wrapped(said, WIDTH, indent)}\n\n{laid}" if said else laid)

    def _sentence(self, sentence: Sentence) -> str:
        text = plain("".join(map(_run, merged(sentence.runs))))
        marks = mark_texts(sentence, self.said)
        return f"{text} [{marks_listed(marks, self.said)}]".lstrip() if marks else text


def _run(run: Run) -> str:
    url = web_address(run.href) if run.href is not None else None
    return run.text if url is None or url == plain(run.text) else f"{run.text} ({url})"
