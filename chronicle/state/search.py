"""Full text over documents: words in any order and any spelling of their letters, best first. Pure.

A word of the question is found at the beginning of words; words in quotation marks stand together as written.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from chronicle.errors import QuestionError, WhenError, shown
from chronicle.event.model import KINDS, Attribute, Chronicle, Entity, Event, LogDocument, Source
from chronicle.event.narrowing import is_of, may_overlap
from chronicle.event.record import Record
from chronicle.event.validate import is_type
from chronicle.event.words import Word, texts, words
from chronicle.state.answer import Basis
from chronicle.when import When

WEIGHTS = {"title": 8, "label": 8, "id": 6, "tags": 4, "participants": 3, "summary": 2, "description": 2}
"""How much a field counts; any other counts one."""

AROUND = 40
"""Characters of a snippet before and after what was found."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_PLACE = re.compile(r"([1-9][0-9]{0,17})\.([1-9][0-9]{0,17})", re.ASCII)

Labels = Mapping[tuple[str, str], str]
"""(chronicle, entity) -> its label."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together; the last one may go on unless they were in quotation marks."""

    words: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which documents are looked for: those that fit every given limit, and of each limit one of its names.

    A type stands for its kinds as well: `agreement` is `agreement.signed` too. `since` and `until` are EDTF dates: what
    may have occurred between the beginning of the one and the end of the other. Only events have types, tags and dates.
    Raises QuestionError for a kind, type or date that cannot be.
    """

    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        """Refuse what can be no kind, type or date."""
        for kind in self.kinds:
            if kind not in KINDS:
                raise QuestionError(f"{shown(kind)} is no kind of document: expected one of {', '.join(KINDS)}")
        for name in self.types:
            if not is_type(name):
                raise QuestionError(f"{shown(name)} is no type: expected dotted lower case")
        for date in (self.since, self.until):
            try:
                if date is not None:
                    When.parse(date)
            except WhenError as error:
                raise QuestionError(str(error)) from error

    @property
    def is_of_events(self) -> bool:
        """Only events can fit."""
        return bool(self.types or self.tags or self.since or self.until)

    def fits(self, document: LogDocument) -> bool:
        """Whether a document is looked for."""
        if self.kinds and document.kind not in self.kinds:
            return False
        if not self.is_of_events:
            return True
        return (
            isinstance(document, Event)
            and (not self.types or any(is_of(document.type, name) for name in self.types))
            and (not self.tags or not set(self.tags).isdisjoint(document.tags))
            and may_overlap(When.parse(document.occurred), self.since, self.until)
        )


class Place(NamedTuple):
    """Where a result stands among all: by weight, the heaviest first, then by the first position of its id."""

    weight: int
    first: int

    @property
    def text(self) -> str:
        """What `next` says."""
        return f"{self.weight}.{self.first}"

    @property
    def order(self) -> tuple[int, int]:
        """What results are sorted by."""
        return -self.weight, self.first


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
    """A page of hits, the best first; how many there are on all pages, and after what the next one goes on, if any.

    Of what is not `is_whole` the number is that of the stretch that was looked through, and there may be more.
    """

    basis: Basis
    query: str
    total: int
    results: tuple[Hit, ...]
    next: str | None = None
    is_whole: bool = True

    def as_json(self) -> dict[str, object]:
        """The document that `search --json` prints."""
        results = [hit.as_json() for hit in self.results]
        return {
            "basis": self.basis.as_json(),
            "query": self.query,
            "total": self.total,
            "results": results,
            "next": self.next,
        }


def terms(query: str) -> list[Term]:
    """What is asked for, each term once. Raises QuestionError if that is nothing."""
    found = []
    for phrase, word in dict.fromkeys(_TERM.findall(unicodedata.normalize("NFC", query))):
        asked = tuple(one.folded for one in words(phrase or word))
        if asked:
            found.append(Term(asked, exact=bool(phrase)))
    if not found:
        raise QuestionError("search: say at least one word")
    return list(dict.fromkeys(found))


def named(document: LogDocument) -> set[str]:
    """The entities by whose labels a document is found."""
    found: set[str] = set()

    def label(entity: str) -> str:
        found.add(entity)
        return ""

    for _ in texts(document, label):
        pass
    return found


def place(text: str) -> Place:
    """The place that `next` of a page said. Raises QuestionError for another text."""
    if (found := _PLACE.fullmatch(text)) is None:
        raise QuestionError(f"after: {shown(text)} is not what a search gave as its next")
    return Place(*map(int, found.groups()))


def search(
    records: Iterable[Record], wanted: list[Term], labels: Labels, limit: int, after: Place | None = None
) -> tuple[int, list[Hit], Place | None]:
    """How many records have every term, the best of them after a place, and the place of the last if there are more.

    Only as many as `limit` are kept at a time.
    """
    total = later = 0

    def ranked() -> Iterator[tuple[Place, Record, str, str]]:
        nonlocal total, later
        for record in records:
            found = _found(record, wanted, labels)
            if found is not None:
                total += 1
                weight, field, snippet = found
                here = Place(weight, record.first)
                if after is None or here.order > after.order:
                    later += 1
                    yield here, record, field, snippet

    best = heapq.nsmallest(limit, ranked(), key=lambda one: one[0].order)
    hits = [Hit(record, _title(record.document), field, snippet) for _, record, field, snippet in best]
    return total, hits, best[-1][0] if later > len(best) else None


def _found(record: Record, wanted: list[Term], labels: Labels) -> tuple[int, str, str] | None:
    """The weight of a record that has every term, and the field and snippet of the heaviest."""
    label = partial(_label, labels, record.header.chronicle)
    fields = [(name, text, words(text)) for name, text in texts(record.document, label)]
    total, best = 0, (0, "", "", 0, 0)
    for term in wanted:
        hits = [
            (WEIGHTS.get(name, 1) * (2 if span.is_whole else 1), name, text, span.start, span.end)
            for name, text, listed in fields
            if (span := _span(term, listed)) is not None
        ]
        if not hits:
            return None
        heaviest = max(hits, key=lambda hit: hit[0])
        total += heaviest[0]
        best = max(best, heaviest, key=lambda hit: hit[0])
    _, name, text, start, end = best
    return total, name, _snippet(text, start, end)


def _label(labels: Labels, chronicle: str, entity: str) -> str:
    return labels.get((chronicle, entity), entity)


class _Span(NamedTuple):
    """Where a term stands in a text, and whether its last word ends there."""

    start: int
    end: int
    is_whole: bool


def _span(term: Term, listed: list[Word]) -> _Span | None:
    """Where a term first stands in a text, preferably as whole words."""
    if len(term.words) > len(listed):
        return None
    *before, last = term.words
    begun = None
    for index, word in enumerate(listed[len(before) :]):
        if word.folded.startswith(last) and all(
            listed[index + offset].folded == one for offset, one in enumerate(before)
        ):
            whole = word.folded == last
            span = _Span(listed[index].start, word.end, whole)
            if whole:
                return span
            if begun is None and not term.exact:
                begun = span
    return begun


def _snippet(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    lead, trail = "…" if start > AROUND else "", "…" if end + AROUND < len(text) else ""
    return " ".join(f"{lead}{before}*{text[start:end]}*{after}{trail}".split())


def _title(document: LogDocument) -> str:
    match document:
        case Event() | Source() | Chronicle():
            return document.title
        case Entity() | Attribute():
            return document.label or document.id
    return document.id
