"""When a delivery that failed is tried again: the schedule that Standard Webhooks 1.0 proposes."""

from __future__ import annotations

SECOND, MINUTE, HOUR = 1, 60, 3_600

DELAYS = (0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each attempt, after the one before it; after the last one, some 75 hours on, it is given up."""

LONGEST_ASKED = 24 * HOUR
"""A pause that the other side asks for counts up to this."""


def next_delay(attempts: int, retry_after: int = 0) -> int | None:
    """Seconds to wait after so many failed attempts, at least as long as was asked for; None to give up."""
    if attempts >= len(DELAYS):
        return None
    return max(DELAYS[attempts], min(retry_after, LONGEST_ASKED))
