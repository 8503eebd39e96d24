"""Where a person shows a token once, so that the browser need not keep it, and leaves again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from chronicle.web.access import admitted
from chronicle.web.pages.page import page
from chronicle.web.pages.view import TheForm, TheView, View
from chronicle.web.visitors import Visitor, begun, check_same_origin, ended

LARGEST = 32 * 1024
"""Bytes of the form that are read."""

CLEARED = {"clear-site-data": '"cache"'}
"""What was read in a session may be kept by the browser; another person must not find it there."""


@get("/login", sync_to_thread=False, include_in_schema=False, entrance=True)
def login(request: Request[Any, Any, Any], view: TheView) -> Response[str] | Redirect:
    """The form that takes a token; whoever is logged in already, or need not be, goes where they were going."""
    goal = within(request.query_params.get("next", "/"))
    if request.app.state.mode == "open" or view.visitor is not None:
        return Redirect(goal, status_code=303)
    return _form(view, goal, is_wrong=False)


@post(
    "/login",
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=LARGEST,
    entrance=True,
    status_code=200,
)
def enter(request: Request[Any, Any, Any], view: TheView, given: TheForm) -> Response[str] | Redirect:
    """Begin a session for a token that opens something, and go where its bearer was going.

    A form of another site is refused: it would log somebody in as another.
    """
    check_same_origin(request)
    goal = within(given.get("next", "/"))
    if request.app.state.mode == "open":
        return Redirect(goal, status_code=303)
    bearer = admitted(request, given.get("token", "").strip())
    if bearer is None:
        return _form(view, goal, is_wrong=True)
    ended(request)  # the session that there was, whosever it is
    return Redirect(goal, status_code=303, cookies=[begun(request, bearer)])


@post("/logout", sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST, entrance=True)
def leave(request: Request[Any, Any, Any], view: TheView, given: TheForm) -> Redirect:
    """End the session, here and in the archive."""
    check_same_origin(request)
    visitor: Visitor | None = request.state.get("visitor")
    if visitor is not None and not visitor.sent(given.get("proof", "")):
        raise HTTPException("A session is ended by its own forms only", status_code=403)
    return Redirect(view.link("login"), status_code=303, cookies=[ended(request)], headers=CLEARED)


def within(text: str) -> str:
    """An address of this server, as it was sent; its first page in the place of any other."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    is_here = text.startswith("/") and not text.startswith("//") and not (parts.scheme or parts.netloc)
    return text if plain and is_here else "/"


def _form(view: View, goal: str, *, is_wrong: bool) -> Response[str]:
    answer = page(view, "login.html.j2", status=401 if is_wrong else 200, chronicle=None, goal=goal, is_wrong=is_wrong)
    answer.headers["cache-control"] = "no-store"
    if is_wrong:
        answer.headers["www-authenticate"] = 'Bearer realm="chronicle", error="invalid_token"'
    return answer
