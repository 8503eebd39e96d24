"""Who may do what: open to whoever is on this machine, or by tokens.

Open is for one person at a loopback address. There a request must be for that address by one of its names, so that no
page of another site can reach it under a name of its own (DNS rebinding); and what changes something must come from no
other origin. Bearer tokens are sent by nobody's browser on its own, so these need no such care.
"""

from __future__ import annotations

from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

from chronicle.admitting import Pass, Scope
from chronicle.service import Archive

Mode = Literal["open", "tokens", "public-read"]
"""Anybody at a loopback address may do all; bearers of tokens may what these allow; beside them, anybody may read."""

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}

Connection = ASGIConnection[Any, Any, Any, Any]


def require(connection: Connection, scope: Scope, *chronicles: str | None, token: str | None = None) -> Pass | None:
    """The pass of a request, None where it needs none. Raises HTTPException: 401, 403 or 421.

    `chronicles` are those that it is about, None standing for all of them. `token` is one that
    was sent in a form, as only its own page can.
    """
    mode: Mode = connection.app.state.mode
    if mode == "open":
        _check_local(connection, scope)
        return None
    shown = f"Bearer {token}" if token else connection.headers.get("authorization", "")
    if not shown and mode == "public-read" and scope == "read":
        return None
    archive: Archive = connection.app.state.archive
    kind, _, secret = shown.partition(" ")
    found = archive.tokens().admit(secret.strip()) if kind.lower() == "bearer" else None
    if found is None:
        what = 'error="invalid_token"' if shown else ""
        raise HTTPException(
            "Send a token of this archive: Authorization: Bearer chr_…; chronicle tokens create makes one",
            status_code=401,
            headers={"www-authenticate": f'Bearer realm="chronicle"{", " if what else ""}{what}'},
        )
    if not found.allows(scope):
        raise HTTPException(f"The token {found.id} does not allow to {scope}", status_code=403)
    if found.chronicles and not all(one in found.chronicles for one in chronicles):
        named = ", ".join(sorted(found.chronicles))
        raise HTTPException(f"The token {found.id} is for {named}: name one of these as chronicle", status_code=403)
    return found


def _check_local(connection: Connection, scope: Scope) -> None:
    host = connection.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name.lower() not in LOOPBACK_NAMES:
        raise HTTPException("This server answers at a loopback address only", status_code=421)
    origin = connection.headers.get("origin")
    if scope != "read" and origin is not None and origin.partition("://")[2] != host:
        raise HTTPException("Another site must not change anything here", status_code=403)
    if scope != "read" and connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise HTTPException("Another site must not change anything here", status_code=403)
