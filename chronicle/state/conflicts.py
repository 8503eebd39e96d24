"""Claims that cover an instant but lost there, beside the claim that won (DESIGN section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chronicle.event.candidate import Candidate, Key
from chronicle.state.answer import Basis, Claim, next_json
from chronicle.state.held import key_json
from chronicle.state.resolve import able, resolve
from chronicle.state.rows import ReadingOf, key_order


class Rivalry(NamedTuple):
    """The winner of a key (of several possible ones that with the latest `from`), and who lost to it, and by what.

    `lost_by` is what decided: `from` (an earlier beginning), `reported` (an earlier report), `recorded` (an earlier
    record) or `order` (an earlier place within the event). `possible` has the losers that win in another world.
    """

    key: Key
    winner: Candidate
    losers: tuple[tuple[Candidate, str], ...]
    possible: frozenset[Candidate]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rivalry with the claims it comes from: each loser with what it lost by, and whether it may yet be right."""

    key: dict[str, object]
    winner: Claim
    losers: tuple[tuple[Claim, str, bool], ...]

    def as_json(self) -> dict[str, object]:
        """One object of `conflicts`."""
        return {
            "key": self.key,
            "winner": _claim(self.winner),
            "losers": [{**_claim(loser), "lost_by": by, "may_win": may_win} for loser, by, may_win in self.losers],
        }


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All conflicts at the last second of a basis, in the order of keys; `next` as for a state."""

    basis: Basis
    conflicts: tuple[Conflict, ...]
    next: str | None = None

    def as_json(self) -> dict[str, object]:
        """The document that `conflicts --json` prints."""
        conflicts = [conflict.as_json() for conflict in self.conflicts]
        return {"basis": self.basis.as_json(), "conflicts": conflicts, **next_json(self.next)}


def rivalries(facts: Mapping[Key, Sequence[Candidate]], x: int, reading: ReadingOf) -> list[Rivalry]:
    """Every key of which a claim that covers `x`, or may, says something else than the winner, in the order of keys.

    Losers come strongest first. A claim of the winner's value is no rival.
    """
    found = []
    for key in sorted(facts, key=key_order):
        by_report = reading(key.chronicle, key.attribute).by_report
        outcome = resolve(facts[key], x, by_report=by_report)
        winner = outcome.winners[0] if outcome.winners else outcome.denial
        if winner is None:
            continue
        covering = [fact for fact in facts[key] if fact.from_lo <= x < fact.until_hi - 1]
        losers = sorted(
            (fact for fact in covering if fact.value != winner.value),
            key=lambda fact: fact.rank if by_report else (fact.from_hi, fact.from_lo, *fact.rank),
            reverse=True,
        )
        if losers:
            lost = tuple((loser, _lost_by(winner, loser, by_report=by_report)) for loser in losers)
            found.append(Rivalry(key, winner, lost, able(facts[key], x, by_report=by_report) & set(losers)))
    return found


def conflict(rivalry: Rivalry, claims: Mapping[Candidate, Claim]) -> Conflict:
    """A rivalry as an answer; `claims` has all its facts."""
    winner = claims[rivalry.winner]
    losers = tuple((claims[loser], by, loser in rivalry.possible) for loser, by in rivalry.losers)
    return Conflict(key_json(rivalry.key, winner), winner, losers)


def _lost_by(winner: Candidate, loser: Candidate, *, by_report: bool) -> str:
    if not by_report and winner[:2] != loser[:2]:
        return "from"
    if winner.rank[0] != loser.rank[0]:
        return "reported"
    return "recorded" if winner.event != loser.event else "order"


def _claim(claim: Claim) -> dict[str, object]:
    """A claim with when it was reported; `holds` only where it denies."""
    return {
        **claim.as_json(),
        **({} if claim.fact.holds else {"holds": False}),
        "reported": claim.reported,
    }
