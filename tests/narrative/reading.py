"""Reading a document as a whole: every sentence, entry and section of it, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
    Paragraph,
    Section,
    Sentence,
    Table,
    Timeline,
)


def sections(document: Document) -> Iterator[Section]:
    """Every section, before those inside it."""

    def within(section: Section) -> Iterator[Section]:
        yield section
        for inside in section.sections:
            yield from within(inside)

    for section in document.sections:
        yield from within(section)


def entries(document: Document) -> list[Entry]:
    """Every entry."""
    return [block for section in sections(document) for block in section.blocks if isinstance(block, Entry)]


def sentences(document: Document) -> Iterator[Sentence]:
    """Every sentence, cell and title of the sections."""
    for section in sections(document):
        for block in section.blocks:
            yield from _of(block)


def story(document: Document) -> str:
    """The text of the entries, one line each."""
    lines = (
        " ".join(sentence.text for block in entry.blocks for sentence in _of(block)) for entry in entries(document)
    )
    return "\n".join(lines)


def _of(block: Block) -> Iterator[Sentence]:
    match block:
        case Paragraph():
            yield from block.sentences
        case Listing():
            yield block.lead
            yield from block.items
        case Table():
            for row in block.rows:
                yield from row
        case Chart() | Timeline():
            yield from _of(block.table)
        case Entry():
            yield block.title
            for inside in block.blocks:
                yield from _of(inside)
