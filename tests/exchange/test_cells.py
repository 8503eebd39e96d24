"""Cells that no spreadsheet computes, and lists within them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chronicle.event.value import is_number
from chronicle.exchange.cells import defused, joined, split, undefused

texts = st.text(st.sampled_from("'=+-@\t\r\n|\\a1. \uff1d"), max_size=8)


@given(texts | st.text())
@example("-0044-03-15")
def test_no_cell_is_a_formula(text: str) -> None:
    """None begins with a sign that a spreadsheet would compute, unless it is a number and nothing else."""
    cell = defused(text)
    assert is_number(cell) or not cell.startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    )


@given(texts | st.text())
@example("'=1")
@example("''=1")
@example("'tis")
def test_what_was_defused_comes_back(text: str) -> None:
    """Text with apostrophes of its own, too."""
    assert text == undefused(defused(text))


@pytest.mark.parametrize("number", ["-5", "-1.55e9", "0", "12"])
def test_numbers_stay_numbers(number: str) -> None:
    """The sign of a negative number is not taken for a formula (grafana #17363)."""
    assert number == defused(number)


@pytest.mark.parametrize("text", ["-1+2", "+5", "-0044-03-15", "=1", "@SUM(A1)", "-"])
def test_what_only_begins_like_a_number_is_text(text: str) -> None:
    """A spreadsheet would compute it."""
    assert f"'{text}" == defused(text)


@given(st.lists(texts, min_size=1, max_size=4).filter(lambda items: items != [""]))
def test_lists_come_back(items: list[str]) -> None:
    """Whatever stands in them, empty items too."""
    assert items == split(joined(items))


def test_an_empty_cell_is_no_list() -> None:
    """Neither is it a list of one empty item."""
    assert [] == split("")
