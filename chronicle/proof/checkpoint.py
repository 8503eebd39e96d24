"""Signed checkpoints: how large a log was, and the root of its tree (C2SP tlog-checkpoint, in a C2SP signed-note)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from chronicle.errors import InputError
from chronicle.event.tree import HASH_BYTES
from chronicle.proof.key import Signer, Verifier

_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_ID_BYTES = 4
LONGEST = 100_000
"""Characters of a note that is read: none of ours comes near."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` records of a log have this root. The origin names the archive and its epoch."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signers: Iterable[Signer]) -> str:
        """The note: the text, and a signature of each key."""
        lines = [
            f"— {one.name} {base64.b64encode(one.verifier.id + one.sign(self.text.encode())).decode()}\n"
            for one in signers
        ]
        return f"{self.text}\n{''.join(lines)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of a note's text. Raises InputError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0].isprintable() or not lines[0]:
            raise InputError("the checkpoint is none: expected origin, size and root, a line each")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError):
            root = b""
        size = lines[1]
        if not (size.isascii() and size.isdigit() and size == str(int(size)) and len(size) < 20):
            raise InputError("the checkpoint's size is no number")
        if len(root) != HASH_BYTES:
            raise InputError("the checkpoint's root is no SHA-256 in base64")
        return cls(lines[0], int(size), root)


def epoch_of(origin: str) -> int:
    """The epoch that an origin names; 0 if it is none of ours."""
    epoch = origin.rpartition("/")[2]
    return int(epoch) if epoch.isascii() and epoch.isdigit() else 0


def origin(archive: str, epoch: int) -> str:
    """What a log is called: each epoch is a log of its own."""
    return f"{key_name(archive)}/{epoch}"


def key_name(archive: str) -> str:
    """What the keys of an archive are called."""
    return f"chronicle/{archive}"


def open_note(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint of a note that one of the keys has signed.

    Signatures of other keys are passed over, as the form demands. Raises InputError for what is no note, for a
    signature that is wrong, and where no known key has signed.
    """
    text, found, signatures = note.partition("\n\n")
    if not found or len(note) > LONGEST:
        raise InputError("this is no signed note: a blank line and signatures are missing")
    text += "\n"
    is_signed = False
    for line in signatures.removesuffix("\n").split("\n"):
        matched = _SIGNATURE.fullmatch(line)
        if matched is None:
            raise InputError("the note has a line that is no signature")
        try:
            signature = base64.b64decode(matched["signature"], validate=True)
        except (binascii.Error, ValueError):
            raise InputError("the note has a signature that is not in base64") from None
        for verifier in verifiers:
            if (verifier.name, verifier.id) == (matched["name"], signature[:_ID_BYTES]):
                if not verifier.has_signed(text.encode(), signature[_ID_BYTES:]):
                    raise InputError(
                        f"the signature of {verifier.name} is wrong: the checkpoint is not what was signed"
                    )
                is_signed = True
    if not is_signed:
        raise InputError("no known key has signed the checkpoint")
    return Checkpoint.parse(text)
