"""The command `chronicle show`: every version of an id as it stands in the log."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from chronicle.cli.complete import names
from chronicle.cli.options import Chronicle, Db, Json, Known, Position, Recorded, Zone
from chronicle.cli.output import print_json, print_table
from chronicle.event.record import Record
from chronicle.service import Archive
from chronicle.state.answer import record_json


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
