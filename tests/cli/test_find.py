"""Finding one's way: search, what was meant, what a shell completes, and help for every command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from chronicle.cli.main import app
from tests.cli.shell import chronicle, environment

GROUP: Any = typer.main.get_command(app)
COMMANDS = sorted(GROUP.list_commands(typer.Context(GROUP)))


def test_search(archive: Path) -> None:
    """Words in any order; with --json the document; nothing found is no error."""
    assert b"southern-gas-corridor-2026" in chronicle(archive, "search", "corridor", "gas").stdout
    found = json.loads(chronicle(archive, "search", "corridor", "--limit", "2", "--json").stdout)
    assert (2, 5, "corridor") == (len(found["results"]), found["total"], found["query"])
    nothing = chronicle(archive, "search", "xyzzy")
    assert (0, b"nothing found\n") == (nothing.returncode, nothing.stdout)


def test_more_than_the_limit(archive: Path) -> None:
    """How many there are is said on stderr, and how to go on: each page is the next of all."""
    first = chronicle(archive, "search", "corridor", "--limit", "2")
    said = re.fullmatch(rb"5 in all: --after (\S+) goes on, --limit 5 prints all\n", first.stderr)
    assert said is not None
    rest = chronicle(archive, "search", "corridor", "--after", said[1].decode(), "--json")
    whole = json.loads(chronicle(archive, "search", "corridor", "--json").stdout)["results"]
    assert whole[2:] == json.loads(rest.stdout)["results"]


def test_only_some(archive: Path) -> None:
    """Kinds, types, tags and dates keep what fits them."""

    def ids(*arguments: str) -> list[str]:
        answer = json.loads(chronicle(archive, "search", "corridor", *arguments, "--json").stdout)
        return [one["id"] for one in answer["results"]]

    assert ["southern-gas-corridor", "middle-corridor"] == ids("--kind", "entity")
    assert ["southern-gas-corridor-2026"] == ids("--tag", "energy", "--to", "2026")
    assert ["digital-hub-2026"] == ids("--type", "plan", "--type", "statement")
    assert [] == ids("--from", "2027")


@pytest.mark.parametrize(
    "arguments",
    [
        ("",),
        ("-", "!"),
        ("x", "--limit", "0"),
        ("x", "--kind", "fact"),
        ("x", "--type", "No Type"),
        ("x", "--from", "1994-13"),
        ("x", "--after", "3"),
    ],
)
def test_no_search(archive: Path, arguments: tuple[str, ...]) -> None:
    """A query without a word, or for no result, is a misuse."""
    assert 2 == chronicle(archive, "search", *arguments).returncode


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("stat",), b"Did you mean 'state'?", 2),
        (("state", "--subjec", "x"), b"Possible options: --subject", 2),
        (("show", "trade-2024"), b"did you mean trade-2025?", 1),
        (("report", "azerbaijan"), b"did you mean azerbaijan-us?", 1),
        (("state", "--subject", "azerbajan"), b"no fact has the subject 'azerbajan'; did you mean azerbaijan?", 0),
        (("state", "--attribute", "export"), b"no fact has the attribute 'export'; did you mean exports?", 0),
        (("history", "azerbaijan", "import"), b"no fact has the attribute 'import'; did you mean imports?", 0),
    ],
)
def test_what_was_meant(archive: Path, arguments: tuple[str, ...], said: bytes, code: int) -> None:
    """Commands, options and names that are unknown are answered with the closest that is known, on stderr."""
    run = chronicle(archive, *arguments)
    assert code == run.returncode
    assert said in run.stderr


def test_an_answer_for_programs_stays_as_it_is(archive: Path) -> None:
    """With --json no fact is an empty list, and nothing else is said."""
    run = chronicle(archive, "state", "--subject", "azerbajan", "--json")
    assert (0, b"", []) == (run.returncode, run.stderr, json.loads(run.stdout)["facts"])


def completions(archive: Path, line: str) -> list[str]:
    """What bash is told to complete the last word of a line with."""
    program = "import sys; sys.argv = ['chronicle']; from chronicle.cli.main import run; run()"
    words = line.split(" ")
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **environment(archive),
            "_CHRONICLE_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        check=False,
    )
    return run.stdout.decode().split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("chronicle sta", ["state"]),
        ("chronicle show tra", ["trade-2025", "trade-aim", "trade-share", "trade-turnover", "transit-route"]),
        ("chronicle state --subject azer", ["azerbaijan"]),
        ("chronicle history azerbaijan oil", ["oil-partnership"]),
        ("chronicle report ", ["azerbaijan-us"]),
    ],
)
def test_completion(archive: Path, line: str, expected: list[str]) -> None:
    """Commands, and names that the archive has."""
    assert expected == completions(archive, line)


def test_completion_without_an_archive(tmp_path: Path) -> None:
    """There is nothing to complete with, and nothing is made."""
    assert [] == completions(tmp_path / "none.db", "chronicle show tra")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_help(tmp_path: Path, command: str) -> None:
    """Every command says what it does and gives an example, and its help fits 80 columns."""
    run = chronicle(tmp_path / "a.db", command, "--help", COLUMNS="80")
    text = run.stdout.decode()
    assert 0 == run.returncode
    assert f"Example: chronicle {command}" in text
    assert 80 >= max(map(len, text.splitlines()))
