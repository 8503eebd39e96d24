"""The command `chronicle`: its subcommands, and which error ends with which exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from chronicle.cli.output import print_error
from chronicle.cli.pager import paged
from chronicle.errors import ChronicleError, ConflictError, InputError, MissingExtraError, QuestionError, StoreError

EXIT_CODES: tuple[tuple[type[ChronicleError], int], ...] = (
    (StoreError, 3),
    (QuestionError, 2),
    (MissingExtraError, 2),
    (InputError, 1),
    (ConflictError, 1),
)
"""The first class that an error belongs to decides; success is 0, and 2 is also what a misused option gives."""


class _Place(NamedTuple):
    """Where a command is, in a module of the door; long answers go through a pager."""

    module: str
    name: str
    paged: bool = False
    settings: dict[str, bool] | None = None


_MINUS = {"ignore_unknown_options": True}
"""A date may begin with a minus sign."""

_COMMANDS = {
    "load": _Place("record", "load"),
    "check": _Place("record", "check"),
    "when": _Place("dates", "when", settings=_MINUS),
    "new": _Place("write", "new"),
    "schema": _Place("write", "schema"),
    "state": _Place("ask", "state", paged=True),
    "history": _Place("compare", "history", paged=True),
    "diff": _Place("compare", "diff", paged=True),
    "events": _Place("compare", "events", paged=True),
    "conflicts": _Place("compare", "conflicts", paged=True),
    "search": _Place("find", "search", paged=True),
    "show": _Place("show", "show", paged=True),
    "follow": _Place("follow", "follow"),
    "report": _Place("tell", "report", paged=True),
    "export": _Place("exchange", "export"),
    "import": _Place("exchange", "import_"),
    "seal": _Place("exchange", "seal"),
    "verify": _Place("prove", "verify"),
    "checkpoint": _Place("prove", "checkpoint"),
    "prove": _Place("prove", "prove"),
    "redact": _Place("prove", "redact"),
    "backup": _Place("operate", "backup"),
    "restore": _Place("operate", "restore"),
    "doctor": _Place("operate", "doctor"),
    "serve": _Place("serve", "serve"),
    "mcp": _Place("assist", "mcp"),
    "db": _Place("operate", "db"),
    "projections": _Place("projections", "projections"),
    "sinks": _Place("sinks", "sinks"),
    "tokens": _Place("serve", "tokens"),
}
"""Every command, in the order of the help. Only the module of the one that is called is loaded."""


class _Loaded(Mapping[str, Any]):
    """The commands, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


class _Commands(TyperGroup):
    """Ends quietly, as a success, when the reader of our output has gone, as in `chronicle state | head`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Loaded()  # type: ignore[assignment] # it is only looked up in

    def list_commands(self, _: Any) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


@cache
def _command(name: str) -> Any:
    place = _COMMANDS[name]
    found = getattr(import_module(f"chronicle.cli.{place.module}"), place.name)
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.name = name
        return group
    single = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    single.command(name, context_settings=place.settings)(paged(found) if place.paged else found)
    return typer.main.get_command(single)


app = typer.Typer(
    name="chronicle",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def chronicle() -> None:
    """Dated, sourced events in an append-only log, and what was the case on any date."""


OBJECTS = 200_000
"""After so many new objects Python looks for cycles. With its own 700 that takes a quarter of a long command."""


def run() -> None:
    """Run one command and exit with its code; errors go to stderr."""
    gc.set_threshold(OBJECTS, 10, 10)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number
    try:
        app()
    except ChronicleError as error:
        print_error(f"chronicle: {error}")
        sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
