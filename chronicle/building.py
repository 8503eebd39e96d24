"""The building part of the hall: a projection's table brought along the log, a page of records in a transaction.

What a page changes is put where it occurred: each part that it touches is taken back to the last snapshot before the
first change and told the events from there on. So the table is the same whatever the order of recording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from chronicle.errors import ProjectionError, QuestionError
from chronicle.event.canonical import canonical
from chronicle.event.cursor import Cursor
from chronicle.event.model import Event, Redaction
from chronicle.event.record import Record
from chronicle.event.upcast import LIFTS
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import UNPLACED, Moment, Projection, moment_of
from chronicle.projection.replay import Replay, States, decoder_of
from chronicle.store import build, parts, read
from chronicle.store.build import Build, Floor, about
from chronicle.store.head import at_position, check_cursor, read_head
from chronicle.store.occurrences import in_order, payloads_in_order
from chronicle.store.parts import STRIDE
from chronicle.store.read import Horizon
from chronicle.tracing import traced

PAGE = 500
"""How many records are taken in one transaction."""

_DECODED_AT_ONCE = 500

Changes = Mapping[tuple[str, str], Record | None]
"""(chronicle, id) -> the version of an event that is effective now; None if there is none any more."""


def _about(builder: Builder, _: Any, changes: Changes) -> dict[str, str | int]:
    one = builder.build
    return {**about(one), "chronicle.projection.after": one.position, "chronicle.projection.events": len(changes)}


class Builder:
    """Brings one build of one projection along. `source` reads the archive, `target` is where the build is."""

    def __init__(self, projection: Projection, one: Build, source: Any) -> None:
        if projection.dating == "both":
            raise QuestionError(f"{projection.name}: a table needs one order of events: dating earliest or latest")
        self.projection = projection
        self.build = one
        self._dating: Literal["earliest", "latest"] = projection.dating
        self._source = source
        self._known: dict[int, Event] = {}
        decoded = decoder_of(projection)
        self._as_read: Callable[[Event], Any] = (
            (lambda event: decoded(canonical(event)) if event.type in LIFTS else event)
            if projection.reads is Event
            else (lambda event: decoded(canonical(event)))
        )

    def page(self) -> tuple[Cursor, Changes, int]:
        """What the next records change: where they end, the changes, and how many records they are.

        Raises ConflictError if the log is another than the build was made from, or has lost records.
        """
        cursor = Cursor.parse(self.build.cursor)
        with self._source() as connection:
            head = read_head(connection)
            check_cursor(head, cursor)
            until = min(head.position, cursor.position + PAGE)
            changes: dict[tuple[str, str], Record | None] = {
                (one.header.chronicle, one.header.id): one for one in read.redated(connection, cursor.position, until)
            }
            for one in read.records_after(connection, cursor.position, PAGE, until=until):
                document = one.document
                if isinstance(document, Redaction) and document.of == "event":
                    changes[one.header.chronicle, one.header.id] = None
                elif one.header.kind == "event":
                    changes[one.header.chronicle, one.header.id] = one if isinstance(document, Event) else None
            return at_position(head, until), changes, until - cursor.position

    def is_late(self, changes: Changes, floor: Floor) -> bool:
        """Something of a page belongs among what the build was gathered from, which only the log can tell apart.

        That is an event which stood there, whatever became of it, and a new one that stands before the last of them.
        """
        with self._source() as connection:
            for (chronicle, id_), record in changes.items():
                if record is None or record.first <= floor.position:
                    first, types = read.told_types(connection, chronicle, id_)
                    if first <= floor.position and any(map(self._is_told, types)):
                        return True
                elif isinstance(record.document, Event) and self._is_told(record.document.type):
                    is_before = moment_of(record, record.document, self._dating) <= floor.place
                    if is_before:
                        return True
        return False

    def _is_told(self, type_: str) -> bool:
        return type_ in LIFTS or bool(self.projection.heard(type_))

    @traced("chronicle.projection.page", _about)
    def take(self, target: Any, changes: Changes) -> None:
        """Make the changes, within the transaction of `target`."""
        self._known = {
            one.position: one.document
            for one in changes.values()
            if one is not None and isinstance(one.document, Event)
        }
        dirty: dict[str, Moment] = {}
        gone = parts.steps_of(target, self.build, changes)
        for old in gone:
            _soonest(dirty, old.part, _moment(old))
        steps: list[dict[str, Any]] = []
        for record in changes.values():
            if record is not None and isinstance(record.document, Event):
                steps += self._steps(record, record.document)
        for row in steps:
            if row["error"] is None:
                _soonest(dirty, row["part"], Moment(*(row[name] for name in Moment._fields)))
        parts.replace_steps(target, self.build, {(old.chronicle, old.id) for old in gone}, steps)
        for part in sorted(dirty):
            self.retell(target, part, dirty[part])

    def retry(self, target: Any) -> int:
        """Tell again what is parked, within the transaction of `target`; how many events that are."""
        positions = {row.position for row in parts.parked(target, self.build)}
        with self._source() as connection:
            at = Cursor.parse(self.build.cursor).position
            found = read.effective_at(connection, Horizon(at), positions)
        self.take(target, {(one.header.chronicle, one.header.id): one for one in found})
        return len(positions)

    def _steps(self, record: Record, event: Event) -> list[dict[str, Any]]:
        moment = moment_of(record, event, self._dating)
        place = {**moment._asdict(), "position": record.position}
        try:
            found = self.projection.parts_of(self._as_read(event), moment)
        except ProjectionError as error:
            return [{"part": UNPLACED, **place, "error": str(error)}]
        return [{"part": part, **place, "error": None} for part in found]

    def retell(self, target: Any, part: str, place: Moment) -> None:
        """Bring a part up to date from a place on, within the transaction of `target`.

        What was parked from there on is told again, for what is before it is another now; whatever fails is parked.
        """
        parts.unpark(target, self.build, part, place)
        while (failed := self._retell(target, part, place)) is not None:
            row, error = failed
            parts.park(target, self.build, row, str(error))

    def _retell(self, target: Any, part: str, place: Moment) -> tuple[Any, ProjectionError] | None:
        """Bring a part up to date from a place on; the step that a handler failed on, with the error, if one did."""
        base = parts.rewind(target, self.build, part, place)
        state, ordinal = (self.projection.initial(), 0) if base is None else (from_bytes(base.state), base.ordinal)
        steps = parts.steps_after(target, self.build, part, None if base is None else _moment(base))
        kept: list[dict[str, Any]] = []
        is_told = base is not None  # a part of which all is redacted further on has no state
        for start in range(0, len(steps), _DECODED_AT_ONCE):
            some = steps[start : start + _DECODED_AT_ONCE]
            events = self._events(some)
            for row in some:
                if row.position in events:
                    try:
                        event = self._as_read(events[row.position])
                        state = self.projection.fold(state, event, _moment(row))
                    except ProjectionError as error:
                        return row, error
                    is_told = True
                ordinal += 1
                if is_told and (ordinal % STRIDE == 0 or row is steps[-1]):
                    encoded = to_bytes(state)
                    state = from_bytes(encoded)
                    kept.append({"part": part, **_moment(row)._asdict(), "ordinal": ordinal, "state": encoded})
        if base is not None and kept and base.ordinal % STRIDE:
            parts.drop_snapshot(target, self.build, base)
        parts.keep_snapshots(target, self.build, kept)
        if self.projection.columns:
            rows = self.projection.rows_of(state, part, None) if is_told else []
            table = build.table_of(self.build, self.projection.columns)
            parts.put_rows(target, self.build, table, part, rows)
        return None

    def _events(self, steps: Sequence[Any]) -> dict[int, Event]:
        """The events of some steps by position, from the log where this page has not brought them.

        What is redacted further on in the log is not there any more: it is passed over here, and taken out there.
        """
        missing = {row.position for row in steps} - self._known.keys()
        found = dict(self._known)
        if missing:
            with self._source() as connection:
                for position, record in read.records_at(connection, missing).items():
                    if isinstance(record.document, Event):
                        found[position] = record.document
        return found

    def check(self, target: Any, beat: Callable[[], None] = lambda: None) -> str:
        """The digest of the build's states and rows, told apart from a replay of the log at the same position.

        The build must be as `target` sees it. `beat` is called now and then. Raises ProjectionError if they differ.
        """
        skipped = {(row.part, row.chronicle, row.id) for row in parts.parked(target, self.build)}
        position = Cursor.parse(self.build.cursor).position
        replay = Replay(self.projection, skipped=skipped)
        with self._source() as connection:
            if replay.is_brief:
                types = self.projection.types()
                for _, chunks in payloads_in_order(connection, Horizon(position), self._dating, types):
                    replay.tell_briefly(chunks)
                    beat()
            else:
                for _, rows in in_order(connection, Horizon(position), self._dating):
                    replay.tell(rows)
                    beat()
        expected = {part: from_bytes(to_bytes(state)) for part, state in replay.states.items()}
        states = {part: from_bytes(state) for part, state in parts.tips(target, self.build).items()}
        there = {}
        if self.projection.columns:
            table = build.table_of(self.build, self.projection.columns)
            there = parts.table_rows(target, self.build, table)
        found, wanted = _digest(states, there), _digest(expected, self._rows(expected))
        if found != wanted:
            raise ProjectionError(f"{self.build.name}: generation {self.build.generation} is not what a replay makes")
        return found

    def _rows(self, states: States) -> dict[str, list[tuple[Any, ...]]]:
        if not self.projection.columns:
            return {}
        rows = {part: self.projection.rows_of(state, part, None) for part, state in states.items()}
        return {part: found for part, found in rows.items() if found}


def _moment(row: Any) -> Moment:
    return Moment(row.second, row.reported, row.chronicle, row.id)


def _soonest(dirty: dict[str, Moment], part: str, moment: Moment) -> None:
    dirty[part] = min(moment, dirty.get(part, moment))


def _digest(states: States, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> str:
    """SHA-256, in hexadecimal, over the states and the rows of all parts in their order."""
    made = hashlib.sha256()
    for part in sorted({*states, *rows}):
        cells = [[str(cell) if cell is not None else None for cell in _plain(row)] for row in rows.get(part, ())]
        made.update(to_bytes([part, to_bytes(states.get(part)), cells]))
    return made.hexdigest()


def _plain(row: Sequence[Any]) -> list[Any]:
    """A row in which equal decimals are equal text."""
    return [cell.normalize() if hasattr(cell, "normalize") else cell for cell in row]
