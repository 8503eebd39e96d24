"""What the known event types need to be told well (DESIGN section 10). Other types need nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chronicle.event.fault import Path
from chronicle.event.model import Event

Need = Callable[[Event], Iterator[tuple[Path, str]]]


def lacks(event: Event) -> Iterator[tuple[Path, str]]:
    """What an event of a known type lacks, each with the field it would stand in; nothing for other types."""
    for need in _NEEDS.get(event.type, ()):
        yield from need(event)


def _participants(event: Event) -> Iterator[tuple[Path, str]]:
    if not event.participants:
        yield ("type",), f"{event.type}: name the participants"


def _speaker(event: Event) -> Iterator[tuple[Path, str]]:
    if event.stated_by is None:
        yield ("type",), f"{event.type}: say in stated_by whose statement it is"


def _figures(event: Event) -> Iterator[tuple[Path, str]]:
    if not any(fact.period or fact.at for fact in event.facts):
        yield ("type",), f"{event.type}: give the figures as facts with a period (or at, for a stock)"


def _due(event: Event) -> Iterator[tuple[Path, str]]:
    if not any(fact.due for fact in event.facts):
        yield ("type",), f"{event.type}: say in a fact when it is due, or due: unknown"


def _plan(event: Event) -> Iterator[tuple[Path, str]]:
    if not event.related:
        yield ("type",), f"{event.type}: name the plan in related"


_AGREEMENT = (_participants,)
_NEEDS: dict[str, tuple[Need, ...]] = {
    "agreement.signed": _AGREEMENT,
    "agreement.ratified": _AGREEMENT,
    "agreement.entered-into-force": _AGREEMENT,
    "agreement.terminated": _AGREEMENT,
    "statistic.reported": (_figures,),
    "statistic.revised": (_figures,),
    "statement.made": (_speaker,),
    "plan.announced": (_due,),
    "commitment.made": (_due,),
    "plan.fulfilled": (_plan,),
    "plan.cancelled": (_plan,),
    "plan.postponed": (_plan,),
    "investment.made": (_participants,),
    "company.entered": (_participants,),
    "visit.held": (_participants,),
    "meeting.held": (_participants,),
    "office.taken": (_participants,),
    "office.left": (_participants,),
}

TYPES = (*_NEEDS, "infrastructure.opened", "supply.started", "source.published")
"""The known types, all of DESIGN section 10."""
