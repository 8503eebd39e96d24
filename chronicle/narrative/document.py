"""A report as a document: sections of blocks of sentences, each with what it rests on. Every format is written from it.

A document is data: plain text in one language, nothing escaped, nothing laid out. The same document gives the same
bytes in every format.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FactRef = str
"""`EVENT#N`, the N-th fact of an event, counted from 1; `EVENT` alone is the event itself.

What an earlier version said, where a report tells of a correction, is of `EVENT@VERSION`.
"""


class Run(Struct, frozen=True, omit_defaults=True):
    """A piece of a line of text, and what it is.

    A `figure` is a value or a computed number, a `date` carries its EDTF in `when`, a `name` the entity it names, a
    `title` an event. `fact` is the fact that a figure, date or name is taken from. `lang` is set where the text is not
    in the language of the document. `href` is an http or https address, or `#event-ID` within the document.
    """

    text: str
    kind: Literal["text", "figure", "date", "name", "title", "quote"] = "text"
    style: Literal["plain", "emphasis", "strong"] = "plain"
    fact: FactRef | None = None
    when: str | None = None
    entity: str | None = None
    href: str | None = None
    lang: str | None = None


class Mark(Struct, frozen=True, omit_defaults=True):
    """A citation mark: the number of a note, and where in the source it is."""

    number: int
    locators: tuple[str, ...] = ()


class Sentence(Struct, frozen=True, omit_defaults=True):
    """A line of text with what it rests on: facts, in the order of their use, and citation marks.

    `working` says of a computed sentence how its figure came about; its operands are the facts. A sentence that rests
    on no fact tells of the report itself or of its bounds (`Told as of …`).
    """

    runs: tuple[Run, ...]
    facts: tuple[FactRef, ...] = ()
    marks: tuple[Mark, ...] = ()
    working: str | None = None

    @property
    def text(self) -> str:
        """The text alone."""
        return "".join(run.text for run in self.runs)


class Paragraph(Struct, frozen=True, tag="paragraph", tag_field="block"):
    """Sentences that are read one after the other."""

    sentences: tuple[Sentence, ...]


class Listing(Struct, frozen=True, tag="listing", tag_field="block"):
    """Items under a lead-in that ends in a colon."""

    lead: Sentence
    items: tuple[Sentence, ...]


class Table(Struct, frozen=True, tag="table", tag_field="block", omit_defaults=True):
    """Rows of cells under headings; `numeric` are the columns, from 0, whose cells are figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    caption: str | None = None
    numeric: tuple[int, ...] = ()


class Point(Struct, frozen=True):
    """A bar or point of a chart: `amount` is an exact decimal as text, `said` the figure as it is printed."""

    category: str
    amount: str
    said: str
    fact: FactRef


class Series(Struct, frozen=True):
    """The points that one colour of a chart shows."""

    label: str
    points: tuple[Point, ...]


class Chart(Struct, frozen=True, tag="chart", tag_field="block"):
    """Figures of like periods and one unit side by side. `table` holds the same figures as text, `alt` says them."""

    id: str
    caption: str
    alt: str
    unit: str
    series: tuple[Series, ...]
    table: Table


class Item(Struct, frozen=True, omit_defaults=True):
    """An event on a drawn timeline.

    `lo` and `hi` are the bounds of its beginning in Unix seconds, half-open, None where there is none; `until_lo` and
    `until_hi` those of its end, where it lasted. `open_end` lasts on; `doubtful` is qualified by `~ ? %`.
    """

    event: str
    label: str
    date: str
    status: Literal["happened", "may-have-happened", "ongoing", "planned", "overdue"]
    lo: int | None
    hi: int | None
    until_lo: int | None = None
    until_hi: int | None = None
    lasting: bool = False
    open_end: bool = False
    doubtful: bool = False


class Lane(Struct, frozen=True):
    """The items of one theme, in order of occurrence."""

    label: str
    items: tuple[Item, ...]


class Timeline(Struct, frozen=True, tag="timeline", tag_field="block"):
    """Events drawn along time, in lanes by theme. `as_of` is the last second told of; `table` lists the same events."""

    id: str
    caption: str
    alt: str
    as_of: int
    lanes: tuple[Lane, ...]
    table: Table


class Entry(Struct, frozen=True, tag="entry", tag_field="block", omit_defaults=True):
    """An event as told. `date` is shown beside the title where the format has room; `blocks` may be empty.

    `date_apart`: neither the blocks nor the heading above say the date, so that every format has to show it.
    """

    event: str
    title: Sentence
    date: Run
    status: Literal["happened", "may-have-happened", "ongoing", "planned", "overdue"]
    blocks: tuple[Paragraph | Listing | Table, ...]
    type: str = ""
    date_apart: bool = False


Block = Paragraph | Listing | Table | Chart | Timeline | Entry


class Section(Struct, frozen=True, omit_defaults=True):
    """Blocks under a heading. `id` is unique in the document and fit for an anchor; `sections` lie one level below."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


class Note(Struct, frozen=True, omit_defaults=True):
    """An entry of the bibliography: the number of its marks, the source in house style, the quotes that were used."""

    number: int
    source: str
    text: Sentence
    quotes: tuple[Sentence, ...] = ()


class Used(Struct, frozen=True, omit_defaults=True):
    """A fact that the document uses, in words and as stated: what a reader sees who asks where a figure comes from."""

    ref: FactRef
    event: str
    said: str
    marks: tuple[Mark, ...]
    certainty: Literal["certain", "possible"] | None = None


class Document(Struct, frozen=True, omit_defaults=True):
    """A whole report. `kind` is its type, `lang` its language, `told` says of which date and knowledge it is told.

    `basis` is what it was computed from, as in every answer; `colophon` names that with the checkpoint of the log and
    the version of the software, as label and text.
    """

    kind: Literal["narrative", "timeline", "brief", "changes", "profile"]
    lang: str
    chronicle: str
    title: str
    description: tuple[Paragraph, ...]
    told: Sentence
    sections: tuple[Section, ...]
    notes_heading: str
    notes: tuple[Note, ...]
    colophon_heading: str
    colophon_note: str
    colophon: tuple[tuple[str, str], ...]
    facts: tuple[Used, ...]
    basis: dict[str, object]
    title_lang: str | None = None
