"""The projecting part of the hall: projections as of a date, and the tables that follow the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from chronicle.asking import Asked, Bounds, Question
from chronicle.errors import QuestionError, StoreError
from chronicle.gathering import gathered, require_equal
from chronicle.keeping import Kept
from chronicle.projection.projection import Projection
from chronicle.projection.replay import Projected
from chronicle.replaying import Replaying
from chronicle.sealing import Sealed, Tell, seal
from chronicle.store import dialect
from chronicle.store.archive import Store
from chronicle.store.projected import keep

if TYPE_CHECKING:
    from chronicle.running import Tables


class Projecting(Kept):
    """What an archive makes of its events: projections as of a date, tables of them, and columns."""

    def project(
        self,
        projection: type[Projection],
        *,
        sealed: str | PathLike[str] | None = None,
        check: bool = False,
        **bounds: Unpack[Bounds],
    ) -> Projected:
        """What a projection makes of the events that occurred by the end of `as_of`, in the order of occurrence.

        Where that was long, snapshots are kept beside the log for the next one to go on from, of this code only; not
        where the archive cannot be written. `sealed` names a folder of `seal`: then the projection's columnar query is
        asked of that, in place of its handlers, and with `check` both are, and must answer the same. Raises as `state`
        does, QuestionError for a folder that cannot answer, ProjectionError where a handler or the query fails.
        """
        if check and sealed is None:
            raise QuestionError("--check: compares what a folder answers, so it goes with --sealed")
        with self._store.reading() as connection:
            asked = Asked(connection, Question(**bounds), self._now())
            found = None
            if sealed is not None:
                found = gathered(
                    connection,
                    projection(),
                    asked.basis,
                    horizon=asked.horizon,
                    last_second=asked.last_second,
                    path=Path(sealed),
                )
                if not check:
                    return found
            replaying = Replaying(connection, projection(), asked.horizon)
            answer = replaying.project(asked.basis, asked.last_second)
        if replaying.kept and not self._store.has_failed:
            self._keep(replaying)
        if found is not None:
            require_equal(found, answer)
        return answer

    def seal(self, folder: str | PathLike[str], *, check: bool = False, progress: Tell | None = None) -> Sealed:
        """Bring a folder of sealed segments (Parquet) up to the head of the log; it is made if it is not there.

        The archive remembers the folder, and a redaction seals it anew. Damaged files are written anew; `check` reads
        all files to find those. `progress` is called with how many positions are done, and of how many. Raises
        QuestionError for an empty log or a folder of something else, ConflictError for a folder of another log,
        MissingExtraError without pyarrow.
        """
        return seal(self._store, Path(folder), check=check, tell=progress)

    def _keep(self, replaying: Replaying) -> None:
        try:
            with self._store.writing() as engine, engine.begin() as connection:
                keep(connection, replaying.kept, replaying.state, self._now())
        except StoreError as error:
            if not dialect.cannot_write(error.__cause__):
                raise

    @contextmanager
    def tables(self, into: str | None = None) -> Iterator[Tables]:
        """The tables of projections in the database at a URL, or in the archive's own. Raises QuestionError.

        They are of no use in an archive in memory, which nobody else can read.
        """
        from chronicle.running import Tables  # noqa: PLC0415 - loads slowly, and most commands make no tables

        if into is None:
            if self._store.reader is self._store.writer:
                raise QuestionError("--into: an archive in memory cannot hold tables: name a database for them")
            yield Tables(self._store, self._store, self._now)
            return
        from chronicle.store import build  # noqa: PLC0415 - as above

        target = Store.open(into, create=True, check=False)
        try:
            with target.writing() as engine:
                build.prepare(engine)
            yield Tables(self._store, target, self._now)
        finally:
            target.close()
