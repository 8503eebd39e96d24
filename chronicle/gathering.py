"""The gathering part of the hall: projections made from sealed segments, by their columnar queries.

An answer is asked for within bounds. A table begins with what is gathered as of the position of the segments, and goes
on from there as any other; but it does not know which events are in which part, so that it has to be made from the log
as soon as something comes that belongs among them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from chronicle.errors import ProjectionError, QuestionError, shown
from chronicle.event.cursor import Cursor
from chronicle.event.span import FOREVER
from chronicle.event.upcast import LIFTS
from chronicle.lake.query import Within, states
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import Moment, Projection
from chronicle.projection.replay import Projected, States
from chronicle.sealing import Files, opened
from chronicle.state.answer import Basis
from chronicle.store import build, parts
from chronicle.store.archive import Store
from chronicle.store.build import Build, Floor
from chronicle.store.head import at_position, read_head
from chronicle.store.occurrences import last_place
from chronicle.store.parts import Snapshot
from chronicle.store.read import Horizon
from chronicle.tracing import traced

AT_ONCE = 1_000
"""Of how many parts the states and rows are written in a transaction."""


class Gathered(NamedTuple):
    """What a table begins with: the states by part as of a cursor, and the last moment of an event that is in them.

    Where there is none that is before all others.
    """

    cursor: Cursor
    last: Moment
    states: States

    @property
    def floor(self) -> Floor:
        """From where on the table knows which events are in it."""
        return Floor(self.cursor.position, (*self.last,))


def gathered(
    connection: Any, projection: Projection, basis: Basis, *, horizon: Horizon, last_second: int, path: Path
) -> Projected:
    """A projection as of a second, by its columnar query over a folder. Raises as `Archive.project` says."""
    _require_query(projection)
    _, files = opened(connection, path, horizon.position)

    def upto(dating: Literal["earliest", "latest"]) -> States:
        return _asked(projection, files, Within(horizon.position, horizon.known, last_second, dating))

    if projection.dating != "both":
        return Projected(basis, projection, upto(projection.dating), last_second)
    return Projected(basis, projection, upto("earliest"), last_second, before=upto("latest"))


def _about(_: Any, projection: Projection, path: Path) -> dict[str, str | int]:
    return {
        "chronicle.projection.name": projection.name,
        "chronicle.projection.version": projection.version,
        "chronicle.projection.sealed": str(path),
    }


@traced("chronicle.projection.gather", _about)
def gathered_whole(connection: Any, projection: Projection, path: Path) -> Gathered:
    """The states that a table is to begin with, of all that was sealed. Raises as `opened`, and ProjectionError."""
    _require_query(projection)
    if projection.dating == "both":
        raise QuestionError(f"{projection.name}: a table needs one order of events: dating earliest or latest")
    manifest, files = opened(connection, path)
    position, dating = manifest.position, projection.dating
    last = Moment(*last_place(connection, Horizon(position), dating, projection.types()))
    found = _asked(projection, files, Within(position, None, FOREVER, dating))
    return Gathered(at_position(read_head(connection), position), last, found)


def fill(
    target: Store, projection: Projection, one: Build, fence: int, *, found: Gathered, beat: Callable[[], None]
) -> None:
    """Write the states and rows of a build, in short transactions. Raises ConflictError once the lease is another's."""
    table = build.table_of(one, projection.columns)
    ordered = sorted(found.states)
    for start in range(0, len(ordered), AT_ONCE):
        some = {part: found.states[part] for part in ordered[start : start + AT_ONCE]}
        kept = [Snapshot(part, *found.last, 0, to_bytes(state)) for part, state in some.items()]
        rows = [
            (part, at, cells)
            for part, state in some.items()
            if projection.columns
            for at, cells in enumerate(projection.rows_of(state, part, None))
        ]
        with target.writing() as engine, engine.begin() as connection:
            build.guard(connection, one, fence)
            parts.keep_snapshots(connection, one, kept)
            parts.add_rows(connection, one, table, rows)
        beat()


def require_equal(one: Projected, other: Projected) -> None:
    """Raise ProjectionError unless the states by a columnar query, and those by handlers, are the same bytes."""
    pairs = ((one.states, other.states), (one.before or {}, other.before or {}))
    for found, expected in pairs:
        for part in sorted({*found, *expected}):
            if to_bytes(found.get(part)) != to_bytes(expected.get(part)):
                name = one.projection.name
                raise ProjectionError(f"{name}: part {shown(part)}: the columnar query and the handlers disagree")


def _require_query(projection: Projection) -> None:
    if not projection.columnar:
        raise QuestionError(f"--sealed: {projection.name} declares no columnar query")


def _asked(projection: Projection, files: Files, within: Within) -> States:
    try:
        plain: States = from_bytes(to_bytes(states(files, within, projection.columnar, lifted=LIFTS)))
    except ProjectionError as error:
        raise ProjectionError(f"{projection.name}: {error}") from error
    return plain
