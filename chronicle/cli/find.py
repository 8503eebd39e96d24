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
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help="Only event, source, entity, attribute or chronicle; may be repeated."
        ),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="Only events of this type, such as agreement or plan.announced; repeatable."
        ),
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only events with this tag; may be repeated.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Only events that may have occurred since DATE began.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only events that may have occurred by the end of DATE.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Print at most N results.")] = 20,
    after: Annotated[
        str | None, typer.Option("--after", metavar="NEXT", help="Go on after the results before: their `next`.")
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Find events, sources, entities and attributes by their words, best first.

    Words are found in any order, at the beginning of words, without case and accents: baki finds Bakı. Pages with
    --after belong together where the query is the same, and so is what --position says.

    Example: chronicle search gas europe --type agreement --from 2020
    """
    query = " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in text)
    with Archive.open(db, create=False) as archive:
        found = archive.search(
            query,
            chronicle=chronicle,
            kinds=kinds or (),
            types=types or (),
            tags=tags or (),
            since=from_,
            until=to,
            limit=limit,
            after=after,
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
    if found.next is not None:
        print_note(f"{found.total} in all: --after {found.next} goes on, --limit {found.total} prints all")
