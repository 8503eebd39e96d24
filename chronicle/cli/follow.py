"""The command `chronicle follow`: the log as it comes, of an archive here or of a server, printed or taken over."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from chronicle.cli.following import SECONDS, terminable
from chronicle.cli.named import projection_named
from chronicle.cli.options import (
    Db,
    OfAttributes,
    OfChronicles,
    OfEntities,
    OfTags,
    OfTypes,
    Since,
    Until,
)
from chronicle.cli.output import harmless, print_json_line, print_note, progress_bar
from chronicle.errors import ConflictError, QuestionError
from chronicle.event.model import LogDocument, Redacted, Redaction, Retraction
from chronicle.feed.filter import EVERYTHING, Filter
from chronicle.projection.projection import Projection
from chronicle.projection.shipped import SHIPPED
from chronicle.projection.standing import Standing
from chronicle.replicating import Replica, replica_at
from chronicle.service import Archive
from chronicle.state.answer import record_json, recorded_text
from chronicle.when import clock

TOKEN = "CHRONICLE_TOKEN"  # noqa: S105 - where a token is, and none itself

HELD = ("lease-lost", "leased")
"""Another program brings the table along; one that waits stands by."""


def follow(
    *,
    after: Annotated[
        str,
        typer.Option("--after", metavar="N|CURSOR", help="Begin after this position, or where a record's cursor is."),
    ] = "0",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Go on with records as they come, or end with the last.")
    ] = True,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help=f"The log of a server: https://…; {TOKEN} has the token it asks for."
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="URL", help="With --url: take the log over into a database, with tables of it."),
    ] = None,
    projection: Annotated[
        list[str] | None,
        typer.Option(
            "--projection",
            metavar="NAME",
            help="With --into: keep the table of this projection; repeatable. [those that are there, else all shipped]",
        ),
    ] = None,
    verifier: Annotated[
        str | None,
        typer.Option(
            "--verifier", metavar="KEY", help="With --into: the key that signs the log. [what the server shows first]"
        ),
    ] = None,
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
    meanwhile, or be another, that is an error then. With --url the log is that of a server, and with --into it is taken
    over into a database, checked against the server's signed checkpoints, and tables of projections follow it there;
    the database goes on where it is. Interrupt it to end.

    Example: chronicle follow --url https://chronicle.example.org --into postgresql://localhost/figures
    """
    if into is None and (projection or verifier is not None):
        raise QuestionError("--projection and --verifier: are about a database, so they go with --into")
    if into is not None and (url is None or after != "0"):
        raise QuestionError("--into: takes the log of a server, named by --url, from its start, and knows where it is")
    wanted = Filter.of(
        chronicles=chronicle, types=type_, entities=entity, attributes=attribute, tags=tag, since=since, until=until
    )
    if into is not None and wanted != EVERYTHING:
        raise QuestionError("--into: takes all of a log, for its checkpoints are of all: leave out what narrows it")
    try:
        with terminable():
            if url is None:
                _print_ours(db, after, wanted, wait=wait, json=json)
            elif into is None:
                _print_theirs(url, after, wanted, wait=wait, json=json)
            else:
                _take(url, into, projection or (), verifier, wait=wait, json=json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def position_or_cursor(text: str) -> int | str:
    """What `--after` was given; a cursor is longer than any position."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text


def _print_ours(db: str | None, after: str, wanted: Filter, *, wait: bool, json: bool) -> None:
    with Archive.open(db, create=False) as archive:
        for record in archive.follow(after=position_or_cursor(after), wanted=wanted, wait=wait):
            if json:
                print_json_line({**record_json(record), "cursor": record.cursor.text})
            else:
                header = record.header
                named = (header.chronicle, header.kind, header.id, header.version)
                _print_line(record.position, recorded_text(header.recorded), named, record.document)


def _print_theirs(url: str, after: str, wanted: Filter, *, wait: bool, json: bool) -> None:
    with _client(url, wait=wait) as client:
        for record in client.log(after=position_or_cursor(after), wanted=wanted, wait=wait):
            if json:
                print_json_line(record)
            else:
                named = (record.chronicle, record.kind, record.id, record.version)
                _print_line(record.position, record.recorded, named, record.document)


def _print_line(position: int, recorded: str, named: tuple[str, str, str, int], document: LogDocument) -> None:
    chronicle, kind, id_, version = named
    what = getattr(document, "title", None) or getattr(document, "label", None) or ""
    if isinstance(document, Retraction):
        what = "retracted"
    elif isinstance(document, Redacted | Redaction):
        what = f"redacted: {document.reason}"
    print(harmless(f"{position} {recorded} {chronicle} {kind} {id_} v{version} {what}".rstrip()), flush=True)


def _take(url: str, into: str, names: Iterable[str], verifier: str | None, *, wait: bool, json: bool) -> None:
    named = [projection_named(name) for name in names]
    told: dict[str, int] = {}
    parked = 0
    with _client(url, wait=wait) as client, replica_at(into, client, clock, verifier=verifier) as replica:
        while True:
            with progress_bar("the log", "records") as bar:
                replica.take(bar)
            parked = 0
            for one in named or _there(replica):
                standing = _run(replica, one, wait=wait)
                if standing is not None:
                    parked += len(standing.parked) + len(standing.effects)
                    if told.get(one.name) != standing.position:
                        told[one.name] = standing.position
                        _print_standing(standing, json=json)
            if not wait:
                break
            time.sleep(SECONDS)
    raise typer.Exit(1 if parked else 0)


def _there(replica: Replica) -> list[type[Projection]]:
    """The shipped projections that have a table, else all of them."""
    there = {one.name for one in replica.tables.standings()}
    return [one for name, one in SHIPPED.items() if name in there or not there]


def _run(replica: Replica, projection: type[Projection], *, wait: bool) -> Standing | None:
    """How the table stands after a run; None while another program has it and this one waits."""
    try:
        return replica.tables.run(projection)
    except ConflictError as error:
        if wait and error.code in HELD:
            return None
        raise


def _print_standing(standing: Standing, *, json: bool) -> None:
    if json:
        print_json_line(standing.as_json())
        return
    print(f"{standing.name}: generation {standing.generation} at position {standing.position}", flush=True)
    for one in (*standing.parked, *standing.effects):
        print_note(f"{standing.name}: parked: position {one['position']}: {one['error']}")


@contextmanager
def _client(url: str, *, wait: bool) -> Iterator[Any]:
    """A client of a server, which one that waits goes on asking however long it is away."""
    from chronicle.client import Client, Patience  # noqa: PLC0415 - an extra

    patience = Patience(attempts=10**9, within=float("inf")) if wait else Patience()
    with Client(url, token=os.environ.get(TOKEN) or None, patience=patience, tell=_note_wait) as client:
        yield client


def _note_wait(why: str, seconds: float) -> None:
    print_note(f"{why}; tried again in {seconds:.1f} s")
