"""The keeping half of the hall: an archive opened, verified, redacted, backed up, restored and examined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from chronicle.admitting import Tokens
from chronicle.config import settings
from chronicle.errors import QuestionError, StoreError, UnknownError
from chronicle.event.condition import Condition
from chronicle.event.cursor import Cursor
from chronicle.event.draft import DocumentId
from chronicle.feeding import Sinks
from chronicle.proof.checkpoint import Checkpoint
from chronicle.proof.evidence import Consistency, Entries, Entry, Inclusion
from chronicle.proof.key import Verifier
from chronicle.proof.tiles import tile_at
from chronicle.proving import Prover, Tell, Verified, copy_proof
from chronicle.remembering import About, Mementos
from chronicle.sessions import Sessions
from chronicle.store import dialect, migrate, read
from chronicle.store.archive import Store, failures
from chronicle.store.condition import conditions
from chronicle.store.copy import copy
from chronicle.store.head import at_position, check_cursor, raise_epoch, read_head
from chronicle.store.migrate import Revisions
from chronicle.store.redact import FORGOTTEN, REDACTABLE, redact
from chronicle.store.versions import Receipt
from chronicle.tiling import content
from chronicle.when import clock


@dataclass(frozen=True, slots=True)
class Gone:
    """What a redaction did: its receipt, the positions whose content is gone, and what is still to be done, if any."""

    receipt: Receipt
    positions: tuple[int, ...]
    remark: str | None


class Kept:
    """A database that holds an archive. `clock` gives microseconds since 1970-01-01T00:00:00Z."""

    def __init__(self, store: Store, *, recorded_by: str, now: Callable[[], int] = clock) -> None:
        self._store = store
        self._recorded_by = recorded_by
        self._now = now
        self._prover = Prover(store, settings().proof or store.proof_folder)

    @classmethod
    def open(
        cls,
        url: str | None = None,
        *,
        create: bool = True,
        recorded_by: str | None = None,
        now: Callable[[], int] = clock,
    ) -> Self:
        """Open the archive at a database URL (default: CHRONICLE_DB, else sqlite:///chronicle.db).

        An empty or absent database becomes an archive unless `create` is false; then it raises StoreError.
        """
        ours = settings()
        return cls(Store.open(url or ours.url, create=create), recorded_by=recorded_by or ours.recorded_by, now=now)

    def close(self) -> None:
        """Keep the checkpoint that is still to follow the last append, then give the connections back."""
        self._prover.settle()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Readers

    def tokens(self) -> Tokens:
        """Who may come in over the network; see `admitting.Tokens`."""
        return Tokens(self._store, self._now)

    def sessions(self) -> Sessions:
        """The browsers in which somebody has shown a token; see `sessions.Sessions`."""
        return Sessions(self._store, self._now)

    def sinks(self) -> Sinks:
        """The systems that the log is sent to; see `feeding.Sinks`."""
        return Sinks(self._store, self._now)

    def mementos(self, chronicle: str, entity: str | None = None) -> Mementos:
        """The moments from which an entity was told otherwise than before, or the chronicle; see `Mementos`."""
        return Mementos(self._store, About(chronicle, entity))

    def cursor(self, position: int | None = None) -> str:
        """Where a reader is that has read the log up to a position, or the whole of it as it is now."""
        with self._store.reading() as connection:
            head = read_head(connection)
            return at_position(head, head.position if position is None else position).text

    def position(self) -> int:
        """The last position of the log; 0 when it is empty."""
        with self._store.reading() as connection:
            return read_head(connection).position

    def entries(self, after: int | str, most: int) -> Entries:
        """The records after a position or a cursor as they are hashed, at most so many, for a replica to take.

        Raises as `follow` does.
        """
        with self._store.reading() as connection:
            head = read_head(connection)
            start = Cursor.parse(after) if isinstance(after, str) else at_position(head, after)
            check_cursor(head, start)
            found = [
                Entry(
                    header=header.decode(),
                    payload=None if payload is None else payload.decode(),
                    salt=None if salt is None else salt.hex(),
                )
                for header, payload, salt in read.leaves(connection, start.position, most)
            ]
            return Entries(entries=found, cursor=at_position(head, start.position + len(found)).text)

    # Proofs

    def verify(
        self, *, checkpoint: str | None = None, verifiers: list[Verifier] | None = None, progress: Tell | None = None
    ) -> Verified:
        """Hold the log against its hashes, its indexes against the log, and both against a signed checkpoint.

        The checkpoint is the one given (a note, signed by one of the `verifiers`, else by a key of this archive), else
        the one that was kept at the last append. Answers with every finding, the one of the lowest position first.
        """
        return self._prover.verify(checkpoint, verifiers, progress)

    def checkpoint(self) -> tuple[Checkpoint, str]:
        """A signed checkpoint of the log as it is now, and its text; it is kept, too.

        Raises StoreError where the log does not go on from the checkpoint that was kept before.
        """
        return self._prover.checkpoint()

    def rotate_key(self) -> tuple[Checkpoint, str]:
        """The same, after which a new key signs; this checkpoint is signed by both."""
        return self._prover.rotate()

    def new_epoch(self) -> tuple[Checkpoint, str]:
        """Accept that the log is not what was signed: a new epoch begins, and readers of the old one are told so."""
        return self._prover.new_epoch()

    def verifier(self) -> Verifier:
        """The public key that checkpoints are signed with now."""
        return self._prover.verifier()

    def export_tiles(self, folder: str | PathLike[str], *, progress: Tell | None = None) -> tuple[Checkpoint, str]:
        """Write the log, its tree and a checkpoint into a folder that can be verified without us."""
        return self._prover.export(Path(folder), progress)

    def verifiers(self) -> list[Verifier]:
        """The public keys that have signed checkpoints of the archive; none in memory."""
        return self._prover.verifiers()

    def tile(self, path: str) -> bytes:
        """One of the files that `export_tiles` writes, by its path: `tile/…` or `payload/…`.

        Hashes and headers never change within an epoch, payloads only where something is redacted. Raises InputError
        for a path that is none, UnknownError where the log does not go so far yet.
        """
        wanted = tile_at(path)
        with self._store.reading() as connection:
            return content(connection, wanted)

    def prove(self, id: str, *, chronicle: str | None = None, version: int | None = None) -> Inclusion:  # noqa: A002
        """A proof that a version of an id (the latest if none is named) is in the log. Raises UnknownError."""
        return self._prover.prove(id, chronicle, version)

    def prove_since(self, size: int) -> Consistency:
        """A proof that the log, as it was with its first `size` records, is how it begins now. Raises QuestionError."""
        return self._prover.prove_since(size)

    # Erasing

    def redact(
        self,
        id: str,  # noqa: A002
        *,
        reason: str,
        chronicle: str | None = None,
        kind: str | None = None,
    ) -> Gone:
        """Remove the content of every version of an event, source or entity, for good; the headers stay.

        The id is closed to appends afterwards (`load` can `reinstate` it). Folders of this machine that the log was
        sealed into are sealed anew; copies that others have, and backups, are not reached. Raises UnknownError for an
        id without content, QuestionError if several have it.
        """
        with self._store.reading() as connection:
            found = read.with_content(connection, id)
        wanted = [one for one in found if chronicle in (None, one[0]) and kind in (None, one[1])]
        if not wanted:
            raise UnknownError(f"nothing in the log has the id {id} and any content")
        wanted = [one for one in wanted if one[1] in REDACTABLE] or wanted
        if len(wanted) > 1:
            named = ", ".join(f"{kind} of {chronicle}" for chronicle, kind, _ in wanted)
            raise QuestionError(f"{id} is the id of several: {named}. Say which with --chronicle and --kind")
        return self._redact(wanted[0], reason)

    def _redact(self, id: DocumentId, reason: str) -> Gone:  # noqa: A002
        with self._store.writing() as writer:
            receipt, gone = redact(writer, id, reason, self._now(), self._recorded_by, require=self._prover.require)
        remarks = [problem.message for problem in self._prover.appended(receipt.position)]
        try:
            with self._store.writing() as writer:
                remarks += filter(None, [dialect.forget(writer, FORGOTTEN)])
        except StoreError as error:
            tables = ", ".join(table.name for table in FORGOTTEN)
            remarks.append(
                f"{error}: the content is still on the disk, where the tables were; run VACUUM FULL {tables}"
            )
        from chronicle.sealing import cleaned  # noqa: PLC0415 - loads slowly, and only redactions need it

        remarks += cleaned(self._store, gone)
        return Gone(receipt, tuple(gone), "; ".join(remarks) or None)

    # Operating

    def backup(self, file: str | PathLike[str], *, progress: Tell | None = None) -> Verified:
        """Copy the archive as of this moment into a new SQLite file, while others read and append; then verify that.

        A checkpoint goes beside the file, and no key. Raises QuestionError if the file is there or cannot be made, and
        StoreError if the copy does not verify: then it is removed.
        """
        target = Path(file)
        if target.exists() or not target.parent.is_dir():
            why = "is there already" if target.exists() else "has no folder to lie in"
            raise QuestionError(f"{target} {why}: name a new file")
        unfinished = target.with_name(f"{target.name}.unfinished")
        _remove(unfinished)
        made = Store.open(f"sqlite:///{unfinished.absolute()}", create=True, check=False)
        try:
            with self._store.reading() as source, failures(), made.writer.begin() as connection:
                copy(source, connection, progress)
            verified = _sound(Prover(made, None), "copy", progress)
            made.close()
            unfinished.rename(target)
        finally:
            made.close()
            _remove(unfinished)
        if self._prover.has_folder:
            copy_proof(self._prover, verified, target)
        return verified

    @classmethod
    def restore(
        cls,
        file: str | PathLike[str],
        url: str | None = None,
        *,
        keep_epoch: bool = False,
        progress: Tell | None = None,
    ) -> Verified:
        """Copy a backup into an empty database of any kind, after verifying it; a new epoch begins there.

        `keep_epoch` says that nothing was appended since the backup, so that readers may go on. Raises StoreError for a
        backup that does not verify or a database that is not empty, ConflictError where a checkpoint shows that
        something was appended after all.
        """
        ours = settings()
        with (
            closing(Store.open(f"sqlite:///{Path(file).absolute()}", create=False)) as backup,
            closing(Store.open(url or ours.url, create=True, check=False)) as target,
        ):
            verified = _sound(Prover(backup, backup.proof_folder), "backup", progress)
            prover = Prover(target, ours.proof or target.proof_folder)
            with backup.reading() as source:
                if keep_epoch:
                    prover.require_continued(read_head(source))
                with failures(), target.writer.begin() as connection:
                    migrate.require_empty(connection)
                    copy(source, connection, progress)
                    if not keep_epoch:
                        raise_epoch(connection, prover.known_epoch(read_head(source)))
            if prover.has_folder:
                prover.checkpoint()
        return verified

    def examine(self) -> Iterator[Condition]:
        """Whether the archive is set up, and its surroundings are, so that nothing can be lost or changed unseen."""
        with failures():
            yield from conditions(self._store.writer, self._store.reader, self._now())
        yield from self._prover.conditions()

    @classmethod
    def unchecked(cls, url: str | None = None) -> Self:
        """The archive at a URL at whatever revision, to examine or upgrade it. Raises StoreError if there is none."""
        ours = settings()
        where = url or ours.url
        return cls(Store.open(where, create=False, check=False), recorded_by=ours.recorded_by)

    def revisions(self) -> Revisions:
        """At which revision the tables are, and which migrations they lack."""
        with self._store.reading() as connection:
            return migrate.revisions(connection)

    def upgrade(self) -> Revisions:
        """Run the migrations that the tables lack, all or none; the answer is how it was before."""
        with self._store.writing() as writer, writer.begin() as connection:
            dialect.lock_schema(connection)
            before = migrate.revisions(connection)
            if before.pending:
                migrate.upgrade(connection)
        return before


def _sound(prover: Prover, what: str, progress: Tell | None) -> Verified:
    """The verification of a copy. Raises StoreError if anything is wrong."""
    verified = prover.verify(None, None, progress)
    if verified.findings:
        raise StoreError(f"the {what} does not verify: {verified.findings[0]}")
    return verified


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
