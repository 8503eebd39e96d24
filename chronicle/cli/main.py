"""The command `chronicle`: its subcommands, and which error ends with which exit code."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from chronicle.cli import (
    ask,
    assist,
    compare,
    exchange,
    find,
    operate,
    projections,
    prove,
    record,
    serve,
    show,
    sinks,
    tell,
    write,
)
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


class _Commands(TyperGroup):
    """Ends quietly, as a success, when the reader of our output has gone, as in `chronicle state | head`."""

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


app = typer.Typer(
    name="chronicle",
    cls=_Commands,
    help="Dated, sourced events in an append-only log, and what was the case on any date.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(record.load)
app.command()(record.check)
app.command(context_settings={"ignore_unknown_options": True})(ask.when)  # a date may begin with a minus sign
app.command()(write.new)
app.command()(write.schema)
app.command()(paged(ask.state))
app.command()(paged(compare.history))
app.command()(paged(compare.diff))
app.command()(paged(compare.events))
app.command()(paged(compare.conflicts))
app.command()(paged(find.search))
app.command()(paged(show.show))
app.command()(show.follow)
app.command()(paged(tell.report))
app.command()(exchange.export)
app.command("import")(exchange.import_)
app.command()(prove.verify)
app.command()(prove.checkpoint)
app.command()(prove.prove)
app.command()(prove.redact)
app.command()(operate.backup)
app.command()(operate.restore)
app.command()(operate.doctor)
app.command()(serve.serve)
app.command()(assist.mcp)
app.add_typer(operate.db, name="db")
app.add_typer(projections.projections, name="projections")
app.add_typer(sinks.sinks, name="sinks")
app.add_typer(serve.tokens, name="tokens")


def run() -> None:
    """Run one command and exit with its code; errors go to stderr."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number
    try:
        app()
    except ChronicleError as error:
        print_error(f"chronicle: {error}")
        sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
