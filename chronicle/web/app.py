"""The service: an archive as an ASGI application."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from logging.config import dictConfig
from typing import Any, cast

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State as AppState
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Parameter

from chronicle.admitting import Scope
from chronicle.errors import ChronicleError, MissingExtraError, QuestionError, near, shown
from chronicle.service import Archive
from chronicle.web import pages
from chronicle.web.access import Mode, require
from chronicle.web.answers import ASK_AGAIN, answered
from chronicle.web.api import QUESTIONS
from chronicle.web.described import described
from chronicle.web.entries import entries
from chronicle.web.feeds import FEEDS
from chronicle.web.following import DOORS
from chronicle.web.gate import Gate
from chronicle.web.headers import secured
from chronicle.web.limits import SESSION_HOURS, Limits, limits
from chronicle.web.logs import logging_config
from chronicle.web.measures import Measures
from chronicle.web.memento import REMEMBERED
from chronicle.web.problems import on_any_error, on_chronicle_error, on_http_error
from chronicle.web.proxies import Proxies, proxies
from chronicle.web.recording import append
from chronicle.web.streams import STREAMS
from chronicle.web.tiles import TILES
from chronicle.web.visitors import shows_session, visitor_of
from chronicle.web.watching import Patience, Watcher
from chronicle.when import clock

MOST_BODY = 16 * 1024 * 1024
"""Bytes of a request that are read."""

OBJECTS = 1_000
"""After so many new objects Python looks for garbage, which takes it two milliseconds."""

TURN = 0.0005
"""Seconds for which a question may keep the others waiting; Python's own are ten times as many."""

MODE, MODES = "CHRONICLE_ACCESS", ("open", "tokens", "public-read")


def application(
    archive: Archive,
    mode: Mode,
    patience: Patience = Patience(),  # noqa: B008 # it is frozen
    *,
    issuer: Any = None,
    session_hours: float = SESSION_HOURS,
) -> Litestar:
    """The application over an archive that is open; it is closed with the application.

    `issuer` is a `web.issuer.Issuer`, whose tokens are taken beside those of the archive.
    """
    watcher = Watcher(archive, patience.look)

    @asynccontextmanager
    async def serving(app: Litestar) -> AsyncIterator[None]:
        with archive, archive.appender() as appender:
            app.state.appender = appender
            app.state.parameters = _parameters(app)
            try:
                yield
            finally:
                watcher.close()

    told = {
        "archive": archive,
        "mode": mode,
        "issuer": issuer,
        "session_hours": session_hours,
        "watcher": watcher,
        "patience": patience,
    }
    doors: list[Any] = [QUESTIONS, DOORS, STREAMS, entries, *TILES, append, *FEEDS, *REMEMBERED, openapi, health, ready]
    return Litestar(
        [*doors, *pages.routes],
        lifespan=[serving],
        state=AppState(told),
        before_request=check_request,
        after_request=secured,
        exception_handlers={
            ChronicleError: cast("Any", on_chronicle_error),
            HTTPException: cast("Any", on_http_error),
            Exception: on_any_error,
        },
        openapi_config=OpenAPIConfig(
            title="Chronicle",
            version=version("chronicle-service"),
            description="What was the case on a date, as far as was reported and recorded; see the README.",
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin()],  # the library's pages load scripts of other hosts
        ),
        request_max_body_size=MOST_BODY,
        debug=False,
        logging_config=None,
    )


def gated(archive: Archive, mode: Mode, within: Limits, *, behind: Proxies | None = None, issuer: Any = None) -> Gate:
    """The application behind its gate: what a server runs."""
    measures = Measures()
    app = application(archive, mode, issuer=issuer, session_hours=within.session_hours)
    app.state.measures = measures
    app.register(metrics)
    return Gate(app, archive, within, measures, behind)


def create() -> Gate:
    """The same by this process's environment, for a server that is told where to find it. Raises QuestionError."""
    mode = os.environ.get(MODE, "open")
    if mode not in MODES:
        raise QuestionError(f"{MODE}: {shown(mode)} is none of {', '.join(MODES)}")
    dictConfig(logging_config())
    gate = gated(Archive.open(create=False), cast("Mode", mode), limits(), behind=proxies(), issuer=issuer())
    gate.app.on_startup.append(_end_streams_when_told)
    # What is there now stays: to look through it for garbage again and again takes a tenth of a second each time. And
    # commands look seldom and long, while here all requests wait meanwhile.
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 10, 10)
    sys.setswitchinterval(TURN)
    return gate


