"""Where the latest checkpoint and the keys of an archive are kept: beside the database, or where one says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from chronicle.errors import InputError, StoreError
from chronicle.proof.checkpoint import LONGEST, Checkpoint, epoch_of, key_name, open_note
from chronicle.proof.key import Signer, Verifier

Write = Callable[[Path, str], None]
"""Writes a text file as a whole or not at all."""


LOCK_SECONDS = 20
"""How long one process waits for another that keeps a checkpoint."""


class Place:
    """The files of one archive: `ARCHIVE.checkpoint`, `ARCHIVE.key` (its owner's alone) and `ARCHIVE.verifiers`.

    The verifiers are one a line, the one in use last; earlier ones are of keys that have been rotated out. Every method
    raises StoreError where the folder cannot be used, InputError where a file holds nonsense.
    """

    def __init__(self, folder: Path, archive: str, write: Write) -> None:
        self.folder = folder
        self.checkpoint_file = folder / f"{archive}.checkpoint"
        self._key_file = folder / f"{archive}.key"
        self._verifiers_file = folder / f"{archive}.verifiers"
        self._name = key_name(archive)
        self._write = write
        self._stamped: tuple[int, int, int] | None = None
        self._latest: Checkpoint | None = None

    def latest(self) -> Checkpoint | None:
        """The checkpoint that was kept last; None before the first. Its signature is checked, once for each file."""
        stamp = self._stamp()
        if stamp is None or stamp != self._stamped:
            note = self._read(self.checkpoint_file)
            try:
                self._latest = None if note is None else open_note(note, self.verifiers())
            except InputError as error:
                raise InputError(f"{self.checkpoint_file}: {error}; move it away to go on without it") from None
            self._stamped = stamp
        return self._latest

    def _stamp(self) -> tuple[int, int, int] | None:
        """What changes with the file of the checkpoint, which is always written anew; None if it is not there."""
        try:
            found = self.checkpoint_file.stat()
        except OSError:  # reading it says what is wrong
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def verifiers(self) -> list[Verifier]:
        """The public keys, the one in use last."""
        text = self._read(self._verifiers_file)
        return [Verifier.parse(line) for line in (text or "").splitlines()]

    def signer(self) -> Signer:
        """The signing key, made when there is none yet."""
        with self._locked():
            return self._signer()

    def key_is_private(self) -> bool:
        """Nobody but its owner can read the signing key; true also while there is none."""
        return not self._key_file.exists() or not self._key_file.stat().st_mode & 0o077

    def take(self, note: str, verifiers: list[Verifier]) -> None:
        """Keep a note that was signed elsewhere, and the keys that verify it."""
        with self._locked():
            self._write(self._verifiers_file, "".join(f"{one.text}\n" for one in verifiers))
            self._write(self.checkpoint_file, note)

    def keep(self, current: Callable[[Checkpoint | None], Checkpoint]) -> tuple[Checkpoint, str]:
        """Sign a checkpoint and keep it unless one as large, or of a later epoch, is there; answer it and the note.

        `current` makes it from the one that was kept last. That one is read first: others append meanwhile, and a
        checkpoint that is newer than what was read of the log would look like a loss.
        """
        with self._locked():
            latest = self.latest()
            checkpoint = current(latest)
            note = checkpoint.signed([self._signer()])
            if latest is not None and latest.origin != checkpoint.origin:
                if epoch_of(latest.origin) > epoch_of(checkpoint.origin):
                    return checkpoint, note
                former = f".epoch-{epoch_of(latest.origin)}.checkpoint"
                self.checkpoint_file.rename(self.checkpoint_file.with_suffix(former))
                latest = None
            if latest is None or latest.size < checkpoint.size:
                self._write(self.checkpoint_file, note)
            return checkpoint, note

    def rotate(self, checkpoint: Checkpoint) -> str:
        """Replace the signing key; the checkpoint is signed by the old key and the new, and is kept; answer the note.

        Who trusts the old key can trust the new one for that. The old key is gone afterwards.
        """
        with self._locked():
            old, new = self._signer(), Signer.generate(self._name)
            note = checkpoint.signed([old, new])
            known = [*self.verifiers(), new.verifier]
            self._write(self._verifiers_file, "".join(f"{one.text}\n" for one in known))
            self._write_key(new)
            self._write(self.checkpoint_file, note)
            return note

    def _signer(self) -> Signer:
        text = self._read(self._key_file)
        if text is not None:
            return Signer.parse(text)
        new = Signer.generate(self._name)
        known = [*self.verifiers(), new.verifier]
        self._write_key(new)
        self._write(self._verifiers_file, "".join(f"{one.text}\n" for one in known))
        return new

    def _write_key(self, signer: Signer) -> None:
        """The file is its owner's alone before the key is in it."""
        made = self._key_file.with_suffix(".new")
        made.unlink(missing_ok=True)
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{signer.secret_text}\n")
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._key_file)

    def _read(self, path: Path) -> str | None:
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(LONGEST + 1)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{path} cannot be read: {error}") from error
        if len(text) > LONGEST:
            raise InputError(f"{path} is none of ours: it is too large")
        return text

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time; the lock goes with whoever holds it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=LOCK_SECONDS):
                yield
        except OSError as error:  # a lock that others hold too long is one, too
            raise StoreError(f"{self.folder} cannot keep checkpoints: {error.strerror or error}") from error
