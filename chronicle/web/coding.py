"""Answers in the content coding that a client likes best: zstd (RFC 8878) or gzip, else as they are.

Left as they are: bodies that are small, come in parts or are compressed already, and whatever could be guessed by its
length (BREACH): a page that has a secret beside what somebody else may have written. Such are HTML that is not to be
stored, answers of routes with `plain`, and what a browser asks with its cookies on behalf of another site.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Callable
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALLEST = 1_000
"""Bytes from which on a body is worth it."""

LARGE = 32 * 1024
"""Bytes from which on a body is compressed in a thread, so that others need not wait."""

IDENTITY = "identity"

_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstd.compress(body, 6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The best one first; the same body gives the same bytes."""

_TEXTS = (b"text/", b"application/json", b"application/xml", b"image/svg+xml", b"application/link-format")
_COMPRESSED = (b"text/event-stream",)

Headers = list[tuple[bytes, bytes]]


def chosen(header: str) -> str:
    """The coding among those there are that `Accept-Encoding` (RFC 9110, section 12.5.3) likes best, else `identity`.

    Of those liked alike it is the one that compresses best. What cannot be read is left out.
    """
    liked: dict[str, float] = {}
    for part in header.lower().split(",")[:20]:
        name, *parameters = (one.strip() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        quality = _quality(weight)
        if name and quality is not None:
            liked["gzip" if name == "x-gzip" else name] = quality
    others = liked.get("*", 0.0)
    plain = liked.get(IDENTITY, 0.0)
    best = max(_CODINGS, key=lambda name: liked.get(name, others))
    quality = liked.get(best, others)
    return best if quality > 0 and quality >= plain else IDENTITY


def _quality(text: str) -> float | None:
    """A weight of RFC 9110, section 12.4.2: 0 to 1, at most three digits."""
    whole, _, digits = text.partition(".")
    if whole not in ("0", "1") or len(digits) > 3 or not (digits == "" or (digits.isascii() and digits.isdigit())):
        return None
    quality = float(f"{whole}.{digits or 0}")
    return quality if quality <= 1 else None


def coding_of(scope: Any) -> str:
    """The coding in which a request is answered, if its answer is compressed at all."""
    given: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        given[name] = given[name] + b"," + value if name in given else value
    foreign = given.get(b"sec-fetch-site", b"cross-site") not in (b"same-origin", b"none")
    if b"accept-encoding" not in given or (b"cookie" in given and foreign):
        return IDENTITY
    return chosen(given[b"accept-encoding"].decode("latin-1"))


class Coded:
    """An application whose answers are compressed; an ASGI application itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        coding = coding_of(scope)
        start: Any = None

        async def coded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _may_be(scope, message):
                start = {**message, "headers": _varying(message["headers"])}
                return
            if message["type"] == "http.response.body" and start is not None:
                head, start, body = start, None, message["body"]
                if coding != IDENTITY and len(body) >= SMALLEST and not message.get("more_body", False):
                    compress = _CODINGS[coding]
                    body = await asyncio.to_thread(compress, body) if len(body) >= LARGE else compress(body)
                    head = {**head, "headers": _told(head["headers"], coding, len(body))}
                    message = {**message, "body": body}
                await send(head)
            await send(message)

        await self._app(scope, receive, coded)


def _may_be(scope: Any, head: Any) -> bool:
    """An answer is of a kind that is compressed; one whose length is not known comes in parts, and begins at once."""
    told = {name.lower(): value for name, value in head["headers"]}
    media_type = told.get(b"content-type", b"").partition(b";")[0].strip().lower()
    is_text = (media_type.startswith(_TEXTS) or media_type.endswith((b"+json", b"+xml"))) and (
        media_type not in _COMPRESSED
    )
    keep = told.get(b"cache-control", b"")
    is_secret = b"set-cookie" in told or (media_type == b"text/html" and b"no-store" in keep)
    handler = scope.get("route_handler")
    is_plain = handler is not None and bool(handler.opt.get("plain"))
    is_whole = head["status"] not in (204, 206, 304) and b"content-length" in told
    is_whole = is_whole and b"content-encoding" not in told and b"content-range" not in told
    return is_text and is_whole and not is_secret and not is_plain and b"no-transform" not in keep


def _varying(headers: Any) -> Headers:
    """The same, telling caches that the answer depends on what codings the client takes."""
    said = b", ".join(value for name, value in headers if name.lower() == b"vary")
    if b"accept-encoding" in said.lower() or said.strip() == b"*":
        return list(headers)
    kept = [(name, value) for name, value in headers if name.lower() != b"vary"]
    return [*kept, (b"vary", said + b", accept-encoding" if said else b"accept-encoding")]


def _told(headers: Headers, coding: str, length: int) -> Headers:
    """The headers of the compressed body. A tag is made weak: strong ones differ by coding (RFC 9110, 8.8.3.3)."""
    told = []
    for name, value in headers:
        if name.lower() == b"etag" and not value.startswith(b"W/"):
            value = b"W/" + value  # noqa: PLW2901 - the same tag, weak
        if name.lower() != b"content-length":
            told.append((name, value))
    return [*told, (b"content-encoding", coding.encode()), (b"content-length", str(length).encode())]
