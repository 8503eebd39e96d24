"""Marks as they are shown: once for what follows on and rests on the same places in the same sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chronicle.narrative.document import FactRef, Sentence


class Shown(NamedTuple):
    """A sentence with the marks that are shown after it, and all the facts that these are the marks of."""

    sentence: Sentence
    facts: tuple[FactRef, ...]


def shown(sentences: Sequence[Sentence]) -> list[Shown]:
    """The sentences of a paragraph; of those in a row with equal marks only the last has them.

    What is computed keeps its working where it is said.
    """
    found = []
    facts: dict[FactRef, None] = {}
    for index, one in enumerate(sentences):
        facts |= dict.fromkeys(one.facts)
        following = sentences[index + 1] if index + 1 < len(sentences) else None
        if one.marks and following is not None and following.marks == one.marks:
            found.append(Shown(Sentence(one.runs, one.facts, (), one.working), one.facts))
        else:
            found.append(Shown(one, tuple(facts)))
            facts = {}
    return found
