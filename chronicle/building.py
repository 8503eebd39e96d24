"""The building part of the hall: a projection's table brought along the log, a page of records in a transaction.

What a page changes is put where it occurred: each part that it touches is taken back to the last snapshot before the
first change and told the events from there on. So the table is the same whatever the order of recording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from chronicle.retelling import Retelling, moment_at
from chronicle.store import build, listed, parts, read
from chronicle.store.build import Build, Floor, about
from chronicle.store.head import at_position, check_cursor, read_head
from chronicle.store.occurrences import in_order, payloads_in_order
from chronicle.store.parts import Retold, Rewritten, Step
from chronicle.store.read import Horizon
from chronicle.tracing import traced

PAGE = 2_000
"""How many records are taken in one transaction."""
Changes = Mapping[tuple[str, str], Record | None]
"""(chronicle, id) -> the version of an event that is effective now; None if there is none any more."""


def _about(builder: Builder, _: Any, changes: Changes) -> dict[str, str | int]:
    one = builder.build
    return {**about(one), "chronicle.projection.after": one.position, "chronicle.projection.events": len(changes)}


class Builder:
    """Brings one build of one projection along. `source` reads the archive, `target` is where the build is.

    `beat` is called now and then during long work.
    """

    def __init__(
        self, projection: Projection, one: Build, source: Any, beat: Callable[[], None] = lambda: None
    ) -> None:
        if projection.dating == "both":
            raise QuestionError(f"{projection.name}: a table needs one order of events: dating earliest or latest")
        self.projection = projection
        self.build = one
        self._dating: Literal["earliest", "latest"] = projection.dating
        self._table = build.table_of(one, projection.columns)
        self._source = source
        self._beat = beat
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
                    first, types = listed.told_types(connection, chronicle, id_)
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
    def take(self, target: Any, changes: Changes) -> Rewritten:
        """What the changes make of the build, as `target` sees it; nothing is written.

        All that takes long is done here, so that whoever writes it locks others out for as long as that takes, and no
        longer. It holds until something is written to the build.
        """
        old = parts.steps_of(target, self.build, changes)
        new: list[Step] = []
        for record in changes.values():
            if record is not None and isinstance(record.document, Event):
                new += self._steps(record, record.document)
        dirty: dict[str, Moment] = {}
        for row in (*old, *new):
            if row.part != UNPLACED:
                dirty[row.part] = min(moment_at(row), dirty.get(row.part, moment_at(row)))
        gone = {(row.chronicle, row.id) for row in old}
        come: dict[str, list[Step]] = {}
        for row in new:
            come.setdefault(row.part, []).append(row)
        steps, retold = come.pop(UNPLACED, []), []
        for part in sorted(dirty):
            told, made = self.retell(target, part, dirty[part], gone, come.get(part, []))
            steps += told
            retold.append(made)
        return Rewritten(gone, steps, retold)

    def write(self, target: Any, made: Rewritten) -> None:
        """Make of the build what `take` found, within the transaction of `target`."""
        parts.write(target, self.build, self._table, made)

    def parked(self, target: Any) -> Changes:
        """What is to be taken so that what is parked is told again."""
        positions = {row.position for row in parts.parked(target, self.build)}
        with self._source() as connection:
            at = Cursor.parse(self.build.cursor).position
            found = read.effective_at(connection, Horizon(at), positions)
        return {(one.header.chronicle, one.header.id): one for one in found}

    def _steps(self, record: Record, event: Event) -> list[Step]:
        moment = moment_of(record, event, self._dating)
        try:
            found = self.projection.parts_of(self._as_read(event), moment)
        except ProjectionError as error:
            return [Step(UNPLACED, *moment, record.position, str(error))]
        return [Step(part, *moment, record.position, None) for part in found]

    def retell(
        self,
        target: Any,
        part: str,
        place: Moment,
        gone: AbstractSet[tuple[str, str]] = frozenset(),
        come: Sequence[Step] = (),
    ) -> tuple[list[Step], Retold]:
        """What a part becomes from a place on, without the steps of some events and with others that come.

        What was parked from there on is told again, for what is before it is another now; whatever fails is parked. The
        first answer is the steps that come, as they are now.
        """
        base = parts.snapshot_before(target, self.build, part, place)
        there = parts.steps_after(target, self.build, part, None if base is None else moment_at(base))
        stay = [row for row in there if (row.chronicle, row.id) not in gone]
        steps = sorted((row for row in (*stay, *come) if row.error is None or moment_at(row) >= place), key=moment_at)
        retelling = Retelling(self.projection, base, steps, self._payloads)
        retelling.tell(self._beat)
        after = [row._replace(error=retelling.errors.get(at)) for at, row in enumerate(steps)]
        new = {row.position for row in come}
        had = parts.rows_of(target, self.build, self._table, part) if self.projection.columns else []
        has = retelling.rows(part)
        retold = Retold(
            part=part,
            place=place,
            steps=[row for row, before in zip(after, steps, strict=True) if row != before and row.position not in new],
            dropped=retelling.dropped,
            kept=retelling.kept,
            had=len(had),
            has=len(has),
            rows={at: cells for at, cells in enumerate(has) if at >= len(had) or cells != had[at]},
        )
        return [row for row in after if row.position in new], retold

    def _payloads(self, positions: set[int]) -> dict[int, bytes]:
        with self._source() as connection:
            return read.payloads_at(connection, positions)

    def check(self, target: Any) -> str:
        """The digest of the build's states and rows, told apart from a replay of the log at the same position.

        The build must be as `target` sees it. Raises ProjectionError if they differ.
        """
        skipped = {(row.part, row.chronicle, row.id) for row in parts.parked(target, self.build)}
        position = Cursor.parse(self.build.cursor).position
        replay = Replay(self.projection, skipped=skipped)
        with self._source() as connection:
            if replay.is_brief:
                types = self.projection.types()
                for _, chunks in payloads_in_order(connection, Horizon(position), self._dating, types):
                    replay.tell_briefly(chunks)
                    self._beat()
            else:
                for _, rows in in_order(connection, Horizon(position), self._dating):
                    replay.tell(rows)
                    self._beat()
        expected = {part: from_bytes(to_bytes(state)) for part, state in replay.states.items()}
        states = {part: from_bytes(state) for part, state in parts.tips(target, self.build).items()}
        there = {}
        if self.projection.columns:
            there = parts.table_rows(target, self.build, self._table)
        found, wanted = _digest(states, there), _digest(expected, self._rows(expected))
        if found != wanted:
            raise ProjectionError(f"{self.build.name}: generation {self.build.generation} is not what a replay makes")
        return found

    def _rows(self, states: States) -> dict[str, list[tuple[Any, ...]]]:
        if not self.projection.columns:
            return {}
        rows = {part: self.projection.rows_of(state, part, None) for part, state in states.items()}
        return {part: found for part, found in rows.items() if found}


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
