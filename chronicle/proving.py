"""The proving part of the hall: checkpoints that go with every append, and what shows that the log is what they say."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chronicle.errors import ConflictError, InputError, Problem, QuestionError, StoreError, UnknownError
from chronicle.event.condition import Condition
from chronicle.event.finding import Finding
from chronicle.event.tree import TILE, Tiles, consistency_proof, inclusion_proof, root
from chronicle.files.whole import whole_file
from chronicle.proof.checkpoint import Checkpoint, epoch_of, open_note, origin
from chronicle.proof.evidence import Consistency, Inclusion
from chronicle.proof.key import Verifier
from chronicle.proof.offline import verify_folder
from chronicle.proof.place import Place
from chronicle.proof.tiles import payload_path, tile_at, tile_path, tile_sizes
from chronicle.proof.trailing import Trailing
from chronicle.store import read, tree, verify
from chronicle.store.archive import Store
from chronicle.store.head import Head, check_known, raise_epoch, read_head
from chronicle.tiling import content

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification saw: the size and root of the log, the checkpoint it was held against, and what is wrong."""

    size: int
    root: bytes | None
    checkpoint: Checkpoint | None
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """The document that `verify --json` prints; roots are in base64."""
        known = self.checkpoint
        return {
            "ok": not self.findings,
            "size": self.size,
            "root": None if self.root is None else _base64(self.root),
            "checkpoint": known and {"origin": known.origin, "size": known.size, "root": _base64(known.root)},
            "findings": [finding._asdict() for finding in self.findings],
        }


LATEST_SECONDS = 0.1
"""How far behind the appends of a busy process a checkpoint may be, where keeping one takes no longer than usual."""


