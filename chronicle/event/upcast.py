"""Upcasting: what is of an older form is lifted to today's as it is read, while the log keeps what was written.

A lift takes a document in its plain form, as a file has it (numbers as `{"$number": digits}`), and answers the next
form of it. There are two kinds:

- RELEASED are our own, for documents that an earlier release wrote: whoever decodes a payload gets them applied.
  Digests are of the bytes in the log, so nothing of them changes; a lift that changes what the indexes hold comes with
  a migration that makes them again.
- LIFTS are those of whoever writes projections, registered by `upcast`: an event type or an attribute has another name
  now, a fact is said in another way. Projections are told lifted events; `state`, `show`, `export` and `verify` are
  about what was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chronicle.errors import ProjectionError, shown

Plain = dict[str, Any]
Lift = Callable[[Plain], Plain]

RELEASED: dict[str, list[Lift]] = {}
"""Kind -> the lifts of its documents, oldest first. None so far: all releases have written schema 1."""

LIFTS: dict[str, list[Lift]] = {}
"""Event type -> the lifts of its events, in the order in which they were registered."""


def upcast(*types: str) -> Callable[[Lift], Lift]:
    """Make a function the lift of events of these types, for projections: it answers the event in its next form.

    It may be told an event that has that form already, and then answers it as it is. If it answers another type, the
    lifts of that type follow. It must not change the `id`, and `occurred` moves nothing: an event stands where it was
    recorded to have occurred. Raise the version of each projection whose outcome it changes.
    """
    if not types:
        raise ProjectionError("upcast(): name the event types")

    def registered(lift: Lift) -> Lift:
        for type_ in types:
            LIFTS.setdefault(type_, []).append(lift)
        return lift

    return registered


def current(kind: str, plain: Plain) -> Plain:
    """A document of an earlier release in the form of this one."""
    for lift in RELEASED.get(kind, ()):
        plain = lift(plain)
    return plain


def lifted(plain: Plain) -> Plain:
    """An event in the form that projections are told. Raises ProjectionError where types lead back to themselves."""
    seen = [plain["type"]]
    while seen[-1] in LIFTS:
        for lift in LIFTS[seen[-1]]:
            plain = lift(plain)
            if plain["type"] != seen[-1]:
                break
        else:
            break
        if plain["type"] in seen:
            way = " to ".join(map(shown, [*seen, plain["type"]]))
            raise ProjectionError(f"upcasts lead round, from {way}")
        seen.append(plain["type"])
    return plain
