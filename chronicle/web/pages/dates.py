"""What a date means, in the language of the page, while it is being written."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get

from chronicle.errors import WhenError
from chronicle.narrative.language import Language
from chronicle.web.pages.page import HEADERS
from chronicle.web.pages.view import TheView
from chronicle.when import When, describe


@get("/dates", sync_to_thread=False, include_in_schema=False, of_each=True)
def dates(request: Request[Any, Any, Any], view: TheView) -> Response[bytes]:
    """The JSON of `/api/when`, with the phrase in the language of the view."""
    text = request.query_params.get("text", "")
    told = describe(text)
    try:
        told["phrase"] = "".join(run.text for run in Language(view.lang, {}, {}).when(When.parse(text)).form(""))
    except WhenError as error:
        told["phrase"] = str(error)
    return Response(msgspec.json.encode(told), media_type="application/json", headers=HEADERS)
