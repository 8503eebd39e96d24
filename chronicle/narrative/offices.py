"""Who held which office when an event happened, by facts with the attribute `office`: the one valid then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chronicle.event.model import Citation, Participant
from chronicle.event.span import span_of
from chronicle.narrative.naming import Names, is_numeric
from chronicle.narrative.outline import Told
from chronicle.narrative.passage import cites_of
from chronicle.when import When

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Office:
    """A fact of an office: whose, what, by which event and fact, and where it is written."""

    person: str
    title: str
    event: str
    ordinal: int
    lo: int
    hi: int
    lasting: bool
    until: int
    cites: tuple[Citation, ...]


class Offices:
    """Finds a person's office for an event: one stated by the event itself, else one that held at its date."""

    def __init__(self, told: Sequence[Told], names: Names, last_second: int) -> None:
        self._by_person: dict[str, list[Office]] = {}
        for one in told:
            for ordinal, fact in enumerate(one.event.facts):
                span = span_of(fact, one.when)
                said = fact.holds and fact.value is not None and not is_numeric(fact.value) and fact.period is None
                if fact.attribute != OFFICE or not said or span.from_hi > last_second + 1:
                    continue
                assert fact.value is not None
                title = names.value(fact.value)
                office = Office(
                    fact.subject,
                    title,
                    one.event.id,
                    ordinal,
                    span.from_lo,
                    span.from_hi,
                    fact.at is None,
                    span.until_lo,
                    cites_of(one.event, fact),
                )
                self._by_person.setdefault(fact.subject, []).append(office)

    def own(self, told: Told) -> list[Office]:
        """Offices that the event itself states, of those who take part in it or speak in it."""
        people = {one.entity if isinstance(one, Participant) else one for one in told.event.participants}
        people.add(told.event.stated_by or "")
        return [
            office
            for person in sorted(people)
            for office in self._by_person.get(person, [])
            if office.event == told.event.id
        ]

    def at(self, person: str, when: When) -> Office | None:
        """An office that the person held when the event happened; None if none is known, or more than one."""
        fitting = [office for office in self._by_person.get(person, []) if _fits(office, when)]
        return fitting[-1] if len({office.title for office in fitting}) == 1 else None


def _fits(office: Office, when: When) -> bool:
    """Seen during the event's bounds, or begun before them and not known to end before they do."""
    if when.hi is None:
        return False
    first = when.hi - 1 if when.lo is None else when.lo
    if office.lasting:
        return office.hi <= first + 1 and office.until >= when.hi
    return office.lo < when.hi and office.hi > first
