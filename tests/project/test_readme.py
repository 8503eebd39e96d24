"""README.md shows what happens: its examples are run, and no command is missing from it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from chronicle.cli.main import app
from tests.project.readme import README, Command, Program, Stage, agrees, scenes


@pytest.fixture(scope="module")
def text() -> str:
    """The README as it is."""
    assert README.is_file(), "there is no README.md yet: its examples cannot be run"
    return README.read_text(encoding="utf-8")


def test_examples_show_what_happens(text: str, tmp_path: Path) -> None:
    """Every command of the README prints what stands under it, and every program runs, one after the other."""
    stage = Stage(tmp_path)
    wrong = []
    played = list(scenes(text))
    for scene in played:
        match scene:
            case Program():
                wrong.append(stage.perform(scene))
            case Command():
                printed, code = stage.play(scene)
                if code not in (0, 1):
                    wrong.append(f"$ {scene.line}\nended with exit code {code}:\n{printed}")
                elif not agrees(scene.shown, printed):
                    lines = difflib.unified_diff(
                        scene.shown.splitlines(), printed.splitlines(), "README", "now", lineterm=""
                    )
                    wrong.append("\n".join([f"$ {scene.line}", *lines]))

    assert any(isinstance(scene, Command) for scene in played), "README.md shows no `$ chronicle …` in a console block"
    assert "" == "\n\n".join(filter(None, wrong))


def test_every_command_is_mentioned(text: str) -> None:
    """A command that the README does not name is one that nobody finds."""
    group: Any = typer.main.get_command(app)
    commands = group.list_commands(typer.Context(group))

    assert commands
    assert [] == [name for name in commands if not re.search(rf"\bchronicle {re.escape(name)}\b", text)]


def test_a_first_projection_has_ten_lines(text: str) -> None:
    """At most, with its imports and without what is blank."""
    [first] = [scene for scene in scenes(text) if isinstance(scene, Program) and scene.file == "signings.py"]

    assert "class Signings(Projection):" in first.source
    assert len([line for line in first.source.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a  \nb", True),
        ("a\n...\nz\n", "a\nb\nc\nz\n", True),
        ("a\n...\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a...\n", "abc\n", False),
        ("", "a\n", False),
    ],
)
def test_agreement(shown: str, printed: str, expected: bool) -> None:  # noqa: FBT001 - a table's last column
    """Only a line of dots alone stands for anything; ends of lines and of the text do not count."""
    assert expected == agrees(shown, printed)


def test_commands_are_read_with_their_output() -> None:
    """A command may go on behind a backslash; what follows up to the next prompt is its output."""
    text = "```console\n$ chronicle state \\\n    --as-of 1995\none\n\ntwo\n$ chronicle when 1994\n```\n"

    found = [(scene.line, scene.shown) for scene in scenes(text) if isinstance(scene, Command)]

    assert [("chronicle state \\\n    --as-of 1995", "one\n\ntwo\n"), ("chronicle when 1994", "")] == found
