"""The making part of the hall: builds of projections begun, leased and filled, from the log or what was gathered."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chronicle.building import Builder
from chronicle.errors import ChronicleError, ConflictError, QuestionError
from chronicle.event.cursor import Cursor
from chronicle.filling import Filling, is_done, start
from chronicle.gathering import Gathered, fill
from chronicle.projection.projection import UNPLACED, Moment, Projection
from chronicle.store import build, parts
from chronicle.store.archive import Store
from chronicle.store.build import BUILDING, FILLING, LIVE, Build
from chronicle.store.head import at_position, read_head
from chronicle.store.pace import Pace, note_pace
from chronicle.store.parts import Rewritten

LEASE = 60_000_000
"""For how many microseconds a runner that says nothing keeps its lease."""

NOTED = 1_000_000
"""After how many microseconds it is noted again how far a build is filled."""

Tell = Callable[[int, int], None]


class Making:
    """Makes the builds of projections of an archive in a database, under leases that one runner has at a time."""

    def __init__(self, archive: Store, target: Store, now: Callable[[], int]) -> None:
        self._archive = archive
        self._target = target
        self._now = now
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def _builds(self, name: str) -> list[Build]:
        with self._target.reading() as connection:
            return build.builds(connection, name)

    def _live(self, projection: type[Projection]) -> Build | None:
        return next((one for one in self._builds(projection.name) if one.status == LIVE), None)

    def _begun(self, projection: type[Projection], count: int) -> Build:
        """The build that is under way for this version, else a new one; what another version had begun is given up."""
        if projection.dating == "both":
            raise QuestionError(f"{projection.name}: a table needs one order of events: dating earliest or latest")
        if count < 1:
            raise QuestionError("workers: expected at least one")
        with self._target.writing() as engine:
            build.prepare(engine)
        with self._archive.reading() as connection:
            head = read_head(connection)
        start = at_position(head, head.position)
        with self._target.writing() as engine, engine.begin() as connection:
            for one in build.builds(connection, projection.name):
                if one.status in (FILLING, BUILDING):
                    cursor = Cursor.parse(one.cursor)
                    fits = one.version == projection.version and cursor[:2] == start[:2]
                    fits = fits and build.floor_of(connection, one) is None
                    if fits and (one.status == BUILDING or build.shards(connection, one, count) is not None):
                        return one
                    build.retire(connection, one)
            return build.begin(connection, projection.name, projection.version, projection.columns, start)

    def _begun_with(self, projection: type[Projection], found: Gathered) -> Build:
        """A new build, of what was gathered; what had been begun is given up."""
        with self._target.writing() as engine:
            build.prepare(engine)
        with self._target.writing() as engine, engine.begin() as connection:
            for one in build.builds(connection, projection.name):
                if one.status in (FILLING, BUILDING):
                    build.retire(connection, one)
            columns = projection.columns
            one = build.begin(connection, projection.name, projection.version, columns, found.cursor)
            build.note_gathered(connection, one, found.floor)
            return one

    def _filled(
        self,
        projection: type[Projection],
        one: Build,
        fence: int,
        count: int,
        found: Gathered | None,
        *,
        tell: Tell | None,
    ) -> Build:
        """The build as it is to follow the log from where it was begun: all shards filled, or what was gathered."""
        if found is not None:
            fill(self._target, projection(), one, fence, found=found, beat=self._beat(one, fence))
            if tell is not None:
                tell(one.position, one.position)
        else:
            self._filled_by_shards(projection, one, fence, count, self._noting(one, fence, tell))
        values: dict[str, Any] = {"status": BUILDING, "updated": self._now()}
        self._change(one, fence, **values)
        return one._replace(**values)

    def _filled_by_shards(
        self, projection: type[Projection], one: Build, fence: int, count: int, tell: Tell | None
    ) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence)
            left = build.shards(connection, one, count) or []
        if count == 1:
            for number in left:
                Filling(projection(), one, fence, number, count).fill(
                    self._archive, self._target, self._beat(one, fence), tell
                )
        else:
            self._work(projection, one, fence, left, count, tell=tell)
        self._go_back(projection, one, fence)

    def _go_back(self, projection: type[Projection], one: Build, fence: int) -> None:
        """Tell the parts in which a handler failed again, from where that was, now without what it failed on."""
        with self._target.reading() as connection:
            first: dict[str, Moment] = {}
            for row in parts.parked(connection, one):
                if row.part != UNPLACED:
                    moment = Moment(row.second, row.reported, row.chronicle, row.id)
                    first[row.part] = min(moment, first.get(row.part, moment))
        builder = Builder(projection(), one, self._archive.reading, self._beat(one, fence))
        for part, moment in sorted(first.items()):
            with self._target.reading() as connection:
                _, retold = builder.retell(connection, part, moment)
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence, leased=self._now() + LEASE)
                builder.write(connection, Rewritten(frozenset(), (), [retold]))

    def _work(
        self, projection: type[Projection], one: Build, fence: int, numbers: list[int], count: int, *, tell: Tell | None
    ) -> None:
        """Fill shards in processes of their own, and keep the lease for them meanwhile."""
        urls = (self._archive.url, self._target.url)
        working = [start(projection, one, fence, (number, count), urls) for number in numbers]
        try:
            for done, process in enumerate(working, 1):
                while not is_done(process, seconds=LEASE / 4_000_000):
                    self._change(one, fence, leased=self._now() + LEASE)
                if tell is not None:
                    tell(one.position * done // len(working), one.position)
        finally:
            for process in working:
                process.kill()
                process.communicate()

    def _beat(self, one: Build, fence: int) -> Callable[[], None]:
        """What is called now and then during long work, so that the lease goes on."""
        last = [self._now()]

        def beat() -> None:
            if self._now() - last[0] > LEASE // 4:
                last[0] = self._now()
                self._change(one, fence, leased=last[0] + LEASE)

        return beat

    def _noting(self, one: Build, fence: int, tell: Tell | None) -> Tell:
        """What is told how far a build is filled, and notes it about once a second for those who look from outside."""
        began = noted = self._now()

        def note(done: int, total: int) -> None:
            nonlocal noted
            now = self._now()
            if now - noted > NOTED or done == total:
                noted = now
                with self._target.writing() as engine, engine.begin() as connection:
                    build.hold(connection, one, fence, leased=now + LEASE)
                    note_pace(connection, one, Pace(began, now, done, total))
            if tell is not None:
                tell(done, total)

        return note

    @contextmanager
    def _leased(self, one: Build) -> Iterator[Build]:
        """A build as it is once it is leased, with the fence of that lease, which is given back at the end.

        It may have gone further than `one`, by a runner that had it until now. Raises ConflictError if another has it.
        """
        now = self._now()
        with self._target.writing() as engine, engine.begin() as connection:
            fence = build.lease(connection, one, self._owner, now, now + LEASE)
            held = next((other for other in build.builds(connection, one.name) if other.key == one.key), None)
        if held is None:
            message = f"{one.name}: another table has taken the place of this one just now: run it again"
            raise ConflictError("leased", message)
        if fence is None:
            left = max(0, held.leased - now) // 1_000_000 + 1
            message = f"{one.name}: {held.owner} has the lease, for {left} seconds more if it says nothing: wait for it"
            raise ConflictError("leased", message)
        try:
            yield held
        except BaseException as error:
            if not (isinstance(error, ConflictError) and error.code == "lease-lost"):
                said = {"error": str(error)} if isinstance(error, ChronicleError) else {}
                self._change(one, fence, leased=0, **said)
            raise
        self._change(one, fence, leased=0)

    def _change(self, one: Build, fence: int, **values: Any) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, **values)
