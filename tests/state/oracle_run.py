"""`python -m tests.state.oracle_run N`: put at least N random questions to the archive and the oracle."""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, Phase, given, settings

from tests.state.histories import Append, histories
from tests.state.oracle import disagreements


def run(wanted: int) -> int:
    """Ask until `wanted` questions are answered alike; the number of disagreements, with the first ones printed."""
    asked = wrong = 0
    began = time.monotonic()

    @settings(
        max_examples=100,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def ask(appends: list[Append]) -> None:
        nonlocal asked, wrong
        questions, found = disagreements(appends)
        asked += questions
        wrong += len(found)
        if found:
            sys.stdout.write("\n".join(map(str, (appends, *found[:5]))) + "\n")

    while asked < wanted:
        ask()
        sys.stdout.write(f"{asked:,} questions, {wrong} disagreements, {time.monotonic() - began:.0f} s\n")
        sys.stdout.flush()
    return wrong


if __name__ == "__main__":
    sys.exit(1 if run(int(sys.argv[1])) else 0)
