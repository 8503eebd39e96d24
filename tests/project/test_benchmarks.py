"""The benchmarks in short: every contestant does its work and finds what it should; what it took is of no account."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import places, report
from tests.benchmarks.replay import replay
from tests.benchmarks.snapshots import growth, snapshot
from tests.benchmarks.writes import bulk, crowd, single

SCALE = 200


def test_every_figure(tmp_path: Path) -> None:
    """Each benchmark checks its own answers; the table has a line for each figure, and growth is drawn."""
    with places.sqlite() as place:
        figures = [*single(place, 1, 2), *crowd(place, 1, 8)]
        for scale in (SCALE // 2, SCALE):
            figures += bulk(place, tmp_path, scale) + replay(place, tmp_path, scale, 1) + snapshot(place, scale, 1)
        figures += growth(place, SCALE // 2, 1)
    names = {"one durable append", "many writers", "bulk", "replay", "whole state", "a thousand rows"}
    assert names == {one.benchmark for one in figures}
    assert 1 + len(figures) == len(report.table(figures).splitlines())
    report.write(figures, tmp_path / "out")
    assert {"bulk.svg", "replay.svg", "results.json", "whole-state.svg"} == {
        path.name for path in (tmp_path / "out").iterdir()
    }
