"""The state at an instant: one row for each value that holds or may hold, in the order of DESIGN section 7."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from chronicle.event.candidate import SINCE_EVER, Candidate, Key
from chronicle.event.span import shape_order
from chronicle.event.value import value_order
from chronicle.state.resolve import resolve


@dataclass(frozen=True, slots=True)
class Reading:
    """How an attribute's facts are read: `many` values side by side; a later report overwriting any time it covers."""

    many: bool = False
    by_report: bool = False


ReadingOf = Callable[[str, str], Reading]
"""(chronicle, attribute) -> how its facts are read."""


class StateRow(msgspec.Struct, frozen=True, gc=False):
    """A value that holds (`certain`) or may hold, with the fact that wins with the latest possible `from`."""

    key: Key
    fact: Candidate
    certain: bool
    may_be_absent: bool

    @property
    def foreseen(self) -> bool:
        """Reported before it was to take effect: a plan or forecast. Never so for an undated report."""
        reported = self.fact.rank[0]
        return SINCE_EVER < reported < self.fact.from_lo


def by_key(facts: Collection[tuple[Key, Candidate]], reading: ReadingOf) -> dict[Key, list[Candidate]]:
    """Facts under their keys; the incoming keys carry every fact's value, which stays for `many` attributes only."""
    if len(facts) == 1:  # as most places have it
        [(key, fact)] = facts
        return {key if reading(key[0], key[2]).many else Key(*key[:5], ""): [fact]}
    grouped: dict[Key, list[Candidate]] = {}
    place, many, named = None, False, None
    together: list[Candidate] = []
    for key, fact in facts:
        if place != key[:3]:
            place, many = key[:3], reading(key[0], key[2]).many
        if many:
            grouped.setdefault(key, []).append(fact)
            continue
        if named != key[:5]:
            named = key[:5]
            together = grouped.setdefault(Key(*named, ""), [])
        together.append(fact)
    return grouped


def state_rows(facts: Mapping[Key, Sequence[Candidate]], x: int, reading: ReadingOf) -> list[StateRow]:
    """Resolve every key at the second `x`.

    Rows come sorted by chronicle, subject, attribute, dimensions, period shape and value; no facts give no rows.
    """
    rows = []
    for key, rivals in facts.items():
        outcome = resolve(rivals, x, by_report=reading(key.chronicle, key.attribute).by_report)
        rows += [StateRow(key, winner, outcome.certain, outcome.may_be_absent) for winner in outcome.winners]
    return (
        rows
        if len(rows) < 2
        else sorted(rows, key=lambda row: (*key_order(row.key), value_order(row.fact.value or "")))
    )


def key_order(key: Key) -> tuple[object, ...]:
    """Sort key for keys: chronicle, subject, attribute, dimensions, period shape, value."""
    return (*key[:4], shape_order(key.shape), value_order(key.value))
