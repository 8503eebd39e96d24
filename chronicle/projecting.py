"""The projecting part of the hall: projections as of a date, and the tables that follow the log."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Never, Unpack

from chronicle.asking import Asked, Bounds, Question
from chronicle.building import Builder
from chronicle.errors import ChronicleError, ConflictError, ProjectionError, QuestionError
from chronicle.event.cursor import Cursor
from chronicle.keeping import Kept
from chronicle.projection.projection import Projection
from chronicle.projection.replay import Projected
from chronicle.state.answer import recorded_text
from chronicle.store import build, read
from chronicle.store.archive import Store
from chronicle.store.build import BUILDING, LIVE, Build
from chronicle.store.head import at_position, read_head
from chronicle.tracing import traced

LEASE = 60_000_000
"""For how many microseconds a runner that says nothing keeps its lease."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a projection's table stands: how many records it is behind the log, and since when, in seconds.

    `parked` are the events left out because a handler failed on them, each with its position.
    """

    name: str
    version: int
    generation: int
    status: str
    position: int
    head: int
    seconds: int
    updated: int
    owner: str | None
    error: str | None
    parked: tuple[dict[str, Any], ...]

    @property
    def behind(self) -> int:
        """How many records are still to be taken."""
        return self.head - self.position

    def as_json(self) -> dict[str, object]:
        """One object of `projections lag`."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        updated = recorded_text(self.updated) if self.updated else None
        return {**fields, "behind": self.behind, "updated": updated, "parked": list(self.parked)}


def _about(_: Tables, projection: type[Projection], **_how: object) -> dict[str, str | int]:
    return {"chronicle.projection.name": projection.name, "chronicle.projection.version": projection.version}


