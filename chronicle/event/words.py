"""The words of documents: what each says in which field, and letters that are compared without their differences.

Letters are compared without case and marks, and Azerbaijani ə and ı as e and i, so that `baki` finds Bakı and `eliyev`
Əliyev.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from chronicle.event.model import (
    Attribute,
    Chronicle,
    Entity,
    Event,
    LogDocument,
    Participant,
    Redacted,
    Redaction,
    Retraction,
    Source,
)
from chronicle.event.value import EntityValue, Text

LONGEST_TOKEN = 64
"""Characters of a word that an index keeps; longer words are alike to it if they begin alike."""

MOST_CHARACTERS = 100_000
"""How much of a document an index keeps; of what is longer it says so, by UNLISTED alone."""

UNLISTED = "\u2026"
"""The token of a document whose words are too many to list: it may have any. No folded word is this sign."""

_LETTERS = str.maketrans({"ə": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_WORD = re.compile(r"\w+")
_NO_TOKEN = re.compile(r"[\x00-/:-@\[-^`{-\x7f]")


class Word(NamedTuple):
    """A word of a text, folded, and where it stands."""

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Text without case, marks and letters of one language's own (Unicode 3.13, compatibility caseless matching)."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    found = (Word(fold(one[0]), one.start(), one.end()) for one in _WORD.finditer(text))
    return [word for word in found if word.folded]


def token(folded: str) -> str:
    """A folded word as an index has it: letters, digits, `_` and signs beyond ASCII only.

    Equal words have equal tokens, and a word that begins with another has a token that begins with its token.
    """
    return _NO_TOKEN.sub("_", folded[:LONGEST_TOKEN])


def tokens(document: LogDocument) -> str | None:
    """Every token of a document once, sorted, with spaces between; entities are named by their ids alone.

    None for what is never found: retractions and redactions.
    """
    if isinstance(document, Retraction | Redaction | Redacted):
        return None
    said = "\n".join(text for _, text in texts(document))
    if said.isascii():  # then what a word is folded to is its token
        found = {word[:LONGEST_TOKEN] for word in _WORD.findall(said.lower())}
    else:
        found = {token(folded) for word in _WORD.findall(said) if (folded := fold(word))}
    listed = " ".join(sorted(found))
    return listed if len(listed) <= MOST_CHARACTERS else UNLISTED


def texts(document: LogDocument, label: Callable[[str], str] = str) -> Iterator[tuple[str, str]]:
    """The texts of a document, each with the field it is found in; `label` is what an entity of some id is called."""
    yield "id", document.id
    match document:
        case Event():
            yield "title", document.title
            yield "summary", document.summary or ""
            yield from (("tags", tag) for tag in document.tags)
            for one in document.participants:
                entity = one.entity if isinstance(one, Participant) else one
                yield "participants", label(entity)
            for fact in document.facts:
                if isinstance(fact.value, Text):
                    yield "value", fact.value.text
                elif isinstance(fact.value, EntityValue):
                    yield "value", label(fact.value.entity)
            yield from (("quote", one.quote) for one in document.sources if one.quote)
            yield "note", document.note or ""
        case Source():
            yield "title", document.title
            yield "publisher", document.publisher or ""
            yield "author", document.author or ""
        case Entity() | Attribute():
            yield "label", document.label or ""
            yield from (("label", one) for one in document.labels.values())
            yield "description", document.description or ""
        case Chronicle():
            yield "title", document.title
            yield "description", document.description or ""