class Prover:
    """Signs, keeps and compares the checkpoints of an archive. `folder` is where; None for nowhere."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder
        self._is_compared = False
        self._log: Head | None = None
        self._head: Head | None = None
        # A database in memory has one connection, which no second thread may use.
        self._trailing = Trailing(self._keep, 0 if store.is_in_memory else LATEST_SECONDS)

    @property
    def has_folder(self) -> bool:
        """Checkpoints are kept."""
        return self._folder is not None

    def conditions(self) -> Iterator[Condition]:
        """Whether the log goes on from the checkpoint that was kept, and the key is its owner's alone."""
        self.settle()
        if self._folder is None:
            yield Condition("checkpoint", "warning", "none are kept: name a folder with CHRONICLE_PROOF")
            return
        try:
            latest = self._latest()
            with self._store.reading() as connection:
                head = read_head(connection)
                found = [*_compared(head, latest, _tiles(connection))]
        except (InputError, StoreError, ValueError) as error:
            yield Condition("checkpoint", "bad", f"{error}: run chronicle verify")
            return
        if found:
            yield Condition("checkpoint", "bad", f"{found[0].message}: run chronicle verify")
        elif latest is None:
            yield Condition("checkpoint", "warning", "none was ever kept: run chronicle checkpoint")
        else:
            behind = head.position - latest.size
            said = f"of {latest.size} records, in {self._folder}" + (f"; {behind} came later" if behind else "")
            yield Condition("checkpoint", "ok", said)
        if not self._own_place.key_is_private():
            yield Condition("key", "bad", f"others can read the signing key in {self._folder}: chmod 600 it, rotate it")
        else:
            yield Condition("key", "ok", "its owner's alone")

    def require(self, connection: Any, head: Head) -> None:
        """Raise StoreError unless the log with this head goes on from what was signed and what was appended here.

        It is to be asked within the transaction of an append, so that the log cannot go on meanwhile.
        """
        self._log = head
        _require_gone_on(head, self._head)
        latest = self._latest()
        if latest is None:
            return
        is_same = latest.origin == origin(head.archive, head.epoch)
        if is_same or epoch_of(latest.origin) > head.epoch:
            check_known(head, epoch_of(latest.origin), latest.size)
        if is_same and not self._is_compared:
            if root(latest.size, _tiles(connection)) != latest.root:
                message = f"the first {latest.size} records are not those that were signed: run chronicle verify"
                raise StoreError(message)
            self._is_compared = True

    def appended(self, position: int) -> list[Problem]:
        """Let a checkpoint follow an append, which `require` let in and which left the log at this position.

        The first goes with the append itself, those of a busy process follow soon, many at once. Warns if the last one
        could not be kept.
        """
        assert self._log is not None, "required before"
        now = self._log._replace(position=position)
        self._head = max(self._head or now, now, key=lambda one: (one.epoch, one.position))
        return [] if self._folder is None else self._trailing.ask()

    def settle(self) -> None:
        """Keep the checkpoint that is still to follow."""
        self._trailing.settle()

    def _keep(self) -> list[Problem]:
        """Sign and keep a checkpoint of the log as it is now; a warning if that cannot be, for the append stands."""
        try:
            self.checkpoint()
        except (StoreError, InputError, ValueError) as error:  # ValueError: the tree is not whole
            message = f"the checkpoint could not be kept: {error}"
            return [Problem(str(self._folder), 0, 0, "checkpoint", message, "warning")]
        return []

    def checkpoint(self) -> tuple[Checkpoint, str]:
        """The log as it is now, signed and kept, and the note. Raises StoreError if it is not what was signed."""
        return self._own_place.keep(self._current)

    def _current(self, latest: Checkpoint | None) -> Checkpoint:
        """The log as it is now. Raises StoreError if it does not go on from the checkpoint that was kept last."""
        remembered = self._head
        with self._store.reading() as connection:
            head, tiles = read_head(connection), _tiles(connection)
            _require_gone_on(head, remembered)
            current = _checkpoint(head, tiles)
            if latest is not None and latest.origin == current.origin and latest.size <= current.size:
                if root(latest.size, tiles) != latest.root:
                    raise StoreError(f"the first {latest.size} records are not those that were signed before")
            elif latest is not None and latest.origin == current.origin:
                raise StoreError(f"the log ends at {current.size}, and a checkpoint of {latest.size} was signed before")
        return current

    def rotate(self) -> tuple[Checkpoint, str]:
        """The same with a new key, which the old one vouches for."""
        current, _ = self.checkpoint()
        return current, self._own_place.rotate(current)

    def new_epoch(self) -> tuple[Checkpoint, str]:
        """Accept the log as it is: it goes on in a new epoch, which every reader of the old one is told."""
        self._head = None
        with self._store.writing() as writer, writer.begin() as connection:
            raise_epoch(connection, self.known_epoch(read_head(connection)))
        return self.checkpoint()

    def known_epoch(self, head: Head) -> int:
        """The epoch of the checkpoint that was kept last; 0 if there is none."""
        latest = self.place(head).latest() if self.has_folder else None
        return 0 if latest is None else epoch_of(latest.origin)

    def _latest(self) -> Checkpoint | None:
        """The checkpoint that was kept last. Read it before the log that it is held against: see `Place.keep`."""
        return None if self._folder is None else self._own_place.latest()

    @contextmanager
    def head(self) -> Iterator[Head]:
        """The head of the log."""
        with self._store.reading() as connection:
            yield read_head(connection)

    def verifier(self) -> Verifier:
        """The public key in use."""
        return self._own_place.signer().verifier

    def verifiers(self) -> list[Verifier]:
        """The public keys of the archive; none in memory."""
        return self._own_place.verifiers() if self.has_folder else []

    def require_continued(self, head: Head) -> None:
        """Raise ConflictError if a checkpoint that was kept here shows that a log had gone on beyond a head."""
        latest = self.place(head).latest() if self.has_folder else None
        if latest is not None and (latest.origin != origin(head.archive, head.epoch) or latest.size > head.position):
            message = f"a checkpoint of {latest.size} records is known, and the backup has {head.position}"
            raise ConflictError("epoch-changed", f"{message}: restore it without --keep-epoch")

    @functools.cached_property
    def _own_place(self) -> Place:
        """Where the checkpoints of this archive are; its id never changes."""
        with self.head() as head:
            return self.place(head)

    def place(self, head: Head) -> Place:
        """Where the checkpoints of the archive are. Raises QuestionError if there is no place for them."""
        if self._folder is None:
            raise QuestionError("this archive keeps no checkpoints: name a folder for them with CHRONICLE_PROOF")
        return Place(self._folder, head.archive, _write)

    def verify(self, note: str | None, verifiers: list[Verifier] | None, tell: Tell | None) -> Verified:
        """Hold the log against itself and a checkpoint: the one given, else the one that was kept."""
        self.settle()
        remembered = self._head
        found: list[Finding] = []
        known: Checkpoint | None = None
        try:
            known = self._latest() if note is None else open_note(note, verifiers or self.verifiers())
        except InputError as error:
            found.append(Finding(0, "signature", str(error)))
        with self._store.reading() as connection:
            head = read_head(connection)
            found += verify.findings(connection, tell)
            computed = None
            if not any(one.kind in ("tree", "missing") for one in found):
                computed = root(head.position, _tiles(connection))
            found += _compared(head, known, None if computed is None else _tiles(connection))
            if (lost := _lost(head, remembered)) is not None and not any(one.kind == "shrunk" for one in found):
                found.append(lost)
        found.sort(key=lambda one: (one.position == 0, one.position))
        return Verified(head.position, computed, known, tuple(found))

    def prove(self, id: str, chronicle: str | None, version: int | None) -> Inclusion:  # noqa: A002
        """That a version of an id, the latest if none is named, is in the log as it is now."""
        with self._store.reading() as connection:
            head = read_head(connection)
            found = [
                one
                for one in read.versions_of(connection, read.Horizon(head.position), id, chronicle)
                if version in (None, one.header.version) and one.header.kind != "redaction"
            ]
            if not found:
                raise UnknownError(f"nothing in the log has the id {id}" + (f", version {version}" if version else ""))
            if len({(one.header.chronicle, one.header.kind) for one in found}) > 1:
                named = ", ".join(sorted({f"{one.header.kind} of {one.header.chronicle}" for one in found}))
                raise QuestionError(f"{id} is the id of several: {named}. Say which with --chronicle")
            record = max(found, key=lambda one: one.position)
            tiles = _tiles(connection)
            checkpoint = _checkpoint(head, tiles)
            [(_, payload, salt)] = read.leaves(connection, record.position - 1, 1)
            hashes = inclusion_proof(record.position - 1, head.position, tiles)
        place = self._own_place
        _, note = place.keep(lambda _: checkpoint)
        return Inclusion(
            position=record.position,
            header=record.header.encode().decode(),
            payload=None if payload is None else payload.decode(),
            salt=None if salt is None else salt.hex(),
            hashes=[_base64(one) for one in hashes],
            checkpoint=note,
            verifier=place.signer().verifier.text,
        )

    def prove_since(self, size: int) -> Consistency:
        """That the log as it is now begins with its first `size` records."""
        with self._store.reading() as connection:
            head = read_head(connection)
            if not 0 <= size <= head.position:
                raise QuestionError(f"--since: {size} is not within the log, which ends at {head.position}")
            tiles = _tiles(connection)
            checkpoint = _checkpoint(head, tiles)
            hashes, old = consistency_proof(size, head.position, tiles), root(size, tiles)
        place = self._own_place
        _, note = place.keep(lambda _: checkpoint)
        return Consistency(
            old=size,
            old_root=_base64(old),
            hashes=[_base64(one) for one in hashes],
            checkpoint=note,
            verifier=place.signer().verifier.text,
        )

    def export(self, folder: Path, tell: Tell | None) -> tuple[Checkpoint, str]:
        """Write the log as tiles that can be verified offline (see `proof.tiles`); the checkpoint is written last."""
        current, note = self.checkpoint()
        try:
            for level, index, width in tile_sizes(current.size):
                paths = [tile_path(level, index, width)]
                if level == 0:
                    paths += [tile_path("entries", index, width), payload_path(index, width)]
                with self._store.reading() as connection:
                    for path in paths:
                        _write_bytes(folder / path, content(connection, tile_at(path)))
                if tell is not None and level == 0:
                    tell(index * TILE + width, current.size)
            verifiers = self._own_place.verifiers()
            _write(folder / "verifiers", "".join(f"{one.text}\n" for one in verifiers))
            _write(folder / "checkpoint", note)
        except OSError as error:
            raise QuestionError(f"--output: {folder} cannot be written: {error.strerror}") from error
        return current, note


