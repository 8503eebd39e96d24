"""Commands that tell: report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from chronicle.cli.complete import names
from chronicle.cli.options import AsOf, Db, Known, Position, Recorded, Resolution, Zone
from chronicle.cli.output import print_note
from chronicle.errors import QuestionError
from chronicle.service import Archive


def report(
    chronicle: Annotated[
        str, typer.Argument(metavar="CHRONICLE", autocompletion=names("chronicle"), help="The chronicle to tell.")
    ],
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    resolution: Resolution = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")
    ] = None,
    db: Db = None,
) -> None:
    """Tell a chronicle as a sourced report in Markdown.

    Example: chronicle report azerbaijan-us --as-of 2026-03-01 -o report.md
    """
    with Archive.open(db, create=False) as archive:
        text = archive.report(
            chronicle,
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
            resolution=resolution,
        )
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise QuestionError(f"--output: {output} cannot be written: {error.strerror}") from error
    print_note(f"the report is at {output}")
