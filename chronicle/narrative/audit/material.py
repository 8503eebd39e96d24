"""What the texts of documents say by themselves: their numbers as they stand, and their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chronicle.narrative.audit.calendar_words import WORD, lowered
from chronicle.narrative.inert import plain

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f:-]\d+)*")


@dataclass(frozen=True, slots=True)
class Material:
    """Numbers as they stand (`2026-02-24` and `1.234,5` are one), and words in small letters."""

    numbers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def __or__(self, other: Material) -> Material:
        return Material(self.numbers | other.numbers, self.words | other.words)


class Texts:
    """Reads texts, each once, into small letters as a language has them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._read: dict[str, Material] = {}

    def read(self, text: str) -> Material:
        """What a text says."""
        if text not in self._read:
            shown = plain(text)
            words = frozenset(lowered(word, self._language) for word in WORD.findall(shown))
            self._read[text] = Material(frozenset(found[0] for found in numbers(shown)), words)
        return self._read[text]


def numbers(text: str) -> list[re.Match[str]]:
    """The numbers of a text as they stand, in any language."""
    return list(_NUMBER.finditer(text))
