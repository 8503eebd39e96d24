"""Answers as values: the basis, and facts with the events and sources they come from (DESIGN section 7)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from chronicle.event.candidate import SINCE_EVER, Candidate
from chronicle.event.canonical import to_plain
from chronicle.event.model import Citation, Event, Fact
from chronicle.event.record import Record
from chronicle.event.stated import Stated
from chronicle.event.value import Value, written
from chronicle.state.rows import StateRow
from chronicle.when import When, instant_text

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer was computed from. The same basis gives the same bytes.

    `as_of` is None only for a history that is told without end. `redacted` names, by chronicle, kind and id, what had
    content within the position and has none any more; the answer is given without it.
    """

    position: int
    as_of: str | None
    known: str | None
    zone: str
    resolution: str | None
    schema: int = SCHEMA
    redacted: tuple[tuple[str, str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The `basis` object; `redacted` only where there is something."""
        basis = {name: getattr(self, name) for name in self.__slots__ if name != "redacted"}
        if self.redacted:
            basis["redacted"] = [dict(zip(("chronicle", "kind", "id"), one, strict=True)) for one in self.redacted]
        return basis


class Claim(msgspec.Struct, frozen=True, gc=False):
    """A fact with the version of the event that states it."""

    candidate: Candidate
    stated: Stated

    @property
    def event(self) -> Event:
        """The event, as this version has it."""
        return self.stated.event

    @property
    def version(self) -> int:
        """Which version of the event it is."""
        return self.stated.version

    @property
    def fact(self) -> Fact:
        """The fact as its event states it."""
        return self.event.facts[self.candidate.ordinal]

    @property
    def value(self) -> Value | None:
        """The value, as written; None for a denial that names none."""
        return self.fact.value

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimensions, by name."""
        return dict(sorted(self.fact.dimensions.items()))

    @property
    def sources(self) -> list[Citation]:
        """The fact's own citations, else those of its event."""
        return self.fact.sources or self.event.sources

    @property
    def began(self) -> str:
        """`from` as written; for a period its last second, for neither the start of the event."""
        fact = self.fact
        if fact.period is not None:
            return instant_text(self.candidate.from_lo)
        return fact.from_ or fact.at or When.parse(self.event.occurred).start.edtf or "unknown"

    @property
    def reported(self) -> str | None:
        """The last second of the report as an instant; None if it is undated."""
        second = self.candidate.rank[0]
        return None if second == SINCE_EVER else instant_text(second)

    def as_json(self) -> dict[str, object]:
        """The value, the times as written, the event and the sources; `due` and `until_inclusive` only where stated."""
        fact, value = self.fact, self.value
        more: dict[str, object] = {}
        if fact.through is not None:
            more["until_inclusive"] = True
        if fact.due is not None:
            more["due"] = fact.due
        return {
            "value": None if value is None else value.written(),
            "from": self.began,
            "until": fact.until or fact.through,
            "period": fact.period,
            **more,
            "event": self.event.id,
            "version": self.version,
            "sources": [to_plain(citation) for citation in self.sources],
        }


class StateFact(Claim, frozen=True, gc=False):
    """A claim that wins in some world, with the row it gives."""

    row: StateRow

    @property
    def value(self) -> Value:
        """The value, as written."""
        value = self.fact.value
        assert value is not None, "a fact that holds has a value"
        return value

    def as_json(self) -> dict[str, object]:
        """One object of `facts`; `due` and `until_inclusive` only where stated."""
        claim = super().as_json()
        return {
            "chronicle": self.row.key.chronicle,
            "subject": self.fact.subject,
            "attribute": self.fact.attribute,
            "dimensions": self.dimensions,
            "value": claim.pop("value"),
            "certainty": "certain" if self.row.certain else "possible",
            "may_be_absent": self.row.may_be_absent,
            "foreseen": self.row.foreseen,
            **claim,
        }


@dataclass(frozen=True, slots=True)
class State:
    """The state as of a date: one fact for each value that holds or may hold, sorted as DESIGN section 7 says.

    `next` is what to ask for `after`, with the same basis, where a limit left some out.
    """

    basis: Basis
    facts: tuple[StateFact, ...]
    next: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The document that `state --json` prints."""
        return {
            "basis": self.basis.as_json(),
            "facts": [fact.as_json() for fact in self.facts],
            **next_json(self.next),
        }


def next_json(following: str | None) -> dict[str, str]:
    """The member `next` of an answer that a limit has cut; nothing for one that is whole."""
    return {} if following is None else {"next": following}


def record_json(record: Record) -> dict[str, Any]:
    """One object of the versions that `show --json` prints, and of the log."""
    header = record.header
    return {
        "chronicle": header.chronicle,
        "kind": header.kind,
        "id": header.id,
        "version": header.version,
        "position": record.position,
        "type": header.type,
        "recorded": recorded_text(header.recorded),
        "recorded_by": header.recorded_by,
        "reported": None if record.reported is None else instant_text(record.reported),
        "digest": header.digest.hex(),
        "leaf": header.leaf().hex(),
        "document": written(to_plain(record.document)),
    }


def key_dimensions(dimensions: str) -> dict[str, str]:
    """The dimensions of a key's text."""
    return dict(json.loads(dimensions)) if dimensions else {}


def moment_text(second: int) -> str:
    """A Unix second as an EDTF day if a day begins with it, else as an instant, in UTC."""
    return instant_text(second).removesuffix("T00:00:00Z")


def recorded_text(microseconds: int) -> str:
    """A recorded time, microseconds since 1970, as an instant with six decimals, in UTC."""
    second, rest = divmod(microseconds, 1_000_000)
    return f"{instant_text(second)[:-1]}.{rest:06d}Z"
