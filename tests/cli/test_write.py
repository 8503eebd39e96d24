"""`chronicle new`, `schema` and `check --fix`, as typed in a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import chronicle


def test_new_is_printed(tmp_path: Path) -> None:
    """The document alone is on stdout."""
    run = chronicle(tmp_path / "a.db", "new", "visit.held", "x", "--occurred", "1994")
    assert (0, b"") == (run.returncode, run.stderr)
    assert b"\nid: x\ntype: visit.held\noccurred: '1994'  #" in run.stdout
    assert [] == list(tmp_path.iterdir())


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    """A file that is there is left alone."""
    path = tmp_path / "x.yaml"
    assert [0, 2] == [
        chronicle(tmp_path / "a.db", "new", "visit.held", name, "-o", str(path)).returncode for name in ("x", "y")
    ]
    assert "\nid: x\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("new", "Visit", "x"), ("new", "visit.held", "no id"), ("new", "visit.held")])
def test_what_cannot_be_new(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A misuse exits with 2 and prints no document."""
    run = chronicle(tmp_path / "a.db", *arguments)
    assert (2, b"") == (run.returncode, run.stdout)


def test_the_schema(tmp_path: Path) -> None:
    """It is JSON, on stdout or in a file, which it replaces."""
    path = tmp_path / ".schema.json"
    printed = json.loads(chronicle(tmp_path / "a.db", "schema").stdout)
    for _ in range(2):
        assert 0 == chronicle(tmp_path / "a.db", "schema", "-o", str(path)).returncode
    assert printed == json.loads(path.read_text(encoding="utf-8"))
    assert "https://json-schema.org/draft/2020-12/schema" == printed["$schema"]


def test_fix(tmp_path: Path) -> None:
    """Files in disorder are put in order and named; --json is what it is without; a second run has nothing to do."""
    path = tmp_path / "c" / "x.yaml"
    path.parent.mkdir()
    path.write_text("title: T\nid: x  # why\ntype: a.b\noccurred: 1994\n", encoding="utf-8")
    runs = [chronicle(tmp_path / "a.db", "check", str(path), "--fix", "--json") for _ in range(2)]

    assert [f"{path}: put in order\n".encode(), b""] == [run.stderr for run in runs]
    assert "id: x  # why\ntype: a.b\noccurred: 1994\ntitle: T\n" == path.read_text(encoding="utf-8")
    assert {"problems"} == json.loads(runs[0].stdout).keys()
    assert [0, 0] == [run.returncode for run in runs]
