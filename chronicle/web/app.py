"""The service: an archive as an ASGI application."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from logging.config import dictConfig
from typing import Any, cast

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State as AppState
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Parameter

from chronicle.errors import ChronicleError, QuestionError, near, shown
from chronicle.service import Archive
from chronicle.web import pages
from chronicle.web.access import Mode, require
from chronicle.web.answers import ASK_AGAIN, answered
from chronicle.web.api import QUESTIONS
from chronicle.web.following import DOORS
from chronicle.web.gate import Gate
from chronicle.web.headers import secured
from chronicle.web.limits import Limits, limits
from chronicle.web.logs import logging_config
from chronicle.web.measures import Measures
from chronicle.web.memento import REMEMBERED
from chronicle.web.problems import on_any_error, on_chronicle_error, on_http_error
from chronicle.web.recording import append
from chronicle.web.streams import STREAMS
from chronicle.web.tiles import TILES
from chronicle.web.watching import Patience, Watcher

MOST_BODY = 16 * 1024 * 1024
"""Bytes of a request that are read."""

MODE, MODES = "CHRONICLE_ACCESS", ("open", "tokens", "public-read")


def application(archive: Archive, mode: Mode, patience: Patience = Patience()) -> Litestar:  # noqa: B008 # it is frozen
    """The application over an archive that is open; it is closed with the application."""
    watcher = Watcher(archive, patience.look)

    @asynccontextmanager
    async def serving(app: Litestar) -> AsyncIterator[None]:
        with archive, archive.appender() as appender:
            app.state.appender = appender
            try:
                yield
            finally:
                watcher.close()

    return Litestar(
        [QUESTIONS, DOORS, STREAMS, *TILES, append, *REMEMBERED, openapi, health, ready, *pages.routes],
        lifespan=[serving],
        state=AppState({"archive": archive, "mode": mode, "watcher": watcher, "patience": patience}),
        before_request=check_request,
        after_request=secured,
        compression_config=CompressionConfig(backend="gzip", minimum_size=1_000, exclude_opt_key="plain"),
        exception_handlers={
            ChronicleError: cast("Any", on_chronicle_error),
            HTTPException: cast("Any", on_http_error),
            Exception: on_any_error,
        },
        openapi_config=OpenAPIConfig(
            title="Chronicle",
            version=version("chronicle-service"),
            description="What was the case on a date, as far as was reported and recorded; see the README.",
            render_plugins=[JsonRenderPlugin()],  # the library's pages load scripts of other hosts
        ),
        request_max_body_size=MOST_BODY,
        debug=False,
        logging_config=None,
    )


def gated(archive: Archive, mode: Mode, within: Limits) -> Gate:
    """The application behind its gate: what a server runs."""
    measures = Measures()
    app = application(archive, mode)
    app.state.measures = measures
    app.register(metrics)
    return Gate(app, archive, within, measures)


def create() -> Gate:
    """The same by this process's environment, for a server that is told where to find it. Raises QuestionError."""
    mode = os.environ.get(MODE, "open")
    if mode not in MODES:
        raise QuestionError(f"{MODE}: {shown(mode)} is none of {', '.join(MODES)}")
    dictConfig(logging_config())
    made = gated(Archive.open(create=False), cast("Mode", mode), limits())
    made.app.on_startup.append(_end_streams_when_told)
    return made


def _end_streams_when_told(app: Litestar) -> None:
    """Let the signal that stops a server end its streams, too, which it would wait for otherwise.

    The loop learns of a signal whoever handles it, so what the server itself does about it is done as well.
    """
    watcher: Watcher = app.state.watcher
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(watcher.close))
        signal.siginterrupt(number, False)  # noqa: FBT003 # as the loop has it


async def check_request(request: Request[Any, Any, AppState]) -> None:
    """Refuse what the access does not allow, and parameters that no route knows: a misspelt one is not left out.

    Only a token is looked up in a thread: going there and back costs as much as half an answer.
    """
    if request.route_handler.opt.get("anybody"):
        return
    if request.method in ("GET", "HEAD"):
        named = request.path_params.get("chronicle")
        chronicles = [named] if named else request.query_params.getall("chronicle", [None])
        if "authorization" in request.headers:
            await asyncio.to_thread(require, request, "read", *chronicles)
        else:
            require(request, "read", *chronicles)
    known = _parameters(request)
    strange = [] if known is None else sorted(set(request.query_params) - known)
    if known and request.route_handler.opt.get("takes_any"):  # as its protocol has it; but not what is misspelt
        strange = [name for name in strange if near(name, known)]
    if known is not None and strange:
        raise QuestionError(f"{shown(strange[0])} is no parameter here: there are {', '.join(sorted(known))}")


def _parameters(request: Request[Any, Any, AppState]) -> set[str] | None:
    """The names of the query parameters of a route; None where it tells none."""
    item = (request.app.openapi_schema.paths or {}).get(request.scope["path_template"])
    operation = None if item is None else item.get if request.method in ("GET", "HEAD") else item.post
    if operation is None:
        return None
    return {one.name for one in operation.parameters or [] if isinstance(one, Parameter) and one.param_in == "query"}


@get("/api/openapi.json", sync_to_thread=False, include_in_schema=False)
def openapi(request: Request[Any, Any, AppState]) -> Response[bytes]:
    """What can be asked, as OpenAPI 3.1."""
    told = msgspec.json.encode(request.app.openapi_schema.to_schema())
    return answered(request, told, keep=ASK_AGAIN)


@get("/metrics", sync_to_thread=True, summary="Figures for Prometheus")
def metrics(request: Request[Any, Any, AppState]) -> Response[bytes]:
    """How many requests, how long they took, and where the log ends, in the text format of Prometheus."""
    measures: Measures = request.app.state.measures
    archive: Archive = request.app.state.archive
    told = measures.text(archive.position())
    return Response(told, headers={"content-type": measures.media_type, "cache-control": "no-store"})


@get("/health", sync_to_thread=False, summary="The process answers", anybody=True)
def health() -> dict[str, str]:
    """It is alive."""
    return {"status": "ok"}


@get("/ready", sync_to_thread=True, summary="The archive can be read", anybody=True)
def ready(request: Request[Any, Any, AppState]) -> dict[str, int]:
    """The last position of the log; an error where it cannot be read."""
    archive: Archive = request.app.state.archive
    return {"position": archive.position()}
