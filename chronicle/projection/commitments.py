"""What was planned, promised or aimed at, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chronicle.event.model import Event
from chronicle.event.value import EntityValue, Figure, Flag, Quantity, Range, Text, Value
from chronicle.projection.projection import Moment, Projection, hears, on
from chronicle.state.occurrence import acts_of
from chronicle.when import When

UNKNOWN = "unknown"
PLANS = ("plan.announced", "commitment.made")


class Commitments(Projection):
    """Plans, commitments and targets with their status, and by what they were fulfilled, cancelled or postponed.

    A row is a fact that is `due`; a plan without one has a row, too. As of a date a commitment is `fulfilled`,
    `cancelled`, `overdue` once its date has certainly passed, `due` within it, else `planned`; in a table, which knows
    no today, `open` instead of the last three. What had not been reported by the date does not count, as in
    `chronicle events`. The latest report of a postponement puts its own `due` in the place of the plan's, for the
    target that it names or else for all. `by_event` is the event that fulfilled, cancelled or postponed it, `fact` is
    EVENT#N, the fact that says what is to be reached, counted from 1.
    """

    name = "commitments"
    columns = {
        "chronicle": str,
        "event": str,
        "type": str,
        "title": str,
        "subject": str,
        "attribute": str,
        "value": str,
        "due": str,
        "status": str,
        "by_event": str,
        "fact": str,
    }

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        ids = {plan for plan, _ in acts_of(event)} | ({event.id} if _is_plan(event) else set())
        return {f"{moment.chronicle}/{id_}" for id_ in ids}

    @on("*")
    def _hear(self, state: Any, event: Event, moment: Moment) -> None:
        targets = _targets(event)
        if _is_plan(event):
            plan = {"type": event.type, "title": event.title, "targets": targets}
            state.setdefault("plans", {})[event.id] = plan
        for plan_id, act in acts_of(event):
            state.setdefault("acts", {}).setdefault(plan_id, []).append([moment.reported, act, event.id, targets])

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:
        chronicle, id_ = part.split("/")
        plan = state.get("plans", {}).get(id_)
        if plan is None:  # fulfilled or cancelled, but never recorded as a plan
            return
        acts = [one for one in state.get("acts", {}).get(id_, []) if last_second is None or one[0] <= last_second]
        acts.sort(key=lambda one: one[0])
        final = next((one for one in reversed(acts) if one[1] in _ENDS), None)
        moved = next((one for one in reversed(acts) if one[1] not in _ENDS), None)
        targets = plan["targets"] or [[None] * 5]
        dues = _dues(targets, moved[3] if moved else ())
        for (subject, attribute, value, _, number), until in zip(targets, dues, strict=True):
            status = _status(until, last_second) if final is None else _ENDS[final[1]]
            by = final or moved
            named = (chronicle, id_, plan["type"], plan["title"], subject, attribute, value)
            yield *named, until, status, by[2] if by else None, f"{id_}#{number}" if number else None


_ENDS = {"fulfils": "fulfilled", "cancels": "cancelled"}


def _is_plan(event: Event) -> bool:
    """It is announced as one, or aims at something and does nothing about another plan."""
    if any(hears(plan, event.type) for plan in PLANS):
        return True
    return bool(_targets(event)) and not acts_of(event)


def _dues(planned: Sequence[Sequence[Any]], moved: Sequence[Sequence[Any]]) -> list[str | None]:
    """When each target is due after a postponement, which moves those that it names, or else all."""
    new = {(subject, attribute): due for subject, attribute, _, due, _ in moved}
    others = [one[3] for one in moved]
    if not new.keys() & {(one[0], one[1]) for one in planned}:
        return [others[-1] if others else one[3] for one in planned]
    return [new.get((one[0], one[1]), one[3]) for one in planned]


def _status(due: str | None, last_second: int | None) -> str:
    if last_second is None:
        return "open"
    if due is None or due == UNKNOWN:
        return "planned"
    when = When.parse(due)
    if when.hi is not None and when.hi <= last_second + 1:
        return "overdue"
    return "due" if when.lo is None or when.lo <= last_second else "planned"


def _targets(event: Event) -> list[list[Any]]:
    """[subject, attribute, value, due, number] of each fact that is to be reached; numbers count from 1."""
    return [
        [one.subject, one.attribute, _text(one.value), one.due, number]
        for number, one in enumerate(event.facts, 1)
        if one.due is not None and one.holds
    ]


def _text(value: Value | None) -> str | None:
    match value:
        case Range(low, high, unit):
            return f"{low.digits} to {high.digits} {unit}"
        case Quantity(amount, unit, qualifier):
            return " ".join(filter(None, (qualifier, amount.digits, unit)))
        case Figure(number):
            return number.digits
        case Flag(flag):
            return "true" if flag else "false"
        case EntityValue(entity):
            return entity
        case Text(text):
            return text
    return None