class Tables:
    """The tables of projections in a database, each brought along by one runner at a time.

    Every method may raise StoreError; ConflictError when another runner has the lease, or the log was restored.
    """

    def __init__(self, archive: Store, target: Store, now: Callable[[], int]) -> None:
        self._archive = archive
        self._target = target
        self._now = now
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self, projection: type[Projection], *, retry: bool = False, tell: Tell | None = None) -> Standing:
        """Bring the table up to the head of the log. A new one, or that of a newer version, is made as by `rebuild`.

        `retry` first tells parked events again. Raises ProjectionError for an older version than the table's.
        """
        live = self._live(projection)
        if live is None or live.version < projection.version:
            return self.rebuild(projection, tell=tell)
        self._refuse_older(projection, live)
        with self._leased(live) as fence:
            if retry:
                self._retry(projection, live, fence)
            self._catch_up(projection, live, fence, tell)
        return self._standing(projection.name)

    @traced("chronicle.projection.rebuild", _about)
    def rebuild(self, projection: type[Projection], *, tell: Tell | None = None) -> Standing:
        """Make the table again beside the one that is there, compare it with a replay, and switch in one transaction.

        A rebuild that was cut off goes on where it was. Raises ProjectionError if the comparison fails.
        """
        name = projection.name
        self._refuse_older(projection, self._live(projection))
        one = self._begun(projection)
        with self._leased(one) as fence:
            one = self._catch_up(projection, one, fence, tell)
            with self._target.reading() as connection:
                Builder(projection(), one, self._archive.reading).check(connection)
            while True:
                one = self._catch_up(projection, one, fence, None)
                if self._switched(projection, one, fence):
                    break
        with self._target.writing() as engine, engine.begin() as connection:
            build.discard(connection, name)
        return self._standing(name)

    def follow(self, projection: type[Projection], *, pause: Callable[[], None], tell: Tell | None = None) -> Never:
        """`run` without end, with a pause after each; it goes on where a rebuild has taken the table's place.

        While another runner has the lease it stands by, and takes over when that says nothing any more.
        """
        while True:
            try:
                self.run(projection, tell=tell)
            except ConflictError as error:
                if error.code not in ("lease-lost", "leased"):
                    raise
            pause()

    def reset(self, name: str) -> None:
        """Remove a projection's table and all that was kept to make it. Raises QuestionError if there is none."""
        if not self._builds(name):
            raise QuestionError(f"there is no table of the projection {name} here")
        with self._target.writing() as engine, engine.begin() as connection:
            build.discard(connection, name, all_=True)

    def standings(self) -> list[Standing]:
        """How all tables stand, by name and generation."""
        with self._archive.reading() as connection:
            head = read_head(connection).position
            with self._target.reading() as target:
                return [self._stands(connection, target, one, head) for one in build.builds(target)]

    @traced("chronicle.projection.check", _about)
    def check(self, projection: type[Projection]) -> str:
        """Compare the live table with a replay of the log; the digest of both. Raises ProjectionError if not equal."""
        live = self._live(projection)
        if live is None:
            raise QuestionError(f"there is no table of the projection {projection.name} here")
        with self._target.reading() as connection:
            return Builder(projection(), live, self._archive.reading).check(connection)

    def _stands(self, connection: Any, target: Any, one: Build, head: int) -> Standing:
        waiting = read.recorded_at(connection, one.position + 1) if one.position < head else None
        return Standing(
            one.name,
            one.version,
            one.generation,
            one.status,
            one.position,
            head,
            0 if waiting is None else max(0, (self._now() - waiting) // 1_000_000),
            one.updated,
            one.owner if one.leased > self._now() else None,
            one.error,
            tuple(
                {"chronicle": row.chronicle, "event": row.id, "position": row.position, "error": row.error}
                for row in build.parked(target, one)
            ),
        )

    def _standing(self, name: str) -> Standing:
        return next(one for one in self.standings() if one.name == name and one.status == LIVE)

    def _builds(self, name: str) -> list[Build]:
        with self._target.reading() as connection:
            return build.builds(connection, name)

    def _live(self, projection: type[Projection]) -> Build | None:
        return next((one for one in self._builds(projection.name) if one.status == LIVE), None)

    def _refuse_older(self, projection: type[Projection], live: Build | None) -> None:
        if live is not None and live.version > projection.version:
            message = f"{live.name}: the table is of version {live.version}, and this program has {projection.version}"
            raise ProjectionError(f"{message}: run the newer one")

    def _begun(self, projection: type[Projection]) -> Build:
        """The build that is under way for this version, else a new one; what another version had begun is given up."""
        with self._target.writing() as engine:
            build.prepare(engine)
        with self._archive.reading() as connection:
            start = at_position(read_head(connection), 0)
        with self._target.writing() as engine, engine.begin() as connection:
            for one in build.builds(connection, projection.name):
                if one.status == BUILDING:
                    cursor = Cursor.parse(one.cursor)
                    if one.version == projection.version and cursor[:2] == start[:2]:
                        return one
                    build.retire(connection, one)
            return build.begin(connection, projection.name, projection.version, projection.columns, start)

    @contextmanager
    def _leased(self, one: Build) -> Iterator[int]:
        """The fence of a lease on a build, given back at the end. Raises ConflictError if another runner has it."""
        now = self._now()
        with self._target.writing() as engine, engine.begin() as connection:
            fence = build.lease(connection, one, self._owner, now, now + LEASE)
        if fence is None:
            held = next((other for other in self._builds(one.name) if other.key == one.key), one)
            left = max(0, held.leased - now) // 1_000_000 + 1
            message = f"{one.name}: {held.owner} has the lease, for {left} seconds more if it says nothing: wait for it"
            raise ConflictError("leased", message)
        try:
            yield fence
        except ConflictError:
            raise
        except BaseException as error:
            self._change(one, fence, leased=0, **({"error": str(error)} if isinstance(error, ChronicleError) else {}))
            raise
        self._change(one, fence, leased=0)

    def _change(self, one: Build, fence: int, **values: Any) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, **values)

    def _catch_up(self, projection: type[Projection], one: Build, fence: int, tell: Tell | None) -> Build:
        """Take page after page until there is nothing new."""
        while True:
            builder = Builder(projection(), one, self._archive.reading)
            cursor, changes, count = builder.page()
            if not count:
                return one
            now = self._now()
            values: dict[str, Any] = {"cursor": cursor.text, "position": cursor.position, "updated": now}
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence, **values, leased=now + LEASE, error=None)
                builder.take(connection, changes)
            one = one._replace(**values)
            if tell is not None:
                with self._archive.reading() as connection:
                    tell(cursor.position, read_head(connection).position)

    def _retry(self, projection: type[Projection], one: Build, fence: int) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, leased=self._now() + LEASE)
            Builder(projection(), one, self._archive.reading).retry(connection)

    def _switched(self, projection: type[Projection], one: Build, fence: int) -> bool:
        """Let readers see this build, unless the one they see has gone further meanwhile."""
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence)
            shown = [other for other in build.builds(connection, one.name) if other.status == LIVE]
            if any(other.position > one.position for other in shown):
                return False
            build.switch(connection, one, projection.columns)
            return True


class Projecting(Kept):
    """What an archive makes of its events: projections as of a date, and tables of them."""

    def project(self, projection: type[Projection], **bounds: Unpack[Bounds]) -> Projected:
        """What a projection makes of the events that occurred by the end of `as_of`, in the order of occurrence.

        Raises as `state` does, and ProjectionError where a handler fails.
        """
        with self._store.reading() as connection:
            return Asked(connection, Question(**bounds), self._now()).project(projection())

    @contextmanager
    def tables(self, into: str | None = None) -> Iterator[Tables]:
        """The tables of projections in the database at a URL, or in the archive's own. Raises QuestionError.

        They are of no use in an archive in memory, which nobody else can read.
        """
        if into is None:
            if self._store.reader is self._store.writer:
                raise QuestionError("--into: an archive in memory cannot hold tables: name a database for them")
            yield Tables(self._store, self._store, self._now)
            return
        target = Store.open(into, create=True, check=False)
        try:
            with target.writing() as engine:
                build.prepare(engine)
            yield Tables(self._store, target, self._now)
        finally:
            target.close()
