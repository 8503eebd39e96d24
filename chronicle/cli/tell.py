"""Commands that tell: report."""

from __future__ import annotations

from typing import Annotated

import typer

from chronicle.cli.complete import names
from chronicle.cli.options import AsOf, Db, Known, Position, Recorded, Resolution, Zone
from chronicle.cli.output import print_note, write_output
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
    write_output(output, (text.encode(),))
    if output is not None:
        print_note(f"the report is at {output}")
