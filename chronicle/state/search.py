"""Full text over documents: words in any order and any spelling of their letters, best first. Pure.

Letters are compared without case and marks, and Azerbaijani ə and ı as e and i, so that `baki` finds Bakı and `eliyev`
Əliyev. A word of the question is found at the beginning of words; words in quotation marks stand together as written.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chronicle.errors import QuestionError
from chronicle.event.model import Attribute, Chronicle, Entity, Event, LogDocument, Participant, Source
from chronicle.event.record import Record
from chronicle.event.value import EntityValue, Text
from chronicle.state.answer import Basis

WEIGHTS = {"title": 8, "label": 8, "id": 6, "tags": 4, "participants": 3, "summary": 2, "description": 2}
"""How much a field counts; any other counts one."""

AROUND = 40
"""Characters of a snippet before and after what was found."""

_LETTERS = str.maketrans({"ə": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_WORD = re.compile(r"\w+")
_TERM = re.compile(r'"([^"]*)"|(\S+)')

Labels = Mapping[tuple[str, str], str]
"""(chronicle, entity) -> its label."""


class Word(NamedTuple):
    """A word of a text, folded, and where it stands."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together; the last one may go on unless they were in quotation marks."""

    words: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A document in which everything asked for was found; `snippet` has it between asterisks."""

    record: Record
    title: str
    field: str
    snippet: str

    def as_json(self) -> dict[str, object]:
        """One object of `results`; `occurred` only for events."""
        header, document = self.record.header, self.record.document
        occurred = {"occurred": document.occurred} if isinstance(document, Event) else {}
        return {
            "chronicle": header.chronicle,
            "kind": header.kind,
            "id": header.id,
            "title": self.title,
            **occurred,
            "field": self.field,
            "snippet": self.snippet,
        }


@dataclass(frozen=True, slots=True)
class Hits:
    """The best hits, and how many there are in all."""

    basis: Basis
    query: str
    total: int
    results: tuple[Hit, ...]

    def as_json(self) -> dict[str, object]:
        """The document that `search --json` prints."""
        results = [hit.as_json() for hit in self.results]
        return {"basis": self.basis.as_json(), "query": self.query, "total": self.total, "results": results}


def fold(text: str) -> str:
    """Text without case, marks and letters of one language's own."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def terms(query: str) -> list[Term]:
    """What is asked for. Raises QuestionError if that is nothing."""
    found = []
    for phrase, word in _TERM.findall(query):
        words = tuple(one.folded for one in _words(phrase or word))
        if words:
            found.append(Term(words, exact=bool(phrase)))
    if not found:
        raise QuestionError("search: say at least one word")
    return found


def search(records: Iterable[Record], wanted: list[Term], labels: Labels, limit: int) -> tuple[int, list[Hit]]:
    """How many records have every term, and the best of them: by weight, then kind, then position of the first version.

    Only as many as `limit` are kept at a time.
    """
    total = 0

    def ranked() -> Iterator[tuple[int, int, Record, str, str]]:
        nonlocal total
        for record in records:
            found = _found(record, wanted, labels)
            if found is not None:
                total += 1
                weight, field, snippet = found
                yield -weight, record.first, record, field, snippet

    best = heapq.nsmallest(limit, ranked(), key=lambda one: one[:2])
    return total, [Hit(record, _title(record.document), field, snippet) for _, _, record, field, snippet in best]


def _found(record: Record, wanted: list[Term], labels: Labels) -> tuple[int, str, str] | None:
    """The weight of a record that has every term, and the field and place where the heaviest was found."""
    fields = [(name, text, _words(text)) for name, text in _fields(record, labels)]
    total, best = 0, (0, "", "")
    for term in wanted:
        hits = [
            (WEIGHTS.get(name, 1) * (2 if whole else 1), name, _snippet(text, start, end))
            for name, text, words in fields
            if (place := _place(term, words)) is not None
            for start, end, whole in [place]
        ]
        if not hits:
            return None
        heaviest = max(hits, key=lambda hit: hit[0])
        total += heaviest[0]
        best = max(best, heaviest, key=lambda hit: hit[0])
    return total, best[1], best[2]


def _place(term: Term, words: list[Word]) -> tuple[int, int, bool] | None:
    """Where a term first stands in a text, preferably as whole words, and whether it does."""
    begun = None
    count = len(term.words)
    for index in range(len(words) - count + 1):
        here = [word.folded for word in words[index : index + count]]
        span = words[index].start, words[index + count - 1].end
        if here == list(term.words):
            return (*span, True)
        if (
            not term.exact
            and begun is None
            and here[:-1] == list(term.words[:-1])
            and here[-1].startswith(term.words[-1])
        ):
            begun = (*span, False)
    return begun


def _snippet(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    lead, trail = "…" if start > AROUND else "", "…" if end + AROUND < len(text) else ""
    return " ".join(f"{lead}{before}*{text[start:end]}*{after}{trail}".split())


def _words(text: str) -> list[Word]:
    return [Word(fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def _title(document: LogDocument) -> str:
    match document:
        case Event() | Source() | Chronicle():
            return document.title
        case Entity() | Attribute():
            return document.label or document.id
    return document.id


def _fields(record: Record, labels: Labels) -> Iterator[tuple[str, str]]:
    """The texts of a document, each with the field it is found in."""
    document, chronicle = record.document, record.header.chronicle
    yield "id", document.id
    match document:
        case Event():
            yield "title", document.title
            yield "summary", document.summary or ""
            yield from (("tags", tag) for tag in document.tags)
            for one in document.participants:
                entity = one.entity if isinstance(one, Participant) else one
                yield "participants", labels.get((chronicle, entity), entity)
            for fact in document.facts:
                if isinstance(fact.value, Text):
                    yield "value", fact.value.text
                elif isinstance(fact.value, EntityValue):
                    yield "value", labels.get((chronicle, fact.value.entity), fact.value.entity)
            yield from (("quote", one.quote) for one in document.sources if one.quote)
            yield "note", document.note or ""
        case Source():
            yield "title", document.title
            yield "publisher", document.publisher or ""
            yield "author", document.author or ""
        case Entity() | Attribute():
            yield "label", document.label or ""
            yield from (("label", label) for label in document.labels.values())
            yield "description", document.description or ""
        case Chronicle():
            yield "title", document.title
            yield "description", document.description or ""
