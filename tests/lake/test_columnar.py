"""Columnar queries: they answer what the handlers do, from the segments alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lake.law import breach
from tests.projection.law import History, histories


@settings(max_examples=8)
@given(histories(), st.integers(0, 2**32))
def test_a_columnar_query_answers_what_the_handlers_do(history: History, seed: int) -> None:
    """Whatever was corrected, retracted, redacted, reported late or dated anew, under whatever bounds."""
    with tempfile.TemporaryDirectory() as folder:
        assert breach(history, seed, Path(folder)) is None
