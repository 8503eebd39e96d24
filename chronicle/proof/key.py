"""Ed25519 keys in the text forms of signed notes (C2SP signed-note, golang.org/x/mod/sumdb/note).

Verifier: `NAME+ID+BASE64(0x01 ‖ public key)`; signer: `PRIVATE+KEY+NAME+ID+BASE64(0x01 ‖ seed)`. The id is the first
four bytes of SHA-256(NAME ‖ 0x0A ‖ 0x01 ‖ public key), in hexadecimal.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Any, Self

from chronicle.errors import InputError, shown

_ED25519 = b"\x01"
_KEY_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it signs under."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """What a signature names the key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as text, to be handed to whoever verifies."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a text. Raises InputError."""
        name, key = _parse(text.strip(), "a verifier key: NAME+ID+KEY")
        found = cls(name, key)
        if found.text != text.strip():
            raise InputError(f"{shown(text)} is no verifier key: its id is not that of the key")
        return found

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature of a message is this key's."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - loads slowly; most commands need none
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key: it never shows itself but in `secret_text`."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    @property
    def secret_text(self) -> str:
        """The key as text, for the file that keeps it and nothing else."""
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{base64.b64encode(_ED25519 + self.seed).decode()}"

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key from the system's source of randomness."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - as above

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a text. Raises InputError, which does not show it."""
        if not text.startswith(_PRIVATE):
            raise InputError("the file of the signing key holds none")
        try:
            name, seed = _parse(text.strip().removeprefix(_PRIVATE), "a signing key")
        except InputError:
            raise InputError("the file of the signing key is damaged") from None
        return cls(name, seed)

    def sign(self, message: bytes) -> bytes:
        """The signature of a message (RFC 8032)."""
        signature: bytes = self._key().sign(message)
        return signature

    def _key(self) -> Any:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - as above

        return Ed25519PrivateKey.from_private_bytes(self.seed)


def _parse(text: str, what: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not name or not name.isprintable() or " " in name or len(key) != 1 + _KEY_BYTES or key[:1] != _ED25519:
        raise InputError(f"{shown(text)} is not {what}")
    return name, key[1:]
