"""Figures as tables, as JSON, and as plots; `python -m tests.benchmarks.report RESULTS FOLDER` draws them again."""

from __future__ import annotations

import json
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.memory import Peak
from tests.benchmarks.plots import plot, plot_peaks
from tests.benchmarks.race import Figure

MOST_MEGABYTES = 300
"""What every load and question is to stay below."""


def table(figures: Iterable[Figure]) -> str:
    """One line for each figure."""
    lines = [f"{'benchmark':25}{'backend':12}{'scale':>11}  {'contestant':34}{'µs each':>10}{'of raw':>8}{'p99':>10}"]
    for one in figures:
        what = f"{one.benchmark:25}{one.backend:12}{one.scale:>11,}  {one.contestant:34}"
        worst = "" if one.p99 is None else f"{one.p99 * 1e6:>10,.1f}"
        lines.append(f"{what}{one.seconds * 1e6:>10,.1f}{one.ratio:>8.2f}{worst}")
    return "\n".join(lines)


def table_of_peaks(peaks: Iterable[Peak]) -> str:
    """One line for each."""
    lines = [f"{'memory at most':25}{'backend':12}{'scale':>11}  {'MB':>10}"]
    lines += (f"{one.work:25}{one.backend:12}{one.scale:>11,}  {one.megabytes:>10,.0f}" for one in peaks)
    return "\n".join(lines)


def write(figures: Sequence[Figure], peaks: Sequence[Peak], folder: Path) -> None:
    """`results.json`, with what it was measured on."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "system": platform.system()}
    found = {
        "machine": machine,
        "figures": [one._asdict() for one in figures],
        "memory": [one._asdict() for one in peaks],
    }
    (folder / "results.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def draw(figures: Sequence[Figure], peaks: Sequence[Peak], folder: Path) -> None:
    """An SVG for each benchmark that was run at several scales, and one for memory."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({one.benchmark for one in figures}):
        own = [one for one in figures if one.benchmark == name]
        if len({one.scale for one in own}) > 1:
            (folder / f"{name.replace(' ', '-')}.svg").write_text(plot(name, own), encoding="utf-8")
    if len({one.scale for one in peaks}) > 1:
        (folder / "memory.svg").write_text(plot_peaks(peaks, MOST_MEGABYTES), encoding="utf-8")


def main(results: Path, folder: Path) -> None:
    """Draw what was measured before."""
    found = json.loads(results.read_text(encoding="utf-8"))
    draw([Figure(**one) for one in found["figures"]], [Peak(**one) for one in found["memory"]], folder)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
