"""What a projection is: a name, a version, and handlers that fold events into plain values.

A handler is told events in the order in which they occurred, whatever the order in which they were recorded, so that
the same events always give the same state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple

from chronicle.errors import ProjectionError, shown
from chronicle.event.canonical import from_plain, to_plain
from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.event.span import DAY, EARLIEST, FOREVER, SINCE_EVER
from chronicle.event.upcast import LIFTS, lifted
from chronicle.when import When
from chronicle.when.calendar import civil_from_days

Dating = Literal["earliest", "latest", "both"]
Handler = Callable[[Any, Any, Event, "Moment"], Any]

ANY = "*"
COLUMN_TYPES = (str, int, bool, Decimal)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class Moment(NamedTuple):
    """Where an event stands among the others: by its second, then by report, chronicle and id.

    `second` is in Unix seconds, as the projection's `dating` reads the date; `reported` as in DESIGN 5.1, what is
    undated before all others.
    """

    second: int
    reported: int
    chronicle: str
    id: str

    @property
    def year(self) -> str:
        """The year in UTC, as EDTF writes it; empty where the date has no bound on that side."""
        if not EARLIEST < self.second < FOREVER:
            return ""
        year = civil_from_days(self.second // DAY)[0]
        sign = "-" if year < 0 else ""
        return f"Y{year}" if abs(year) > 9999 else f"{sign}{abs(year):04d}"


def on(*types: str) -> Callable[[Handler], Handler]:
    """Make a method the handler of events of these types and of the types below them; `*` is any event.

    `on("plan")` hears `plan.announced` too. The method takes the state, the event and its Moment, and changes the state
    or returns the next one.
    """
    if not types:
        raise ProjectionError('on(): name the event types, or "*" for any')

    def marked(handler: Handler) -> Handler:
        handler._hears = types  # type: ignore[attr-defined]  # noqa: SLF001 - a mark of our own
        return handler

    return marked


class Projection:
    """Derive from it, give it a name and handlers; raise `version` whenever their outcome changes.

    `dating` says where an event of an imprecise date stands: `earliest`, when it may have begun; `latest`, when it has
    certainly come (an interval with its end, or where it has none with its start); `both` answers a state for each.
    `columns` names the columns of its table and their types: str, int, bool or Decimal; any of them may be None.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    dating: ClassVar[Dating] = "latest"
    columns: ClassVar[Mapping[str, type]] = {}
    _handlers: ClassVar[tuple[tuple[tuple[str, ...], Handler], ...]] = ()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        own = [(types, item) for item in vars(cls).values() if (types := getattr(item, "_hears", None))]
        cls._handlers = (*cls._handlers, *own)
        if "name" in vars(cls):
            _check(cls)

    def initial(self) -> Any:
        """The state before the first event: None, a boolean, number, text, list, or dict with keys of text."""
        return {}

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002 - for those who override it
        """The parts of the state that an event belongs to. Each part is a state of its own, told only of its events.

        What arrives late then costs no more than its part. Here: one part, named with the empty text.
        """
        return ("",)

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:  # noqa: ARG002
        """The rows that the state of a part gives, in the order of `columns`.

        `last_second` is the end of the date that is asked about; None in a table, which knows no today.
        """
        return ()

    def fold(self, state: Any, event: Event, moment: Moment) -> Any:
        """The state after an event. Raises ProjectionError for whatever a handler raises."""
        if LIFTS:
            event = _lifted(event)
        for types, handler in self._handlers:
            if any(hears(one, event.type) for one in types):
                try:
                    after = handler(self, state, event, moment)
                except Exception as error:
                    raise ProjectionError(f"{self.name}: {_told(event)}: {_said(error)}") from error
                state = state if after is None else after
        return state

    def parts_of(self, event: Event, moment: Moment) -> list[str]:
        """The parts of an event that some handler hears, each once, sorted. Raises ProjectionError."""
        if LIFTS:
            event = _lifted(event)
        if not any(hears(one, event.type) for types, _ in self._handlers for one in types):
            return []
        try:
            parts = sorted(set(self.parts(event, moment)))
        except Exception as error:
            raise ProjectionError(f"{self.name}: parts of {_told(event)}: {_said(error)}") from error
        if not all(isinstance(part, str) for part in parts):
            raise ProjectionError(f"{self.name}: parts of {_told(event)}: expected texts")
        return parts

    def rows_of(self, state: Any, part: str, last_second: int | None) -> list[tuple[Any, ...]]:
        """The rows of a part, checked against the columns. Raises ProjectionError."""
        try:
            rows = [tuple(row) for row in self.rows(state, part, last_second)]
        except Exception as error:
            raise ProjectionError(f"{self.name}: rows of part {shown(part)}: {_said(error)}") from error
        kinds = tuple(self.columns.values())
        for row in rows:
            fits = len(row) == len(kinds) and all(
                item is None or type(item) is kind for item, kind in zip(row, kinds, strict=True)
            )
            if not fits:
                raise ProjectionError(f"{self.name}: rows of part {shown(part)}: {shown(repr(row))} fits no row of it")
        return rows


def hears(heard: str, type_: str) -> bool:
    """A handler of one type hears an event of another: the same, a type below it, or any."""
    return heard == ANY or f"{type_}.".startswith(f"{heard}.")


def moment_of(record: Record, event: Event, dating: Literal["earliest", "latest"]) -> Moment:
    """Where an event stands, by the strict bounds of its date, so that a qualifier moves nothing."""
    reported = SINCE_EVER if record.reported is None else record.reported
    return Moment(_second(When.parse(event.occurred), dating), reported, record.header.chronicle, event.id)


def _second(when: When, dating: Literal["earliest", "latest"]) -> int:
    if dating == "earliest":
        return EARLIEST if when.strict_lo is None else when.strict_lo
    for hi in (when.strict_hi, when.start.strict_hi):
        if hi is not None:
            return hi - 1
    return FOREVER


def _check(cls: type[Projection]) -> None:
    name = cls.name
    if not _NAME.fullmatch(str(name)):
        raise ProjectionError(f"{cls.__name__}: name: expected lower case letters, digits and _, at most 40")
    if type(cls.version) is not int or cls.version < 1:
        raise ProjectionError(f"{name}: version: expected 1, 2, 3 …")
    if cls.dating not in ("earliest", "latest", "both"):
        raise ProjectionError(f"{name}: dating: expected earliest, latest or both")
    if not cls._handlers:
        raise ProjectionError(f"{name}: no handler: mark a method with @on(…)")
    for column, kind in cls.columns.items():
        if not _NAME.fullmatch(column):
            raise ProjectionError(f"{name}: column {shown(column)}: expected lower case letters, digits and _")
        if kind not in COLUMN_TYPES:
            raise ProjectionError(f"{name}: column {column}: expected str, int, bool or Decimal")


def _lifted(event: Event) -> Event:
    """The event in the form that projections are told. Raises ProjectionError for whatever a lift raises or answers."""
    if event.type not in LIFTS:
        return event
    try:
        told = from_plain("event", lifted(to_plain(event)))
    except Exception as error:
        raise ProjectionError(f"upcast of {_told(event)}: {_said(error)}") from error
    if not isinstance(told, Event) or told.id != event.id:
        raise ProjectionError(f"upcast of {_told(event)}: it is another document afterwards")
    return told


def _told(event: Event) -> str:
    return f"event {shown(event.id)}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
