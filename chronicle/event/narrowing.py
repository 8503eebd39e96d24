"""Whether an event is of a type and of a time that are asked for."""

from __future__ import annotations

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
