"""What held of one key, told for people and programs: its values, how certain they are, and the events that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chronicle.errors import QuestionError
from chronicle.event.candidate import Candidate, Key
from chronicle.event.value import Value
from chronicle.state.answer import Basis, Claim, key_dimensions, moment_text
from chronicle.state.history import Segment

Claims = Mapping[Candidate, Claim]


@dataclass(frozen=True, slots=True)
class Held:
    """The values that hold, or may hold, of a key; never none. `events` are the ids of those that state them."""

    values: tuple[Value, ...]
    certain: bool
    may_be_absent: bool
    events: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Values as written, in the order of values; events in the order in which they come to be told."""
        return {
            "certainty": "certain" if self.certain else "possible",
            "values": [value.written() for value in self.values],
            "may_be_absent": self.may_be_absent,
            "events": list(self.events),
        }


@dataclass(frozen=True, slots=True)
class HeldSegment:
    """What held in `[start, end)`, in Unix seconds; None is without bound."""

    start: int | None
    end: int | None
    held: Held

    def as_json(self) -> dict[str, object]:
        """One object of `segments`."""
        return {
            "start": None if self.start is None else moment_text(self.start),
            "end": None if self.end is None else moment_text(self.end),
            **self.held.as_json(),
        }


@dataclass(frozen=True, slots=True)
class History:
    """What held of one key over time: segments that neither overlap nor, where they touch, say the same."""

    basis: Basis
    key: dict[str, object]
    segments: tuple[HeldSegment, ...]

    def as_json(self) -> dict[str, object]:
        """The document that `history --json` prints for a key."""
        return {
            "basis": self.basis.as_json(),
            "key": self.key,
            "segments": [segment.as_json() for segment in self.segments],
        }


@dataclass(frozen=True, slots=True)
class Histories:
    """The histories of all keys that a question matches, in the order of keys. Of one key it is read like that one.

    `next` is as for a state.
    """

    basis: Basis
    asked: dict[str, object]
    histories: tuple[History, ...]
    next: str | None = None

    def __iter__(self) -> Iterator[History]:
        """Every key's history; none if no fact was ever stated."""
        return iter(self.histories)

    def __len__(self) -> int:
        return len(self.histories)

    @property
    def only(self) -> History:
        """The one there is, or one without a segment if there is none. Raises QuestionError if there are several."""
        if len(self.histories) > 1:
            keys = "; ".join(key_text(one.key) for one in self.histories)
            raise QuestionError(f"{len(self.histories)} keys match, ask for one of them: {keys}")
        return self.histories[0] if self.histories else History(self.basis, self.asked, ())

    @property
    def segments(self) -> tuple[HeldSegment, ...]:
        """Those of the only history."""
        return self.only.segments

    def as_json(self) -> dict[str, object]:
        """The document of the only history."""
        return self.only.as_json()


def held(winners: Iterable[Candidate], facts: Iterable[Candidate], *, may_be_absent: bool, claims: Claims) -> Held:
    """`winners` in the order of values, one for each; `facts` are those whose events are named."""
    values = tuple(value for winner in winners if (value := claims[winner].value) is not None)
    events = tuple(dict.fromkeys(claims[fact].event.id for fact in facts))
    return Held(values, len(values) == 1 and not may_be_absent, may_be_absent, events)


def held_segments(segments: Iterable[Segment], claims: Claims) -> tuple[HeldSegment, ...]:
    """Segments with the claims they come from."""
    return tuple(
        HeldSegment(one.start, one.end, held(one.winners, one.facts, may_be_absent=one.may_be_absent, claims=claims))
        for one in segments
    )


def key_json(key: Key, claim: Claim) -> dict[str, object]:
    """A key as JSON, given one of its claims: `shape` only for periods, `value` only for `many` attributes."""
    more: dict[str, object] = {}
    if key.shape:
        more["shape"] = key.shape
    if key.value and claim.value is not None:
        more["value"] = claim.value.written()
    return {
        "chronicle": key.chronicle,
        "subject": key.subject,
        "attribute": key.attribute,
        "dimensions": dict(sorted(key_dimensions(key.dimensions).items())),
        **more,
    }


def key_text(key: Mapping[str, object]) -> str:
    """A key on one line: `azerbaijan trade-turnover partner=usa P12M`."""
    dimensions = key.get("dimensions")
    assert isinstance(dimensions, dict)
    parts = [key["subject"], key["attribute"], *(f"{name}={value}" for name, value in dimensions.items())]
    return " ".join(map(str, (*parts, *(key[name] for name in ("shape", "value") if name in key))))
