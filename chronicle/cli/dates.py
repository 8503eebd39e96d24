"""The command that explains dates: when."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from chronicle.cli.options import Json
from chronicle.cli.output import print_json, print_json_line, print_note, print_table
from chronicle.errors import QuestionError, shown
from chronicle.when import describe


def when(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT…|-", help="EDTF dates; - reads one a line from stdin.")],
    *,
    json: Json = False,
) -> None:
    """Say what a date means: its bounds, its precision and how it reads. Exits with 1 if one is no date.

    With --json, several dates and those of stdin give one JSON object a line.

    Example: chronicle when 1994~
    """
    for text in texts:
        if text.startswith("-") and text[1:2].isalpha() | text.startswith("--") and text[1] not in "XY":
            raise QuestionError(f"no such option: {shown(text)}; `chronicle when --help` lists them")
    given = _lines() if texts == ["-"] else iter(texts)
    say: Callable[[dict[str, Any]], None] = _meaning
    if json or texts == ["-"]:
        say = print_json if json and len(texts) == 1 and texts != ["-"] else print_json_line
    valid = True
    for meaning in map(describe, given):
        say(meaning)
        valid = valid and bool(meaning["valid"])
    raise typer.Exit(0 if valid else 1)


def _lines() -> Iterator[str]:
    return (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)


def _meaning(meaning: dict[str, Any]) -> None:
    if meaning["valid"]:
        rows = [(name, "" if item is None else str(item)) for name, item in meaning.items()]
        print_table(("", meaning["edtf"]), rows)
    else:
        print_note(f"chronicle: {meaning['error']}")
