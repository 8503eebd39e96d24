"""Commands that show records as they stand in the log: show, follow."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from chronicle.cli.complete import names
from chronicle.cli.options import (
    Chronicle,
    Db,
    Json,
    Known,
    OfAttributes,
    OfChronicles,
    OfEntities,
    OfTags,
    OfTypes,
    Position,
    Recorded,
    Since,
    Until,
    Zone,
)
from chronicle.cli.output import harmless, print_json, print_json_line, print_table
from chronicle.event.model import Redacted, Redaction, Retraction
from chronicle.event.record import Record
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.state.answer import record_json, recorded_text


def show(
    id: Annotated[  # noqa: A002
        str,
        typer.Argument(
            metavar="ID", autocompletion=names("id"), help="The id of an event, source, entity or attribute."
        ),
    ],
    *,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Show every version of an id: what was recorded, when, by whom, and from which sources.

    Example: chronicle show trade-2025
    """
    with Archive.open(db, create=False) as archive:
        versions = archive.show(id, known=known, recorded=recorded, position=position, zone=zone, chronicle=chronicle)
    if json:
        print_json({"id": id, "versions": [record_json(version) for version in versions]})
        return
    for version in versions:
        header = version.header
        print(f"{header.chronicle} {header.kind} {header.id}, version {header.version}, at position {version.position}")
        print_table(("", ""), _details(version))


def follow(
    *,
    after: Annotated[
        str,
        typer.Option("--after", metavar="N|CURSOR", help="Begin after this position, or where a record's cursor is."),
    ] = "0",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Go on with records as they come, or end with the last.")
    ] = True,
    chronicle: OfChronicles = None,
    type_: OfTypes = None,
    entity: OfEntities = None,
    attribute: OfAttributes = None,
    tag: OfTags = None,
    since: Since = None,
    until: Until = None,
    db: Db = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print every record of the log in order, then those to come; each is whole as soon as it is printed.

    Options narrow what is printed; retractions and redactions always are, for whoever was told a document must hear of
    its end.

    A reader that stops goes on after the last cursor it has seen (--json prints them): should the log have lost records
    meanwhile, or be another, that is an error then. Interrupt it to end.

    Example: chronicle follow --after 42 --no-wait --json
    """
    wanted = Filter(
        chronicles=tuple(chronicle or ()),
        types=tuple(type_ or ()),
        entities=tuple(entity or ()),
        attributes=tuple(attribute or ()),
        tags=tuple(tag or ()),
        since=since,
        until=until,
    )
    try:
        with Archive.open(db, create=False) as archive:
            for record in archive.follow(after=position_or_cursor(after), wanted=wanted, wait=wait):
                if json:
                    print_json_line({**record_json(record), "cursor": record.cursor.text})
                else:
                    print(harmless(_line(record)), flush=True)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def position_or_cursor(text: str) -> int | str:
    """What `--after` was given; a cursor is longer than any position."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text


def _line(record: Record) -> str:
    header, document = record.header, record.document
    said = getattr(document, "title", None) or getattr(document, "label", None) or ""
    what = said
    if isinstance(document, Retraction):
        what = "retracted"
    elif isinstance(document, Redacted | Redaction):
        what = f"redacted: {document.reason}"
    when = recorded_text(header.recorded)
    return f"{record.position} {when} {header.chronicle} {header.kind} {header.id} v{header.version} {what}".rstrip()


def _details(record: Record) -> list[tuple[str, str]]:
    shown = record_json(record)
    document: dict[str, Any] = shown.pop("document")
    rows = [
        (name, "" if shown[name] is None else str(shown[name]))
        for name in ("recorded", "recorded_by", "reported", "digest")
    ]
    for name, item in document.items():
        for index, part in enumerate(item if isinstance(item, list) else [item]):
            rows.append((name if index == 0 else "", _inline(part)))
    return rows


def _inline(item: Any) -> str:
    if isinstance(item, dict):
        return ", ".join(
            f"{name}: {{{_inline(part)}}}" if isinstance(part, dict) else f"{name}: {_inline(part)}"
            for name, part in item.items()
        )
    if isinstance(item, list):
        return "; ".join(_inline(part) for part in item)
    if isinstance(item, bool):
        return "true" if item else "false"
    return bytes(item).decode() if isinstance(item, msgspec.Raw) else str(item)
