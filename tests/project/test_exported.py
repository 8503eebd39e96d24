"""The names that `chronicle` promises."""

from __future__ import annotations

import chronicle


def test_all_is_sorted() -> None:
    """`__all__` reads like an index, each name once."""
    assert sorted(set(chronicle.__all__)) == list(chronicle.__all__)


def test_every_exported_name_is_there() -> None:
    """What `__all__` promises can be imported."""
    assert [] == [name for name in chronicle.__all__ if not hasattr(chronicle, name)]


def test_the_two_names_of_the_tour_are_exported() -> None:
    """`from chronicle import Archive, When` is how every program begins."""
    assert {"Archive", "When"} <= set(chronicle.__all__)
