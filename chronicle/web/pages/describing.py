"""The page of the HTTP API: every operation with its parameters, a request, its answer and its problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response, get
from markupsafe import Markup, escape

from chronicle.web.described import described
from chronicle.web.described.examples import Example, examples
from chronicle.web.pages.page import page
from chronicle.web.pages.view import TheView


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, in words."""

    name: str
    place: str
    kind: str
    needed: bool
    said: Markup
    usual: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as the page tells it; `anchor` is its id on the page. `problems` are statuses."""

    anchor: str
    methods: str
    path: str
    summary: str
    said: Markup
    scope: str | None
    parameters: tuple[Parameter, ...]
    request: str
    status: int
    media_type: str
    form: str | None
    headers: Mapping[str, str]
    answer: str | None
    problems: tuple[str, ...]


@get("/api", sync_to_thread=False, include_in_schema=False, anybody=True)
def api(request: Request[Any, Any, Any], view: TheView) -> Response[str]:
    """The OpenAPI document of this server as a page. Whoever may not ask yet can read how."""
    mode = request.app.state.mode
    plain = described(request.app.openapi_schema.to_schema(), mode)
    told = list(_operations(plain, str(request.base_url), with_token=mode == "tokens"))
    groups = [
        (one["name"], one["description"], [op for tag, op in told if tag == one["name"]]) for one in plain["tags"]
    ]
    return page(
        view,
        "api.html.j2",
        chronicle=None,
        version=plain["info"]["version"],
        mode=mode,
        groups=groups,
        problems=[(one.status, one.answer["title"], _json(one.answer)) for one in examples().problems],
        token=_marked(plain["components"]["securitySchemes"]["token"]["description"]),
        forms=[
            (name, _json(schema), _marked(schema.get("description", "")))
            for name, schema in sorted(plain["components"]["schemas"].items())
        ],
    )


def _operations(plain: Mapping[str, Any], base: str, *, with_token: bool) -> Iterator[tuple[str, Operation]]:
    """Each with its group. HEAD is told with GET."""
    by_name = {one.operation: one for one in examples().operations}
    for path, item in plain["paths"].items():
        for method, operation in item.items():
            example = by_name.get(f"{method} {path}")
            if method != "head" and example is not None:
                methods = "GET, HEAD" if method == "get" else method.upper()
                yield (
                    example.tag,
                    _operation(operation, methods, path, example, example.curl(base, with_token=with_token)),
                )


def _operation(operation: Mapping[str, Any], methods: str, path: str, example: Example, curl: str) -> Operation:
    body = example.answer
    return Operation(
        anchor=operation["operationId"],
        methods=methods,
        path=path,
        summary=operation["summary"],
        said=_marked(operation.get("description", "")),
        scope=example.scope,
        parameters=tuple(map(_parameter, operation["parameters"])),
        request=curl,
        status=example.status,
        media_type=example.media_type,
        form=example.form,
        headers=example.headers,
        answer=body if body is None or isinstance(body, str) else _json(body),
        problems=tuple(code for code in operation["responses"] if code >= "400"),
    )


def _parameter(one: Mapping[str, Any]) -> Parameter:
    schema = one["schema"]
    kind = schema.get("type", "text")
    choices = schema.get("enum")
    usual = schema.get("default")
    return Parameter(
        one["name"],
        one["in"],
        ", ".join(map(str, choices)) if choices else {"string": "text", "array": "text, repeatable"}.get(kind, kind),
        bool(one.get("required")),
        _marked(one.get("description", "")),
        None if usual is None else str(usual),
    )


def _marked(text: str) -> Markup:
    """A description; what stands between backticks is code."""
    parts = (f"<code>{escape(part)}</code>" if at % 2 else escape(part) for at, part in enumerate(text.split("`")))
    return Markup("".join(parts))  # noqa: S704 - escaped


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
