"""Who may do what: open to whoever is on this machine, or by tokens.

Open is for one person at a loopback address. There a request must be for that address by one of its names, so that no
page of another site can reach it under a name of its own (DNS rebinding); and what changes something must come from no
other origin. Bearer tokens are sent by nobody's browser on its own, so these need no such care; the cookie of a session
is, and has it: see `visitors`.
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

from chronicle.admitting import PREFIX, Pass, Scope
from chronicle.service import Archive
from chronicle.web.visitors import Visitor, check_same_origin, shows_session, visitor_of

Mode = Literal["open", "tokens", "public-read"]
"""Anybody at a loopback address may do all; bearers of tokens may what these allow; beside them, anybody may read."""

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}

Connection = ASGIConnection[Any, Any, Any, Any]


def require(
    connection: Connection, scope: Scope, *chronicles: str | None, token: str | None = None, proof: str | None = None
) -> Pass | None:
    """The pass of a request, None where it needs none. Raises HTTPException: 401, 403, 421 or 503.

    `chronicles` are those that it is about, None standing for all of them; without any, see `check_about`. What was
    sent in a form, as only its own page can, is a `token`, or the `proof` that the forms of a session have.
    """
    mode: Mode = connection.app.state.mode
    if mode == "open":
        _check_local(connection, scope)
        return None
    shown = f"Bearer {token}" if token else connection.headers.get("authorization", "")
    visitor: Visitor | None = connection.state.get("visitor")
    if not shown and mode == "public-read" and scope == "read":
        return None
    if not shown and visitor is not None:
        found: Pass | None = visitor.bearer
        if scope != "read":
            check_same_origin(connection)
            if proof is None or not visitor.sent(proof):
                raise HTTPException("A session changes something by its own forms only", status_code=403)
    else:
        kind, _, secret = shown.partition(" ")
        found = admitted(connection, secret.strip()) if kind.lower() == "bearer" else None
    if found is None:
        what = 'error="invalid_token"' if shown else ""
        raise HTTPException(
            "Send a token of this archive: Authorization: Bearer chr_…; chronicle tokens create makes one",
            status_code=401,
            headers={"www-authenticate": f'Bearer realm="chronicle"{", " if what else ""}{what}'},
        )
    if not found.allows(scope):
        raise HTTPException(f"The token {found.id} does not allow to {scope}", status_code=403)
    check_about(found, *chronicles)
    return found


async def is_admitted(connection: Connection) -> bool:
    """Whoever asked for a stream may still have it: no token or session of theirs has ended since."""

    def look() -> bool:
        if shows_session(connection):
            connection.state.visitor = visitor_of(connection)
        try:
            require(connection, "read", *connection.state.about)
        except HTTPException:
            return False
        return True

    return await asyncio.to_thread(look)


def check_about(bearer: Pass | None, *chronicles: str | None) -> None:
    """Raises HTTPException, 403, where a pass is not for all the chronicles that a request is about."""
    if bearer is not None and bearer.chronicles and not all(one in bearer.chronicles for one in chronicles):
        named = ", ".join(sorted(bearer.chronicles))
        raise HTTPException(f"The token {bearer.id} is for {named}: name one of these as chronicle", status_code=403)


def admitted(connection: Connection, secret: str) -> Pass | None:
    """What the bearer of a token may, of this archive or of the issuer that is trusted; None if it is none of these.

    Raises HTTPException, 503, while the keys of the issuer are not there.
    """
    archive: Archive = connection.app.state.archive
    issuer = connection.app.state.issuer
    if secret.startswith(f"{PREFIX}_") or issuer is None:
        return archive.tokens().admit(secret)
    from chronicle.web.issuer_keys import NoKeysError  # noqa: PLC0415 - an extra, which is there where an issuer is

    try:
        found: Pass | None = issuer.admit(secret)
    except NoKeysError as error:
        raise HTTPException(f"The keys of {issuer.name} are not there: {error}", status_code=503) from error
    return found


def _check_local(connection: Connection, scope: Scope) -> None:
    host = connection.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name.lower() not in LOOPBACK_NAMES:
        raise HTTPException("This server answers at a loopback address only", status_code=421)
    if scope != "read":
        check_same_origin(connection)
