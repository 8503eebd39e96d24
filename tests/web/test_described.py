"""The description of the service: whole, true, and with an example of everything."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.described.examples import Example, Kept, examples
from chronicle.web.limits import Limits
from tests.builders import Clock
from tests.web.examples import BASE, answered, masked


@pytest.fixture(scope="module")
def description(curated: str) -> Any:
    """The description that a server gives."""
    with TestClient(gated(Archive.open(curated, now=Clock()), "open", Limits()), base_url=BASE) as client:
        return client.get("/api/openapi.json").json()


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What is answered to the requests of the examples now."""
    return answered(tmp_path_factory.mktemp("examples"))


def operations(description: Any) -> dict[str, Any]:
    """Every operation, by method and path."""
    return {
        f"{method} {path}": operation
        for path, item in description["paths"].items()
        for method, operation in item.items()
    }


def faults(description: Any, schema: Any, value: Any) -> list[str]:
    """Where a value does not match a schema of the description."""
    validator = Draft202012Validator({**schema, "components": description["components"]})
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(value)]


def test_every_operation_has_an_example(description: Any) -> None:
    """Each operation has a request, and none is told of that is not there."""
    assert sorted(operations(description)) == sorted(one.operation for one in examples().operations)
    assert all(one["x-codeSamples"][0]["source"].startswith("curl ") for one in operations(description).values())


def test_every_answer_has_an_example_that_matches(description: Any) -> None:
    """Where an answer has a body, there is one of its form; where it has none, the headers that matter are told."""
    for name, operation in operations(description).items():
        success = operation["responses"][next(code for code in operation["responses"] if code < "400")]
        if name.startswith("head ") or "content" not in success:
            assert "content" not in success
            continue
        for content in success["content"].values():
            assert [] == faults(description, content["schema"], content["example"]), name
    append = operations(description)["post /api/append"]["requestBody"]["content"]["application/json"]
    assert [] == faults(description, append["schema"], append["example"])


def test_an_example_that_does_not_match_is_found(description: Any) -> None:
    """The comparison above can fail: an answer that lacks a member is no answer."""
    content = operations(description)["get /api/state"]["responses"]["200"]["content"]["application/json"]
    without = {**content["example"], "facts": [{"subject": "azerbaijan"}]}

    assert "$.facts[0]: 'chronicle' is a required property" in faults(description, content["schema"], without)


def test_every_problem_has_an_example_that_matches(description: Any) -> None:
    """Each status that an operation may refuse with is one of the problems, and these are of their form."""
    for name, operation in operations(description).items():
        for code, response in operation["responses"].items():
            if code >= "400":
                told = description["components"]["responses"][response["$ref"].rpartition("/")[2]]
                content = told["content"]["application/problem+json"]
                assert [] == faults(description, content["schema"], content["example"]), name
                assert int(code) == content["example"]["status"]


def test_schemas_are_schemas(description: Any) -> None:
    """Every form is valid JSON Schema, and whatever it refers to is there."""
    names = description["components"]["schemas"]
    for schema in names.values():
        Draft202012Validator.check_schema(schema)
    assert set(references(description)) <= {
        f"#/components/{kind}/{name}" for kind, found in description["components"].items() for name in found
    }


def references(part: Any) -> list[str]:
    """Whatever a part of the description refers to."""
    if isinstance(part, dict):
        here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return here + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


def said(one: Example) -> tuple[str, str, str]:
    """What is compared of an example."""
    return one.address, masked(one.answer), masked(one.headers)


def test_examples_are_what_is_answered(now: Kept) -> None:
    """The answers of the examples are those of the curated archive, but for hashes, signatures and ids of archives."""
    assert [said(one) for one in now.operations] == [said(one) for one in examples().operations]
    assert [said(one) for one in now.problems] == [said(one) for one in examples().problems]


def test_scopes_are_those_that_are_asked_for(curated: str) -> None:
    """Without a token nothing is told but of what says that it needs none."""
    with TestClient(gated(Archive.open(curated, now=Clock()), "tokens", Limits()), base_url=BASE) as client:
        for one in examples().operations:
            method = one.operation.partition(" ")[0]
            answer = client.request(method, one.address, headers=one.sent, json=one.body)
            assert (401 if one.scope else 200) == answer.status_code, one.operation


def test_a_command_keeps_its_words_apart() -> None:
    """What is in a request stays within its quotes, whatever it is."""
    example = Example("get /api/search", "questions", query=[("q", "a'; rm -rf ~ &")], sent={"x": "$(id)"})

    assert "curl -H 'x: $(id)' 'http://h/api/search?q=a%27%3B+rm+-rf+~+%26'" == example.curl(
        "http://h/", with_token=False
    )
    assert example.curl("http://h", with_token=True).startswith('curl -H "Authorization: Bearer $CHRONICLE_TOKEN" ')
