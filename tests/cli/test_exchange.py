"""export and import in the shell: files, exit codes, and what is told on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import chronicle
from tests.exchange.importing import FILES


def test_export_and_load_make_the_same_log(archive: Path, tmp_path: Path) -> None:
    """Through files, as a person would."""
    log, copy = tmp_path / "log.jsonl", tmp_path / "copy.db"
    assert (0, b"", b"") == _ended(archive, "export", "--to", "jsonl", "-o", str(log))
    assert 0 == chronicle(copy, "load", str(log)).returncode
    assert log.read_bytes() == chronicle(copy, "export", "--to", "jsonl").stdout
    told = [chronicle(one, "state", "--as-of", "2025-12-31", "--json").stdout for one in (archive, copy)]
    assert told[0] == told[1]


def test_an_unknown_format_is_refused_with_those_there_are(archive: Path) -> None:
    """A misused option ends with 2."""
    code, out, said = _ended(archive, "export", "--to", "avro")
    assert (2, b"") == (code, out)
    assert b"expected one of jsonl, csv, parquet, timelinejs, ics, jsonld, atom" in said


def test_what_is_left_out_is_counted_on_stderr(archive: Path) -> None:
    """No event of the curated chronicle has a certain day."""
    code, out, said = _ended(archive, "export", "azerbaijan-us", "--to", "ics", "--as-of", "2026-03-01")
    assert 0 == code
    assert out.startswith(b"BEGIN:VCALENDAR\r\n")
    assert said.startswith(b"16 events are left out (no certain day is known): contract-of-the-century, ")


@pytest.mark.parametrize("to", ["csv", "timelinejs", "ics", "jsonld", "atom"])
def test_an_export_is_the_same_each_time(archive: Path, to: str) -> None:
    """To a file and to stdout."""
    command = ("export", "azerbaijan-us", "--to", to, "--as-of", "2026-03-01")
    path = archive.with_suffix(f".{to}")
    assert 0 == chronicle(archive, *command, "-o", str(path)).returncode
    assert path.read_bytes() == chronicle(archive, *command).stdout != b""


def test_a_refused_export_leaves_the_file_as_it_was(archive: Path, tmp_path: Path) -> None:
    """And nothing beside it."""
    path = tmp_path / "out" / "kept.csv"
    path.parent.mkdir()
    path.write_text("before")
    assert 1 == chronicle(archive, "export", "nowhere", "--to", "csv", "-o", str(path)).returncode
    assert 2 == chronicle(archive, "export", "--to", "csv", "--position", "999", "-o", str(path)).returncode
    assert (["kept.csv"], "before") == ([one.name for one in path.parent.iterdir()], path.read_text())


def test_a_file_that_cannot_be_written_is_told(archive: Path, tmp_path: Path) -> None:
    """With its name and the reason."""
    code, _, said = _ended(archive, "export", "--to", "csv", "-o", str(tmp_path / "no" / "folder.csv"))
    assert 2 == code
    assert b"cannot be written: No such file or directory" in said


def test_a_timeline_becomes_a_chronicle(tmp_path: Path) -> None:
    """Converted, checked, loaded, told."""
    archive, converted = tmp_path / "new.db", tmp_path / "computing.yaml"
    command = ("import", str(FILES / "women_in_computing.json"), "--from", "timelinejs", "--chronicle", "computing")
    code, out, said = _ended(archive, *command, "-o", str(converted))
    assert (0, b"") == (code, out)
    assert said.endswith(b"converted: 1 chronicle, 10 sources, 10 events; refused: 0\n")
    assert not archive.exists()
    assert 0 == chronicle(archive, "check", str(converted)).returncode
    assert 0 == chronicle(archive, "load", str(converted)).returncode
    told = json.loads(chronicle(archive, "events", "--as-of", "1900", "--json").stdout)
    assert ["ada-lovelace"] == [event["id"] for event in told["events"]]


def test_without_a_file_it_prints_yaml(tmp_path: Path) -> None:
    """To be looked at."""
    command = ("import", str(FILES / "timezoned.ics"), "--from", "ics", "--chronicle", "sprints")
    _, out, said = _ended(tmp_path / "new.db", *command)
    assert b"occurred: 2012-02-13/2012-02-17\n" in out
    assert b"timezoned.ics:26: warning: artsprint 2012: lasts for days" in said


def test_what_is_refused_is_told_and_ends_with_1(tmp_path: Path) -> None:
    """With its line; a file of nothing else is not written."""
    converted = tmp_path / "none.jsonl"
    command = ("import", str(FILES / "pacific_fiji.ics"), "--from", "ics", "--chronicle", "c", "-o", str(converted))
    code, _, said = _ended(tmp_path / "new.db", *command)
    assert 1 == code
    assert b"pacific_fiji.ics:46: error: an event with a custom tz name: has 2 DTSTART" in said
    assert not converted.exists()


@pytest.mark.parametrize(
    ("more", "code", "reason"),
    [
        (("--from", "xml", "--chronicle", "c"), 2, b"expected one of timelinejs, ics, csv, wikidata"),
        (("--from", "ics", "--chronicle", "no name"), 2, b"is no name"),
        (("--from", "ics", "--chronicle", "c", "-o", "out.txt"), 2, b"must end in one of .yaml, .yml, .jsonl, .ndjson"),
        (("--from", "wikidata", "--chronicle", "c"), 1, b"timezoned.ics:1:1: is no JSON here"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, more: tuple[str, ...], code: int, reason: bytes) -> None:
    """Options that do not fit, and a file that is none of its format."""
    ended = _ended(tmp_path / "new.db", "import", str(FILES / "timezoned.ics"), *more)
    assert code == ended[0]
    assert reason in ended[2]


def _ended(archive: Path, *command: str) -> tuple[int, bytes, bytes]:
    done = chronicle(archive, *command)
    return done.returncode, done.stdout, done.stderr


def test_a_log_is_sealed_and_asked(archive: Path, tmp_path: Path) -> None:
    """From the segments the same is shown as from the log."""
    folder = str(tmp_path / "sealed")
    code, out, said = _ended(archive, "seal", folder, "--json")
    assert (0, b"") == (code, said)
    assert {"folder": folder, "position": 68, "segments": 1, "written": 1} == {
        name: json.loads(out)[name] for name in ("folder", "position", "segments", "written")
    }
    assert b", 0 written now\n" in _ended(archive, "seal", folder, "--check")[1]
    show = ("projections", "show", "source_coverage", "--as-of", "2026", "--json")
    assert _ended(archive, *show) == _ended(archive, *show, "--sealed", folder, "--check")
