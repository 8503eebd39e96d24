"""The command that finds documents: search."""

from __future__ import annotations

from typing import Annotated

import typer

from chronicle.cli.options import Chronicle, Db, Json, Known, Position, Recorded, Zone
from chronicle.cli.output import print_json, print_note, print_table
from chronicle.service import Archive


def search(
    text: Annotated[list[str], typer.Argument(metavar="TEXT…", help='Words, or "words that stand together".')],
    *,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Print at most N results.")] = 20,
    db: Db = None,
    json: Json = False,
) -> None:
    """Find events, sources, entities and attributes by their words, best first.

    Words are found in any order, at the beginning of words, without case and accents: baki finds Bakı.

    Example: chronicle search gas europe
    """
    query = " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in text)
    with Archive.open(db, create=False) as archive:
        found = archive.search(
            query,
            chronicle=chronicle,
            limit=limit,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
        )
    if json:
        print_json(found.as_json())
        return
    if not found.results:
        print("nothing found")
        return
    rows = [(hit.record.header.kind, hit.record.header.id, hit.field, hit.snippet) for hit in found.results]
    print_table(("kind", "id", "found in", "text"), rows)
    if found.total > len(rows):
        print_note(f"{found.total - len(rows)} more: --limit {found.total} prints all")
