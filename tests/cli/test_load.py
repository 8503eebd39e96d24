"""`chronicle load` with its options: what it prints where, how it exits, and what it leaves alone."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from chronicle.cli.record import load
from chronicle.store.append import Appended
from chronicle.store.batches import Batches
from tests.builders import an_event, url_of
from tests.cli.shell import COMMAND, EVENTS, chronicle, digest, environment

BAD = an_event("bad", occurred="1994-13")


def put(folder: Path, *documents: Mapping[str, object], name: str = "x.jsonl") -> str:
    """The folder of a chronicle with some documents in it."""
    inside = folder / "c"
    inside.mkdir(exist_ok=True)
    (inside / name).write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return str(inside)


@pytest.mark.parametrize("content", [None, b""], ids=["no file", "an empty file"])
def test_a_dry_run_makes_no_archive(tmp_path: Path, content: bytes | None) -> None:
    """Where there is no archive yet a dry run says what would be, and there still is none."""
    archive = tmp_path / "none.db"
    if content is not None:
        archive.write_bytes(content)
    run = chronicle(archive, "load", EVENTS, "--dry-run")
    assert (0, "would be: 68 new; the log is at position 0") == (run.returncode, run.stdout.decode().strip())
    assert content == (archive.read_bytes() if archive.exists() else None)
    assert {archive} >= set(tmp_path.iterdir())


def test_a_dry_run_on_something_else(tmp_path: Path) -> None:
    """A file that is no archive is not taken for a missing one."""
    (tmp_path / "notes.txt").write_text("notes " * 1000)
    assert 3 == chronicle(tmp_path / "notes.txt", "load", EVENTS, "--dry-run").returncode


def test_skip_bad(archive: Path, tmp_path: Path) -> None:
    """The sound are loaded, the refused are named and written, and the exit code says that there were some."""
    file = tmp_path / "bad.jsonl"
    run = chronicle(archive, "load", put(tmp_path, an_event("x"), BAD), "--skip-bad", str(file))
    assert (1, "1 new, 1 refused; the log is at position 69") == (run.returncode, run.stdout.decode().strip())
    said = run.stderr.decode()
    assert f"{tmp_path}/c/x.jsonl:2:" in said
    assert f"what was refused is in {file}" in said
    assert ["bad"] == [json.loads(line)["document"]["id"] for line in file.read_text().splitlines()]


def test_skip_bad_as_json(archive: Path, tmp_path: Path) -> None:
    """`--json` lists the refused with their places and reasons."""
    run = chronicle(archive, "load", put(tmp_path, an_event("x"), BAD), "--skip-bad", f"{tmp_path}/bad.jsonl", "--json")
    (refused,) = json.loads(run.stdout)["refused"]
    assert (1, "c", "event", "bad") == (run.returncode, refused["chronicle"], refused["kind"], refused["id"])
    assert ["date"] == [problem["code"] for problem in refused["problems"]]


def test_skip_bad_without_bad(archive: Path, tmp_path: Path) -> None:
    """If nothing is bad all is well."""
    run = chronicle(archive, "load", put(tmp_path, an_event("x")), "--skip-bad", f"{tmp_path}/bad.jsonl")
    assert (0, "1 new; the log is at position 69") == (run.returncode, run.stdout.decode().strip())


def test_mended(archive: Path, tmp_path: Path) -> None:
    """The file is loaded once its documents are mended, and refused before."""
    file = tmp_path / "bad.jsonl"
    chronicle(archive, "load", put(tmp_path, BAD), "--skip-bad", str(file))
    assert 1 == chronicle(archive, "load", str(file)).returncode
    file.write_text(file.read_text().replace("1994-13", "1994"))
    assert "1 new;" in chronicle(archive, "load", str(file)).stdout.decode()


def test_retract_missing(archive: Path, tmp_path: Path) -> None:
    """What is retracted is named, in a dry run too, and then it is gone."""
    chronicle(archive, "load", put(tmp_path, an_event("x"), an_event("y")))
    arguments = ("load", put(tmp_path, an_event("x")), "--retract-missing", "--note", "no longer told")
    before = digest(archive)
    dry = chronicle(archive, *arguments, "--dry-run").stdout.decode().splitlines()
    assert "would be retracted, for the folder no longer has it: event y" == dry[1]
    assert before == digest(archive)
    said = chronicle(archive, *arguments).stdout.decode().splitlines()
    expected = ["1 unchanged, 1 retracted; the log is at position 71"]
    assert [*expected, "retracted, for the folder no longer has it: event y"] == said
    assert "no longer told" in chronicle(archive, "show", "y").stdout.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--retract-missing",),
        ("--note", "why"),
        ("--retract-missing", "--note", "why", "--skip-bad", "bad.jsonl"),
        ("--skip-bad", "/nowhere/bad.jsonl"),
        ("--skip-bad",),
    ],
    ids=" ".join,
)
def test_misused(archive: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Options that do not go together are a misuse; nothing is read or written."""
    before = digest(archive)
    run = chronicle(archive, "load", put(tmp_path, an_event("x")), *arguments)
    assert (2, b"") == (run.returncode, run.stdout)
    assert before == digest(archive)


