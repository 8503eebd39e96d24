"""Whatever schemathesis makes of the description of the service is answered, and refusals write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import booleans
from litestar.testing import TestClient
from schemathesis import Case, GenerationMode

from chronicle.service import Archive
from chronicle.web.app import application
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_entity, an_event
from tests.web.conftest import IMPATIENT

HOST = "http://127.0.0.1:8765"
THERE = {"chronicle": CHRONICLE, "id_": "subject", "position": 3, "kind": "entity", "path": "0/000.p/1", "number": 1}
"""What a path may name and is in the log: few that are made up are."""

EXAMPLES = 6
"""For each operation, of what fits its description, and of what does not."""


@pytest.fixture
def archive(url_on_disk: str) -> Archive:
    """Something to ask about."""
    made = Archive.open(url_on_disk, recorded_by="tester", now=Clock())
    made.append([an_entity(), a_source(), an_event("one", a_fact(1), sources=["s"])], chronicle=CHRONICLE)
    return made


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient[Any]]:
    """A client of the whole application."""
    with TestClient(application(archive, "open", IMPATIENT), base_url=HOST, raise_server_exceptions=False) as opened:
        opened.follow_redirects = False
        yield opened


def test_no_request_breaks_the_service(archive: Archive, client: TestClient[Any]) -> None:
    """No answer is 5xx; every refusal is a problem document, after which the log ends where it did."""
    described = client.get("/api/openapi.json").json()
    asked = 0
    for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
        for found in schemathesis.openapi.from_dict(described).get_all_operations():
            operation = found.ok()

            @settings(
                max_examples=EXAMPLES,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
                database=None,
                deadline=None,
            )
            @given(operation.as_strategy(generation_mode=mode), booleans())
            def check(case: Case, is_there: bool) -> None:  # noqa: FBT001 # Hypothesis gives it
                nonlocal asked
                asked += 1
                if is_there:
                    case.path_parameters = {name: THERE[name] for name in case.path_parameters or ()}
                before = archive.position()
                answer = client.request(**sent(case))
                assert answer.status_code < 500, (case.as_curl_command(), answer.text)
                if answer.status_code >= 400:
                    assert before == archive.position()
                    assert case.method == "HEAD" or "application/problem+json" == answer.headers["content-type"]

            try:
                check()
            except Unsatisfiable:  # what takes no parameters cannot be given wrong ones
                assert mode is GenerationMode.NEGATIVE
    assert asked > 100
    assert [] == list(archive.verify().findings)


def sent(case: Case) -> dict[str, Any]:
    """A case as our client sends it."""
    made = case.as_transport_kwargs(base_url=HOST)
    made.pop("cookies", None)
    if isinstance(made.get("data"), bytes | str):
        made["content"] = made.pop("data")
    return {name: value for name, value in made.items() if value is not None}
