"""Browsers in which somebody has shown a token: the cookie of their session, and the proof that a form is one of ours.

The cookie is for this site alone (`SameSite=Strict`), out of the reach of scripts and, where the client came by https,
of other hosts and ports too (`__Host-`, RFC 6265bis). What changes something must come from a page of this origin, and
have a text in its form that only a page of the same session has.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from chronicle.admitting import Pass
from chronicle.service import Archive

Connection = ASGIConnection[Any, Any, Any, Any]

SECURE, PLAIN = "__Host-chronicle", "chronicle-session"

HOUR = 3_600_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose session it is, its secret, and the text that its forms have."""

    bearer: Pass
    secret: str

    @property
    def proof(self) -> str:
        """What the forms of this session have, made from its secret, which it does not tell."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()

    def sent(self, proof: str) -> bool:
        """A form with this text is of this session."""
        return hmac.compare_digest(self.proof.encode(), proof.encode())


def shows_session(connection: Connection) -> bool:
    """A request comes with the cookie of a session, of one that is over or not."""
    return _name(connection) in connection.cookies


def visitor_of(connection: Connection) -> Visitor | None:
    """Whose session a request belongs to; None if it belongs to none."""
    secret = connection.cookies.get(_name(connection))
    if not secret or connection.app.state.mode == "open":
        return None
    archive: Archive = connection.app.state.archive
    session = archive.sessions().find(secret)
    if session is None:
        return None
    bearer, issuer = session.bearer, connection.app.state.issuer
    if bearer.issuer is not None and (issuer is None or issuer.name != bearer.issuer):
        return None  # whose tokens are not taken any more
    return Visitor(bearer, secret)


def begun(connection: Connection, bearer: Pass) -> Cookie:
    """The cookie of a new session for whoever has shown a token."""
    archive: Archive = connection.app.state.archive
    life = int(connection.app.state.session_hours * HOUR)
    return _cookie(connection, archive.sessions().begin(bearer, life), life // 1_000_000)


def ended(connection: Connection) -> Cookie:
    """The cookie that takes the place of a session that is over from now on, and goes at once."""
    if secret := connection.cookies.get(_name(connection)):
        archive: Archive = connection.app.state.archive
        archive.sessions().end(secret)
    return _cookie(connection, "", 0)


def check_same_origin(connection: Connection) -> None:
    """Raises HTTPException where a page of another origin sent a request: 403."""
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    if origin is not None and origin.partition("://")[2] != host:
        raise HTTPException(
            "Another site must not change anything here; if this is the same one, the proxy before this server changes "
            "the name of the host: name the proxy with CHRONICLE_TRUSTED_PROXIES",
            status_code=403,
        )
    if connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise HTTPException("Another site must not change anything here", status_code=403)


def _name(connection: Connection) -> str:
    return SECURE if _is_secure(connection) else PLAIN


def _is_secure(connection: Connection) -> bool:
    return bool(connection.scope["scheme"] == "https")


def _cookie(connection: Connection, value: str, seconds: int) -> Cookie:
    strict: Literal["strict"] = "strict"
    return Cookie(
        key=_name(connection),
        value=value,
        max_age=seconds,
        path="/",
        secure=_is_secure(connection),
        httponly=True,
        samesite=strict,
    )
