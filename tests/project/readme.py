"""README.md as a play: its console and Python blocks are run, in order, in one folder.

`python -m tests.project.readme` writes into README.md what the commands print now; what `...` stands for stays `...`.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.project import checkout

README = checkout.ROOT / "README.md"

_BLOCK = re.compile(r"^```(?P<language>console|python)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command line and what the README says it prints; `start` and `end` bound that output in the text."""

    line: str
    shown: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One Python block. Where it has prompts, the answers under them count; `file` is what a first comment names."""

    source: str

    @property
    def file(self) -> str | None:
        """The file that the block is, besides being run: `# NAME.py` is its first line."""
        named = re.match(r"# (\w+\.py)\n", self.source)
        return named and named[1]


def scenes(text: str) -> Iterator[Command | Program]:
    """What the text shows being run, in order; console blocks in which no `$ chronicle` occurs are left out."""
    for block in _BLOCK.finditer(text):
        if block["language"] == "python":
            yield Program(source=block["body"])
        elif re.search(r"^\$ chronicle\b", block["body"], re.MULTILINE):
            yield from _commands(block["body"], block.start("body"))


def _commands(body: str, offset: int) -> Iterator[Command]:
    """The commands of one block: a line behind `$ `, lines that it continues on, then what it prints."""
    for part in re.finditer(r"^\$ (?P<line>(?:.*\\\n)*.*)\n(?P<shown>(?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        yield Command(
            line=part["line"],
            shown=part["shown"],
            start=offset + part.start("shown"),
            end=offset + part.end("shown"),
        )


def agrees(shown: str, printed: str) -> bool:
    """Whether what was printed is what is shown, where a line of `...` stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"[ \t]*\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, _ended(printed)) is not None


def _ended(printed: str) -> str:
    return printed if printed.endswith("\n") or not printed else printed + "\n"


@dataclass(slots=True)
class Stage:
    """The folder in which the README is played: a copy of events/, the command `chronicle`, no archive yet."""

    folder: Path
    _names: dict[str, Any] = field(default_factory=lambda: {"__name__": "readme"})

    def __post_init__(self) -> None:
        shutil.copytree(checkout.ROOT / "events", self.folder / "events")
        command = self.folder / ".bin" / "chronicle"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chronicle "$@"\n', encoding="utf-8")
        command.chmod(0o755)

    def play(self, command: Command) -> tuple[str, int]:
        """What a terminal 100 columns wide would show, and the exit code."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHRONICLE_")}
        path = f"{self.folder / '.bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", command.line],  # noqa: S607 - the shell that a reader has
            check=False,
            cwd=self.folder,
            encoding="utf-8",
            env={
                **kept,
                "PATH": path,
                "PYTHONPATH": str(checkout.ROOT),
                "COLUMNS": "100",
                "NO_COLOR": "1",
                "TERM": "dumb",
            },
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
        )
        return done.stdout, done.returncode

    def perform(self, program: Program) -> str:
        """Run a Python block; names made by one block are there in the next. Return what went otherwise than shown."""
        heard: list[str] = []
        if program.file is not None:
            (self.folder / program.file).write_text(program.source, encoding="utf-8")
        with chdir(self.folder):
            if ">>>" in program.source:
                test = doctest.DocTestParser().get_doctest(program.source, self._names, "README.md", "README.md", 0)
                runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
                runner.run(test, out=heard.append, clear_globs=False)
                self._names.update(test.globs)
                return "".join(heard) if runner.failures else ""
            exec(compile(program.source, "README.md", "exec"), self._names)  # noqa: S102 - our own README
        return ""


def rewritten(text: str, stage: Stage) -> str:
    """The text with the output of each command as it is now, where that differs from what is shown."""
    changes: list[tuple[int, int, str]] = []
    for scene in scenes(text):
        match scene:
            case Program():
                stage.perform(scene)
            case Command():
                printed, _ = stage.play(scene)
                if not agrees(scene.shown, printed):
                    changes.append((scene.start, scene.end, "\n".join(map(str.rstrip, _ended(printed).split("\n")))))
    for start, end, printed in reversed(changes):
        text = text[:start] + printed + text[end:]
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(rewritten(README.read_text(encoding="utf-8"), Stage(Path(folder))), encoding="utf-8")
