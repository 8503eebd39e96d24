"""The pins of what the foreign tests need are complete, too."""

from __future__ import annotations

from tests.project.test_constraints import needed, pins


def test_all_that_is_needed_is_pinned() -> None:
    """Every distribution in the closure has its pin, here or among those of the tests."""
    assert [] == sorted(needed("foreign") - pins("constraints-foreign.txt").keys() - pins().keys())


def test_nothing_else_is_pinned() -> None:
    """No pin outlives its need, and none is there twice."""
    assert [] == sorted(pins("constraints-foreign.txt").keys() - (needed("foreign") - pins().keys()))
