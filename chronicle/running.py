"""The running part of the hall: tables of projections brought along the log, made again, and switched."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, Never

from chronicle.building import Builder
from chronicle.errors import ConflictError, ProjectionError, QuestionError
from chronicle.event.model import Event
from chronicle.gathering import Gathered, gathered_whole
from chronicle.making import LEASE, Making, Tell
from chronicle.projection.projection import Projection, moment_of
from chronicle.projection.standing import Standing
from chronicle.store import build, effects, listed, parts, read
from chronicle.store.build import FILLING, LIVE, Build
from chronicle.store.head import read_head
from chronicle.store.pace import Pace, note_pace, pace_of
from chronicle.tracing import traced


class _LateError(Exception):
    """Something came that belongs among what a build was gathered from: it has to be made from the log."""


def _about(_: Tables, projection: type[Projection], **_how: object) -> dict[str, str | int]:
    return {"chronicle.projection.name": projection.name, "chronicle.projection.version": projection.version}


class Tables(Making):
    """The tables of projections in a database, each brought along by one runner at a time.

    Every method may raise StoreError; ConflictError when another runner has the lease, or the log was restored.
    """

    def run(self, projection: type[Projection], *, retry: bool = False, tell: Tell | None = None) -> Standing:
        """Bring the table up to the head of the log. A new one, or that of a newer version, is made as by `rebuild`.

        `retry` first tells parked events again, and causes the effects that failed. One that was gathered from segments
        is made from the log once something comes that belongs among them. Raises ProjectionError for an older version
        than the table's.
        """
        live = self._live(projection)
        if live is None or live.version < projection.version:
            return self.rebuild(projection, tell=tell)
        self._refuse_older(projection, live)
        try:
            with self._leased(live) as held:
                if retry:
                    self._retry(projection, held, held.fence)
                self._cause(projection, held, held.fence)  # what a process that ended had left
                self._catch_up(projection, held, held.fence, tell)
        except _LateError:
            return self.rebuild(projection, tell=tell)
        self._tidy(projection.name)
        return self._standing(projection.name)

    @traced("chronicle.projection.rebuild", _about)
    def rebuild(
        self,
        projection: type[Projection],
        *,
        workers: int = 1,
        sealed: str | PathLike[str] | None = None,
        check: bool = False,
        tell: Tell | None = None,
    ) -> Standing:
        """Make the table again beside the one that is there, compare it with a replay, and switch by one row.

        It is filled as of the head of the log, by so many processes at once that each take a share of the parts (the
        class must then be at the top of a module that others can import), and from there follows the log. Readers see
        the old rows until the switch and the new ones after it, whatever they are in the midst of. A rebuild that was
        cut off goes on with the shares that are not done. Raises ProjectionError if the comparison fails.

        `sealed` names a folder of `Archive.seal`: the projection's columnar query fills the table as of its position,
        and that is compared with a replay only if `check` says so. Where something came since that belongs among what
        was sealed, the table is made from the log instead; its standing says which. Raises as `Archive.project` does.
        """
        self._refuse_older(projection, self._live(projection))
        if sealed is None:
            if check:
                raise QuestionError("--check: a rebuild from the log is always compared, so it goes with --sealed")
            return self._rebuilt(projection, self._begun(projection, workers), workers, None, tell=tell)
        if workers != 1:
            raise QuestionError("--workers: they share what is read from the log, so it cannot go with --sealed")
        with self._archive.reading() as connection:
            found = gathered_whole(connection, projection(), Path(sealed))
        one = self._begun_with(projection, found)
        try:
            return self._rebuilt(projection, one, 1, found, check=check, tell=tell)
        except _LateError:
            return self.rebuild(projection, tell=tell)

    def _rebuilt(
        self,
        projection: type[Projection],
        begun: Build,
        workers: int,
        found: Gathered | None,
        *,
        check: bool = True,
        tell: Tell | None,
    ) -> Standing:
        with self._leased(begun) as held:
            one, fence = held, held.fence
            if one.status == FILLING:
                one = self._filled(projection, one, fence, workers, found, tell=tell)
            one = self._catch_up(projection, one, fence, tell)
            if check:
                with self._target.reading() as connection:
                    Builder(projection(), one, self._archive.reading, self._beat(one, fence)).check(connection)
            while True:
                one = self._catch_up(projection, one, fence, None)
                if self._switched(projection, one, fence):
                    break
            self._cause(projection, one, fence)
        self._tidy(projection.name)
        return self._standing(projection.name)

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
        floor, pace = build.floor_of(target, one), pace_of(target, one)
        done, total = one.position, head
        if one.status == FILLING:
            done, total = (0, 1) if pace is None or not pace.total else (pace.taken, pace.total)
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
            None if floor is None else floor.position,
            round(done / total, 4) if total else 1.0,
            None if pace is None or pace.per_second is None else round(pace.per_second, 1),
        )

    def _standing(self, name: str) -> Standing:
        return next(one for one in self.standings() if one.name == name and one.status == LIVE)

    def _refuse_older(self, projection: type[Projection], live: Build | None) -> None:
        if live is not None and live.version > projection.version:
            message = f"{live.name}: the table is of version {live.version}, and this program has {projection.version}"
            raise ProjectionError(f"{message}: run the newer one")

    def _catch_up(self, projection: type[Projection], one: Build, fence: int, tell: Tell | None) -> Build:
        """Take page after page until there is nothing new; a live build causes the effects of each once it is in.

        Raises _LateError where the build cannot take what comes.
        """
        with self._target.reading() as connection:
            floor = build.floor_of(connection, one)
        began, taken = self._now(), 0
        while True:
            builder = Builder(projection(), one, self._archive.reading, self._beat(one, fence))
            cursor, changes, count = builder.page()
            if not count:
                return one
            if floor is not None and builder.is_late(changes, floor):
                raise _LateError
            with self._target.reading() as connection:
                made = builder.take(connection, changes)
            now, taken = self._now(), taken + count
            values: dict[str, Any] = {"cursor": cursor.text, "position": cursor.position, "updated": now}
            acting = self._acting(projection, one.position, cursor.position) if one.status == LIVE else []
            with self._target.writing() as engine, engine.begin() as connection:
                build.hold(connection, one, fence, **values, leased=now + LEASE, error=None)
                builder.write(connection, made)
                effects.add(connection, one.name, acting)
                note_pace(connection, one, Pace(began, self._now(), taken))
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
            return [position for position, type_ in listed.event_types(connection, after, until) if told.acts(type_)]

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
        builder = Builder(projection(), one, self._archive.reading, self._beat(one, fence))
        with self._target.reading() as connection:
            made = builder.take(connection, builder.parked(connection))
        with self._target.writing() as engine, engine.begin() as connection:
            build.hold(connection, one, fence, leased=self._now() + LEASE)
            builder.write(connection, made)
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
