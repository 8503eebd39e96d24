"""Whether an event is of a type and of a time that are asked for, and whom it names."""

from __future__ import annotations

from collections.abc import Iterator

from chronicle.event.model import Event, Participant
from chronicle.event.value import EntityValue
from chronicle.when import When


def is_of(name: str, wanted: str) -> bool:
    """A type is the one wanted or of its kinds: `agreement.signed` is an `agreement` too."""
    return name == wanted or name.startswith(f"{wanted}.")


def may_overlap(when: When, since: str | None, until: str | None) -> bool:
    """A date may lie between the beginning of one EDTF date and the end of another; None is no bound.

    Raises WhenError for a bound that is no date.
    """
    least = None if since is None else When.parse(since).lo
    most = None if until is None else When.parse(until).hi
    begins_late = most is not None and when.lo is not None and when.lo >= most
    ends_early = least is not None and when.hi is not None and when.hi <= least
    return not begins_late and not ends_early


def named(event: Event) -> Iterator[str]:
    """The entities that take part in an event, speak in it or are named by its facts; some more than once."""
    if event.stated_by is not None:
        yield event.stated_by
    yield from (one.entity if isinstance(one, Participant) else one for one in event.participants)
    for fact in event.facts:
        yield fact.subject
        yield from fact.dimensions.values()
        if isinstance(fact.value, EntityValue):
            yield fact.value.entity
