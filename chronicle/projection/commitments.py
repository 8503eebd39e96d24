"""What was planned, promised or aimed at, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chronicle.event.model import Event
from chronicle.event.value import EntityValue, Figure, Flag, Quantity, Range, Text, Value
from chronicle.projection.projection import Moment, Projection, hears, on
from chronicle.state.occurrence import acts_of
from chronicle.when import When

UNKNOWN = "unknown"
PLANS = ("plan.announced", "commitment.made")


class Commitments(Projection):
    """Plans, commitments and targets with their status: a row for each fact that is `due`, one for a plan without.

    As of a date a commitment is `fulfilled`, `cancelled`, `overdue` once its date has certainly passed, `due` within
    it, else `planned`; in a table, which knows no today, `open` instead of the last three. The latest postponement puts
    its own `due` in the place of the plan's. `by` is the event that fulfilled, cancelled or postponed it.
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
        "by": str,
    }

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        ids = {plan for plan, _ in acts_of(event)}
        if not ids and (any(hears(plan, event.type) for plan in PLANS) or _targets(event)):
            ids.add(event.id)
        return {f"{moment.chronicle}/{id_}" for id_ in ids}

    @on("*")
    def _hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        acts = acts_of(event)
        if not acts:
            state["plan"] = {"type": event.type, "title": event.title, "targets": _targets(event)}
        for plan, act in acts:
            state.setdefault("acts", {}).setdefault(plan, []).append([act, event.id, _dues(event)])

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:
        chronicle, id_ = part.split("/")
        plan = state.get("plan")
        if plan is None:  # fulfilled or cancelled, but never recorded as a plan
            return
        done = state.get("acts", {}).get(id_, [])
        final = next((one for one in reversed(done) if one[0] != "postpones"), None)
        moved = next((one for one in reversed(done) if one[0] == "postpones"), None)
        for subject, attribute, value, due in plan["targets"] or [[None, None, None, None]]:
            until = moved[2][-1] if moved is not None and moved[2] else due
            status = _status(until, last_second) if final is None else _ENDS[final[0]]
            by = final or moved
            named = (chronicle, id_, plan["type"], plan["title"], subject, attribute, value)
            yield *named, until, status, by[1] if by else None


_ENDS = {"fulfils": "fulfilled", "cancels": "cancelled"}


def _status(due: str | None, last_second: int | None) -> str:
    if last_second is None:
        return "open"
    if due is None or due == UNKNOWN:
        return "planned"
    when = When.parse(due)
    if when.hi is not None and when.hi <= last_second + 1:
        return "overdue"
    return "due" if when.lo is None or when.lo <= last_second else "planned"


def _targets(event: Event) -> list[list[str | None]]:
    """[subject, attribute, value, due] of each fact that is to be reached."""
    return [[one.subject, one.attribute, _text(one.value), one.due] for one in event.facts if one.due is not None]


def _dues(event: Event) -> list[str]:
    return [one.due for one in event.facts if one.due is not None]


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
