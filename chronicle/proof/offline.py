"""Verify a folder of tiles with a public key alone: nothing of ours but the folder is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from chronicle.errors import InputError
from chronicle.event.canonical import Header, decode, digest
from chronicle.event.finding import Finding
from chronicle.event.model import Redaction
from chronicle.event.tree import TILE, fold, leaf_hash, root
from chronicle.proof.checkpoint import Checkpoint, open_note
from chronicle.proof.key import Verifier
from chronicle.proof.tiles import TileFolder


def verify_folder(folder: Path, verifiers: Sequence[Verifier], earlier: Checkpoint | None) -> Iterator[Finding]:
    """What is wrong with a folder, by position; `earlier` is a checkpoint that its log must begin with.

    Bounded memory: the hashes of the leaves, and one bundle at a time.
    """
    tiles = TileFolder(folder)
    try:
        checkpoint = open_note(tiles.note(), verifiers)
    except InputError as error:
        yield Finding(0, "signature", str(error))
        return
    if earlier is not None and earlier.size > checkpoint.size:
        message = f"the log has shrunk: a checkpoint of {earlier.size} records is known, this one is of"
        yield Finding(checkpoint.size + 1, "shrunk", f"{message} {checkpoint.size}")
    yield from _Leaves(tiles, checkpoint).findings(earlier)


class _Leaves:
    """The records of a folder, compared with its tiles and these with the checkpoint."""

    def __init__(self, tiles: TileFolder, checkpoint: Checkpoint) -> None:
        self._tiles = tiles
        self._checkpoint = checkpoint
        self._hashed: list[bytes] = []
        self._redacted: dict[tuple[str, str, str], int] = {}
        self._recorded = 0
        self._archive = checkpoint.origin.split("/")[1] if checkpoint.origin.count("/") == 2 else ""

    def findings(self, earlier: Checkpoint | None) -> Iterator[Finding]:
        bad = 0
        for index in range(-(-self._checkpoint.size // TILE)):
            for finding in self._bundle(index):
                bad += 1
                yield finding
        for (chronicle, kind, name), position in self._redacted.items():
            bad += 1
            message = f"{kind} {name} of {chronicle} has no payload, and no redaction after it says why"
            yield Finding(position, "payload", message)
        yield from self._roots(earlier, is_whole=not bad)

    def _bundle(self, index: int) -> Iterator[Finding]:
        first, width = index * TILE, min(TILE, self._checkpoint.size - index * TILE)
        try:
            hashes = self._tiles.hashes(0, index, width)
        except InputError as error:
            yield Finding(first + 1, "missing", str(error))
            hashes = []
        try:
            headers = self._tiles.headers(index, width)
            payloads = self._tiles.payloads(index, width)
        except InputError as error:
            yield Finding(first + 1, "missing", str(error))
            self._hashed += hashes
            return
        leaves = [leaf_hash(header) for header in headers]
        self._hashed += leaves
        for at, (header, payload) in enumerate(zip(headers, payloads, strict=True)):
            position = first + at + 1
            if hashes and leaves[at] != hashes[at]:
                if leaves[at] in hashes:
                    there = first + hashes.index(leaves[at]) + 1
                    yield Finding(position, "order", f"the header is that of position {there}")
                else:
                    yield Finding(position, "header", "the header is not the one that was hashed")
                continue
            yield from self._record(position, header, payload)

    def _record(
        self, position: int, encoded: bytes, payload: tuple[bytes | None, bytes | None] | None
    ) -> Iterator[Finding]:
        try:
            header = Header.decode(encoded)
        except InputError as error:
            yield Finding(position, "header", str(error))
            return
        if header.archive != self._archive:
            yield Finding(position, "header", f"the header is of the archive {header.archive}")
        if header.recorded < self._recorded:
            yield Finding(position, "order", "it was recorded before the record before it")
        self._recorded = header.recorded
        if payload is None:
            yield Finding(position, "payload", "the payload cannot be read")
        elif payload[0] is None or payload[1] is None:
            self._redacted.setdefault((header.chronicle, header.kind, header.id), position)
        elif digest(payload[0], payload[1]) != header.digest:
            yield Finding(position, "payload", "the payload is not the one whose digest the header has")
        elif header.kind == "redaction":
            try:
                document = decode(header.kind, payload[0])
            except msgspec.DecodeError:  # also what is no redaction
                document = None
            if isinstance(document, Redaction):
                self._redacted.pop((header.chronicle, document.of, header.id), None)
            else:
                yield Finding(position, "redaction", "the payload is no redaction")

    def _roots(self, earlier: Checkpoint | None, *, is_whole: bool) -> Iterator[Finding]:
        levels = [self._hashed]
        while len(levels[-1]) >= TILE:
            below = levels[-1]
            levels.append([fold(below[at * TILE : (at + 1) * TILE]) for at in range(len(below) // TILE)])

        def tiles(level: int, index: int) -> Sequence[bytes]:
            return levels[level][index * TILE : (index + 1) * TILE]

        for known, what in ((self._checkpoint, "its checkpoint"), (earlier, "the earlier checkpoint")):
            if known is None or known.size > len(self._hashed):
                continue
            if root(known.size, tiles) != known.root and (is_whole or known is earlier):
                message = f"the first {known.size} records are not those that {what} has signed"
                yield Finding(0, "fork", message)
        for level in range(1, len(levels)):
            for at in range(-(-len(levels[level]) // TILE)):
                computed = tiles(level, at)
                try:
                    stored = self._tiles.hashes(level, at, len(computed))
                except InputError as error:
                    yield Finding(at * TILE ** (level + 1) + 1, "missing", str(error))
                    continue
                for number, (one, other) in enumerate(zip(stored, computed, strict=True)):
                    if one != other and is_whole:
                        position = (at * TILE + number) * TILE**level + 1
                        yield Finding(position, "tree", f"the hash of level {level} is not that of its leaves")
