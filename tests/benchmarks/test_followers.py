"""Clients that follow the log while some of them stall."""

from __future__ import annotations

import json

from tests.benchmarks.followers import main


def test_followers() -> None:
    """Each of those that take what comes has all of it, and what the stalled ones do not take costs next to nothing."""
    found = main(200, 20)
    print(f"\n{json.dumps(found)}")

    assert 180 * 20 == found["deliveries"]
    assert found["memory_per_client"] < 1 << 20
