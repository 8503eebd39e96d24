"""Answers as a server gives them: the documents of DESIGN section 7, typed. Fields that are not known are passed over.

Values and documents are those of the vocabulary (`event.value`, `event.model`), their numbers with the digits they were
written with; times are text, as in JSON.
"""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from chronicle.errors import Problem, StoreError
from chronicle.event.canonical import from_plain
from chronicle.event.model import Citation, LogDocument, Redacted, Redaction
from chronicle.event.value import NUMBER_TAG, Value, read_value


class Gone(msgspec.Struct, frozen=True):
    """What had content within the position of a basis, and has none any more."""

    chronicle: str
    kind: str
    id: str


class Basis(msgspec.Struct, frozen=True):
    """What an answer was computed from; asked again with all of it, it is the same."""

    position: int
    as_of: str | None
    known: str | None
    zone: str
    resolution: str | None
    schema: int
    redacted: tuple[Gone, ...] = ()


class Key(msgspec.Struct, frozen=True):
    """What a history, a change or a conflict is of. `shape` is there of periods only; `value` where there are many."""

    chronicle: str
    subject: str
    attribute: str
    dimensions: dict[str, str]
    shape: str | None = None
    value_: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"null"), name="value")

    @property
    def value(self) -> Value | None:
        """The value, of an attribute that has many."""
        return _value(self.value_)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What an event states; `value` is None for a denial that names none, `holds` false for any denial."""

    value_: msgspec.Raw = msgspec.field(name="value")
    began: str = msgspec.field(name="from")
    until: str | None
    period: str | None
    event: str
    version: int
    sources: tuple[Citation, ...]
    until_inclusive: bool = False
    due: str | None = None
    reported: str | None = None
    holds: bool = True

    @property
    def value(self) -> Value | None:
        """The value, as written."""
        return _value(self.value_)


class Fact(Claim, frozen=True, kw_only=True):
    """A row of a state: a value that holds, or may hold."""

    chronicle: str
    subject: str
    attribute: str
    dimensions: dict[str, str]
    certainty: Literal["certain", "possible"]
    may_be_absent: bool
    foreseen: bool


class State(msgspec.Struct, frozen=True):
    """What was the case on a date, in the order of keys and values."""

    basis: Basis
    facts: tuple[Fact, ...]
    next: str | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """The values that hold of a key, or may, and the events that say so."""

    certainty: Literal["certain", "possible"]
    values_: tuple[msgspec.Raw, ...] = msgspec.field(name="values")
    may_be_absent: bool
    events: tuple[str, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The values, as written, in their order."""
        return tuple(value for one in self.values_ if (value := _value(one)) is not None)


class Segment(Held, frozen=True, kw_only=True):
    """What held from `start` on and before `end`, EDTF days or instants in UTC; None is without bound."""

    start: str | None
    end: str | None


class History(msgspec.Struct, frozen=True):
    """What held of one key over time."""

    key: Key
    segments: tuple[Segment, ...]


class Histories(msgspec.Struct, frozen=True):
    """The histories of all keys that match; none if nothing was ever stated."""

    basis: Basis
    histories: tuple[History, ...]
    next: str | None = None


class Change(msgspec.Struct, frozen=True):
    """What differs of one key; `before` or `after` is None where nothing held."""

    key: Key
    change: Literal["added", "removed", "changed"]
    before: Held | None
    after: Held | None
    caused_by: tuple[str, ...]


class Diff(msgspec.Struct, frozen=True):
    """All changes from one basis to another."""

    before: Basis = msgspec.field(name="from")
    after: Basis = msgspec.field(name="to")
    changes: tuple[Change, ...]


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """How an event stands as of a date; `due` is the date that has passed, of what is overdue."""

    chronicle: str
    id: str
    type: str
    occurred: str
    status: Literal["happened", "may-have-happened", "ongoing", "planned", "overdue"]
    title: str
    version: int
    position: int
    reported: str | None
    recorded: str
    due: str | None = None


class Occurrences(msgspec.Struct, frozen=True):
    """Events in the order of occurrence."""

    basis: Basis
    events: tuple[Occurrence, ...]
    next: str | None = None


class Loser(Claim, frozen=True, kw_only=True):
    """A claim that lost, by what, and whether it may yet be right."""

    lost_by: Literal["from", "reported", "recorded", "order"]
    may_win: bool


class Conflict(msgspec.Struct, frozen=True):
    """The claim that won of a key, and those that lost, the strongest first."""

    key: Key
    winner: Claim
    losers: tuple[Loser, ...]


class Conflicts(msgspec.Struct, frozen=True):
    """All conflicts, in the order of keys."""

    basis: Basis
    conflicts: tuple[Conflict, ...]
    next: str | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was found; `snippet` has what was asked for between asterisks."""

    chronicle: str
    kind: str
    id: str
    title: str
    occurred: str | None = None
    field: str
    snippet: str


class Hits(msgspec.Struct, frozen=True):
    """What was found, the best first, and of how many."""

    basis: Basis
    query: str
    total: int
    results: tuple[Hit, ...]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the log; `cursor`, which only records of the log have, is where a reader goes on that has read it."""

    chronicle: str
    kind: str
    id: str
    version: int
    position: int
    type: str | None
    recorded: str
    recorded_by: str
    reported: str | None
    digest: str
    leaf: str
    document_: msgspec.Raw = msgspec.field(name="document")
    cursor: str = ""

    @property
    def document(self) -> LogDocument:
        """The document. Raises StoreError for one of a newer release, which cannot be read here."""
        try:
            plain = json.loads(bytes(self.document_), parse_int=_tagged, parse_float=_tagged)
            if plain.get("redacted") is True:
                return msgspec.json.decode(self.document_, type=Redacted)
            return msgspec.convert(plain, Redaction) if self.kind == "redaction" else from_plain(self.kind, plain)
        except (ValueError, KeyError, AttributeError, msgspec.ValidationError, RecursionError) as error:
            raise StoreError(f"the document at position {self.position} cannot be read here: {error}") from error


class Versions(msgspec.Struct, frozen=True):
    """Every version of an id, oldest first."""

    basis: Basis
    id: str
    versions: tuple[Record, ...]


class Documents(msgspec.Struct, frozen=True):
    """The latest documents of a kind; `next` is what to ask for `after` where more follow."""

    basis: Basis
    documents: tuple[Record, ...]
    next: int | None = None


class Page(msgspec.Struct, frozen=True):
    """Records in the order of the log, and where to go on, past what was not wanted, too.

    `up_to_date` says that there was nothing after it.
    """

    records: tuple[Record, ...]
    cursor: str
    up_to_date: bool


class Receipt(msgspec.Struct, frozen=True):
    """What became of one document; see `store.versions.Receipt`."""

    chronicle: str
    kind: str
    id: str
    version: int
    position: int
    outcome: str
    reverted_to: int | None = None


class Appended(msgspec.Struct, frozen=True):
    """Where the log ends after an append, a receipt for each document in order, and what is worth a warning."""

    position: int
    receipts: tuple[Receipt, ...]
    warnings: tuple[Problem, ...] = ()


def _tagged(digits: str) -> dict[str, str]:
    return {NUMBER_TAG: digits}


def _value(raw: msgspec.Raw) -> Value | None:
    """A value with its digits. Raises StoreError for one that cannot be read here."""
    try:
        plain: Any = json.loads(bytes(raw), parse_int=_tagged, parse_float=_tagged)
        return None if plain is None else read_value(plain)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"the answer has a value that cannot be read here: {error}") from error
