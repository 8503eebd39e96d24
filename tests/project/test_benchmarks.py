"""The benchmarks in short: every contestant does its work and finds what it should; what it took is of no account."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.benchmarks import mariadb, memory, report, run
from tests.benchmarks.filled import filled
from tests.benchmarks.much_told import much_told
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure
from tests.benchmarks.snapshots import growth, snapshot
from tests.benchmarks.vagueness import vagueness
from tests.benchmarks.writes import crowd, single, write_lines
from tests.builders import url_of
from tests.project.readme import README

SCALE = 200

BENCHMARKS = {
    "bulk",
    "changed and learned",
    "events as of a day",
    "history of a key",
    "page of an attribute",
    "replay",
    "state of a key",
    "state of an entity",
    "state of the whole world",
    "what changed",
    "what was learned",
}


def test_every_figure(place: Place, tmp_path: Path) -> None:
    """Each benchmark checks its own answers; the table has a line for each figure, and growth is drawn."""
    figures = [one for one in run.written(place, SCALE, tmp_path, rounds=1) if isinstance(one, Figure)]
    with filled(place, SCALE, tmp_path) as at:
        figures += run.asked(at, rounds=1, questions=3)
    assert {one.benchmark for one in figures} == BENCHMARKS
    assert 1 + len(figures) == len(report.table(figures).splitlines())
    report.write([*figures, *(one._replace(scale=10 * SCALE) for one in figures)], [], tmp_path)
    report.main(tmp_path / "results.json", tmp_path / "plots")
    assert {f"{name.replace(' ', '-')}.svg" for name in BENCHMARKS} == names(tmp_path / "plots")


def test_whole_states(place: Place, tmp_path: Path) -> None:
    """Beside an index of intervals, and a thousand rows of ever more facts."""
    with filled(place, SCALE, tmp_path) as at, Archive.open(at.url, create=False) as archive:
        figures = [*snapshot(at, archive, 1), *growth(place, SCALE // 2, 1)]
    assert {"whole state", "a thousand rows"} == {one.benchmark for one in figures}


def test_a_key_told_of_often(place: Place) -> None:
    """Beside one of twenty facts, in one archive."""
    names = {one.contestant for one in much_told(place, SCALE, 3)}
    assert {"told 20 times", "told 200 times", "told 200 times, three bounds"} < names


def test_vague_dates(place: Place) -> None:
    """Beside exact ones, in a world of the same keys."""
    figures = vagueness(place, SCALE, 1, 3)
    assert {"vague dates, a key", "vague dates, all keys"} == {one.benchmark for one in figures}
    assert {"exact dates", "a tenth is vague"} == {one.contestant for one in figures}


def test_peaks_of_memory(tmp_path: Path) -> None:
    """A process of its own loads and asks; what it had at most is a figure like others."""
    url = url_of(tmp_path / "chronicle.db")
    lines = tmp_path / "world.jsonl"
    count = write_lines(lines, SCALE)
    peaks = [memory.load("sqlite", SCALE, url, lines, count), *islice(memory.questions("sqlite", SCALE, url), 2)]
    assert ["load", "nothing", "state of a hot key"] == [one.work for one in peaks]
    assert all(10 < one.megabytes < 1_000 for one in peaks)
    assert 1 + len(peaks) == len(report.table_of_peaks(peaks).splitlines())
    report.write([], [*peaks, *(one._replace(scale=10 * SCALE) for one in peaks)], tmp_path)
    report.main(tmp_path / "results.json", tmp_path / "plots")
    assert {"memory.svg"} == names(tmp_path / "plots")


def test_every_way_to_append(place: Place) -> None:
    """One document at a time, and many writers."""
    assert {one.benchmark for one in (*single(place, 1, 2), *crowd(place, 1, 8))} == {
        "one durable append",
        "many writers",
    }


def test_mariadb_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no server, the run says what is not there."""
    monkeypatch.setenv("PATH", "")
    assert "there is no mariadb-install-db on the path" == mariadb.missing()


def names(folder: Path) -> set[str]:
    """Of the files in a folder."""
    return {path.name for path in folder.iterdir()}


def test_plots_of_the_readme() -> None:
    """All that it shows are there, small, and such as the benchmarks draw."""
    shown = re.findall(r"!\[[^]]+\]\((tests/benchmarks/plots/.+?)\)", README.read_text(encoding="utf-8"))
    assert shown
    for path in shown:
        text = (README.parent / path).read_text(encoding="utf-8")
        assert text.startswith("<svg")
        assert len(text) < 60_000
