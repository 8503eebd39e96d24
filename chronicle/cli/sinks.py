"""The commands `chronicle sinks …`: the systems that the log is sent to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from chronicle.cli.options import (
    Db,
    Json,
    OfAttributes,
    OfChronicles,
    OfEntities,
    OfTags,
    OfTypes,
    Since,
    Until,
    several,
)
from chronicle.cli.output import print_json, print_note, print_table
from chronicle.errors import QuestionError
from chronicle.feed.filter import Filter
from chronicle.feed.standing import SinkStanding
from chronicle.feeding import OVERLAP, Sinks
from chronicle.service import Archive
from chronicle.state.answer import recorded_text

sinks = typer.Typer(
    help="Systems that the log is sent to, record by record.\n\nExample: chronicle sinks list",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a sink.")]
SecretFile = Annotated[
    Path | None,
    typer.Option("--secret-file", metavar="FILE", help="A file with the secret, whsec_…, instead of a new one."),
]
MOST_TOLD = 20
"""Dead letters that are told one by one; --json has all."""


@sinks.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name for it: lower case letters, digits, _ and -.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="https://… of a webhook, or nats://… of a NATS server.")],
    *,
    after: Annotated[
        int | None, typer.Option("--after", metavar="N", min=0, help="Send what comes after a position. [0: all]")
    ] = None,
    chronicle: OfChronicles = None,
    type_: OfTypes = None,
    entity: OfEntities = None,
    attribute: OfAttributes = None,
    tag: OfTags = None,
    since: Since = None,
    until: Until = None,
    allow: Annotated[
        list[str] | None, several("--allow", "A network that is not public and may be reached; repeatable.")
    ] = None,
    secret_file: SecretFile = None,
    stream: Annotated[str, typer.Option("--stream", metavar="NAME", help="Of NATS: the stream.")] = "CHRONICLE",
    prefix: Annotated[str, typer.Option("--prefix", metavar="P", help="Of NATS: how subjects begin.")] = "chronicle",
    db: Db = None,
    json: Json = False,
) -> None:
    """Put a sink down. Of a webhook it prints, once, the secret that signs deliveries: give it to the receiver.

    Example: chronicle sinks add desk https://example.org/hook --type statistic
    """
    wanted = Filter.of(
        chronicles=chronicle, types=type_, entities=entity, attributes=attribute, tags=tag, since=since, until=until
    )
    with _sinks(db) as there:
        secret = there.add(
            name,
            url,
            filter=wanted,
            after=after or 0,
            allow=allow or (),
            secret=_secret(secret_file),
            stream=stream,
            prefix=prefix,
        )
        [standing] = there.standings(name)
    if json:
        print_json({**standing.as_json(), **({} if secret is None else {"secret": secret})})
        return
    print(f"{name}: begins after position {standing.position}; chronicle sinks run sends")
    if secret is not None:
        print(f"its secret: {secret}")


@sinks.command("list")
def list_(*, db: Db = None, json: Json = False) -> None:
    """List the sinks and how they stand.

    Example: chronicle sinks list
    """
    with _sinks(db) as there:
        standings = there.standings()
    if json:
        print_json({"sinks": [one.as_json() for one in standings]})
    elif standings:
        print_table(("name", "kind", "to", "status", "position"), [_cells(one) for one in standings])
    else:
        print("there are no sinks: chronicle sinks add NAME URL")


@sinks.command()
def run(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this one. [all]")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with all sinks until interrupted.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Send sinks what they lack. Exits with 1 if a delivery failed or records were given up.

    Several programs may run the same sinks: one of them sends, and another takes over when that says nothing any more.

    Example: chronicle sinks run --follow
    """
    if follow and name is not None:
        raise QuestionError("--follow: runs all sinks; pause those that are not to run")
    with _sinks(db) as there:
        if follow:
            _follow(there)
            return
        names = [one.name for one in there.standings(name)]
        standings = [there.run(one) for one in names]
    _tell(standings, json=json)


@sinks.command()
def pause(name: Name, *, db: Db = None) -> None:
    """Stop sending to a sink; it keeps its place.

    Example: chronicle sinks pause desk
    """
    with _sinks(db) as there:
        there.pause(name)
    print(f"{name}: paused")


