"""What a document does to the versions of its id: nothing, or one version more (DESIGN section 3, same id again)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import Retraction


@dataclass(frozen=True, slots=True)
class Stored:
    """A version in the log. `payload` is its canonical content, None if it is redacted."""

    position: int
    version: int
    payload: bytes | None
    retracted: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one document.

    `outcome` is new, corrected, reverted, reasserted, retracted, redacted or unchanged; `reverted_to` names the version
    whose content is back.
    """

    chronicle: str
    kind: str
    id: str
    version: int
    position: int
    outcome: str
    reverted_to: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One document of a run. Where `appends`, the receipt's position is still 0."""

    draft: Draft
    payload: bytes
    receipt: Receipt

    @property
    def appends(self) -> bool:
        """The document becomes a record."""
        return self.receipt.outcome != "unchanged"

    def at(self, position: int) -> Receipt:
        """The receipt once the position is known."""
        return replace(self.receipt, position=position)


There = tuple[int, int]
"""Version and position of what a document is already there as."""


def beginning(contents: Sequence[bytes], stored: Sequence[Stored]) -> list[There]:
    """What the documents of the longest beginning of a run are there as, which equals the last stored versions.

    Documents that repeat the one before them count with it, for they never become a version.
    """
    groups = [(content, len([*same])) for content, same in groupby(contents)]
    for length in range(min(len(groups), len(stored)), -1, -1):
        last = stored[len(stored) - length :]
        if all(content == old.payload for (content, _), old in zip(groups, last, strict=False)):
            return [
                (old.version, old.position) for (_, count), old in zip(groups, last, strict=False) for _ in range(count)
            ]
    raise AssertionError("the empty beginning is always there")


def plan_run(
    id: DocumentId,  # noqa: A002
    run: Sequence[tuple[Draft, bytes]],
    stored: Sequence[Stored],
    there: Sequence[There] | None = None,
) -> list[Step] | None:
    """The steps of all documents of one id in one load, in order; None if the first would retract what never was.

    The longest beginning of the run that equals the last stored versions is already there; the rest is compared with
    the latest version, one by one. Who knows more of the load than this run says what is `there`.
    """
    if there is None:
        there = beginning([payload for _, payload in run], stored)
    steps = [
        Step(draft, payload, Receipt(*id, version, position, "unchanged"))
        for (draft, payload), (version, position) in zip(run, there, strict=False)
    ]
    history = list(stored)
    for draft, payload in run[len(steps) :]:
        latest = history[-1] if history else None
        if latest is not None and latest.payload == payload:
            steps.append(Step(draft, payload, Receipt(*id, latest.version, latest.position, "unchanged")))
            continue
        if latest is None and isinstance(draft.document, Retraction):
            return None
        outcome, back = _outcome(draft, payload, history)
        version = latest.version + 1 if latest else 1
        steps.append(Step(draft, payload, Receipt(*id, version, 0, outcome, back)))
        history.append(Stored(0, version, payload, isinstance(draft.document, Retraction)))
    return steps


def _outcome(draft: Draft, payload: bytes, history: Sequence[Stored]) -> tuple[str, int | None]:
    if not history:
        return "new", None
    if isinstance(draft.document, Retraction):
        return "retracted", None
    if history[-1].retracted or history[-1].payload is None:
        return "reasserted", None
    back = next((old.version for old in reversed(history) if old.payload == payload), None)
    return ("corrected", None) if back is None else ("reverted", back)
