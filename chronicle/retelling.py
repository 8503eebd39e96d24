"""The retelling part of the hall: the steps of a part told again from the last snapshot that holds.

A step that a handler fails on is left out, and those before it are told anew from the last snapshot, since nobody knows
what the handler had done to the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chronicle.errors import ProjectionError
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import Moment, Projection
from chronicle.projection.replay import decoder_of
from chronicle.store.parts import STRIDE, Cells, Snapshot, Step

AT_ONCE = 500
"""Of how many steps the payloads are read at once."""


class Retelling:
    """Tells steps, in their order, from a snapshot on (None for the start); `kept` are the snapshots on the way.

    `payloads` gives those of some positions. What is redacted further on in the log has none any more: it is passed
    over. `errors` says of the numbers of steps why they are left out.
    """

    def __init__(
        self,
        projection: Projection,
        base: Snapshot | None,
        steps: Sequence[Step],
        payloads: Callable[[set[int]], Mapping[int, bytes]],
    ) -> None:
        self.kept: list[Snapshot] = []
        self.errors: dict[int, str] = {}
        self._projection = projection
        self._base = base
        self._steps = steps
        self._payloads = payloads
        self._decoded = decoder_of(projection)
        self._at_hand: dict[int, bytes] = {}
        self._loaded = 0
        self._state: Any = None
        self._ordinal = 0
        self._is_told = False
        self._go_back()

    @property
    def dropped(self) -> Snapshot | None:
        """The snapshot that was the last one and is not any more, if it stands where none is kept for ever."""
        base = self._base
        return base if base is not None and self.kept and base.ordinal % STRIDE else None

    def tell(self, beat: Callable[[], None]) -> None:
        """Tell all steps; `beat` is called now and then."""
        begin = at = 0
        last = len(self._steps) - 1
        while at <= last:
            if at == self._loaded:
                self._load(begin, at)
                beat()
            if at not in self.errors:
                try:
                    self._tell(self._steps[at])
                except ProjectionError as error:
                    self.errors[at] = str(error)
                    while last in self.errors:
                        last -= 1
                    at = begin
                    self._go_back()
                    continue
                if self._is_told and (self._ordinal % STRIDE == 0 or at == last):
                    self._keep(self._steps[at])
                    begin = at + 1
            at += 1

    def rows(self, part: str) -> list[Cells]:
        """The rows of the part as it is now; none where nothing was told. Raises ProjectionError."""
        if not self._is_told or not self._projection.columns:
            return []
        return self._projection.rows_of(self._state, part, None)

    def _load(self, begin: int, at: int) -> None:
        """Have the next payloads at hand, beside those that may have to be told again."""
        some = self._steps[at : at + AT_ONCE]
        still = {row.position for row in self._steps[begin:at]} & self._at_hand.keys()
        self._at_hand = {position: self._at_hand[position] for position in still}
        self._at_hand |= self._payloads({row.position for row in some})
        self._loaded = at + len(some)

    def _tell(self, row: Step) -> None:
        if row.position in self._at_hand:
            event = self._decoded(self._at_hand[row.position])
            self._state = self._projection.fold(self._state, event, moment_at(row))
            self._is_told = True  # a part of which all is redacted further on has no state
        self._ordinal += 1

    def _keep(self, row: Step) -> None:
        """Keep the state, and go on from what was kept."""
        encoded = to_bytes(self._state)
        self._state = from_bytes(encoded)
        self.kept.append(Snapshot(row.part, *moment_at(row), self._ordinal, encoded))

    def _go_back(self) -> None:
        """To the last snapshot, else to the start."""
        last = self.kept[-1] if self.kept else self._base
        self._state = self._projection.initial() if last is None else from_bytes(last.state)
        self._ordinal = 0 if last is None else last.ordinal
        self._is_told = last is not None


def moment_at(row: Step | Snapshot) -> Moment:
    """Where a step or snapshot stands."""
    return Moment(row.second, row.reported, row.chronicle, row.id)