def test_what_is_cut_short_tells_how_far_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Batches that are appended stay, and the same command goes on behind them."""
    archive, folder = tmp_path / "log.db", put(tmp_path, *(an_event(f"e{number}") for number in range(5)))
    appended = Batches.append

    def cut_short(self: Batches, size: int, **more: Any) -> Iterator[Appended]:
        yield from islice(appended(self, size, **more), 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(Batches, "append", cut_short)
    asked: dict[str, Any] = {
        "dry_run": False,
        "skip_bad": None,
        "retract_missing": False,
        "note": None,
        "reinstate": False,
    }
    with pytest.raises(KeyboardInterrupt):
        load([f"{folder}/x.jsonl"], chronicle="c", batch=2, db=url_of(archive), **asked)
    again = chronicle(archive, "load", f"{folder}/x.jsonl", "--chronicle", "c", "--batch", "2")

    assert "cut short: the log is at position 4; the same command goes on from there" in capsys.readouterr().err
    assert "4 unchanged, 1 new; the log is at position 5" == again.stdout.decode().strip()


def test_a_load_that_nobody_reads_of_is_not_cut_short(tmp_path: Path) -> None:
    """All is in the log by the time that its receipts are printed."""
    archive, folder = tmp_path / "log.db", put(tmp_path, *(an_event(f"e{number}") for number in range(5)))
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ("load", f"{folder}/x.jsonl", "--chronicle", "c", "--batch", "2", "--json")
    run = subprocess.run(
        [*COMMAND, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment(archive), check=False
    )
    os.close(writing)

    assert b"cut short" not in run.stderr
    assert "5 unchanged; the log is at position 5" == chronicle(archive, *arguments[:-1]).stdout.decode().strip()


def test_no_progress_without_a_terminal(archive: Path, tmp_path: Path) -> None:
    """Where stderr is no terminal nothing but notes is written to it."""
    quiet = an_event("x", sources=["s"])
    source = {"kind": "source", "id": "s", "title": "S", "published": "2025"}
    assert b"" == chronicle(archive, "load", put(tmp_path, source, quiet), FORCE_COLOR="").stderr


def test_progress_on_a_terminal(archive: Path, tmp_path: Path) -> None:
    """On a terminal a bar shows how far a load is, and is gone in the end; stdout has the summary alone."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "load", put(tmp_path, *(an_event(f"x{count}") for count in range(200)))],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment(archive, TERM="xterm"),
    ) as run:
        os.close(theirs)
        shown = b"".join(read_all(ours))  # while it runs: a terminal that nobody reads holds its writer up
        said = run.communicate()[0].decode().strip()
    os.close(ours)
    assert (0, "200 new; the log is at position 268") == (run.returncode, said)
    assert b"loading" in shown


def read_all(terminal: int) -> Iterator[bytes]:
    """All that is written to a terminal until nobody has it open any more, which Linux tells as an error."""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return
        if not piece:
            return
        yield piece


@pytest.mark.parametrize("option", ["--jsno", "--help-me", "-x"])
def test_an_unknown_option_is_no_date(archive: Path, option: str) -> None:
    """What cannot be a date and looks like an option is a misuse of `when`."""
    run = chronicle(archive, "when", option)
    assert (2, b"", True) == (run.returncode, run.stdout, b"no such option" in run.stderr)


@pytest.mark.parametrize(("text", "code"), [("-0044", 0), ("-1", 1), ("-XXXX", 0)])
def test_a_date_may_begin_with_a_minus(archive: Path, text: str, code: int) -> None:
    """What might be a date is read as one, and told if it is none."""
    assert code == chronicle(archive, "when", text).returncode
