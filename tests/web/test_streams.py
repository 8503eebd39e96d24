"""The log by the Durable Streams Protocol; what its own suite tries is tried in tests/foreign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.limits import Limits
from chronicle.web.streams import EPOCH, INTERVAL, collapsing
from tests.builders import CHRONICLE, Clock, an_event, url_of
from tests.web.conftest import Client, client_of
from tests.web.events import events

NOW = EPOCH + 100 * INTERVAL + 7


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of two chronicles."""
    here = url_of(tmp_path_factory.mktemp("streams") / "chronicle.db")
    with Archive.open(here, now=Clock()) as archive:
        archive.append(
            [an_event(f"e{number}", tags=["even"][number % 2 :]) for number in range(4)], chronicle=CHRONICLE
        )
        archive.append([an_event("other")], chronicle="other")
    return here


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    """A client of it."""
    with client_of(url) as opened:
        yield opened


@pytest.mark.parametrize(
    ("before", "jitter", "expected"),
    [
        (None, 1, "100"),
        ("99", 1, "100"),
        ("100", 1, "101"),
        ("100", 3_600, "280"),
        ("5000", 21, "5002"),
        ("x", 1, "100"),
        ("9" * 400, 1, "100"),
    ],
)
def test_a_cursor_for_caches(before: str | None, jitter: int, expected: str) -> None:
    """The interval of the time, but always later than the one that a client had (section 8.1)."""
    assert expected == collapsing(before, NOW, jitter)


def test_a_stream_is_what_the_log_is(client: Client) -> None:
    """The same records as the pages of the log, as one array, and where they end."""
    log = client.get("/api/log").json()
    stream = client.get("/api/stream")

    assert (log["records"], log["cursor"], "true") == (
        stream.json(),
        stream.headers["stream-next-offset"],
        stream.headers["stream-up-to-date"],
    )


def test_a_stream_of_a_chronicle_that_is_filtered(client: Client) -> None:
    """Filters narrow it, and the offset is past what they left out."""
    told = client.get(f"/api/stream/{CHRONICLE}?tag=even")
    again = client.get(f"/api/stream/{CHRONICLE}", params={"tag": "even", "offset": told.headers["stream-next-offset"]})

    assert (["e0", "e2"], []) == ([one["id"] for one in told.json()], again.json())
    assert client.get("/api/log").json()["cursor"] == told.headers["stream-next-offset"]


def test_waiting_in_vain_is_no_content(client: Client) -> None:
    """204, with the offset and a cursor to come back with, and nobody keeps it (section 5.6)."""
    told = client.get("/api/stream?offset=now&live=long-poll")

    assert (204, "true", "no-store") == (
        told.status_code,
        told.headers["stream-up-to-date"],
        told.headers["cache-control"],
    )
    assert int(told.headers["stream-cursor"]) > 0


def test_events_come_with_control(client: Client) -> None:
    """After each batch of records, where it ends; and whether that is the end (section 5.7)."""
    told = client.get("/api/stream?offset=-1&live=sse")
    data, control = events(told.text)[:2]

    assert ("text/event-stream", "no-cache") == (told.headers["content-type"], told.headers["cache-control"])
    assert (["data", "control"], 5) == ([data.type, control.type], len(json.loads(data.data)))
    assert (client.get("/api/log").json()["cursor"], True) == (
        json.loads(control.data)["streamNextOffset"],
        json.loads(control.data)["upToDate"],
    )


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/stream/nobody", 404, "there is no chronicle"),
        ("/api/stream?offset=", 400, "offset"),
        ("/api/stream?offset=now&offset=now", 400, "offset"),
        ("/api/stream?offset=a,b", 400, "neither a position nor a cursor"),
        ("/api/stream?offset=3", 400, "neither a position nor a cursor"),
        ("/api/stream?live=sse", 400, "offset"),
        ("/api/stream?live=websocket&offset=-1", 400, "none of long-poll, sse"),
        ("/api/stream?typ=visit", 400, "'typ' is no parameter"),
        (f"/api/stream?offset={'0' * 45}", 409, "is of the log"),
    ],
)
def test_what_a_stream_does_not_answer(client: Client, path: str, status: int, said: str) -> None:
    """A problem document, which nobody keeps."""
    told = client.get(path)

    assert (status, True, "no-store") == (
        told.status_code,
        said in told.json()["detail"],
        told.headers["cache-control"],
    )


def test_what_extends_the_protocol_elsewhere_is_left_out(client: Client) -> None:
    """Parameters that are far from all of ours are not looked at, as the protocol wants it (section 9.1)."""
    assert 5 == len(client.get("/api/stream?foo=bar").json())


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nothing_is_written_through_a_stream(client: Client, method: str) -> None:
    """405, with what can be done (section 5.2)."""
    told = client.request(method, "/api/stream")

    assert (405, True) == (told.status_code, "GET" in told.headers["allow"])


def test_a_head_is_of_the_stream(tmp_path: Path) -> None:
    """It says where the stream ends, whatever offset is asked for, and does not wait (section 5.4)."""
    archive = Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock())
    archive.append([an_event("e")], chronicle=CHRONICLE)
    cursor = archive.cursor()
    with TestClient(gated(archive, "open", Limits()), base_url="http://127.0.0.1:8765") as client:
        for path in ("/api/stream?offset=-1", f"/api/stream/{CHRONICLE}?offset=-1&live=sse"):
            told = client.head(path)
            assert (200, cursor, "no-store", b"") == (
                told.status_code,
                told.headers["stream-next-offset"],
                told.headers["cache-control"],
                told.content,
            )
        assert b"" == client.head("/api/follow").content


def test_more_that_wait_than_allowed_are_refused(tmp_path: Path) -> None:
    """503, and when to come back; who does not wait is answered."""
    archive = Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock())
    with TestClient(gated(archive, "open", Limits(waiting=0)), base_url="http://127.0.0.1:8765") as client:
        refused = [client.get(path) for path in ("/api/follow", "/api/log?wait=1", "/api/stream?offset=-1&live=sse")]

        assert [(503, "5")] * 3 == [(one.status_code, one.headers["retry-after"]) for one in refused]
        assert 200 == client.get("/api/log").status_code
