"""Proofs as documents: that a record is in the log of a checkpoint, that a log begins with an earlier one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec

from chronicle.errors import InputError, shown
from chronicle.event.canonical import Header, digest
from chronicle.event.tree import leaf_hash, root_of_inclusion, roots_of_consistency
from chronicle.proof.checkpoint import Checkpoint, open_note
from chronicle.proof.key import Verifier

_FIRST_LINE = "c2sp.org/tlog-proof@v1"


class Inclusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is needed to see, with the verifier key alone, that a record is at a position of the log.

    `header` is the leaf, `payload` the canonical payload and `salt` (hexadecimal) what its digest was made with; both
    are None once redacted. Hashes are in base64, from the leaf up (RFC 6962 2.1.1).
    """

    position: int
    header: str
    payload: str | None
    salt: str | None
    hashes: list[str]
    checkpoint: str
    verifier: str

    @property
    def text(self) -> str:
        """The proof in the form of C2SP tlog-proof."""
        hashes = "".join(f"{one}\n" for one in self.hashes)
        return f"{_FIRST_LINE}\nindex {self.position - 1}\n{hashes}\n{self.checkpoint}"

    def check(self, verifiers: Sequence[Verifier]) -> Checkpoint:
        """The checkpoint in whose log the record is. Raises InputError, saying what does not fit."""
        checkpoint = open_note(self.checkpoint, verifiers)
        root = _root(self.position - 1, checkpoint.size, leaf_hash(self.header.encode()), self.hashes)
        if root != checkpoint.root:
            raise InputError(f"the header is not at position {self.position} of the log that was signed")
        if self.payload is not None and self.salt is not None:
            header = Header.decode(self.header.encode())
            if digest(self.payload.encode(), _hex(self.salt)) != header.digest:
                raise InputError("the payload is not the one whose digest the header has")
        return checkpoint


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it is hashed: `header`, `payload` and `salt` as in an Inclusion."""

    header: str
    payload: str | None
    salt: str | None

    def check(self, archive: str) -> Header:
        """The header. Raises InputError for one of another archive, or a payload that is not the one it names."""
        header = Header.decode(self.header.encode())
        if header.archive != archive:
            raise InputError(f"the record {shown(header.id)} is of another archive")
        if (self.payload is None) != (self.salt is None):
            raise InputError(f"the record {shown(header.id)} has a payload without salt, or the reverse")
        if self.payload is not None and digest(self.payload.encode(), _hex(self.salt or "")) != header.digest:
            raise InputError("the payload is not the one whose digest the header has")
        return header


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """Records in the order of the log, and the cursor after the last of them, also where there are none."""

    entries: list[Entry]
    cursor: str


class Consistency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the log of a checkpoint begins with the log of `old` records whose root was `old_root` (base64)."""

    old: int
    old_root: str
    hashes: list[str]
    checkpoint: str
    verifier: str

    def check(self, verifiers: Sequence[Verifier]) -> Checkpoint:
        """The checkpoint whose log begins so. Raises InputError, saying what does not fit."""
        checkpoint = open_note(self.checkpoint, verifiers)
        claimed = _base64(self.old_root)
        try:
            first, second = roots_of_consistency(self.old, checkpoint.size, claimed, [*map(_base64, self.hashes)])
        except ValueError as error:
            raise InputError(f"the proof is none: {error}") from None
        if first != claimed or (self.old and second != checkpoint.root):
            raise InputError(f"the log that was signed does not begin with those {self.old} records")
        return checkpoint


Proof = Inclusion | Consistency


def read_proof(text: bytes) -> Proof:
    """The proof that `prove --json` printed. Raises InputError."""
    try:
        plain: Any = msgspec.json.decode(text)
        if isinstance(plain, dict) and "old" in plain:
            return msgspec.convert(plain, type=Consistency)
        return msgspec.convert(plain, type=Inclusion)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise InputError(f"this is no proof: expected what `chronicle prove --json` prints ({error})") from None


def _root(index: int, size: int, leaf: bytes, hashes: Sequence[str]) -> bytes:
    try:
        return root_of_inclusion(index, size, leaf, [*map(_base64, hashes)])
    except ValueError as error:
        raise InputError(f"the proof is none: {error}") from None


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("the proof has a hash that is not in base64") from None


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InputError("the proof's salt is not in hexadecimal") from None
