"""`python -m tests.benchmarks.run [SCALE …]`: all figures at so many facts (10,000 and 100,000), into `.bench`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import peers, places, report
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure
from tests.benchmarks.replay import replay
from tests.benchmarks.snapshots import growth, snapshot
from tests.benchmarks.writes import bulk, crowd, single

SCALES = (10_000, 100_000)
OUT = Path(".bench")


def measured(place: Place, scales: tuple[int, ...]) -> Iterator[Figure]:
    """Every figure of one backend."""
    yield from single(place)
    yield from crowd(place)
    with TemporaryDirectory(prefix="chronicle-bench-") as folder:
        for scale in scales:
            rounds = 3 if scale <= 100_000 else 1
            yield from bulk(place, Path(folder), scale, rounds)
            yield from replay(place, Path(folder), scale, rounds)
            yield from snapshot(place, scale, 2 * rounds + 1)
    yield from growth(place, scales[0], 7)


def main(scales: tuple[int, ...]) -> None:
    """Measure, print and write."""
    figures: list[Figure] = []
    for opened in (places.sqlite, places.postgresql):
        with opened() as place:
            for figure in measured(place, scales):
                figures.append(figure)
                print(report.table([figure]).splitlines()[-1], flush=True)
    for module in ("duckdb", "sqlalchemy_continuum"):
        if not peers.is_there(module):
            print(f"{module} was not measured: it is not installed (extra bench)")
    report.write(figures, OUT)
    print(f"\n{report.table(figures)}\n\nwritten to {OUT}")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SCALES)
