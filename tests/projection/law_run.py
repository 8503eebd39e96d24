"""`python -m tests.projection.law_run N`: hold at least N random histories against the law of projections."""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.projection.law import History, breach, histories


def run(wanted: int) -> int:
    """Tell histories until so many have been told; the number of breaches, with the first ones printed."""
    told = wrong = 0
    began = time.monotonic()

    @settings(
        max_examples=100,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories(), st.integers(0, 2**32))
    def tell(history: History, seed: int) -> None:
        nonlocal told, wrong
        told += 1
        if (found := breach(history, seed)) is not None:
            wrong += 1
            if wrong <= 5:
                sys.stdout.write(f"{history} {seed}: {found}\n")

    while told < wanted:
        tell()
        sys.stdout.write(f"{told:,} histories, {wrong} breaches, {time.monotonic() - began:.0f} s\n")
        sys.stdout.flush()
    return wrong


if __name__ == "__main__":
    sys.exit(1 if run(int(sys.argv[1])) else 0)
