"""The log as static files (C2SP tlog-tiles), at the paths that `chronicle checkpoint --output` writes them to.

Whoever copies them has a folder that `chronicle verify --folder` takes. An epoch is a log of its own: where a loss was
accepted, caches before a server must let go of what they have of the epoch before.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State as AppState
from litestar.params import PathParameter

from chronicle.service import Archive
from chronicle.web.answers import ASK_AGAIN, FOR_EVER, NEVER, answered

Asker = Request[Any, Any, AppState]
Rest = Annotated[str, PathParameter(description="As tlog-tiles writes it: 0/x001/067, entries/000.p/5")]


@get("/tile/{path:path}", sync_to_thread=True, summary="Hashes or headers of the log")
def tile(request: Asker, path: Rest) -> Response[bytes]:
    """A tile of hashes, `LEVEL/N`, or of headers, `entries/N`; `.p/W` has the first W of one that is not full yet."""
    found = _archive(request).tile(f"tile{path}")
    return answered(request, found, keep=FOR_EVER, media_type="application/octet-stream")


@get("/payload/{path:path}", sync_to_thread=True, summary="What the headers are of")
def payload(request: Asker, path: Rest) -> Response[bytes]:
    """The payloads and salts of the headers of a tile, a line each; those that are redacted say so."""
    return answered(request, _archive(request).tile(f"payload{path}"), keep=ASK_AGAIN, media_type="application/jsonl")


@get("/checkpoint", sync_to_thread=True, summary="A signed checkpoint of the log, where its tiles are")
def checkpoint(request: Asker) -> Response[bytes]:
    """The same as /api/checkpoint."""
    _, note = _archive(request).checkpoint()
    return answered(request, note.encode(), keep=NEVER, media_type=MediaType.TEXT)


@get("/verifiers", sync_to_thread=True, summary="The public keys of the archive")
def verifiers(request: Asker) -> Response[bytes]:
    """The keys that sign checkpoints, a line each, as `chronicle verify --key` takes them."""
    told = "".join(f"{one.text}\n" for one in _archive(request).verifiers())
    return answered(request, told.encode(), keep=ASK_AGAIN, media_type=MediaType.TEXT)


def _archive(request: Asker) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


TILES = [tile, payload, checkpoint, verifiers]
