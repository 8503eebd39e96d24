"""Commands that tell: report."""

from __future__ import annotations

import os
from typing import Annotated, Unpack

import typer

from chronicle.cli.complete import names
from chronicle.cli.options import AsOf, Db, Known, Position, Recorded, Resolution, Zone
from chronicle.cli.output import print_json, print_note, print_table, screen, write_output
from chronicle.cli.terminal import print_report
from chronicle.errors import QuestionError
from chronicle.narrative.formats.registry import COMPANIONS, FORMATS, format_of
from chronicle.narrative.order import KINDS, Kind
from chronicle.parameters import basis_of
from chronicle.reporting import Ordered
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
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help=f"What is told: {', '.join(KINDS)} [narrative]; or a type of events to keep, such as agreement or "
            "plan.announced. May be repeated.",
        ),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Only what may have occurred since DATE began.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only what may have occurred by the end of DATE.")
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only events with this tag; may be repeated.")
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option(
            "--entity",
            metavar="ID",
            autocompletion=names("subject"),
            help="Only events that name this entity; may be repeated. Whom a profile is of.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="BASIS", help="For changes: the earlier date, or known=2026-02,position=68."),
    ] = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"{', '.join((*FORMATS, *COMPANIONS))}. [the suffix of FILE; md where there is none]",
        ),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANG", help="The language to tell in. [the chronicle's, else en]")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="DIR", help="Templates that take the place of the shipped ones; see README."
        ),
    ] = None,
    audit: Annotated[
        bool,
        typer.Option(
            "--audit", help="List every number, date and name that no fact accounts for; exit 1 if there are."
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="With --audit: print one JSON document instead of text.")
    ] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")
    ] = None,
    db: Db = None,
) -> None:
    """Tell a chronicle as a sourced report.

    On a terminal it is laid out for reading, unless --format says otherwise.

    Example: chronicle report azerbaijan-us --as-of 2026-03-01 --type timeline -o report.html
    """
    ordered = Ordered(
        as_of=as_of,
        known=known,
        recorded=recorded,
        position=position,
        zone=zone,
        resolution=resolution,
        kind=_kind(types or []),
        types=[name for name in types or [] if name not in KINDS],
        from_=from_,
        to=to,
        tags=tags or [],
        entity=entity or [],
        since=None if since is None else basis_of(since),
        lang=lang,
        template=template,
    )
    wanted = _format(format, output)
    is_text = wanted in COMPANIONS or format_of(wanted).kind == "text"
    console = screen() if output is None else None
    if not is_text and console is not None and not audit:
        raise QuestionError(f"--format: {wanted} is nothing for a terminal: name a file with -o")
    with Archive.open(db, create=False) as archive:
        if audit:
            _audit(archive, chronicle, json=json, **ordered)
        elif console is not None and format is None and template is None:
            print_report(archive.document(chronicle, **ordered), console)
            return
        if audit and output is None:
            return
        made = archive.report(chronicle, format=wanted, **ordered)
    write_output(output, (made.encode() if isinstance(made, str) else made,))
    if output is not None:
        print_note(f"the report is at {output}")


def _audit(archive: Archive, chronicle: str, *, json: bool, **ordered: Unpack[Ordered]) -> None:
    """Print what the audit finds; the command ends there if that is anything."""
    found = archive.audit(chronicle, **ordered)
    if json:
        print_json({"findings": [one.as_json() for one in found]})
    elif found:
        print_table(
            ("section", "code", "token", "finding"), ((one.section, one.code, one.token, one.message) for one in found)
        )
    else:
        print_note("every number, date and name is accounted for")
    if found:
        raise typer.Exit(1)


def _kind(types: list[str]) -> Kind:
    kinds = [kind for kind in KINDS if kind in types]
    if len(kinds) > 1:
        raise QuestionError(f"--type: {kinds[0]} and {kinds[1]} are two reports: ask for one")
    return kinds[0] if kinds else "narrative"


def _format(asked: str | None, output: str | None) -> str:
    """The format asked for, else that of the file's suffix, else Markdown."""
    suffix = os.path.splitext(output)[1].removeprefix(".").lower() if output is not None else ""  # noqa: PTH122 - a text
    return asked or (suffix if suffix in FORMATS else "md")
