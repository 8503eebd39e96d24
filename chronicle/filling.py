"""The filling part of the hall: a new build of a projection made in bulk as of a position, shard by shard of its parts.

Each shard reads all events, in the order of occurrence, and takes those of its own parts. It can be a process of its
own: `python -m chronicle.filling` takes its task, a JSON array, from the standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any
from zlib import crc32

from chronicle.errors import ProjectionError, QuestionError
from chronicle.event.cursor import Cursor
from chronicle.event.upcast import LIFTS
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import UNPLACED, Moment, Projection
from chronicle.projection.replay import decoder_of
from chronicle.store import build, parts
from chronicle.store.archive import Store
from chronicle.store.build import Build, about
from chronicle.store.occurrences import Dating, PlacedRow, in_order_placed
from chronicle.store.parts import STRIDE, PlacedCells, Snapshot, Step
from chronicle.store.read import Horizon
from chronicle.tracing import traced

AT_ONCE = 5_000
"""How many steps are written in a transaction."""


def _about(filling: Filling, *_: Any) -> dict[str, str | int]:
    return {**about(filling.build), "chronicle.projection.shard": filling.number}


class Filling:
    """Fills a shard of a build: the parts whose CRC-32 leaves its number as the remainder by the count of shards.

    An event on which a handler fails is parked, and the rest of its part only noted: whoever comes next has to go back.
    """

    def __init__(self, projection: Projection, one: Build, fence: int, number: int, count: int) -> None:
        self._projection = projection
        self.build = one
        self._fence = fence
        self.number = number
        self._count = count
        self._table = build.table_of(one, projection.columns)
        self._decoded = decoder_of(projection)
        self._states: dict[str, Any] = {}
        self._told: dict[str, tuple[int, Moment]] = {}
        self._steps: list[Step] = []
        self._snapshots: list[Snapshot] = []
        self._broken: set[str] = set()

    @traced("chronicle.projection.fill", _about)
    def fill(
        self,
        archive: Store,
        target: Store,
        beat: Callable[[], None] = lambda: None,
        tell: Callable[[int, int], None] | None = None,
    ) -> None:
        """Make steps, snapshots and rows of all parts of the shard, in short transactions, and note that it is done.

        What an earlier try has left of it is taken out first. `tell` gets how many events were told, and at the end all
        records, and of how many records. Raises ConflictError once the lease is another's.
        """
        self._clear(target)
        dating: Dating = "earliest" if self._projection.dating == "earliest" else "latest"
        horizon = Horizon(Cursor.parse(self.build.cursor).position)
        with archive.reading() as connection:
            done = 0
            for _, rows in in_order_placed(connection, horizon, dating):
                for row in rows:
                    self._tell(row)
                    if len(self._steps) >= AT_ONCE:
                        self._write(target)
                beat()
                done += len(rows)
                if tell is not None:
                    tell(done, horizon.position)
        self._write(target)
        self._finish(target)
        if tell is not None:
            tell(horizon.position, horizon.position)

    def _clear(self, target: Store) -> None:
        columns = self._projection.columns
        with target.writing() as engine, engine.begin() as connection:
            build.guard(connection, self.build, self._fence)
            ours = [part for part in parts.parts(connection, self.build, columns) if self._is_ours(part)]
            parts.clear_parts(connection, self.build, columns, ours)

    def _is_ours(self, part: str) -> bool:
        return crc32(part.encode()) % self._count == self.number

    def _tell(self, row: PlacedRow) -> None:
        second, reported, chronicle, id_, type_, payload, position = row
        projection = self._projection
        if type_ not in LIFTS and not projection.heard(type_):
            return
        moment = Moment(second, reported, chronicle, id_)
        try:
            event = self._decoded(payload)
            found = projection.parts_of(event, moment)
        except ProjectionError as error:
            if self._is_ours(UNPLACED):
                self._steps.append(Step(UNPLACED, *moment, position, str(error)))
            return
        for part in found:
            if self._is_ours(part):
                self._steps.append(Step(part, *moment, position, None))
                if part not in self._broken:
                    self._fold(part, event, moment)

    def _fold(self, part: str, event: Any, moment: Moment) -> None:
        state = self._states[part] if part in self._states else self._projection.initial()
        try:
            state = self._projection.fold(state, event, moment)
        except ProjectionError as error:
            self._steps[-1] = self._steps[-1]._replace(error=str(error))
            self._broken.add(part)
            self._states.pop(part, None)
            return
        ordinal = self._told[part][0] + 1 if part in self._told else 1
        self._told[part] = ordinal, moment
        self._states[part] = state
        if ordinal % STRIDE == 0:
            self._keep(part)

    def _keep(self, part: str) -> None:
        """Keep the state of a part, and go on from what was kept."""
        encoded = to_bytes(self._states[part])
        self._states[part] = from_bytes(encoded)
        ordinal, moment = self._told[part]
        self._snapshots.append(Snapshot(part, *moment, ordinal, encoded))

    def _write(self, target: Store, rows: Sequence[PlacedCells] = ()) -> None:
        with target.writing() as engine, engine.begin() as connection:
            build.guard(connection, self.build, self._fence)
            parts.add_steps(connection, self.build, self._steps)
            parts.keep_snapshots(connection, self.build, self._snapshots)
            parts.add_rows(connection, self.build, self._table, rows)
        self._steps, self._snapshots = [], []

    def _finish(self, target: Store) -> None:
        projection, rows = self._projection, list[PlacedCells]()
        for part in sorted(self._states):
            if self._told[part][0] % STRIDE:
                self._keep(part)
            made = projection.rows_of(self._states[part], part, None) if projection.columns else []
            for at, cells in enumerate(made):
                rows.append((part, at, cells))
                if len(rows) == AT_ONCE:
                    self._write(target, rows)
                    rows = []
            if len(self._snapshots) >= AT_ONCE // 5:
                self._write(target, rows)
                rows = []
        self._write(target, rows)
        with target.writing() as engine, engine.begin() as connection:
            build.guard(connection, self.build, self._fence)
            build.done_shard(connection, self.build, self.number)


def start(
    projection: type[Projection], one: Build, fence: int, shard: tuple[int, int], urls: tuple[str, str]
) -> subprocess.Popen[str]:
    """Start a process that fills a shard, given as its number and of how many; the URLs are of archive and target."""
    if "<locals>" in projection.__qualname__ or projection.__module__ == "__main__":
        raise QuestionError(f"workers: {projection.__qualname__} cannot be imported by others: put it into a module")
    task = (projection.__module__, projection.__qualname__, one, fence, shard, urls, sys.path)
    process = subprocess.Popen(
        [sys.executable, "-m", "chronicle.filling"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(task))
    process.stdin.close()
    process.stdin = None
    return process


def is_done(process: subprocess.Popen[str], *, seconds: float) -> bool:
    """Whether a process has ended within so many seconds. Raises ProjectionError if it failed."""
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    if process.returncode:
        last = said.strip().splitlines()[-1:] or [f"it ended with {process.returncode}"]
        raise ProjectionError(f"a process that fills a shard failed: {last[0]}")
    return True


def _main() -> None:
    module, name, one, fence, shard, urls, path = json.load(sys.stdin)
    sys.path[:] = path
    projection: Any = import_module(module)
    for part in name.split("."):
        projection = getattr(projection, part)
    archive, target = (Store.open(url, create=False, check=False) for url in urls)
    try:
        Filling(projection(), Build(*one), fence, *shard).fill(archive, target)
    finally:
        archive.close()
        target.close()


if __name__ == "__main__":
    _main()
