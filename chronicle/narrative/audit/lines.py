"""The lines of a document, wherever they stand, with what each of them rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    FactRef,
    Listing,
    Mark,
    Paragraph,
    Run,
    Section,
    Sentence,
    Table,
    Timeline,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `refs` is what it rests on: its own facts, or those of what it heads or stands beside.

    In a line of `runs` every number, date and name of our own has a run; a bare text (a heading, a caption) has none
    and is read as it stands. `counts` are numbers of things shown, which such a text may say. `within` is what its
    section rests on, where the line itself rests on nothing: it may say the dates of that.
    """

    section: str
    sentence: Sentence
    refs: tuple[FactRef, ...]
    runs: bool = True
    counts: frozenset[int] = frozenset()
    within: tuple[FactRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What has to be cited together: a sentence, or a row of a table."""

    section: str
    text: str
    refs: tuple[FactRef, ...]
    marks: tuple[Mark, ...]


def lines(document: Document) -> Iterator[Line]:
    """Every line, in the order of the document, but for the notes and the colophon."""
    yield _bare("[title]", document.title, ())
    for paragraph in document.description:
        yield from (Line("[description]", sentence, ()) for sentence in paragraph.sentences)
    yield Line("[told]", document.told, ())
    for section in document.sections:
        yield from _section_lines(section)
    for used in document.facts:
        yield _bare("[facts]", used.said, (used.ref,))


def claims(document: Document) -> Iterator[Claim]:
    """What rests on facts, with its marks.

    A lead-in is cited by its items, a title by what stands under it, a row that only names events where they are told.
    """
    told = {block.event for _, block in blocks(document) if isinstance(block, Entry)}
    for section, block in blocks(document):
        for one in [block, *(block.blocks if isinstance(block, Entry) else ())]:
            if isinstance(one, Paragraph):
                yield from (_claim(section, [sentence]) for sentence in one.sentences)
            elif isinstance(one, Listing):
                yield from (_claim(section, [item]) for item in one.items)
            elif isinstance(one, Table | Chart | Timeline):
                rows = one.rows if isinstance(one, Table) else one.table.rows
                yield from (_claim(section, row) for row in rows if not told.issuperset(refs_of(row)))
            elif not any(_sentences(part) for part in one.blocks):
                yield _claim(section, [one.title])


def blocks(document: Document) -> Iterator[tuple[str, Block]]:
    """Every block with the id of its section."""
    sections = list(document.sections)
    while sections:
        section = sections.pop(0)
        yield from ((section.id, block) for block in section.blocks)
        sections[:0] = section.sections


def refs_of(sentences: Iterable[Sentence]) -> tuple[FactRef, ...]:
    """The facts of sentences, each once."""
    return tuple(dict.fromkeys(ref for sentence in sentences for ref in sentence.facts))


def event_of(ref: FactRef) -> str:
    """The event of a reference, of whatever version."""
    return ref.partition("#")[0].partition("@")[0]


def linked(sentence: Sentence) -> list[str]:
    """The events that a sentence points to within the document."""
    hrefs = (run.href for run in sentence.runs if run.href is not None)
    return [href.removeprefix("#event-") for href in hrefs if href.startswith("#event-")]


def _claim(section: str, sentences: Iterable[Sentence]) -> Claim:
    told = list(sentences)
    marks = tuple(mark for one in told for mark in one.marks)
    return Claim(section, " | ".join(one.text for one in told), refs_of(told), marks)


def _bare(
    section: str, text: str, refs: Iterable[FactRef], counts: Iterable[int] = (), lang: str | None = None
) -> Line:
    return Line(section, Sentence((Run(text, lang=lang),)), tuple(refs), runs=False, counts=frozenset(counts))


def _sentences(block: Block) -> list[Sentence]:
    if isinstance(block, Paragraph):
        return list(block.sentences)
    if isinstance(block, Listing):
        return [block.lead, *block.items]
    if isinstance(block, Table):
        return [cell for row in block.rows for cell in row]
    if isinstance(block, Chart | Timeline):
        return _sentences(block.table)
    return [block.title, *(one for part in block.blocks for one in _sentences(part))]


def _section_refs(section: Section) -> tuple[FactRef, ...]:
    own = refs_of(one for block in section.blocks for one in _sentences(block))
    events = (block.event for block in section.blocks if isinstance(block, Entry))
    drawn = (
        item.event
        for block in section.blocks
        if isinstance(block, Timeline)
        for lane in block.lanes
        for item in lane.items
    )
    below = (ref for part in section.sections for ref in _section_refs(part))
    return tuple(dict.fromkeys((*own, *events, *drawn, *below)))


def _section_lines(section: Section) -> Iterator[Line]:
    refs = _section_refs(section)
    yield _bare(section.id, section.heading, refs)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from (Line(section.id, one, refs_of([one]), within=refs) for one in block.sentences)
        else:
            yield from _block_lines(section.id, block)
    for part in section.sections:
        yield from _section_lines(part)


def _block_lines(section: str, block: Block) -> Iterator[Line]:
    if isinstance(block, Paragraph):
        yield from (Line(section, one, refs_of([one])) for one in block.sentences)
    elif isinstance(block, Listing):
        yield Line(section, block.lead, refs_of([block.lead, *block.items]))
        yield from (Line(section, one, refs_of([one])) for one in block.items)
    elif isinstance(block, Table):
        yield from _table_lines(section, block, ())
    elif isinstance(block, Chart):
        yield from _chart_lines(section, block)
    elif isinstance(block, Timeline):
        yield from _timeline_lines(section, block)
    else:
        yield Line(section, block.title, refs_of([block.title]) or (block.event,))
        yield Line(section, Sentence((block.date,)), (block.event,))
        for part in block.blocks:
            yield from _block_lines(section, part)


def _table_lines(section: str, table: Table, refs: Iterable[FactRef]) -> Iterator[Line]:
    every = (*refs, *refs_of(_sentences(table)))
    for text in filter(None, (table.caption, *table.columns)):
        yield _bare(section, text, every, (len(table.rows),))
    for row in table.rows:
        rests = refs_of(row)
        yield from (Line(section, cell, rests) for cell in row)


def _chart_lines(section: str, chart: Chart) -> Iterator[Line]:
    points = [point for series in chart.series for point in series.points]
    refs = tuple(dict.fromkeys(point.fact for point in points))
    counts = (len(points), len(chart.series), *(len(series.points) for series in chart.series))
    for text in (chart.caption, chart.alt, chart.unit, *(series.label for series in chart.series)):
        yield _bare(section, text, refs, counts)
    for point in points:
        yield _bare(section, point.category, (point.fact,))
        yield Line(section, Sentence((Run(point.said, "figure", fact=point.fact),)), (point.fact,))
    yield from _table_lines(section, chart.table, refs)


def _timeline_lines(section: str, timeline: Timeline) -> Iterator[Line]:
    items = [item for lane in timeline.lanes for item in lane.items]
    refs = tuple(dict.fromkeys(item.event for item in items))
    counts = (len(items), len(refs), len(timeline.lanes), *(len(lane.items) for lane in timeline.lanes))
    for text in (timeline.caption, timeline.alt, *(lane.label for lane in timeline.lanes)):
        yield _bare(section, text, refs, counts)
    for item in items:
        yield _bare(section, item.label, (item.event,))
        yield _bare(section, item.date, (item.event,))
    yield from _table_lines(section, timeline.table, refs)
