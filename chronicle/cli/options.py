"""Options that several commands share, worded once."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chronicle.cli.complete import names

Db = Annotated[
    str | None,
    typer.Option(
        "--db", metavar="URL", envvar="CHRONICLE_DB", help="The archive; sqlite:///chronicle.db if not given."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="The state at the end of DATE: 2025, 2025-06, 2025-06-30, yesterday. [now]"
    ),
]
Known = Annotated[
    str | None,
    typer.Option("--known", metavar="DATE", help="Count only what sources had said by the end of DATE."),
]
Recorded = Annotated[
    str | None,
    typer.Option("--recorded", metavar="DATE", help="Count only what the log had recorded by the end of DATE."),
]
Position = Annotated[
    int | None, typer.Option("--position", metavar="N", help="Count only the first N records of the log.")
]
Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="The time zone in which the dates are read.")]
Chronicle = Annotated[
    str | None,
    typer.Option("--chronicle", metavar="ID", autocompletion=names("chronicle"), help="Only this chronicle."),
]
Subject = Annotated[
    str | None,
    typer.Option("--subject", metavar="ID", autocompletion=names("subject"), help="Only facts of this subject."),
]
Attribute = Annotated[
    str | None,
    typer.Option("--attribute", metavar="ID", autocompletion=names("attribute"), help="Only facts of this attribute."),
]
Dimension = Annotated[
    list[str] | None,
    typer.Option("--dimension", metavar="KEY=VALUE", help="Only facts with this dimension; may be repeated."),
]
Into = Annotated[
    str | None,
    typer.Option(
        "--chronicle", metavar="ID", help="Where documents belong that do not say so. [the name of their folder]"
    ),
]
Resolution = Annotated[
    str | None,
    typer.Option(
        "--resolution",
        metavar="RULE",
        help="latest-from: the latest beginning wins; latest-reported: a later report wins. [as the attribute says]",
    ),
]
Paths = Annotated[list[str], typer.Argument(metavar="PATH…", help="YAML or JSON Lines files, or folders of them.")]


def several(name: str, text: str) -> Any:
    """An option that may be repeated."""
    return typer.Option(name, metavar=name.lstrip("-").upper(), help=text)


OfChronicles = Annotated[list[str] | None, several("--chronicle", "Only records of this chronicle; repeatable.")]
OfTypes = Annotated[list[str] | None, several("--type", "Only events of this type or one below it; repeatable.")]
OfEntities = Annotated[list[str] | None, several("--entity", "Only events that name this entity; repeatable.")]
OfAttributes = Annotated[list[str] | None, several("--attribute", "Only events with such a fact; repeatable.")]
OfTags = Annotated[list[str] | None, several("--tag", "Only events with this tag; repeatable.")]
Since = Annotated[str | None, typer.Option("--from", metavar="D", help="Only events of this date or later.")]
Until = Annotated[str | None, typer.Option("--to", metavar="D", help="Only events of this date or earlier.")]
