"""What answers cost beside bare queries of the same database, as `run` measures it, of a world that is not kept.

SCALE says of how many facts, else 100,000. What is timed has been held against other ways to find it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import report, run, world
from tests.benchmarks.filled import filled
from tests.benchmarks.places import Place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the world is, for both databases."""
    return tmp_path_factory.mktemp("state")


def test_every_question(place: Place, folder: Path) -> None:
    """Each is answered as it is elsewhere, and a row by its key is the least there is."""
    with filled(place, world.SCALE, folder) as at:
        figures = [*run.asked(at, rounds=1, questions=1_000)]
    print(f"\n{report.table(figures)}", end="")
    of_a_key = {one.contestant: one.seconds for one in figures if one.benchmark == "state of a key"}
    assert of_a_key["a row by its key"] < of_a_key["chronicle"]
