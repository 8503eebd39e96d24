"""A document as one page of HTML that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
    Note,
    Paragraph,
    Section,
    Sentence,
    Table,
    Timeline,
)
from chronicle.narrative.formats.citing import shown
from chronicle.narrative.formats.drawn import drawn
from chronicle.narrative.formats.html_text import Writer, escaped, runs
from chronicle.narrative.formats.linked_data import linked_data
from chronicle.narrative.formats.words import Words, status_word, words
from chronicle.narrative.inert import clean
from chronicle.narrative.pictures.theme import palette
from chronicle.narrative.templating import NO_TEMPLATES, Templates, environment, rendered

TEMPLATE = "report.html.j2"
_DEEPEST = 6


def write(document: Document, templates: Templates = NO_TEMPLATES) -> str:
    """The document as HTML, by the templates `report.html.j2` and `report.css.j2`."""
    said = words(document)
    page = _Page(Writer(document, said), said, document.lang, as_list=document.kind == "timeline")
    return rendered(
        environment(templates, _finished, autoescape=True) if templates else _shipped(),
        TEMPLATE,
        document=document,
        said=said,
        told=page.told,
        blocks=page.blocks,
        note=page.note,
        policy=policy,
        palette=palette,
        linked_data=linked_data(document),
    )


@cache
def _shipped() -> Environment:
    return environment(NO_TEMPLATES, _finished, autoescape=True)


def policy(style: str) -> str:
    """The content security policy of a page with this style: nothing is fetched, nothing runs."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _finished(value: object) -> object:
    """What a template prints: markup as it is; all else loses what deceives here, and is escaped after."""
    return value if hasattr(value, "__html__") else clean(str(value))


class _Page:
    """How the parts of a document look."""

    def __init__(self, writer: Writer, said: Words, lang: str, *, as_list: bool) -> None:
        self._writer = writer
        self._said = said
        self._lang = lang
        self._as_list = as_list

    def told(self, value: Sentence | Block, level: int = 2) -> Markup:
        """A sentence or a block; what it has for headings is of a level, from 2 to 6."""
        return _markup(self._told(value, level))

    def blocks(self, section: Section, level: int) -> Markup:
        """The blocks of a section whose heading is of a level; the entries of a timeline are a list."""
        said = []
        for is_entry, group in groupby(section.blocks, lambda block: isinstance(block, Entry)):
            told = [self._told(block, level + 1) for block in group]
            said += [f"<ol>{''.join(f'<li>{one}</li>' for one in told)}</ol>"] if is_entry and self._as_list else told
        return _markup("\n".join(said))

    def note(self, note: Note) -> Markup:
        """An entry of the bibliography with the quotes from it."""
        quotes = "".join(f"<li>{self._writer.sentence(quote)}</li>" for quote in note.quotes)
        listed = f"<ul>{quotes}</ul>" if quotes else ""
        return _markup(
            f'<li id="note-{note.number}" value="{note.number}">{self._writer.sentence(note.text)}{listed}</li>'
        )

    def _told(self, value: Sentence | Block, level: int) -> str:
        match value:
            case Sentence():
                return self._writer.sentence(value)
            case Paragraph():
                return f"<p>{self._joined(value.sentences)}</p>"
            case Listing():
                items = "".join(f"<li>{self._writer.sentence(one)}</li>" for one in value.items)
                return f"<p>{self._writer.sentence(value.lead)}</p>\n<ul>{items}</ul>"
            case Table():
                return self._table(value)
            case Chart() | Timeline():
                return self._figure(value)
            case Entry():
                return self._entry(value, min(level, _DEEPEST))

    def _joined(self, sentences: Sequence[Sentence]) -> str:
        return " ".join(self._writer.sentence(one.sentence, one.facts) for one in shown(sentences))

    def _entry(self, entry: Entry, level: int) -> str:
        title = f"<h{level}>{self._writer.sentence(entry.title)}</h{level}>"
        status = status_word(entry.status, self._said)
        note = f' <span class="status">{escaped(status)}</span>' if status else ""
        told = "\n".join(self._told(block, level + 1) for block in entry.blocks)
        return (
            f'<article class="entry {entry.status}" id="event-{escaped(entry.event)}">'
            f'{title}\n<p class="when">{runs((entry.date,))}{note}</p>\n<div class="body">{told}</div></article>'
        )

    def _table(self, table: Table) -> str:
        caption = f"<caption>{escaped(table.caption)}</caption>" if table.caption else ""
        head = "".join(
            f'<th scope="col"{_numeric(table, at)}>{escaped(name)}</th>' for at, name in enumerate(table.columns)
        )
        rows = "".join(f"<tr>{''.join(self._cells(table, row))}</tr>" for row in table.rows)
        label = escaped(table.caption or ", ".join(table.columns))
        return (
            f'<div class="table" role="group" tabindex="0" aria-label="{label}"><table>{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _cells(self, table: Table, row: tuple[Sentence, ...]) -> Iterator[str]:
        for column, cell in enumerate(row):
            said = self._writer.sentence(cell)
            if column == 0 and len(row) > 1:
                yield f'<th scope="row"{_numeric(table, 0)}>{said}</th>'
            else:
                yield f"<td{_numeric(table, column)}>{said}</td>"

    def _figure(self, block: Chart | Timeline) -> str:
        caption = f"<figcaption>{escaped(block.caption)}</figcaption>"
        table = self._table(block.table)
        wide, narrow = drawn(block, self._lang), drawn(block, self._lang, "narrow")
        if wide is None or narrow is None:
            return f'<figure id="{escaped(block.id)}">{caption}{table}</figure>'
        summary = escaped(self._said("The same as a table"))
        pictures = f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
        return (
            f'<figure id="{escaped(block.id)}">{caption}{pictures}'
            f"<details><summary>{summary}</summary>{table}</details></figure>"
        )


def _numeric(table: Table, column: int) -> str:
    return ' class="number"' if column in table.numeric else ""


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - made here, of escaped text
