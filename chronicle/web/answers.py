"""Answers as responses: their bytes, and for how long they may be kept.

An answer whose basis is named as a whole, its position included, never changes (RFC 9111: `immutable`, RFC 8246); one
for a date may with the next append, so it is asked for again with its tag; one for "now" is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response

from chronicle.parameters import basis_of
from chronicle.when import describe

FOR_EVER = "max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NEVER = "no-store"
OF_NOW = "no-cache, must-revalidate"
"""Asked for again with its tag, and made again each time: it may change while the log stays as it is."""

JSON = "application/json"


def keeping(request: Request[Any, Any, Any], basis: Mapping[str, Any] | None, *, dated: bool = True) -> str:
    """The `Cache-Control` of an answer with a basis. `dated` says that it depends on `as_of`.

    Dates count as named if the basis has them as the request did: `yesterday` and the like do not.
    """
    if basis is None:
        return ASK_AGAIN
    asked = request.query_params
    if not all(map(_is_named, (asked.get("recorded", ""), *_dates(asked.get("since", ""))))):
        return NEVER
    names = ("as_of", "known") if dated else ("known",)
    if any(name in asked and asked[name] != basis.get(name) for name in names) or (dated and "as_of" not in asked):
        return NEVER
    return FOR_EVER if "position" in asked else ASK_AGAIN


def keeping_of_two(request: Request[Any, Any, Any], *bases: str) -> str:
    """The same of an answer with two bases, given as `parameters.basis_of` reads them; it may change with an append."""
    asked = request.query_params
    dates = [asked[name] for name in _DATES if name in asked]
    for basis in bases:
        if "as_of" not in asked and "=" in basis and "as_of=" not in basis and "as-of=" not in basis:
            return NEVER
        dates += _dates(basis)
    return ASK_AGAIN if all(map(_is_named, dates)) else NEVER


_DATES = ("as_of", "known", "recorded")


def _dates(basis: str) -> list[str]:
    """The dates of a basis as it was written; none of an empty text."""
    found = basis_of(basis)
    return [found] if isinstance(found, str) else [str(found[name]) for name in _DATES if name in found]


def _is_named(date: str) -> bool:
    """A date means the same whenever it is asked for."""
    return not date or bool(describe(date)["valid"])


def answered(
    request: Request[Any, Any, Any],
    body: bytes,
    *,
    keep: str,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """A body with its tag; 304 without it where the client has it already (RFC 9110, section 13.1.2)."""
    told = {"cache-control": keep, "vary": "accept-encoding", **(headers or {})}
    if request.app.state.mode == "tokens":
        told["vary"] += ", authorization, cookie"  # what a browser keeps is for whoever was logged in
    if keep != NEVER:
        whose = "private" if request.app.state.mode == "tokens" else "public"
        told["cache-control"] = f"{whose}, {keep}"
    if keep == NEVER:
        return Response(body, media_type=media_type, headers=told)
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # weak: the same in every coding (RFC 9110, 8.8.3.3)
    told["etag"] = tag
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in given or "*" in given:
        return Response(b"", status_code=304, media_type=media_type, headers=told)
    return Response(body, media_type=media_type, headers=told)


def json(
    request: Request[Any, Any, Any], document: Mapping[str, Any], *, keep: str | None = None, dated: bool = True
) -> Response[bytes]:
    """The JSON that the command line prints too, numbers as written."""
    return answered(
        request,
        msgspec.json.encode(document),
        keep=keeping(request, document.get("basis"), dated=dated) if keep is None else keep,
    )
