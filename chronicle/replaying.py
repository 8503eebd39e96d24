"""The replaying part of the hall: a projection as of a date, from the last snapshot that still holds.

A snapshot holds for a question if no event that stood or stands within it differs between its position and the one
asked at; so whatever came late, it is gone on from the last one before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chronicle.projection.code import code_of
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import Projection
from chronicle.projection.replay import Projected, Replay, States
from chronicle.state.answer import Basis
from chronicle.store import projected
from chronicle.store.occurrences import FIRST, Dating, in_order, payloads_in_order, soonest_change
from chronicle.store.projected import Kept, Made
from chronicle.store.read import Horizon

WORTH = 1_000
"""A snapshot is kept after so many events, and no sooner."""

FAR = 20_000
"""Snapshots are looked at if they were made within so many positions of the one asked at."""

APART = 20_000
"""Of those that one replay keeps, the next comes after at least so many events."""

STEPS = 8
"""About how many snapshots a replay from the start leaves behind, for what comes late."""


class Replaying:
    """Replays a projection over the events within a horizon; `kept` is what is worth keeping of that."""

    def __init__(self, connection: Any, projection: Projection, horizon: Horizon) -> None:
        self.kept: list[Kept] = []
        self.state = projected.state_of(connection)
        self._connection = connection
        self._projection = projection
        self._horizon = horizon
        self._step = max(APART, horizon.position // STEPS)

    def project(self, basis: Basis, last_second: int) -> Projected:
        """The projection as of a second. Raises ProjectionError if a handler fails."""
        projection = self._projection
        if projection.dating != "both":
            return Projected(basis, projection, self._upto(last_second, projection.dating), last_second)
        earliest = self._upto(last_second, "earliest")
        return Projected(basis, projection, earliest, last_second, before=self._upto(last_second, "latest"))

    def _upto(self, last_second: int, dating: Dating) -> States:
        made = Made(self._projection.name, code_of(type(self._projection)), dating, self._horizon.known)
        after, states = self._base(made, last_second)
        replay, told = Replay(self._projection, states), 0
        if after < last_second:
            for end, count in self._told(replay, dating, after, last_second):
                told += count
                if told >= self._step or (end == last_second and told >= WORTH):
                    told = 0
                    self.kept.append(Kept(made, end, self._horizon.position, replay.to_bytes()))
        found: States = from_bytes(to_bytes(replay.states))
        return found

    def _told(self, replay: Replay, dating: Dating, after: int, upto: int) -> Iterator[tuple[int, int]]:
        """Tell all events after a second and up to another: up to which second so far, and how many at once."""
        if replay.is_brief:
            types = self._projection.types()
            payloads = payloads_in_order(self._connection, self._horizon, dating, types, after=after, upto=upto)
            yield from ((end, replay.tell_briefly(chunks)) for end, chunks in payloads)
        else:
            slices = in_order(self._connection, self._horizon, dating, after=after, upto=upto)
            yield from ((end, replay.tell(rows)) for end, rows in slices)

    def _base(self, made: Made, last_second: int) -> tuple[int, States]:
        """The last snapshot that holds: up to which second it goes, and its states."""
        position = self._horizon.position
        changes: dict[int, int | None] = {}
        for second, at in projected.candidates(self._connection, made, last_second, self.state.epoch):
            if abs(at - position) > FAR:
                continue
            if at not in changes:
                changes[at] = soonest_change(self._connection, made.known, made.dating, at, position)
            soonest = changes[at]
            if soonest is None or soonest > second:
                return second, from_bytes(projected.states_at(self._connection, made, second, at))
        return FIRST, {}
