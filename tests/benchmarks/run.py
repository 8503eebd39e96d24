"""`python -m tests.benchmarks.run [SCALE …] [--largest N]`: all figures at so many facts, into `.bench`.

Of the `largest` world only questions are asked, of a file that is made once and kept, beside raw limits alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from chronicle.service import Archive
from chronicle.store.archive import Store
from tests.benchmarks import answers, mariadb, memory, much_told, peers, places, report, wholes
from tests.benchmarks.filled import Filled, filled
from tests.benchmarks.keys import keys
from tests.benchmarks.memory import Peak
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure
from tests.benchmarks.replay import replay
from tests.benchmarks.snapshots import growth, snapshot
from tests.benchmarks.vagueness import vagueness
from tests.benchmarks.writes import bulk, crowd, single, write_lines
from tests.store import plans

SCALES = (10_000, 100_000)
OUT = Path(".bench")

QUESTIONS = 1_000
"""How often a key is asked for; what has longer answers is asked for a third as often."""

PLANNED = 10_000
"""From so many facts on it is worth looking for them by an index."""

FEW = 100_000
"""Up to so many facts all is done three times; events as of a day, which all come at once, are asked for up to here."""


AGAIN = 3
"""So often, at least, is asked what was learned or changed: the first answer would also be that of a cold cache."""


def written(
    place: Place, scale: int, folder: Path, server: mariadb.Server | None = None, *, rounds: int
) -> Iterator[Figure | Peak]:
    """What loads and replays cost, and how much memory a load takes."""
    url, lines = place.url(), folder / f"world-{scale}.jsonl"
    yield memory.load(place.name, scale, url, lines, write_lines(lines, scale))
    yield from bulk(place, url, lines, scale, rounds=rounds, server=server)
    yield from replay(place, url, scale, rounds)


def asked(at: Filled, *, rounds: int, questions: int) -> Iterator[Figure]:
    """What every question costs, once the database has been seen to look for the answers as it should."""
    if at.scale >= PLANNED:
        with closing(Store.open(at.url, create=False)) as store:
            plans.check(store)
    yield from keys(at, questions)
    with Archive.open(at.url, create=False) as archive, closing(at.place.connect(at.url)) as raw:
        for one in (answers.entity, answers.page, answers.history):
            yield from one(at, archive, raw, max(1, questions // 3))
        yield from wholes.everything(at, archive, raw, rounds)
        yield from wholes.learned(at, archive, raw, max(rounds, AGAIN))
        yield from wholes.changed(at, archive, raw, max(rounds, AGAIN))
        if at.scale <= FEW:
            yield from wholes.events(at, archive, raw, rounds)


def measured(scales: tuple[int, ...], largest: int | None, server: mariadb.Server | None) -> Iterator[Figure | Peak]:
    """All of it, backend by backend."""
    for opened in (places.sqlite, places.postgresql):
        with opened() as place:
            yield from single(place, server=server)
            yield from crowd(place)
            for scale in scales:
                rounds = 3 if scale <= FEW else 1
                with TemporaryDirectory(prefix="chronicle-bench-") as folder:
                    yield from written(place, scale, Path(folder), server, rounds=rounds)
                with filled(place, scale, OUT, server) as at:
                    yield from asked(at, rounds=rounds, questions=QUESTIONS)
                    with Archive.open(at.url, create=False) as archive:
                        yield from snapshot(at, archive, 2 * rounds + 1)
                    yield from memory.questions(place.name, scale, at.url)
            yield from growth(place, scales[0], 7)
            yield from much_told.much_told(place, min(much_told.OFTEN, 10 * max(scales)), QUESTIONS)
            yield from vagueness(place, scales[0], 7, QUESTIONS)
            if largest is not None and place.name == "sqlite":
                with filled(place, largest, OUT, is_beside_others=False) as at:
                    yield from asked(at, rounds=1, questions=QUESTIONS)
                    yield from memory.questions(place.name, largest, at.url)


def main(scales: tuple[int, ...], largest: int | None) -> None:
    """Measure, print and write."""
    figures: list[Figure] = []
    peaks: list[Peak] = []
    with ExitStack() as stack:
        # Where checkpoints of databases on servers go, which else lie in the home of whoever runs this.
        os.environ["XDG_STATE_HOME"] = stack.enter_context(TemporaryDirectory(prefix="chronicle-bench-"))
        absent = mariadb.missing()
        server = None if absent else stack.enter_context(mariadb.a_server())
        for one in measured(scales, largest, server):
            if isinstance(one, Peak):
                peaks.append(one)
                print(report.table_of_peaks([one]).splitlines()[-1], flush=True)
            else:
                figures.append(one)
                print(report.table([one]).splitlines()[-1], flush=True)
            report.write(figures, peaks, OUT)  # so that a run that is cut short has told what it found
    report.draw(figures, peaks, OUT)
    print(f"\n{report.table(figures)}\n\n{report.table_of_peaks(peaks)}\n\nwritten to {OUT}")
    for module in ("duckdb", "sqlalchemy_continuum"):
        if not peers.is_there(module):
            print(f"{module} was not measured: it is not installed (extra bench)")
    if absent:
        print(f"MariaDB was not measured: {absent}")


def arguments(given: list[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scales", nargs="*", type=int, default=[*SCALES], metavar="SCALE")
    parser.add_argument("--largest", type=int, metavar="N")
    return parser.parse_args(given)


if __name__ == "__main__":
    said = arguments(sys.argv[1:])
    main(tuple(said.scales), said.largest)
