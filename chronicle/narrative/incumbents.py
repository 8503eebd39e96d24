"""Who held which office when an event happened, by facts with the attribute `office`: the one valid then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chronicle.event.model import Event
from chronicle.event.span import span_of
from chronicle.event.value import EntityValue, Text
from chronicle.narrative.chapters import Told
from chronicle.narrative.setting import Stated
from chronicle.when import When

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Office:
    """A fact of an office, and when it holds: from within `[lo, hi)`, and surely up to `until`."""

    stated: Stated
    lo: int
    hi: int
    lasting: bool
    until: int

    @property
    def same(self) -> str:
        """One text for all facts of one office."""
        value = self.stated.fact.value
        assert value is not None
        return value.same


class Incumbents:
    """Finds a person's office for an event: one stated by the event itself, else one that held at its date."""

    def __init__(self, told: Iterable[Told], last_second: int) -> None:
        self._by_person: dict[str, list[Office]] = {}
        for one in told:
            for ordinal, fact in enumerate(one.event.facts):
                said = fact.holds and isinstance(fact.value, Text | EntityValue) and fact.period is None
                if fact.attribute != OFFICE or not said:
                    continue
                span = span_of(fact, one.when)
                if span.from_hi <= last_second + 1:
                    office = Office(
                        Stated(one.event, ordinal), span.from_lo, span.from_hi, fact.at is None, span.until_lo
                    )
                    self._by_person.setdefault(fact.subject, []).append(office)

    def own(self, event: Event, person: str) -> Office | None:
        """The office that the event itself states of a person; None if it states none, or more than one."""
        stated = [office for office in self._by_person.get(person, []) if office.stated.event is event]
        return stated[0] if len({office.same for office in stated}) == 1 else None

    def at(self, person: str, when: When) -> Office | None:
        """An office that the person held when the event happened; None if none is known, or more than one."""
        fitting = [office for office in self._by_person.get(person, []) if _fits(office, when)]
        return fitting[-1] if len({office.same for office in fitting}) == 1 else None


def _fits(office: Office, when: When) -> bool:
    """Seen during the event's bounds, or begun before them and not known to end before they do."""
    if when.hi is None:
        return False
    first = when.hi - 1 if when.lo is None else when.lo
    if office.lasting:
        return office.hi <= first + 1 and office.until >= when.hi
    return office.lo < when.hi and office.hi > first