@sinks.command()
def resume(name: Name, *, db: Db = None) -> None:
    """Send again, at once, what a pause, a failure or the other side stopped.

    Example: chronicle sinks resume desk
    """
    with _sinks(db) as there:
        there.resume(name)
    print(f"{name}: active")


@sinks.command()
def rotate(
    name: Name,
    *,
    overlap: Annotated[
        float, typer.Option("--overlap", metavar="HOURS", min=0, help="How long the old secret signs, too.")
    ] = OVERLAP / 3600,
    secret_file: SecretFile = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Give a webhook a new secret and print it; for a while the old one signs beside it.

    Example: chronicle sinks rotate desk
    """
    with _sinks(db) as there:
        secret = there.rotate(name, secret=_secret(secret_file), overlap=int(timedelta(hours=overlap).total_seconds()))
    if json:
        print_json({"name": name, "secret": secret})
    else:
        print(f"its secret: {secret}")


@sinks.command()
def replay(
    name: Name,
    *,
    after: Annotated[
        int | None,
        typer.Option("--after", metavar="N", min=0, help="Send again all that comes after a position, when next run."),
    ] = None,
    db: Db = None,
) -> None:
    """Send a sink again, now and in order, the records that were given up. Exits with 1 if one fails again.

    Example: chronicle sinks replay desk
    """
    with _sinks(db) as there:
        if after is not None:
            there.rewind(name, after)
            print(f"{name}: goes on after position {after}")
            return
        done = there.replay(name)
        [standing] = there.standings(name)
    left = len(standing.dead)
    print(f"{name}: {done} delivered, {left} left")
    raise typer.Exit(1 if left else 0)


@sinks.command()
def remove(name: Name, *, db: Db = None) -> None:
    """Remove a sink, its place and its dead letters; the log is not touched.

    Example: chronicle sinks remove desk
    """
    with _sinks(db) as there:
        there.remove(name)
    print(f"{name}: removed")


@sinks.command()
def lag(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this one. [all]")] = None,
    *,
    db: Db = None,
    json: Json = False,
) -> None:
    """Say how far each sink is behind the log, in records and seconds, what failed last, and when it is tried again.

    Exits with 1 if a sink has failed, was stopped by the other side, or has given records up.

    Example: chronicle sinks lag --json
    """
    with _sinks(db) as there:
        standings = there.standings(name)
    _tell(standings, json=json)


def _tell(standings: list[SinkStanding], *, json: bool) -> None:
    if json:
        print_json({"sinks": [one.as_json() for one in standings]})
    elif standings:
        headings = ("name", "status", "position", "behind", "seconds", "delivered", "failed", "next", "dead", "error")
        print_table(headings, [_lag_cells(one) for one in standings])
        for one in standings:
            _note_dead(one)
    else:
        print("there are no sinks: chronicle sinks add NAME URL")
    raise typer.Exit(1 if any(one.error or one.dead for one in standings) else 0)


def _note_dead(one: SinkStanding) -> None:
    for letter in one.dead[:MOST_TOLD]:
        print_note(f"{one.name}: given up: position {letter['position']}: {letter['error']}")
    if len(one.dead) > MOST_TOLD:
        print_note(f"{one.name}: and {len(one.dead) - MOST_TOLD} more were given up: --json has all")
    if one.dead:
        print_note(f"{one.name}: once the other side is well, send them again: chronicle sinks replay {one.name}")


def _follow(there: Sinks) -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    there.follow(stop=stop)


def _cells(one: SinkStanding) -> tuple[str, ...]:
    return (one.name, one.kind, one.url, one.status, f"{one.position} of {one.head}")


def _lag_cells(one: SinkStanding) -> tuple[str, ...]:
    numbers = map(str, (one.position, one.behind, one.seconds, one.delivered, one.attempts))
    following = recorded_text(one.next)[:19] + "Z" if one.next else ""
    return (one.name, one.status, *numbers, following, str(len(one.dead)), one.error or "")


def _secret(file: Path | None) -> str | None:
    try:
        return None if file is None else file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"--secret-file: {error}") from error


@contextmanager
def _sinks(db: str | None) -> Iterator[Sinks]:
    with Archive.open(db, create=False) as archive:
        yield archive.sinks()
