"""Cursors: opaque, of fixed width, in the order of positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.errors import QuestionError
from chronicle.event.cursor import Cursor

cursors = st.builds(
    Cursor, st.binary(min_size=16, max_size=16).map(bytes.hex), st.integers(1, 2**32 - 1), st.integers(0, 2**63 - 1)
)


@given(cursors)
def test_text_and_back(cursor: Cursor) -> None:
    """A cursor comes back as it was, and its text has always the same length."""
    assert cursor == Cursor.parse(cursor.text)
    assert 45 == len(cursor.text)


@given(cursors, cursors)
def test_texts_are_in_the_order_of_cursors(one: Cursor, other: Cursor) -> None:
    """Whoever sorts the texts sorts by log, epoch and position."""
    assert (one < other) == (one.text < other.text)


@pytest.mark.parametrize(
    "text",
    ["", "7", "-1", "x" * 45, "0" * 44, "0" * 46, "0" * 44 + "1", Cursor("0" * 32, 1, 1).text.upper() + "V", "ü" * 45],
)
def test_what_is_no_cursor(text: str) -> None:
    """Anything else is refused, also a text that only differs from a cursor in its unused bits."""
    with pytest.raises(QuestionError, match="neither a position nor a cursor"):
        Cursor.parse(text)
