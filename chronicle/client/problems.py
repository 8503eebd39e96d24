"""What a server says is wrong, as the errors that the archive itself would raise (the table of `web.problems`)."""

from __future__ import annotations

import msgspec

from chronicle.errors import (
    AccessError,
    ChronicleError,
    ConflictError,
    MissingExtraError,
    Problem,
    QuestionError,
    RefusedError,
    StoreError,
    UnknownError,
)

_URN = "urn:chronicle:problem:"
LONGEST = 2_000
"""Characters of a server's message that are passed on."""


class Told(msgspec.Struct):
    """A problem document (RFC 9457), as far as it is ours."""

    type: str = "about:blank"
    title: str = ""
    detail: str = ""
    code: str = ""
    problems: list[Problem] = []


def error_of(status: int, body: bytes) -> ChronicleError:
    """The error that an answer of a status of 400 and more tells of; for what is no problem document, by its status."""
    try:
        told = msgspec.json.decode(body, type=Told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = Told()
    kind = told.type.removeprefix(_URN) if told.type.startswith(_URN) else ""
    said = _plain(told.detail or told.title) or f"the server answered {status}"
    if kind == "refused" and told.problems:
        return RefusedError(told.problems)
    if kind == "conflict":
        return ConflictError(_plain(told.code), said)
    if kind == "unknown":
        return UnknownError(said)
    if kind == "bad-question":
        return QuestionError(said)
    if kind == "not-installed":
        return MissingExtraError.told(said)
    if status in (401, 403):
        return AccessError(said)
    if status >= 500 or status in (408, 425, 429):
        return StoreError(said)
    return QuestionError(said)


def _plain(text: str) -> str:
    """Untrusted text on its way into a message: no control characters, and no end of it."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in cut)
