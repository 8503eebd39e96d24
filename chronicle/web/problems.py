"""Errors as problem documents (RFC 9457), once, in one table."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from chronicle.errors import (
    ChronicleError,
    ConflictError,
    InputError,
    MissingExtraError,
    QuestionError,
    RefusedError,
    StoreError,
    UnknownError,
)
from chronicle.web.headers import SECURITY_HEADERS

MEDIA_TYPE = "application/problem+json"
NEVER_STORED = {"cache-control": "no-store"}

STATUSES: tuple[tuple[type[ChronicleError], int, str, str], ...] = (
    (StoreError, 503, "store-unavailable", "The archive cannot be used now"),
    (MissingExtraError, 501, "not-installed", "A part of the program is not installed"),
    (UnknownError, 404, "unknown", "There is no such thing in the log"),
    (RefusedError, 422, "refused", "Documents were refused, and nothing was written"),
    (QuestionError, 400, "bad-question", "The question cannot be answered"),
    (InputError, 400, "bad-question", "The question cannot be answered"),
    (ConflictError, 409, "conflict", "The log is not as it was expected to be"),
)
"""The first class that an error belongs to decides: the status, the end of the type's URN, and the title."""

_TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "The token does not allow this",
    404: "There is nothing here",
    405: "This cannot be done here",
    413: "The request is too large",
    415: "The request is of a type that is not read here",
    421: "The request is for another host",
    429: "Too many requests",
}

_logger = logging.getLogger("chronicle.web")


def document(status: int, kind: str, title: str, detail: str, **more: Any) -> bytes:
    """A problem document. Its type is a URN, for there is no page about it: urn:chronicle:problem:KIND."""
    told = {"type": f"urn:chronicle:problem:{kind}", "title": title, "status": status, "detail": detail, **more}
    return msgspec.json.encode(told)


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Response[bytes]:
    """The answer that a problem document is."""
    told = document(status, kind, title, detail, **more)
    return Response(told, status_code=status, media_type=MEDIA_TYPE, headers={**NEVER_STORED, **SECURITY_HEADERS})


def on_chronicle_error(_: Request[Any, Any, Any], error: ChronicleError) -> Response[bytes]:
    """What the archive says of a request."""
    status, kind, title = next((row[1:] for row in STATUSES if isinstance(error, row[0])), (500, "error", "An error"))
    more: dict[str, Any] = {}
    if isinstance(error, RefusedError):
        more["problems"] = [msgspec.to_builtins(one) for one in error.problems]
    if isinstance(error, ConflictError):
        more["code"] = error.code
    return problem(status, kind, title, str(error), **more)


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What cannot even be asked: a path, a method, a parameter."""
    status = error.status_code
    more = {"errors": error.extra} if status == 400 and error.extra else {}
    title = _TITLES.get(status, "The request cannot be answered")
    answer = problem(status, "request", title, error.detail or title, **more)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def on_any_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of the program: it is logged, and the client is told nothing of it."""
    _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "internal", "The program failed", "This is a fault of the program; its log has the details.")
