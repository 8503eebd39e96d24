"""The state at an instant: one row for each value that holds or may hold, in the order of DESIGN section 7."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chronicle.event.candidate import SINCE_EVER, Candidate, Key
from chronicle.event.span import shape_order
from chronicle.event.value import value_order
from chronicle.state.resolve import resolve


@dataclass(frozen=True, slots=True)
class Reading:
    """How an attribute's facts are read: `many` values side by side; a later report overwriting any time it covers."""

    many: bool = False
    by_report: bool = False


@dataclass(frozen=True, slots=True)
class StateRow:
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


def state_rows(
    facts: Iterable[tuple[Key, Candidate]], x: int, reading: Callable[[str, str], Reading]
) -> Iterator[StateRow]:
    """Resolve every key at the second `x`. `reading(chronicle, attribute)` says how to read an attribute's facts.

    The incoming keys carry every fact's value; it stays in the key for `many` attributes only. Rows come sorted by
    chronicle, subject, attribute, dimensions, period shape and value; no facts give no rows.
    """
    grouped: dict[Key, list[Candidate]] = defaultdict(list)
    for key, fact in facts:
        many = reading(key.chronicle, key.attribute).many
        grouped[key if many else key._replace(value="")].append(fact)

    rows = []
    for key, rivals in grouped.items():
        outcome = resolve(rivals, x, by_report=reading(key.chronicle, key.attribute).by_report)
        rows += [StateRow(key, winner, outcome.certain, outcome.may_be_absent) for winner in outcome.winners]
    return iter(sorted(rows, key=_order))


def _order(row: StateRow) -> tuple[object, ...]:
    key = row.key
    return (*key[:4], shape_order(key.shape), value_order(row.fact.value or ""))
