"""What goes wrong on a page, told on a page."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from chronicle.errors import ChronicleError
from chronicle.narrative.language.wording import SOURCE, languages
from chronicle.web.pages.page import page
from chronicle.web.pages.view import View, preferred, visit
from chronicle.web.problems import STATUSES


def on_chronicle_error(request: Request[Any, Any, Any], error: ChronicleError) -> Response[str]:
    """What the archive says of a request."""
    status = next((row[1] for row in STATUSES if isinstance(error, row[0])), 500)
    return _told(request, status, str(error))


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What cannot even be asked."""
    answer = _told(request, error.status_code, error.detail)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _told(request: Request[Any, Any, Any], status: int, message: str) -> Response[str]:
    asked = request.query_params.get("lang")
    lang = asked if asked in languages() else preferred(request.headers.get("accept-language", ""))
    view = View(asked_lang=asked if asked in languages() else None, lang=lang or SOURCE, **visit(request))
    return page(view, "fault.html.j2", status=status, code=status, chronicle=None, message=message)
