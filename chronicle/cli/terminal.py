"""A report on a terminal: headings that stand out, dates beside titles, marks that do not get in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
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
from chronicle.narrative.inert import clean, plain, web_address

WIDEST = 88
"""Columns of text: longer lines are hard to follow."""

_STYLES = {"plain": "", "emphasis": "italic", "strong": "bold"}
_KINDS = {"figure": "bold", "title": "italic"}


def print_report(document: Document, console: Console) -> None:
    """The document on a console, which wraps it and knows whether there are colours."""
    page = _Page(words(document))
    width = min(console.width, WIDEST)
    for part in page.parts(document):
        console.print(part, width=width, highlight=False)


class _Page:
    def __init__(self, said: Words) -> None:
        self._said = said

    def parts(self, document: Document) -> Iterator[RenderableType]:
        yield Text(plain(document.title), style="bold underline")
        yield Text()
        for paragraph in document.description:
            yield from (self._paragraph(paragraph.sentences), Text())
        yield self._sentence(document.told, "dim")
        for section, level in levelled(undrawn(document.sections), 1):
            yield from self._heading(section.heading, level)
            for block in section.blocks:
                yield from (self._block(block), Text())
        yield from self._heading(document.notes_heading, 1)
        for note in document.notes:
            yield self._hanging(f"{note.number}.", self._sentence(note.text))
            yield from (Padding(self._item(quote), (0, 0, 0, 4)) for quote in note.quotes)
        if not document.notes:
            yield Text(self._said("No source is cited."))
        yield from self._heading(document.colophon_heading, 1)
        yield Text(plain(document.colophon_note), style="dim")
        for name, text in document.colophon:
            yield Text.assemble((f"{plain(name)}{self._said(': ')}", "dim bold"), (plain(text), "dim"), overflow="fold")

    def _heading(self, heading: str, level: int) -> Iterator[RenderableType]:
        yield Text()
        if level == 1:
            yield Rule(Text(plain(heading), style="bold cyan"), align="left", style="cyan")
        else:
            yield Text(plain(heading), style="bold")
        yield Text()

    def _block(self, block: Block) -> RenderableType:
        match block:
            case Paragraph():
                return self._paragraph(block.sentences)
            case Listing():
                return Group(self._sentence(block.lead), *map(self._item, block.items))
            case Table():
                return self._table(block, block.caption)
            case Chart() | Timeline():
                return self._table(block.table, block.caption)
            case Entry():
                return self._entry(block)

    def _entry(self, entry: Entry) -> RenderableType:
        title = self._sentence(entry.title, "bold")
        date = Text(plain(entry.date.text), style="cyan")
        if status := status_word(entry.status, self._said):
            date.append(f" ({status})", "yellow")
        parts: list[RenderableType] = [title, date]
        for block in entry.blocks:
            parts += [Text(), self._block(block)] if len(parts) > 2 else [self._block(block)]
        return Group(*parts)

    def _item(self, sentence: Sentence) -> RenderableType:
        return self._hanging("•", self._sentence(sentence))

    def _hanging(self, sign: str, text: Text) -> RenderableType:
        grid = Grid.grid(padding=(0, 1))
        grid.add_column(width=len(sign))
        grid.add_column(overflow="fold")
        grid.add_row(sign, text)
        return grid

    def _table(self, table: Table, caption: str | None) -> RenderableType:
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for at, name in enumerate(table.columns):
            grid.add_column(Text(plain(name)), justify="right" if at in table.numeric else "left", overflow="fold")
        for row in table.rows:
            grid.add_row(*map(self._sentence, row))
        return Group(Text(plain(caption), style="bold"), grid) if caption else grid

    def _paragraph(self, sentences: Sequence[Sentence]) -> Text:
        return Text(" ").join(self._sentence(one.sentence) for one in shown(sentences))

    def _sentence(self, sentence: Sentence, style: str = "") -> Text:
        text = Text(style=style)
        for run in merged(sentence.runs):
            text.append(clean(run.text), " ".join(filter(None, (_STYLES[run.style], _KINDS.get(run.kind, "")))))
            if (url := _address(run)) is not None:
                text.append(f" ({url})", "dim")
        if marks := mark_texts(sentence, self._said):
            text.append(f"{' ' if text else ''}[{marks_listed(marks, self._said)}]", "dim cyan")
        return text


def _address(run: Run) -> str | None:
    url = web_address(run.href) if run.href is not None else None
    return None if url == run.text else url
