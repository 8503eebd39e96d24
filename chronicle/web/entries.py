"""The route that replicas are fed by: records as they are hashed, with what their digests were made with."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State as AppState
from litestar.params import QueryParameter

from chronicle.service import Archive
from chronicle.web.answers import NEVER, json
from chronicle.web.gate import note_records

MOST = 1_000
"""Records of one page."""


@get("/api/entries", sync_to_thread=True, summary="The log as it is hashed, page by page")
def entries(
    request: Request[Any, Any, AppState],
    after: Annotated[str, QueryParameter(name="after", description="A position, or `cursor` of the page before")] = "0",
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=MOST, description="At most so many")] = 100,
) -> Response[bytes]:
    """Headers, payloads and salts, as `prove` has them of one record; payload and salt are null once redacted.

    `prove?since=N` says which root the first N records have. No page is to be stored: a redaction may change it.
    """
    archive: Archive = request.app.state.archive
    start: int | str = int(after) if after.isascii() and after.isdigit() and len(after) < 20 else after
    found = archive.entries(start, limit)
    note_records(request, len(found.entries))
    return json(request, msgspec.to_builtins(found), keep=NEVER)
