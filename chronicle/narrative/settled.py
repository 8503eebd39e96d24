"""What came of plans: fulfilled, cancelled or postponed, by which event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chronicle.narrative.chapters import Told
from chronicle.state.occurrence import acts_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event did to a plan: `fulfils`, `cancels` or `postpones`."""

    act: str
    told: Told


def outcomes(told: Iterable[Told]) -> dict[str, Outcome]:
    """The latest outcome of each plan that has one, by the plan's id."""
    found: dict[str, Outcome] = {}
    for one in told:
        if one.has_happened:
            found |= {plan: Outcome(act, one) for plan, act in acts_of(one.event)}
    return found
