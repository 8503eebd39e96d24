from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projection.law import History, breach, histories


@settings(max_examples=20)
@given(histories(), st.integers(0, 2**32))
def test_whatever_the_order_of_recording_the_states_are_the_same(history: History, seed: int) -> None:
    """To the byte, and at each date, whatever snapshots are gone on from; `make law` asks of many more histories."""
    assert breach(history, seed) is None
