"""Where a reader of the log is: opaque text of fixed width, whose order is that of the positions of a log and epoch."""

from __future__ import annotations

import base64
import binascii
import functools
from typing import NamedTuple, Self

from chronicle.errors import QuestionError, shown

_EPOCH_BYTES, _POSITION_BYTES = 4, 8


class Cursor(NamedTuple):
    """The archive's id (32 hexadecimal digits), its epoch, and the last position that was read."""

    archive: str
    epoch: int
    position: int

    @property
    def text(self) -> str:
        """The cursor as text: RFC 4648 section 7 (base32hex, which keeps the order), in lower case, unpadded."""
        return _log_text(self.archive, self.epoch) + _encoded(self.position.to_bytes(_POSITION_BYTES, "big"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor of a text. Raises QuestionError."""
        try:
            packed = base64.b32hexdecode(text.upper() + "=" * (-len(text) % 8))
        except (binascii.Error, ValueError):  # ValueError: a letter that is not ASCII
            packed = b""
        epoch, position = packed[16 : 16 + _EPOCH_BYTES], packed[16 + _EPOCH_BYTES :]
        found = cls(packed[:16].hex(), int.from_bytes(epoch, "big"), int.from_bytes(position, "big"))
        if len(packed) != 16 + _EPOCH_BYTES + _POSITION_BYTES or found.text != text:
            raise QuestionError(f"after: {shown(text)} is neither a position nor a cursor of a log")
        return found


@functools.lru_cache(maxsize=64)
def _log_text(archive: str, epoch: int) -> str:
    """How the cursors of a log and epoch begin: 20 bytes are 32 letters, so the position begins with its own."""
    return _encoded(bytes.fromhex(archive) + epoch.to_bytes(_EPOCH_BYTES, "big"))


def _encoded(packed: bytes) -> str:
    return base64.b32hexencode(packed).decode().rstrip("=").lower()
