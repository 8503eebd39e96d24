"""Requests with what was answered to them, as `examples.json` keeps them."""

from __future__ import annotations

import shlex
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

import msgspec


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request, and its answer: JSON, or a text, with the name of its form in `schemas.json`.

    `scope` is what a token must allow, None where none is needed. `headers` of the answer are those that matter.
    """

    operation: str
    """`get /api/state`"""
    tag: str
    status: int = 200
    query: list[tuple[str, str]] = []
    path: dict[str, str] = {}
    sent: dict[str, str] = {}
    body: Any = None
    scope: str | None = "read"
    media_type: str = "application/json"
    form: str | None = None
    headers: dict[str, str] = {}
    answer: Any = None

    @property
    def address(self) -> str:
        """The path with its names filled in, and the query."""
        path = self.operation.partition(" ")[2]
        for name, value in self.path.items():
            path = path.replace(f"{{{name}}}", quote(value, safe="~:"))
        return f"{path}?{urlencode(self.query)}" if self.query else path

    def curl(self, base: str, *, with_token: bool) -> str:
        """The request as a command of a shell; `base` is the address of the server."""
        words = ["curl"]
        if self.operation.startswith("head "):
            words.append("--head")
        for name, value in self.sent.items():
            words += ["-H", f"{name}: {value}"]
        if self.body is not None:
            words += ["-H", "content-type: application/json", "--data", msgspec.json.encode(self.body).decode()]
        said = [shlex.quote(one) for one in [*words, f"{base.rstrip('/')}{self.address}"]]
        if with_token and self.scope is not None:
            said[1:1] = ["-H", '"Authorization: Bearer $CHRONICLE_TOKEN"']  # of the shell that runs it
        return " ".join(said)


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `examples.json`; a problem is the first one of its status."""

    operations: list[Example]
    problems: list[Example]


@cache
def examples() -> Kept:
    """What is kept."""
    return msgspec.json.decode(_read("examples.json"), type=Kept)


@cache
def schemas() -> dict[str, Any]:
    """The forms of answers by name, as JSON Schema."""
    found: dict[str, Any] = msgspec.json.decode(_read("schemas.json"))
    return found


def _read(name: str) -> bytes:
    return (files("chronicle.web.described") / name).read_bytes()
