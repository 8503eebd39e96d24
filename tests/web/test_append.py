"""Recording over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import a_source, an_event
from tests.web.conftest import Client


def appended(client: Client, *documents: Any, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """What is answered to documents."""
    return client.post(
        "/api/append", json={"chronicle": "c", "documents": list(documents), **more}, headers=headers or {}
    )


def position(client: Client) -> int:
    """Where the log ends."""
    return int(client.get("/ready").json()["position"])


def test_documents_are_recorded(writable: Client) -> None:
    """Each has a receipt, and is read at once."""
    answer = appended(writable, an_event("e1"), an_event("e2")).json()

    assert [("e1", 1, "new"), ("e2", 2, "new")] == [
        (one["id"], one["position"], one["outcome"]) for one in answer["receipts"]
    ]
    assert 2 == answer["position"] == position(writable)
    assert "e2" == writable.get("/api/show?id=e2").json()["versions"][0]["document"]["id"]


def test_numbers_keep_their_digits(writable: Client) -> None:
    """2.50 stays 2.50, and what no float can hold stays whole."""
    body = (
        b'{"chronicle": "c", "documents": [{"id": "e", "type": "a.b", "occurred": "2020", "title": "E", "facts": ['
        b'{"subject": "s", "attribute": "a", "value": 2.50},'
        b'{"subject": "s", "attribute": "b", "value": 12345678901234567890.1}'
        b"]}]}"
    )
    assert 200 == writable.post("/api/append", content=body, headers={"content-type": "application/json"}).status_code

    text = writable.get("/api/state?as_of=2025").text
    assert '"value":2.50,' in text
    assert '"value":12345678901234567890.1,' in text


def test_an_append_of_the_same_key_is_answered_again(writable: Client) -> None:
    """Whoever does not know whether it was done sends it again; another append of that key is refused."""
    key = {"idempotency-key": "one"}
    first = appended(writable, an_event("e1"), headers=key)
    again = appended(writable, an_event("e1"), headers=key)

    assert first.json()["receipts"] == again.json()["receipts"]
    assert 1 == position(writable)
    other = appended(writable, an_event("e2"), headers=key)
    assert (409, "key-reused") == (other.status_code, other.json()["code"])


@pytest.mark.parametrize(("expected", "code"), [({"e1": 0}, "version"), ({"event/e1": 2}, "version"), (0, "position")])
def test_a_log_that_is_not_as_expected(writable: Client, expected: Any, code: str) -> None:
    """Nothing is appended, and the answer says in what it differs."""
    appended(writable, an_event("e1"))
    answer = appended(writable, an_event("e1", title="Other"), expected=expected)

    assert (409, code, 1) == (answer.status_code, answer.json()["code"], position(writable))


def test_what_is_refused_names_every_problem(writable: Client) -> None:
    """All of them, and nothing is written."""
    answer = appended(writable, an_event("e1"), an_event("e2", occurred="2025-13"), {"id": "e3"})

    told = answer.json()
    assert (422, 0) == (answer.status_code, position(writable))
    assert {"document 2", "document 3"} == {one["file"] for one in told["problems"] if one["severity"] == "error"}


BODIES = [
    (b"", 400),
    (b"[]", 400),
    (b"{}", 400),
    (b'{"documents": 1}', 400),
    (b'{"documents": [1]}', 400),
    (b'{"documents": [], "chronicl": "c"}', 400),
    (b'{"documents": []', 400),
    (b'{"documents": [{"id": "\xff"}]}', 400),
    (b'{"documents": [{"id": "\\ud800"}]}', 400),
    (b'{"documents": [' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]}", 400),
    (b'{"chronicle": "c", "documents": [{"id": "e", "value": NaN}]}', 400),
    (b'{"chronicle": "c", "documents": [{"id": "e", "type": "a.b", "occurred": "2020", "title": "\\u0000"}]}', 422),
    (b'{"chronicle": "c", "documents": [{"id": 1e400}]}', 422),
]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        *((body, "application/json", status) for body, status in BODIES),
        (b"id: e", "application/yaml", 400),
        (b'{"documents": []}', "text/plain", 400),
    ],
)
def test_a_body_that_is_none(writable: Client, body: bytes, media_type: str, status: int) -> None:
    """It is refused with a problem document, and nothing is written."""
    answer = writable.post("/api/append", content=body, headers={"content-type": media_type})

    assert (status, "application/problem+json") == (answer.status_code, answer.headers["content-type"]), answer.text
    assert 0 == position(writable)


def test_a_body_that_is_too_large(writable: Client) -> None:
    """It is refused before it is read as a whole."""
    answer = writable.post(
        "/api/append", content=b" " * (17 * 1024 * 1024), headers={"content-type": "application/json"}
    )

    assert 413 == answer.status_code


@pytest.mark.parametrize(("path", "verb"), [("/api/show?id=s", "show"), ("/api/documents/source", "documents")])
def test_an_answer_is_of_its_basis(writable: Client, monkeypatch: pytest.MonkeyPatch, path: str, verb: str) -> None:
    """What is appended while a question is answered is not in an answer whose basis ends before it."""
    appended(writable, a_source("s"))
    asked = getattr(Archive, verb)

    def meanwhile(archive: Archive, *args: Any, **more: Any) -> Any:
        archive.append([a_source("s", title="Other")], chronicle="c")
        return asked(archive, *args, **more)

    monkeypatch.setattr(Archive, verb, meanwhile)
    answer = writable.get(path).json()

    told = answer.get("versions") or answer["documents"]
    assert (1, [1]) == (answer["basis"]["position"], [one["position"] for one in told])
