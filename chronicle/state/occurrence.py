"""How events stand as of a date: happened, perhaps happened, ongoing, planned or overdue (DESIGN section 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

import msgspec

from chronicle.event.model import Event, Fact
from chronicle.event.record import Record
from chronicle.event.span import FOREVER, SINCE_EVER
from chronicle.state.answer import Basis, next_json, recorded_text
from chronicle.state.mark import mark_text, read_mark
from chronicle.when import When, instant_text

ACTS = {"plan.fulfilled": "fulfils", "plan.cancelled": "cancels", "plan.postponed": "postpones"}
"""What an event of a type does to the plan it is related to, if no relation of it says so by this name."""


Bound = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""What a column of numbers holds."""


class Status(StrEnum):
    """How an event stands at the last second of `as_of`."""

    HAPPENED = "happened"
    MAY_HAVE_HAPPENED = "may-have-happened"
    ONGOING = "ongoing"
    PLANNED = "planned"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event as it stands; `due` is the date that has passed, of what is overdue."""

    record: Record
    event: Event
    status: Status
    due: str | None = None

    def as_json(self) -> dict[str, object]:
        """One object of `events`; `due` only where overdue."""
        header, reported = self.record.header, self.record.reported
        return {
            "chronicle": header.chronicle,
            "id": header.id,
            "type": self.event.type,
            "occurred": self.event.occurred,
            "status": str(self.status),
            **({} if self.due is None else {"due": self.due}),
            "title": self.event.title,
            "version": header.version,
            "position": self.record.position,
            "reported": None if reported is None else instant_text(reported),
            "recorded": recorded_text(header.recorded),
        }


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Events in the order of occurrence.

    `next` is what to ask for `after`, with the same basis, where a limit left some out.
    """

    basis: Basis
    events: tuple[Occurrence, ...]
    next: str | None = None

    def as_json(self) -> dict[str, object]:
        """The document that `events --json` prints."""
        return {
            "basis": self.basis.as_json(),
            "events": [event.as_json() for event in self.events],
            **next_json(self.next),
        }


class Rank(NamedTuple):
    """Where an event comes in the order of occurrence: earliest, latest, first position, by the strict bounds.

    So a qualifier moves nothing. What has no start stands where it ends, what `is_nowhere` has no date and comes last.
    """

    is_nowhere: bool
    earliest: Bound
    latest: Bound
    first: Bound

    @property
    def text(self) -> str:
        """It as one line."""
        return mark_text(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rank that a text says. Raises QuestionError for any other text."""
        return read_mark(text, cls)


FOREMOST = Rank(is_nowhere=False, earliest=SINCE_EVER, latest=SINCE_EVER, first=0)
"""Before the rank of any event."""


def occurrences(
    records: Iterable[Record], last_second: int, acting: Iterable[Record] | None = None
) -> list[Occurrence]:
    """How the effective events of one or more chronicles stand, in the order of occurrence.

    `acting` are the events that may have been told to fulfil, cancel or postpone them, if those are not among them.
    What is later and had not been reported by then is left out. A plan or commitment is overdue when a `due` of its
    facts has certainly passed and no fulfilment or cancellation had been reported; a postponement that had been
    reported puts its own `due` in the place of the plan's.
    """
    events = [(record, record.document) for record in records if isinstance(record.document, Event)]
    others = events if acting is None else [(one, one.document) for one in acting if isinstance(one.document, Event)]
    follow_ups = _follow_ups(others, last_second)
    found = []
    for record, event in sorted(events, key=lambda pair: occurrence_order(*pair)):
        status = status_of(When.parse(event.occurred), last_second, known=reported_by(record, last_second))
        if status is None:
            continue
        done = follow_ups.get((record.header.chronicle, event.id), [])
        due = None if status is Status.PLANNED else _overdue(event, done, last_second)
        found.append(Occurrence(record, event, status if due is None else Status.OVERDUE, due))
    return found


def status_of(when: When, last_second: int, *, known: bool) -> Status | None:
    """How an event of a date stands at a second; None for what is later and not `known` (reported) by then.

    An interval is ongoing once its start has certainly come, until its end has.
    """
    if when.lo is not None and when.lo > last_second:
        return Status.PLANNED if known else None
    if when.hi is not None and when.hi <= last_second + 1:
        return Status.HAPPENED
    if when.kind == "interval":
        start = when.start
        begun = start.kind in ("open", "unknown") or (start.hi is not None and start.hi <= last_second + 1)
        if begun and (start.kind != "unknown" or when.hi is None):
            return Status.ONGOING
    return Status.MAY_HAVE_HAPPENED


def reported_by(record: Record, second: int) -> bool:
    """The version had been reported by then; one without a dated source when its id was first recorded so."""
    return record.visible is not None and record.visible <= second


def occurrence_order(record: Record, event: Event) -> Rank:
    """What to sort events by."""
    when = When.parse(event.occurred)
    lo, hi = when.strict_lo, when.strict_hi
    if lo is None and hi is None:
        return Rank(is_nowhere=True, earliest=SINCE_EVER, latest=FOREVER, first=record.first)
    last = FOREVER if hi is None else hi
    return Rank(is_nowhere=False, earliest=last - 1 if lo is None else lo, latest=last, first=record.first)


FollowUps = Mapping[tuple[str, str], Sequence[tuple[Record, Event, str]]]
"""(chronicle, id of the plan) -> what was done about it: `fulfils`, `cancels` or `postpones`; latest report last."""


def _follow_ups(events: Iterable[tuple[Record, Event]], last_second: int) -> FollowUps:
    """What had been reported of each plan, and may have happened, by the second."""
    found = defaultdict(list)
    for record, event in events:
        when = When.parse(event.occurred)
        if reported_by(record, last_second) and (when.lo is None or when.lo <= last_second):
            for plan, act in acts_of(event):
                found[record.header.chronicle, plan].append((record, event, act))
    for done in found.values():
        done.sort(key=lambda one: (one[0].reported or SINCE_EVER, one[0].first))
    return found


def acts_of(event: Event) -> list[tuple[str, str]]:
    """(id of the plan, act) for each plan that an event `fulfils`, `cancels` or `postpones`."""
    said = [(one.event, one.relation) for one in event.related if one.relation in ACTS.values()]
    if not said and event.type in ACTS:
        return [(one.event, ACTS[event.type]) for one in event.related]
    return said


def _overdue(event: Event, done: Sequence[tuple[Record, Event, str]], last_second: int) -> str | None:
    """The `due` that has passed, the latest of several; None if nothing is overdue.

    A postponement is not itself overdue: the plan it moves is.
    """
    if any(act != "postpones" for _, _, act in done) or any(act == "postpones" for _, act in acts_of(event)):
        return None
    facts: Sequence[Fact] = done[-1][1].facts if done else event.facts
    dues = [When.parse(fact.due) for fact in facts if fact.due is not None and fact.due != "unknown"]
    passed = [(due.hi, due.edtf) for due in dues if due.hi is not None and due.hi <= last_second + 1]
    return max(passed)[1] if passed else None
