"""What differs between two states, and which events brought it about (DESIGN section 5).

The states may be of two dates (what changed) or of two states of knowledge over one date (what we learned).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chronicle.event.candidate import Candidate, Key
from chronicle.event.value import value_order
from chronicle.state.answer import Basis, next_json
from chronicle.state.held import Claims, Held, held, key_json
from chronicle.state.resolve import Outcome, is_over, resolve
from chronicle.state.rows import ReadingOf, key_order


class Side(NamedTuple):
    """The facts of one of the two states, the second it is of, and how attributes are read there."""

    facts: Mapping[Key, Sequence[Candidate]]
    second: int
    reading: ReadingOf

    def outcome(self, key: Key) -> Outcome:
        """What holds of the key on this side."""
        by_report = self.reading(key.chronicle, key.attribute).by_report
        return resolve(self.facts.get(key, ()), self.second, by_report=by_report)


class Difference(NamedTuple):
    """A key whose values, or their certainty, differ."""

    key: Key
    before: Outcome
    after: Outcome

    @property
    def facts(self) -> tuple[Candidate, ...]:
        """Every fact that wins on either side."""
        return (*self.before.winners, *self.after.winners)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with the claims it comes from. `before` or `after` is None where nothing held."""

    key: dict[str, object]
    before: Held | None
    after: Held | None
    caused_by: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    def as_json(self) -> dict[str, object]:
        """One object of `changes`."""
        return {
            "key": self.key,
            "change": self.kind,
            "before": None if self.before is None else self.before.as_json(),
            "after": None if self.after is None else self.after.as_json(),
            "caused_by": list(self.caused_by),
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes from one basis to another, in the order of keys; `next` as for a state."""

    before: Basis
    after: Basis
    changes: tuple[Change, ...]
    next: str | None = None

    def as_json(self) -> dict[str, object]:
        """The document that `diff --json` prints."""
        return {
            "from": self.before.as_json(),
            "to": self.after.as_json(),
            "changes": [change.as_json() for change in self.changes],
            **next_json(self.next),
        }


def differences(before: Side, after: Side) -> list[Difference]:
    """The keys whose possible values or possible absence differ, in the order of keys; none for equal states.

    Of each key a side needs those facts alone that can matter to its outcome.
    """
    found = []
    for key in sorted(before.facts.keys() | after.facts.keys(), key=key_order):
        was, now = before.outcome(key), after.outcome(key)
        if _says(was) != _says(now):
            found.append(Difference(key, was, now))
    return found


def causes(one: Difference, before: Side, after: Side) -> tuple[Candidate, ...]:
    """The facts that win now and stood otherwise before; else those that won before and stand otherwise now.

    A value that gives way to a new one is not its cause; one that ends, or is withdrawn, and leaves room, is. None
    where neither explains it.

    Of the events that the sides do not see alike all facts of the key must be there; a fact that wins and is not there
    is on both sides.
    """
    differ = {fact.event for side in (before, after) for fact in side.facts.get(one.key, ())}

    def otherwise(outcome: Outcome, here: Side, there: Side) -> tuple[Candidate, ...]:
        standing = _standings(one.key, there)

        def is_otherwise(fact: Candidate) -> bool:
            if fact.event in differ:
                return _standing(fact, here.second) not in standing
            return _passed(fact, here.second) != _passed(fact, there.second)

        return tuple(filter(is_otherwise, _winning(outcome)))

    return otherwise(one.after, after, before) or otherwise(one.before, before, after)


def hiders(one: Difference, before: Side, after: Side) -> tuple[Candidate, ...]:
    """The facts that stand otherwise now: where none that wins explains a difference, one kept another from winning.

    There may be none: the two bases read the same facts differently. Also the facts that only pass must be there; what
    had ended before either second matters no more, and may be missing.
    """
    stood, first = _standings(one.key, before), min(before.second, after.second)
    lasting = (fact for fact in after.facts.get(one.key, ()) if not is_over(fact, first))
    return tuple(fact for fact in lasting if _standing(fact, after.second) not in stood)


def change(difference: Difference, because: Iterable[Candidate], claims: Claims) -> Change:
    """A difference and its causes as an answer; `claims` has all their facts."""
    return Change(
        key_json(difference.key, claims[difference.facts[0]]),
        _held(difference.before, claims),
        _held(difference.after, claims),
        tuple(dict.fromkeys(claims[fact].event.id for fact in sorted(because, key=lambda fact: fact.event))),
    )


def _held(outcome: Outcome, claims: Claims) -> Held | None:
    winners = sorted(outcome.winners, key=lambda fact: value_order(fact.value or ""))
    return held(winners, winners, may_be_absent=outcome.may_be_absent, claims=claims) if winners else None


def _says(outcome: Outcome) -> tuple[object, ...]:
    return {fact.value for fact in outcome.winners}, outcome.may_be_absent or not outcome.winners


def _winning(outcome: Outcome) -> Iterable[Candidate]:
    return outcome.winners if outcome.denial is None else (*outcome.winners, outcome.denial)


def _standings(key: Key, side: Side) -> set[tuple[object, ...]]:
    return {_standing(fact, side.second) for fact in side.facts.get(key, ())}


def _standing(fact: Candidate, x: int) -> tuple[object, ...]:
    """What a fact says, who says it, and what of it has passed by `x`."""
    return fact.event, fact.value, fact.rank[0], fact[:4], _passed(fact, x)


def _passed(fact: Candidate, x: int) -> tuple[bool, bool, bool, bool]:
    """Whether a fact may have begun, has begun, may have ended, has ended by `x`."""
    return fact.from_lo <= x, fact.from_hi - 1 <= x, fact.until_lo <= x, fact.until_hi - 1 <= x
