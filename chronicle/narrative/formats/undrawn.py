"""A document for formats without pictures: its entries are the list that a drawn timeline would repeat as a table."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.narrative.document import Section, Timeline


def undrawn(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections without drawn timelines, and without those that hold nothing else."""
    found = []
    for section in sections:
        blocks = tuple(block for block in section.blocks if not isinstance(block, Timeline))
        inside = undrawn(section.sections)
        if blocks or inside or not section.blocks:
            found.append(Section(section.id, section.heading, blocks, inside))
    return tuple(found)
