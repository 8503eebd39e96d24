"""What a client takes from a server that it does not trust: so long, and so much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`silence` seconds without a byte, `seconds` for one try as a whole, and `most` bytes of an answer."""

    silence: float = 30.0
    seconds: float = 120.0
    most: int = 64 * 1024 * 1024
