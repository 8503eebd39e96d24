"""A projection as of a date: the events that had occurred by then, told in the order of occurrence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from chronicle.errors import ProjectionError, shown
from chronicle.event.canonical import decode, from_plain
from chronicle.event.model import Event
from chronicle.event.upcast import LIFTS, RELEASED, current, lifted
from chronicle.event.value import Number
from chronicle.projection.plain import to_bytes
from chronicle.projection.projection import UNPLACED, Moment, Projection, said
from chronicle.state.answer import Basis

States = Mapping[str, Any]
"""The states of a projection by part; a part without an event has none."""


@dataclass(frozen=True, slots=True)
class Projected:
    """A projection as of a date. `states` are by part; `before` are those by the latest dates, where `dating` is both.

    An event certainly counted is in both, one that may have occurred is in `states` only.
    """

    basis: Basis
    projection: Projection
    states: States
    last_second: int
    before: States | None = field(default=None)

    @property
    def state(self) -> Any:
        """The state of a projection that has one part; its initial value before the first event."""
        return self.states[""] if "" in self.states else self.projection.initial()

    def rows(self) -> list[dict[str, Any]]:
        """The rows of all parts, by column, in the order of the parts."""
        return [
            dict(zip(self.projection.columns, row, strict=True))
            for part in sorted(self.states)
            for row in self.projection.rows_of(self.states[part], part, self.last_second)
        ]

    def as_json(self) -> dict[str, object]:
        """The basis, the projection, and its rows, or its states where it declares no columns."""
        told: dict[str, object] = {
            "basis": self.basis.as_json(),
            "projection": self.projection.name,
            "version": self.projection.version,
            "dating": self.projection.dating,
        }
        if self.projection.columns:
            told["rows"] = [{name: written(item) for name, item in row.items()} for row in self.rows()]
        else:
            told["states"] = dict(sorted(self.states.items()))
        if self.before is not None:
            told["certain"] = dict(sorted(self.before.items()))
        return told


def written(item: Any) -> Any:
    """A cell as JSON has it: decimals as numbers with their digits kept."""
    return Number(f"{item:f}").written() if isinstance(item, Decimal) else item


Row = tuple[int, int, str, str, str, bytes]
"""An event as it is read: the fields of its Moment, its type and its canonical payload."""


class Replay:
    """Tells a projection of events in the order of their moments; `states` are those so far, by part.

    `skipped` are parts with the chronicle and id of an event that they are not told of.
    """

    def __init__(
        self,
        projection: Projection,
        states: Mapping[str, Any] | None = None,
        skipped: AbstractSet[tuple[str, str, str]] = frozenset(),
    ) -> None:
        self.projection = projection
        self.states: dict[str, Any] = dict(states or {})
        self._skipped = skipped
        self._decoded = decoder_of(projection)
        self._is_whole = type(projection).parts is Projection.parts and not skipped and not LIFTS
        self.is_brief = self._is_whole and projection.is_brief() and not RELEASED

    def tell(self, rows: Sequence[Row]) -> int:
        """Tell the next events; how many they are. Raises ProjectionError if a handler fails: no state counts then."""
        if self._is_whole:
            self._tell_whole(rows)
        else:
            self._tell_parts(rows)
        return len(rows)

    def tell_briefly(self, chunks: Iterable[Sequence[tuple[bytes]]]) -> int:
        """The same of the payloads of the next events that `types` hears, where `is_brief` says that they are enough.

        This is what the speed of a replay depends on.
        """
        projection, read, heard = self.projection, _reader_of(self.projection), self.projection.heard_briefly
        by_type: dict[str, tuple[Any, ...]] = {}
        state = self.states[""] if "" in self.states else projection.initial()
        told, payload = 0, b""
        for rows in chunks:
            told += len(rows)
            try:
                for (payload,) in rows:
                    event = read(payload)
                    handlers = by_type.get(event.type)
                    if handlers is None:
                        handlers = by_type[event.type] = heard(event.type)
                    for handler in handlers:
                        after = handler(projection, state, event)
                        if after is not None:
                            state = after
            except Exception as error:
                raise ProjectionError(f"{projection.name}: event {_id_in(payload)}: {said(error)}") from error
        if told:
            self.states[""] = state
        return told

    def _tell_parts(self, rows: Iterable[Row]) -> None:
        projection, states, decoded = self.projection, self.states, self._decoded
        for second, reported, chronicle, id_, type_, payload in rows:
            if type_ in LIFTS or projection.heard(type_):
                if self._skipped and (UNPLACED, chronicle, id_) in self._skipped:  # its parts could not even be told
                    continue
                event, moment = decoded(payload), Moment(second, reported, chronicle, id_)
                for part in projection.parts_of(event, moment):
                    if self._skipped and (part, chronicle, id_) in self._skipped:
                        continue
                    state = states[part] if part in states else projection.initial()
                    states[part] = projection.fold(state, event, moment)

    def _tell_whole(self, rows: Iterable[Row]) -> None:
        """The same where there is one part."""
        projection, read, heard = self.projection, _reader_of(self.projection), self.projection.heard
        by_type: dict[str, tuple[Any, ...]] = {}
        new = tuple.__new__
        there = "" in self.states
        state = self.states[""] if there else projection.initial()
        id_ = ""
        try:
            for second, reported, chronicle, id_, type_, payload in rows:
                handlers = by_type.get(type_)
                if handlers is None:
                    handlers = by_type[type_] = heard(type_)
                if handlers:
                    event = read(payload)
                    moment = new(Moment, (second, reported, chronicle, id_))
                    for handler in handlers:
                        after = handler(projection, state, event, moment)
                        if after is not None:
                            state = after
        except Exception as error:
            raise ProjectionError(f"{projection.name}: event {shown(id_)}: {said(error)}") from error
        if there or any(by_type.values()):
            self.states[""] = state

    def to_bytes(self) -> bytes:
        """The states, all together. Raises ProjectionError for one that is no plain value."""
        return to_bytes(self.states)


def decoder_of(projection: Projection) -> Callable[[bytes], Any]:
    """How the payload of an event is read for a projection, lifted to the form that projections are told.

    It raises ProjectionError where `reads` does not fit an event, or a lift fails on it.
    """
    read = _reader_of(projection)

    def decoded(payload: bytes) -> Any:
        try:
            return read(payload)
        except msgspec.DecodeError as error:
            raise ProjectionError(f"{projection.name}: reads does not fit an event: {error}") from error

    def told(payload: bytes) -> Any:
        event = decoded(payload)
        return decoded(_lifted(event.id, payload)) if event.type in LIFTS else event

    return told if LIFTS else decoded


def _reader_of(projection: Projection) -> Callable[[bytes], Any]:
    if projection.reads is Event:
        return lambda payload: decode("event", payload)
    read = msgspec.json.Decoder(projection.reads).decode
    if RELEASED:
        return lambda payload: read(_encoded(current("event", json.loads(payload))))
    return read


def _id_in(payload: bytes) -> str:
    """The id of an event that may not be as `reads` wants it."""
    return shown(str(json.loads(payload).get("id")))


def _lifted(id_: str, payload: bytes) -> bytes:
    """The payload of an event in the form that projections are told. Raises ProjectionError for whatever goes wrong."""
    try:
        plain = lifted(json.loads(payload))
        encoded = _encoded(plain)
        told = from_plain("event", plain)
    except Exception as error:
        raise ProjectionError(f"upcast of event {shown(id_)}: {said(error)}") from error
    if not isinstance(told, Event) or told.id != id_:
        raise ProjectionError(f"upcast of event {shown(id_)}: it is another document afterwards")
    return encoded


_encoded = msgspec.json.Encoder().encode
