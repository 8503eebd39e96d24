"""The commands that open the door to the network: serve, tokens."""

from __future__ import annotations

import ipaddress
import os
import time
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from chronicle.admitting import SCOPES, Token
from chronicle.cli.options import Db, Json
from chronicle.cli.output import print_json, print_note, print_table
from chronicle.config import settings
from chronicle.errors import MissingExtraError, QuestionError
from chronicle.service import Archive
from chronicle.state.answer import recorded_text

tokens = typer.Typer(
    help="Who may come in over the network.\n\nExample: chronicle tokens list",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HEADERS_WITHIN = 10
"""Seconds in which a client must have sent the head of a request, where no shorter time is set for the whole of it."""

GRACE = 10
"""Seconds that requests have to end in once the server is told to stop."""

SPARE = 64
"""Connections beyond those that the limits let in: who is on them is told that it is too much."""

Access = Literal["open", "tokens", "public-read"]


def serve(
    *,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="At which port.")] = 8765,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help="In so many processes.")] = 1,
    access: Annotated[
        Access | None,
        typer.Option(
            "--access",
            envvar="CHRONICLE_ACCESS",
            help="open: anybody on this machine may do all; tokens: bearers of tokens; public-read: anybody may read. "
            "[open at a loopback address without proxies, else tokens]",
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Serve an archive over HTTP, until interrupted: /api/… answers what the commands answer.

    Example: chronicle serve --port 8765
    """
    with TemporaryDirectory(prefix="chronicle-figures-") as figures:
        if workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # before its library is imported, which looks once
        _serve(host, port, workers, access, db)


def _serve(host: str, port: int, workers: int, access: Access | None, db: str | None) -> None:
    try:
        from granian import Granian  # noqa: PLC0415 - an extra
        from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - as above
        from granian.http import HTTP1Settings  # noqa: PLC0415 - as above

        from chronicle.web.app import issuer  # noqa: PLC0415 - as above
        from chronicle.web.limits import limits  # noqa: PLC0415 - as above
        from chronicle.web.logs import logging_config  # noqa: PLC0415 - as above
        from chronicle.web.proxies import proxies  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise MissingExtraError("Services", "serve", str(error.name)) from error
    within, behind, trusted = limits(), proxies(), issuer()  # what is wrong with settings is told now
    mode = access or ("open" if _is_loopback(host) and not behind.networks else "tokens")
    if mode == "open" and behind.networks:
        raise QuestionError("--access: open is not for a server behind proxies: use tokens or public-read")
    if mode == "open" and not _is_loopback(host):
        raise QuestionError("--access: open is for a loopback address: others could do all; use tokens or public-read")
    with Archive.open(db, create=False) as archive:
        if mode == "tokens" and trusted is None and not archive.tokens().all():
            raise QuestionError(
                "there is no token yet, so nobody could come in: chronicle tokens create NAME --scope read"
            )
        position = archive.position()
    os.environ["CHRONICLE_DB"] = db or settings().url
    os.environ["CHRONICLE_ACCESS"] = mode
    print_note(
        f"http://{_named(host)}:{port} serves position {position}, access {mode}; /api/openapi.json describes it"
    )
    Granian(
        "chronicle.web.app:create",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        factory=True,
        websockets=False,
        http=HTTPModes.http1,  # a connection that may yet be of HTTP/2 is waited for without end
        http1_settings=HTTP1Settings(header_read_timeout=int(min(HEADERS_WITHIN, within.seconds) * 1000)),
        backpressure=within.at_once + within.waiting + SPARE,
        log_access=False,
        log_dictconfig=logging_config(),
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    ).serve()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who has it: it is recorded with what it appends.")],
    *,
    scope: Annotated[
        list[str], typer.Option("--scope", metavar="SCOPE", help=f"{', '.join(SCOPES)}; may be repeated.")
    ],
    chronicle: Annotated[
        list[str] | None, typer.Option("--chronicle", metavar="ID", help="Only for this one; may be repeated. [all]")
    ] = None,
    days: Annotated[
        float | None, typer.Option("--days", metavar="N", min=0, help="For how long it is good. [for ever]")
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Give out a token and print it, once: only its hash is kept.

    append lets its bearer record new ids, correct further versions and retractions, too; admin everything.

    Example: chronicle tokens create desk --scope read --scope append --days 90
    """
    expires = None if days is None else time.time_ns() // 1000 + int(timedelta(days=days).total_seconds() * 1_000_000)
    with Archive.open(db, create=False) as archive:
        text, token = archive.tokens().create(name, scope, chronicles=chronicle or (), expires=expires)
    if json:
        print_json({**token.as_json(), "token": text})
    else:
        print(text)


@tokens.command("list")
def list_(*, db: Db = None, json: Json = False) -> None:
    """List the tokens that were given out, and when each was last used.

    Example: chronicle tokens list
    """
    with Archive.open(db, create=False) as archive:
        found = archive.tokens().all()
    if json:
        print_json({"tokens": [one.as_json() for one in found]})
    elif found:
        print_table(("id", "name", "scopes", "chronicles", "expires", "used", ""), [_cells(one) for one in found])
    else:
        print("no token was given out: chronicle tokens create NAME --scope read")


@tokens.command()
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a token, which `tokens list` has.")],  # noqa: A002
    *,
    db: Db = None,
) -> None:
    """Let a token open nothing any more, from now on.

    Example: chronicle tokens revoke 3f9a1c02bd44
    """
    with Archive.open(db, create=False) as archive:
        archive.tokens().revoke(id)
    print(f"{id}: revoked")


def _cells(one: Token) -> tuple[str, ...]:
    times = ("" if at is None else recorded_text(at)[:16] + "Z" for at in (one.expires, one.used))
    state = "" if one.revoked is None else "revoked"
    return (one.id, one.name, " ".join(one.scopes), " ".join(one.chronicles) or "all", *times, state)
