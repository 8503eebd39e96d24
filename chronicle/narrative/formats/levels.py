"""Sections one after the other, each with the level of its heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chronicle.narrative.document import Section


def levelled(sections: Iterable[Section], level: int) -> Iterator[tuple[Section, int]]:
    """Each section with the level of its heading, before the sections that lie within it."""
    for section in sections:
        yield section, level
        yield from levelled(section.sections, level + 1)