def _require_gone_on(head: Head, remembered: Head | None) -> None:
    """Raise StoreError if what this process has appended is not in the log any more.

    What it remembers is to be taken before the head is read: other threads append meanwhile, and what came after the
    reading would look like a loss.
    """
    if remembered is not None and remembered.archive == head.archive:
        check_known(head, remembered.epoch, remembered.position)


def _lost(head: Head, remembered: Head | None) -> Finding | None:
    """What this process has appended and the log has not any more, be it signed or not."""
    try:
        _require_gone_on(head, remembered)
    except StoreError as error:
        return Finding(head.position + 1, "shrunk", str(error))
    return None


def copy_proof(prover: Prover, verified: Verified, file: Path) -> None:
    """Put a checkpoint of a backup, and the keys that verify it, where those of the file are looked for."""
    assert verified.root is not None, "what has been verified has a root"
    folder = Path(f"{file.absolute()}.proof")
    with prover.head() as head:
        place, there = prover.place(head), Place(folder, head.archive, _write)
        checkpoint = Checkpoint(origin(head.archive, head.epoch), verified.size, verified.root)
    there.take(checkpoint.signed([place.signer()]), place.verifiers())


def verify_offline(folder: Path, verifiers: list[Verifier], earlier: str | None) -> Verified:
    """Verify an exported folder with public keys alone; `earlier` is a checkpoint that it must go on from."""
    known = None if earlier is None else open_note(earlier, verifiers)
    found = sorted(verify_folder(folder, verifiers, known), key=lambda one: (one.position == 0, one.position))
    try:
        checkpoint = open_note((folder / "checkpoint").read_text(encoding="utf-8"), verifiers)
    except (InputError, OSError, UnicodeDecodeError):  # told among the findings
        return Verified(0, None, None, tuple(found))
    return Verified(checkpoint.size, checkpoint.root, checkpoint, tuple(found))


def _compared(head: Head, known: Checkpoint | None, tiles: Tiles | None) -> Iterator[Finding]:
    """How the log differs from a checkpoint."""
    if known is None:
        return
    if known.origin != origin(head.archive, head.epoch):
        yield Finding(0, "fork", f"the checkpoint is of {known.origin}, and this is {origin(head.archive, head.epoch)}")
    elif known.size > head.position:
        message = f"the log has shrunk: it ends at {head.position}, and a checkpoint of {known.size} was signed"
        yield Finding(head.position + 1, "shrunk", message)
    elif tiles is not None and root(known.size, tiles) != known.root:
        yield Finding(0, "fork", f"the first {known.size} records are not those that were signed")


def _checkpoint(head: Head, tiles: Tiles) -> Checkpoint:
    return Checkpoint(origin(head.archive, head.epoch), head.position, root(head.position, tiles))


def _tiles(connection: Any) -> Tiles:
    """The tiles of a log; each that a root or a proof needs, of which there are few, is read once."""
    return functools.cache(functools.partial(tree.tile, connection))


def _base64(hash_: bytes) -> str:
    return base64.b64encode(hash_).decode()


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(str(path)) as file:
        file.write(content)
