"""When a request that failed is sent again: after a wait that doubles, drawn at random below it (full jitter)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses of a server that is busy, starts anew or is not reached (RFC 9110, RFC 6585, RFC 8470)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and for how long, one request is tried.

    `attempts` is how many times at most, the first one included. The wait before the n-th try is drawn from 0 to
    `first` x 2^(n-2) seconds, at most `longest`; a server that asks for more with Retry-After gets it, unless that
    would go beyond `within` seconds from the first try, after which nothing is tried again.
    """

    attempts: int = 6
    first: float = 0.5
    longest: float = 30.0
    within: float = 120.0

    def wait(self, failed: int, share: float, asked: float) -> float:
        """Seconds until the next try after so many failed; `share` is a random number in [0, 1)."""
        ceiling = min(self.longest, self.first * 2.0 ** min(failed - 1, 60))
        return max(share * ceiling, asked)


def asked_to_wait(headers: Mapping[str, str], now: float) -> float:
    """The seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), at least 0; 0 for what cannot be read.

    `now` is in seconds since 1970, for the form that names a date.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now)
