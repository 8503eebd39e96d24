"""A page from its template: everything printed is escaped, nothing in it runs but the one script that is shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get

from chronicle.narrative.formats.words import status_word
from chronicle.narrative.inert import clean
from chronicle.narrative.language.wording import Wording, languages
from chronicle.narrative.pictures.theme import palette
from chronicle.narrative.templating import NO_TEMPLATES, environment, rendered
from chronicle.web.pages.view import InPath, View

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of pages: what they need comes from here, and no script or style stands in them."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-cache, private",
    "vary": "accept-language, cookie",
}

FEEDS = (("atom", "application/atom+xml"), ("json", "application/feed+json"), ("calendar", "text/calendar"))
"""The feeds that pages of a chronicle lead to, by the ends of their addresses."""


def page(view: View, template: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A template of this room as a response. `said` gives it the messages in the language of the view."""
    wording = Wording(view.lang)
    text = (
        _environment()
        .get_template(template)
        .render(
            view=view,
            said=wording.message,
            status_word=lambda status: status_word(status, wording.message),
            languages=[(tag, _own_name(tag)) for tag in languages()],
            style=_address("style.css", style),
            script=_address("page.js", script),
            feeds=FEEDS,
            **context,
        )
    )
    own = {"cache-control": "no-store"} if view.visitor is not None else {}
    return Response(text, status_code=status, media_type="text/html", headers={**HEADERS, **own})


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("chronicle.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finished(value: object) -> object:
    """Markup as it is, nothing for None; all else loses what deceives in a line of text, and is escaped after."""
    if value is None:
        return ""
    return value if hasattr(value, "__html__") else _lines(str(value))


def _lines(text: str) -> str:
    """Clean text that keeps its lines, for text areas."""
    return "\n".join(map(clean, text.split("\n")))


@cache
def _own_name(tag: str) -> str:
    """What a language calls itself."""
    name = Wording(tag).locale.get_display_name(tag)
    return name or tag


@cache
def style() -> bytes:
    """The style sheet of reports, and what pages have beside it."""
    reports = rendered(environment(NO_TEMPLATES, str), "report.css.j2", palette=palette)
    return (reports + _static("pages.css")).encode()


@cache
def script() -> bytes:
    """The script that makes pages better; none of them needs it."""
    return _static("page.js").encode()


@get("/static/{name:str}", sync_to_thread=False, include_in_schema=False, anybody=True)
def static(name: InPath) -> Response[bytes]:
    """The style sheet and the script. Their addresses name their content, so they may be kept for ever."""
    media_type, content = ("text/javascript", script()) if name.endswith(".js") else ("text/css", style())
    headers = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)


def _static(name: str) -> str:
    return (files("chronicle.web.pages") / "static" / name).read_text("utf-8")


@cache
def _address(name: str, content: Callable[[], bytes]) -> str:
    stem, _, ending = name.rpartition(".")
    return f"/static/{stem}-{hashlib.sha256(content()).hexdigest()[:12]}.{ending}"
