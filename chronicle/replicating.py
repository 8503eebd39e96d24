"""The replicating part of the hall: a log on another machine taken over into a database here, and tables made of it.

Nothing is taken on trust but the key, and that once: each page is held against a signed checkpoint of the server before
it is committed, so that a replica is always a beginning of the log that was signed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from chronicle.errors import ConflictError, InputError, QuestionError, StoreError
from chronicle.event.cursor import Cursor
from chronicle.proof.checkpoint import Checkpoint, epoch_of, key_name
from chronicle.proof.evidence import Consistency, Entries
from chronicle.proof.key import Verifier
from chronicle.running import Tables
from chronicle.store import dialect, replica
from chronicle.store.archive import Store
from chronicle.store.head import read_head
from chronicle.store.redact import FORGOTTEN
from chronicle.store.replica import Taken

PAGE = 250
"""Records that are asked for, and committed, at a time."""

_ARCHIVE = re.compile("[0-9a-f]{32}", re.ASCII)

Tell = Callable[[int, int], None]


class Origin(Protocol):
    """Where the log is: `client.Client`, or an archive."""

    def entries(self, after: int | str, most: int) -> Entries:
        """The records after a position or a cursor; see `Archive.entries`."""

    def prove_since(self, size: int) -> Consistency:
        """A proof that the log begins with what its first `size` records were; see `Archive.prove_since`."""


class Replica:
    """A replica of the log at an origin, in a database here, which `Archive` and all commands can read.

    Every method may raise StoreError, also for an origin that is not reached.
    """

    def __init__(self, store: Store, origin: Origin, now: Callable[[], int], verifier: Verifier | None = None) -> None:
        self._store = store
        self._origin = origin
        self._now = now
        self._given = verifier
        self._pinned: Verifier | None = None

    @property
    def tables(self) -> Tables:
        """The tables of projections beside the replica."""
        return Tables(self._store, self._store, self._now)

    def take(self, tell: Tell | None = None) -> int:
        """Take all records that the origin has; the position that was reached.

        The first time makes an empty database a replica, of the key that was given, or that the origin shows. `tell`
        gets the position after each page and that of the head. What cites a source that was redacted before it was
        taken counts as undated from its start here, for nobody can know its date any more. Raises ConflictError where
        the origin has another log than the one that was taken so far, of another epoch or behind it, or its checkpoint
        is not signed by the key.
        """
        if self._pinned is None:
            self._pinned = self._begun()
        while True:
            with self._store.reading() as connection:
                head = read_head(connection)
            found = self._origin.entries(Cursor(head.archive, head.epoch, head.position).text, PAGE)
            if not found.entries:
                return head.position
            reached = head.position + len(found.entries)
            checkpoint, expected = self._signed(reached, self._pinned)
            try:
                records = [
                    Taken(
                        one.check(head.archive),
                        None if one.payload is None else one.payload.encode(),
                        None if one.salt is None else bytes.fromhex(one.salt),
                    )
                    for one in found.entries
                ]
            except InputError as error:
                raise ConflictError("foreign-log", f"the server sent what is not in the log: {error}") from error
            try:
                with self._store.writing() as engine, engine.begin() as connection:
                    gone = replica.take(connection, head.position, records, expected)
            except (ValueError, KeyError) as error:  # what the server's own checks would have refused
                raise StoreError(f"the records after {head.position} cannot be taken: {error}") from error
            if gone:
                with self._store.writing() as engine:
                    dialect.forget(engine, FORGOTTEN)
            if tell is not None:
                tell(reached, checkpoint.size)

    def _begun(self) -> Verifier:
        """The key of the replica, which is made if it is not there, once it is a beginning of the origin's log."""
        shown = self._origin.prove_since(0)
        claimed = Verifier.parse(shown.verifier)
        archive = claimed.name.removeprefix(key_name(""))
        if not _ARCHIVE.fullmatch(archive):
            raise ConflictError("foreign-log", f"the server shows the key {claimed.text}, which is of no archive")
        with self._store.reading() as connection:
            kept = replica.verifier_of(connection, archive)
            head = None if kept is None else read_head(connection)
        verifier = self._given or (claimed if kept is None else Verifier.parse(kept))
        checkpoint = _checked(shown, verifier)
        epoch = epoch_of(checkpoint.origin)
        if head is not None and head.epoch != epoch:
            message = f"the replica is of epoch {head.epoch}, and the log is in epoch {epoch}: records that were taken "
            raise ConflictError("epoch-changed", f"{message}may have been lost; make a new replica of it")
        if head is not None and head.position:
            self._require_same(head.position, checkpoint, verifier)
        if kept != verifier.text:
            with self._store.writing() as engine:
                replica.begin(engine, archive, epoch, verifier.text)
        return verifier

    def _require_same(self, size: int, checkpoint: Checkpoint, verifier: Verifier) -> None:
        if size > checkpoint.size:
            message = f"the replica is at position {size}, and the log ends at {checkpoint.size}: it has lost records"
            raise ConflictError("cursor-ahead", message)
        with self._store.reading() as connection:
            ours = replica.root_at(connection, size)
        if self._signed(size, verifier)[1] != ours:
            raise ConflictError("foreign-log", f"the log does not begin with the {size} records of the replica")

    def _signed(self, size: int, verifier: Verifier) -> tuple[Checkpoint, bytes]:
        """The checkpoint that the origin signs now, and the root that its log had with so many records."""
        try:
            proof = self._origin.prove_since(size)
        except QuestionError as error:
            raise ConflictError(
                "cursor-ahead", f"the log has not the {size} records that are to follow: {error}"
            ) from error
        checkpoint = _checked(proof, verifier)
        if proof.old != size:
            raise ConflictError("foreign-log", "the server proves something else than was asked")
        return checkpoint, base64.b64decode(proof.old_root)


@contextmanager
def replica_at(url: str, origin: Origin, now: Callable[[], int], *, verifier: str | None = None) -> Iterator[Replica]:
    """The replica in the database at a URL; `verifier` is the key that its checkpoints must be signed with, as text."""
    try:
        key = None if verifier is None else Verifier.parse(verifier)
    except InputError as error:
        raise QuestionError(f"--verifier: {error}") from error
    store = Store.open(url, create=True, check=False)
    try:
        with store.writing() as engine, engine.begin():
            pass  # a file that is not there yet is made by whoever writes
        yield Replica(store, origin, now, key)
    finally:
        store.close()


def _checked(proof: Consistency, verifier: Verifier) -> Checkpoint:
    try:
        return proof.check([verifier])
    except InputError as error:
        message = (
            f"the server's log is not the one whose key is {verifier.text}: {error}; a new key is given as --verifier"
        )
        raise ConflictError("foreign-log", message) from error
