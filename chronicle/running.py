"""The running part of the hall: tables of projections brought along the log, made again, and switched."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Never

from chronicle.building import Builder
from chronicle.errors import ChronicleError, ConflictError, ProjectionError, QuestionError
from chronicle.event.cursor import Cursor
from chronicle.event.model import Event
from chronicle.filling import Filling, is_done, start
from chronicle.projection.projection import UNPLACED, Moment, Projection, moment_of
from chronicle.projection.standing import Standing
from chronicle.store import build, effects, parts, read
from chronicle.store.archive import Store
from chronicle.store.build import BUILDING, FILLING, LIVE, Build
from chronicle.store.head import at_position, read_head
from chronicle.tracing import traced

LEASE = 60_000_000
"""For how many microseconds a runner that says nothing keeps its lease."""

Tell = Callable[[int, int], None]


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

        `retry` first tells parked events again, and causes the effects that failed. Raises ProjectionError for an older
        version than the table's.
        """
        live = self._live(projection)
        if live is None or live.version < projection.version:
            return self.rebuild(projection, tell=tell)
        self._refuse_older(projection, live)
        with self._leased(live) as fence:
            if retry:
                self._retry(projection, live, fence)
            self._cause(projection, live, fence)  # what a process that ended had left
            self._catch_up(projection, live, fence, tell)
        self._tidy(projection.name)
        return self._standing(projection.name)

    @traced("chronicle.projection.rebuild", _about)
    def rebuild(self, projection: type[Projection], *, workers: int = 1, tell: Tell | None = None) -> Standing:
        """Make the table again beside the one that is there, compare it with a replay, and switch by one row.

        It is filled as of the head of the log, by so many processes at once that each take a share of the parts (the
        class must then be at the top of a module that others can import), and from there follows the log. Readers see
        the old rows until the switch and the new ones after it, whatever they are in the midst of. A rebuild that was
        cut off goes on with the shares that are not done. Raises ProjectionError if the comparison fails.
        """
        name = projection.name
        self._refuse_older(projection, self._live(projection))
        one = self._begun(projection, workers)
        with self._leased(one) as fence:
            if one.status == FILLING:
                one = self._filled(projection, one, fence, workers, tell)
            one = self._catch_up(projection, one, fence, tell)
            with self._target.reading() as connection:
                Builder(projection(), one, self._archive.reading).check(connection, self._beat(one, fence))
            while True:
                one = self._catch_up(projection, one, fence, None)
                if self._switched(projection, one, fence):
                    break
            self._cause(projection, one, fence)
        self._tidy(name)
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
            build.retire_all(connection, name)
        self._tidy(name)
        with self._target.writing() as engine, engine.begin() as connection:
            build.forget(connection, name)

    def standings(self) -> list[Standing]:
        """How all tables stand, by name and generation."""
        with self._archive.reading() as connection:
            head = read_head(connection).position
            with self._target.reading() as target:
                return [self._stands(connection, target, one, head) for one in build.builds(target)]

    @traced("chronicle.projection.check", _about)
    def check(self, projection: type[Projection]) -> str:
        """Compare the live table with a replay of the log; the digest of both. Raises ProjectionError if not equal."""
        with self._target.reading() as connection:
            live = next((one for one in build.builds(connection, projection.name) if one.status == LIVE), None)
            if live is None:
                raise QuestionError(f"there is no table of the projection {projection.name} here")
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
                for row in parts.parked(target, one)
            ),
            tuple(
                {"position": row.position, "error": row.error} for row in effects.waiting(target, one.name, parked=True)
            )
            if one.status == LIVE
            else (),
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
                    if fits and (one.status == BUILDING or build.shards(connection, one, count) is not None):
                        return one
                    build.retire(connection, one)
            return build.begin(connection, projection.name, projection.version, projection.columns, start)

    def _filled(self, projection: type[Projection], one: Build, fence: int, count: int, tell: Tell | None) -> Build:
        """The build with all shards filled, ready to follow the log from where it was begun."""
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
        values: dict[str, Any] = {"status": BUILDING, "updated": self._now()}
        self._change(one, fence, **values)
        return one._replace(**values)

    def _go_back(self, projection: type[Projection], one: Build, fence: int) -> None:
        """Tell the parts in which a handler failed again, from where that was, now without what it failed on."""
        with self._target.reading() as connection:
            first: dict[str, Moment] = {}
            for row in parts.parked(connection, one):
                if row.part != UNPLACED:
                    moment = Moment(row.second, row.reported, row.chronicle, row.id)
                    first[row.part] = min(moment, first.get(row.part, moment))
        for part, moment in sorted(first.items()):
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence, leased=self._now() + LEASE)
                Builder(projection(), one, self._archive.reading).retell(connection, part, moment)

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
        except BaseException as error:
            if not (isinstance(error, ConflictError) and error.code == "lease-lost"):
                said = {"error": str(error)} if isinstance(error, ChronicleError) else {}
                self._change(one, fence, leased=0, **said)
            raise
        self._change(one, fence, leased=0)

    def _change(self, one: Build, fence: int, **values: Any) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, **values)

    def _catch_up(self, projection: type[Projection], one: Build, fence: int, tell: Tell | None) -> Build:
        """Take page after page until there is nothing new; a live build causes the effects of each once it is in."""
        while True:
            builder = Builder(projection(), one, self._archive.reading)
            cursor, changes, count = builder.page()
            if not count:
                return one
            now = self._now()
            values: dict[str, Any] = {"cursor": cursor.text, "position": cursor.position, "updated": now}
            acting = self._acting(projection, one.position, cursor.position) if one.status == LIVE else []
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence, **values, leased=now + LEASE, error=None)
                builder.take(connection, changes)
                effects.add(connection, one.name, acting)
            one = one._replace(**values)
            if acting:
                self._cause(projection, one, fence)
            if tell is not None:
                with self._archive.reading() as connection:
                    tell(cursor.position, read_head(connection).position)

    def _acting(self, projection: type[Projection], after: int, until: int) -> list[int]:
        """The records between two positions that have effects."""
        if not projection.has_effects():
            return []
        told = projection()
        with self._archive.reading() as connection:
            return [position for position, type_ in read.event_types(connection, after, until) if told.acts(type_)]

    def _cause(self, projection: type[Projection], one: Build, fence: int) -> None:
        """Cause the effects that are waiting, each noted when it is done: see `projection.effect`."""
        if not projection.has_effects():
            return
        told = projection()
        with self._target.reading() as target:
            waiting = [row.position for row in effects.waiting(target, one.name)]
        for position in waiting:
            self._change(one, fence, leased=self._now() + LEASE)
            with self._archive.reading() as connection:
                [record] = read.records_after(connection, position - 1, 1, until=position)
            error = None
            if isinstance(record.document, Event):
                moment = moment_of(record, record.document, "earliest" if told.dating == "earliest" else "latest")
                try:
                    told.act(record.document, moment, record.cursor.text)
                except ProjectionError as failed:
                    error = str(failed)
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence)
                effects.settle(connection, one.name, position, error)

    def _retry(self, projection: type[Projection], one: Build, fence: int) -> None:
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, leased=self._now() + LEASE)
            Builder(projection(), one, self._archive.reading).retry(connection)
            effects.unpark(connection, one.name)

    def _switched(self, projection: type[Projection], one: Build, fence: int) -> bool:
        """Let readers see this build, unless the one they see has gone further meanwhile.

        What this one has taken beyond that has its effects now: they are what that one would have caused.
        """
        live = self._live(projection)
        acting = [] if live is None else self._acting(projection, live.position, one.position)
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence)
            shown = [other for other in build.builds(connection, one.name) if other.status == LIVE]
            if any(other.position > one.position for other in shown):
                return False
            build.switch(connection, one, projection.columns)
            reached = max((other.position for other in shown), default=one.position)
            effects.add(connection, one.name, (at for at in acting if at > reached))
            return True

    def _tidy(self, name: str) -> None:
        """Remove what earlier builds left, in short transactions."""
        left = True
        while left:
            with self._target.writing() as engine, engine.begin() as connection:
                left = build.remove_some(connection, name)