def issuer(environment: Mapping[str, str] = os.environ) -> Any:
    """The `web.issuer.Issuer` of the variables CHRONICLE_OIDC_…, None without them; what it needs is an extra.

    Raises QuestionError and MissingExtraError.
    """
    if not any(environment.get(name) for name in environment if name.startswith("CHRONICLE_OIDC_")):
        return None
    try:
        from chronicle.web.issuer import Issuer, issuer_settings  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("Tokens of an issuer", "oidc", str(error.name)) from error
    found = issuer_settings(environment)
    return None if found is None else Issuer(found, clock)


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
    opt = request.route_handler.opt
    if opt.get("anybody"):
        return
    if shows_session(request):
        request.state.visitor = await asyncio.to_thread(visitor_of, request)
    if opt.get("entrance"):
        return
    about: tuple[str | None, ...] = ()
    if request.method in ("GET", "HEAD"):
        scope: Scope | None = "read"
        if not opt.get("of_each"):
            about = _chronicles(request)
        request.state.about = about
    else:
        scope = opt.get("scope")  # looked at before the body is read; what has none does so itself
    if scope is not None and "authorization" in request.headers:
        request.state.bearer = await asyncio.to_thread(require, request, scope, *about)
    elif scope is not None:
        request.state.bearer = require(request, scope, *about)
    for name, value in (*request.query_params.multi_items(), *request.path_params.items()):
        if "\0" in f"{value}":  # which PostgreSQL takes for a failure
            raise QuestionError(f"{shown(name)}: has a NUL in it, which nothing here has")
    known = request.app.state.parameters.get((request.scope["path_template"], request.method != "POST"))
    strange = [] if known is None else sorted(set(request.query_params) - known)
    if known and request.route_handler.opt.get("takes_any"):  # as its protocol has it; but not what is misspelt
        strange = [name for name in strange if near(name, known)]
    if known is not None and strange:
        raise QuestionError(f"{shown(strange[0])} is no parameter here: there are {', '.join(sorted(known))}")


def _chronicles(request: Request[Any, Any, AppState]) -> tuple[str | None, ...]:
    """The chronicles that a question names, in its path or its query; (None,) for all. Raises QuestionError.

    One that is named twice is refused: what is looked at here must be what is answered.
    """
    named = request.query_params.getall("chronicle", [])
    if len(named) > 1 and not request.route_handler.opt.get("of_several"):
        raise QuestionError("chronicle: name one, once")
    if "chronicle" in request.path_params:
        named = [request.path_params["chronicle"], *named]
    return tuple(one or None for one in named) or (None,)


def _parameters(app: Litestar) -> dict[tuple[str, bool], set[str]]:
    """The names of the query parameters of each route, for reading and for posting, where it tells any."""
    found = {}
    for path, item in (app.openapi_schema.paths or {}).items():
        for operation, is_reading in ((item.get, True), (item.post, False)):
            if operation is not None:
                told = [one for one in operation.parameters or [] if isinstance(one, Parameter)]
                found[path, is_reading] = {one.name for one in told if one.param_in == "query"}
    return found


@get("/api/openapi.json", sync_to_thread=False, include_in_schema=False)
def openapi(request: Request[Any, Any, AppState]) -> Response[bytes]:
    """What can be asked, as OpenAPI 3.1."""
    told = msgspec.json.encode(described(request.app.openapi_schema.to_schema(), request.app.state.mode))
    return answered(request, told, keep=ASK_AGAIN)


@get("/metrics", sync_to_thread=True, summary="Figures for Prometheus")
def metrics(request: Request[Any, Any, AppState]) -> Response[bytes]:
    """Requests, how long they took, where the log ends, and how far its sinks are, in the text format of Prometheus."""
    measures: Measures = request.app.state.measures
    archive: Archive = request.app.state.archive
    told = measures.text(archive.position(), archive.sinks().standings())
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
