"""A fact with the event that states it, and what it names: dates, entities, exact numbers, citations."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from chronicle.errors import WhenError
from chronicle.event.model import Citation, Event, Fact
from chronicle.event.value import EntityValue, Figure, Quantity, Range
from chronicle.when import When


class Stated(NamedTuple):
    """A fact of an effective version, and its event."""

    fact: Fact
    event: Event

    @property
    def citations(self) -> list[Citation]:
        """The fact's own, else those of its event."""
        return self.fact.sources or self.event.sources

    @property
    def times(self) -> list[str]:
        """The dates that the fact states, without `unknown` and `..`."""
        fact = self.fact
        stated = (fact.from_, fact.at, fact.until, fact.through, fact.period, fact.due)
        return [one for one in stated if one is not None and is_date(one)]

    @property
    def entities(self) -> set[str]:
        """The subject of the fact, its dimensions, and the entity that is its value."""
        fact = self.fact
        value = {fact.value.entity} if isinstance(fact.value, EntityValue) else set()
        return {fact.subject, *fact.dimensions.values(), *value}

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The exact numbers of the fact: one, two of a range, none of what is no figure."""
        match self.fact.value:
            case Figure(number):
                return (number.decimal,)
            case Quantity(amount):
                return (amount.decimal,)
            case Range(low, high):
                return low.decimal, high.decimal
        return ()


def is_date(text: str) -> bool:
    """The text is an EDTF date."""
    try:
        When.parse(text)
    except WhenError:
        return False
    return True


_OPEN = re.compile(r"[\[{](?:\.\.)?(?P<known>[^,]+?)(?:\.\.)?[\]}]")


def with_sides(dates: set[str]) -> set[str]:
    """The dates, with both sides of what is an interval, and the known one of `[..1994]`."""
    whens = [When.parse(text) for text in dates]
    known = {found["known"] for text in dates if (found := _OPEN.fullmatch(text))}
    sides = {side.edtf for when in whens for side in (when.start, when.end)}
    return dates | {side for side in sides | known if is_date(side)}
