"""What a projection is: a name, a version, and handlers that fold events into plain values.

A handler is told events in the order in which they occurred, whatever the order in which they were recorded, so that
the same events always give the same state.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple

import msgspec

from chronicle.errors import ProjectionError, shown
from chronicle.event.model import Event
from chronicle.event.record import Record
from chronicle.event.span import SINCE_EVER
from chronicle.event.standing import standing_of, year_of
from chronicle.when import When

Dating = Literal["earliest", "latest", "both"]
Handler = Callable[..., Any]
"""A method that takes the state and the event, and the Moment unless it leaves it out."""

Effect = Callable[[Any, Event, "Moment", str], Any]

ANY = "*"
UNPLACED = "\x1a"
"""The part of events whose parts could not be told."""

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
        return year_of(self.second)


def on(*types: str) -> Callable[[Handler], Handler]:
    """Make a method the handler of events of these types and of the types below them; `*` is any event.

    `on("plan")` hears `plan.announced` too. The method takes the state, the event and its Moment, and changes the state
    or returns the next one. Whoever has no use for the Moment leaves it out: where all handlers do, and the state has
    one part, a replay reads events and nothing else, which takes two thirds of the time.
    """
    if not types:
        raise ProjectionError('on(): name the event types, or "*" for any')

    def marked(handler: Handler) -> Handler:
        handler._hears = types  # type: ignore[attr-defined]  # noqa: SLF001 - a mark of our own
        return handler

    return marked


def effect(*types: str) -> Callable[[Effect], Effect]:
    """Make a method the effect of events of these types and of the types below them; `*` is any event.

    It takes the event, its Moment and a key, and does something in the world: it sends a message, calls a service. It
    is told, in the order of the log, of every version of an event that is recorded after the table came into being, and
    only by a run of the table that readers see: never while a table is made or made again, nor by a replay. That
    happens after rows and checkpoint are committed, and at least once: a process that ends between the effect and the
    note of it repeats the last one, with the same key, which is unique to the version. Whoever must not act twice asks
    by the key. An effect that raises is parked like an event, and tried again by `retry`.
    """
    if not types:
        raise ProjectionError('effect(): name the event types, or "*" for any')

    def marked(handler: Effect) -> Effect:
        handler._causes = types  # type: ignore[attr-defined]  # noqa: SLF001 - a mark of our own
        return handler

    return marked


class Projection:
    """Derive from it, give it a name and handlers; raise `version` whenever their outcome changes.

    `dating` says where an event of an imprecise date stands: `earliest`, when it may have begun; `latest`, when it has
    certainly come (an interval with its end, or where it has none with its start); `both` answers a state for each.
    `columns` names the columns of its table and their types: str, int, bool or Decimal; any of them may be None.
    `reads` may be a msgspec Struct with no more than the fields of an event that the handlers and `parts` look at, for
    what has to be fast: the events that they are told are of that type then, and nothing else is decoded. It needs the
    field `id`, which errors name, and `type`.
    `columnar` may be a query in the SQL of DuckDB that answers the same as the handlers from sealed segments: a row for
    each part that has an event, with the part's name and its state as JSON. `lake.query` says which views it asks.
    What an event does must depend on the state, the event and its Moment only.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    dating: ClassVar[Dating] = "latest"
    columns: ClassVar[Mapping[str, type]] = {}
    reads: ClassVar[type[Any]] = Event
    columnar: ClassVar[str] = ""
    _handlers: ClassVar[tuple[tuple[tuple[str, ...], Handler], ...]] = ()
    _effects: ClassVar[tuple[tuple[tuple[str, ...], Effect], ...]] = ()
    _by_type: ClassVar[dict[str, tuple[Handler, ...]]] = {}
    _is_brief: ClassVar[bool] = False

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls._handlers, cls._effects = _marked(cls, "_hears"), _marked(cls, "_causes")
        cls._is_brief = not any(_takes_moment(one) for _, one in cls._handlers)
        cls._by_type = {}
        if "name" in vars(cls):
            _check(cls)

    def initial(self) -> Any:
        """The state before the first event: None, a boolean, number, text, list, or dict with keys of text.

        A list or dict has one place in it only: a second name for the same one is gone once it was kept as bytes.
        """
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

    def fold(self, state: Any, event: Any, moment: Moment) -> Any:
        """The state after an event. Raises ProjectionError for whatever a handler raises."""
        for handler in self.heard(event.type):
            try:
                after = handler(self, state, event, moment)
            except Exception as error:
                raise ProjectionError(f"{self.name}: {_told(event)}: {said(error)}") from error
            state = state if after is None else after
        return state

    def heard(self, type_: str) -> tuple[Handler, ...]:
        """The handlers of an event of a type, all as those that take a Moment."""
        found = self._by_type.get(type_)
        if found is None:
            found = self._by_type[type_] = tuple(map(_with_moment, self.heard_briefly(type_)))
        return found

    def heard_briefly(self, type_: str) -> tuple[Handler, ...]:
        """The handlers of an event of a type, as they are declared."""
        return tuple(one for types, one in self._handlers if any(hears(heard, type_) for heard in types))

    @classmethod
    def is_brief(cls) -> bool:
        """No handler takes a Moment, and there is one part: nothing but the event decides what it does."""
        return cls._is_brief and cls.parts is Projection.parts

    @classmethod
    def types(cls) -> tuple[str, ...] | None:
        """The types that are heard, each with those below it; None for any."""
        found = dict.fromkeys(one for types, _ in cls._handlers for one in types)
        return None if ANY in found else tuple(found)

    def act(self, event: Event, moment: Moment, key: str) -> None:
        """Cause the effects of an event. Raises ProjectionError for whatever one raises."""
        for types, handler in self._effects:
            if any(hears(one, event.type) for one in types):
                try:
                    handler(self, event, moment, key)
                except Exception as error:
                    raise ProjectionError(f"{self.name}: effect of {_told(event)}: {said(error)}") from error

    @classmethod
    def has_effects(cls) -> bool:
        """Some event has an effect."""
        return bool(cls._effects)

    def acts(self, type_: str) -> bool:
        """An event of a type has an effect."""
        return any(hears(one, type_) for types, _ in self._effects for one in types)

    def parts_of(self, event: Any, moment: Moment) -> list[str]:
        """The parts of an event that some handler hears, each once, sorted. Raises ProjectionError."""
        if not self.heard(event.type):
            return []
        try:
            parts: list[Any] = sorted(set(self.parts(event, moment)))
        except Exception as error:
            raise ProjectionError(f"{self.name}: parts of {_told(event)}: {said(error)}") from error
        if not all(isinstance(part, str) and part != UNPLACED and _is_storable(part) for part in parts):
            raise ProjectionError(f"{self.name}: parts of {_told(event)}: expected texts")
        return parts

    def rows_of(self, state: Any, part: str, last_second: int | None) -> list[tuple[Any, ...]]:
        """The rows of a part, checked against the columns. Raises ProjectionError."""
        try:
            rows = [tuple(row) for row in self.rows(state, part, last_second)]
        except Exception as error:
            raise ProjectionError(f"{self.name}: rows of part {shown(part)}: {said(error)}") from error
        kinds = tuple(self.columns.values())
        for row in rows:
            fits = len(row) == len(kinds) and all(
                item is None or (type(item) is kind and _is_storable(item))
                for item, kind in zip(row, kinds, strict=True)
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
    second: int = getattr(standing_of(When.parse(event.occurred)), dating)
    return Moment(second, reported, record.header.chronicle, event.id)


def _marked(cls: type[Projection], mark: str) -> tuple[tuple[tuple[str, ...], Any], ...]:
    """The methods with a mark and what it says, those of bases first; one that overrides another stands for it."""
    found: dict[str, tuple[str, ...]] = {}
    for one in reversed(cls.__mro__):
        for name, item in vars(one).items():
            if types := getattr(item, mark, None):
                found[name] = types
    return tuple((types, getattr(cls, name)) for name, types in found.items())


def _takes_moment(handler: Handler) -> bool:
    try:
        given = inspect.signature(handler).parameters.values()
    except (TypeError, ValueError):  # a builtin that does not say what it takes
        return True
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(given) != 3 or any(one.kind not in kinds for one in given)


def _with_moment(handler: Handler) -> Handler:
    """A handler that takes a Moment, if only to leave it alone."""
    if _takes_moment(handler):
        return handler
    return lambda projection, state, event, _: handler(projection, state, event)


def _check(cls: type[Projection]) -> None:
    name = cls.name
    if not _NAME.fullmatch(str(name)):
        raise ProjectionError(f"{cls.__name__}: name: expected lower case letters, digits and _, at most 40")
    if type(cls.version) is not int or cls.version < 1:
        raise ProjectionError(f"{name}: version: expected 1, 2, 3 …")
    if cls.dating not in ("earliest", "latest", "both"):
        raise ProjectionError(f"{name}: dating: expected earliest, latest or both")
    for own in vars(Projection):
        if any(hasattr(getattr(cls, own, None), mark) for mark in ("_hears", "_causes")):
            raise ProjectionError(f"{name}: {own}: is a method of every projection: give the handler another name")
    if not cls._handlers:
        raise ProjectionError(f"{name}: no handler: mark a method with @on(…)")
    if not isinstance(cls.reads, type(msgspec.Struct)) or not {"id", "type"} <= set(cls.reads.__struct_fields__):
        raise ProjectionError(f"{name}: reads: expected a msgspec Struct with the fields id and type")
    for column, kind in cls.columns.items():
        if not _NAME.fullmatch(column):
            raise ProjectionError(f"{name}: column {shown(column)}: expected lower case letters, digits and _")
        if kind not in COLUMN_TYPES:
            raise ProjectionError(f"{name}: column {column}: expected str, int, bool or Decimal")


def _is_storable(item: Any) -> bool:
    """A database can hold it: no NUL in text, no half of a character, 64 bits for a number."""
    if isinstance(item, str):
        return "\0" not in item and (item.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in item))
    return not isinstance(item, int) or -(2**63) <= item < 2**63


def _told(event: Any) -> str:
    return f"event {shown(event.id)}"


def said(error: Exception) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {error}"
