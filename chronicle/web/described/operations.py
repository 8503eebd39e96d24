"""The description that the library makes of the routes, with what it cannot know: answers, problems and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chronicle.web.access import Mode
from chronicle.web.described.examples import Example, examples, schemas
from chronicle.web.problems import MEDIA_TYPE

TAGS = {
    "questions": "What the archive knows. The answers are those of the commands of the same names.",
    "recording": "Documents in, all or nothing.",
    "log": "The log as it is: its records in order, as they come, and proofs that none was changed.",
    "feeds": "What is new of a chronicle, for those who subscribe to it.",
    "time travel": "What was told earlier, by the time of recording (Memento, RFC 7089).",
    "service": "The server itself.",
}
"""The groups of operations, in their order."""

BYTES = "application/octet-stream"
"""Of this the examples are told in base64, as JSON cannot tell it otherwise."""

_ALWAYS = ("429", "503")


def described(plain: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    """An OpenAPI document as the library makes it, completed. Operations without an example stay as they are."""
    by_name = {one.operation: one for one in examples().operations}
    paths = {
        path: {
            method: _completed(operation, method, by_name.get(f"{method} {path}"), mode)
            for method, operation in item.items()
        }
        for path, item in plain["paths"].items()
    }
    return {
        **plain,
        "paths": paths,
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "components": {
            "schemas": schemas(),
            "responses": {f"Problem{one.status}": _problem(one) for one in examples().problems},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of this archive, which `chronicle tokens create` makes. Its scopes are "
                    "read, append (new ids), correct (further versions and retractions) and admin (all). A server at "
                    "a loopback address needs none, and with public-read none is needed to read.",
                }
            },
        },
    }


def _completed(operation: Mapping[str, Any], method: str, example: Example | None, mode: Mode) -> dict[str, Any]:
    said = {**operation, "parameters": [_parameter(one, example) for one in operation.get("parameters", [])]}
    if example is None:
        return said
    status = str(example.status)
    answer: dict[str, Any] = {"description": HTTPStatus(example.status).phrase}
    if example.headers:
        answer["headers"] = {
            name: {"schema": {"type": "string"}, "example": value} for name, value in example.headers.items()
        }
    if method != "head" and example.status == 200:
        schema = {"$ref": f"#/components/schemas/{example.form}"} if example.form else _text(example.media_type)
        answer["content"] = {example.media_type: {"schema": schema, "example": example.answer}}
    problems = _problems(example, said["parameters"])
    said["responses"] = {status: answer} | {
        one: {"$ref": f"#/components/responses/Problem{one}"} for one in sorted(problems)
    }
    said["tags"] = [example.tag]
    said["security"] = _security(example, mode)
    said["x-codeSamples"] = [{"lang": "shell", "source": example.curl("http://127.0.0.1:8765", with_token=False)}]
    if example.body is not None:
        schema = {"$ref": "#/components/schemas/Append"}
        said["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example.body}},
        }
    return said


def _text(media_type: str) -> dict[str, str]:
    return {"type": "string"} | ({"contentEncoding": "base64"} if media_type == BYTES else {})


def _parameter(parameter: Mapping[str, Any], example: Example | None) -> dict[str, Any]:
    """A parameter, left out rather than null, with the value that it has in the example."""
    said = {name: value for name, value in parameter.items() if value is not False}
    said["schema"] = {name: value for name, value in _not_null(said["schema"]).items() if name != "description"}
    if example is not None:
        given = {**example.path, **dict(example.query)}
        if said["name"] in given:
            value: Any = given[said["name"]]
            kind = said["schema"].get("type")
            said["example"] = int(value) if kind == "integer" else [value] if kind == "array" else value
    return said


def _not_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = [one for one in schema.get("oneOf", []) if one.get("type") != "null"]
    if len(choices) != 1:
        return schema
    return {name: value for name, value in {**schema, **choices[0]}.items() if name != "oneOf"}


def _problems(example: Example, parameters: list[dict[str, Any]]) -> set[str]:
    """The statuses of problems that an operation may answer with."""
    found = set(_ALWAYS)
    if example.scope is not None:
        found |= {"401", "403"}
    if parameters or example.body is not None:
        found.add("400")
    if example.path or any(one["name"] in ("chronicle", "id") for one in parameters):
        found.add("404")
    if any(one["name"] == "format" for one in parameters):
        found.add("501")
    if example.body is not None:
        found |= {"409", "413", "422"}
    return found


def _security(example: Example, mode: Mode) -> list[dict[str, list[str]]]:
    if example.scope is None:
        return []
    needed = {"token": [example.scope]}
    is_free = mode == "open" or (mode == "public-read" and example.scope == "read")
    return [{}, needed] if is_free else [needed]


def _problem(one: Example) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": one.answer["title"],
        "content": {MEDIA_TYPE: {"schema": schema, "example": one.answer}},
    }
