"""Plain states as bytes: equal states give equal bytes, and bytes give the state back."""

from __future__ import annotations

from typing import Any

import msgspec

from chronicle.errors import ProjectionError, shown

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder()


def to_bytes(state: Any) -> bytes:
    """The bytes of a state, MessagePack with sorted keys. Raises ProjectionError for what is no plain value."""
    try:
        encoded = _encoder.encode(state)
        is_plain = bool(_decoder.decode(encoded) == state)
    except (TypeError, ValueError, OverflowError, RecursionError, NotImplementedError) as error:
        raise ProjectionError(f"the state is not made of plain values: {error}") from None
    if not is_plain:  # a tuple comes back as a list, a date as text
        expected = "None, booleans, numbers, texts, lists, and dicts with keys of text"
        raise ProjectionError(f"the state is not made of plain values: {shown(repr(state))}; expected {expected}")
    return encoded


def from_bytes(encoded: bytes) -> Any:
    """The state of `to_bytes`."""
    return _decoder.decode(encoded)
