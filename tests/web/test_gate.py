"""The gate before the service: what it refuses, what it answers from memory, and what it tells."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from chronicle.errors import QuestionError, StoreError
from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.gate import Gate
from chronicle.web.kept import Ends, Kept, KeptAnswers
from chronicle.web.limits import Limits, Rates, limits
from chronicle.web.logs import JsonLines, logging_config
from chronicle.web.measures import Measures
from tests.builders import Clock, a_fact, an_event, url_of

STATE = "/api/state?as_of=2025-12-31&subject=subject"
BASE = "http://127.0.0.1:8765"


@contextmanager
def gate(tmp_path: Path, within: Limits | None = None) -> Iterator[tuple[Gate, TestClient[Any]]]:
    """A gate before an archive of one event, and a client of it."""
    archive = Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock())
    archive.append([an_event("e", a_fact(1))], chronicle="c")
    made = gated(archive, "open", within or Limits())
    with TestClient(made, base_url=BASE) as client:
        yield made, client


def figure(client: TestClient[Any], name: str) -> float:
    """What /metrics says of a name with its labels."""
    lines = client.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).rpartition(" ")[2])


SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/health",
    "raw_path": b"/health",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"content-length", b"100")],
    "client": ("127.0.0.1", 5),
    "server": ("127.0.0.1", 8765),
}


async def passed(made: Gate, *, body: list[dict[str, Any]] | None = None, path: str = "/health") -> list[Any]:
    """What the gate sends for a request whose parts come as given, and then no more."""
    sent: list[Any] = []
    parts = iter(body or [])

    async def receive() -> Any:
        part = next(parts, None)
        if part is None:
            await asyncio.Event().wait()
        return part

    async def send(message: Any) -> None:
        sent.append(message)

    method = "GET" if body is None else "POST"
    await made({**SCOPE, "method": method, "path": path, "raw_path": path.encode()}, receive, send)
    return sent


def test_what_was_answered_is_answered_from_memory(tmp_path: Path) -> None:
    """The second answer to a question is the first, byte for byte, and counted as kept."""
    with gate(tmp_path) as (_, client):
        first, second = client.get(STATE), client.get(STATE)

        assert (first.content, first.headers) == (second.content, second.headers)
        assert 1 == figure(client, "chronicle_http_kept_answers_total")


@pytest.mark.parametrize(
    "path",
    [
        "/api/diff?from=2024&to=2025",
        "/api/diff?from=known=2024&to=known=2025&as_of=2025",
        "/api/report/c?as_of=2025&kind=changes&since=2024&format=txt",
    ],
)
def test_what_names_all_its_dates_is_kept(tmp_path: Path, path: str) -> None:
    """An answer of two bases is kept if both name their dates."""
    with gate(tmp_path) as (_, client):
        assert 200 == client.get(path).status_code
        client.get(path)

        assert 1 == figure(client, "chronicle_http_kept_answers_total")


def test_an_append_lets_go_of_answers(tmp_path: Path) -> None:
    """Who has appended reads what was appended."""
    with gate(tmp_path) as (_, client):
        client.get(STATE)
        document = an_event("later", {"subject": "subject", "attribute": "other", "value": 2})
        client.post("/api/append", json={"chronicle": "c", "documents": [document]}).raise_for_status()

        assert ["attribute", "other"] == [one["attribute"] for one in client.get(STATE).json()["facts"]]


@pytest.mark.parametrize(
    "path",
    [
        "/api/state",
        "/api/state?as_of=yesterday",
        "/api/state?as_of=2025&recorded=yesterday",
        "/api/diff?from=2024&to=yesterday",
        "/api/diff?from=known=2024&to=2025",
        "/api/diff?from=known=2024&to=known=now&as_of=2025",
        "/api/report/c?as_of=2025&kind=changes&since=yesterday&format=txt",
        "/nothing",
        "/health",
    ],
)
def test_what_is_not_to_be_kept_is_not(tmp_path: Path, path: str) -> None:
    """Answers for now, refusals and what has no tag are made afresh each time."""
    with gate(tmp_path) as (_, client):
        client.get(path)
        client.get(path)

        assert 0 == figure(client, "chronicle_http_kept_answers_total")


@pytest.mark.parametrize("header", ["authorization", "if-none-match", "accept-datetime", "cookie"])
def test_a_request_that_asks_otherwise_passes_the_memory_by(tmp_path: Path, header: str) -> None:
    """A request that shows a token, or has an answer already, is not answered from memory."""
    with gate(tmp_path) as (_, client):
        client.get(STATE)
        client.get(STATE, headers={header: "x"})

        assert 0 == figure(client, "chronicle_http_kept_answers_total")


def test_the_memory_does_not_open_another_host(tmp_path: Path) -> None:
    """A page of a site that has a name of its own for this machine gets nothing, kept or not."""
    with gate(tmp_path) as (_, client):
        client.get(STATE)

        assert 421 == client.get(STATE, headers={"host": "elsewhere.example"}).status_code


def test_past_a_rate_a_client_is_told_to_wait(tmp_path: Path) -> None:
    """The third request within two that a rate of one allows is 429, and says after how many seconds to come back."""
    with gate(tmp_path, Limits(rate=1)) as (_, client):
        answers = [client.get("/health") for _ in range(3)]

        assert ([200, 200, 429], "1") == ([one.status_code for one in answers], answers[2].headers["retry-after"])
        assert "urn:chronicle:problem:rate" == answers[2].json()["type"]


def test_the_addresses_of_one_machine_have_one_rate() -> None:
    """All that share the first 64 bits of an IPv6 address, which one machine has, and IPv4 within IPv6."""
    rates = Rates(0.001)
    for first, same, other in [
        ("2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("name", "name", "another"),
    ]:
        assert [True, False, True] == [rates.wait(one) == 0 for one in (first, same, other)]


def test_more_at_once_than_allowed_are_refused(tmp_path: Path) -> None:
    """While one request is being sent a second is refused, and a third is answered once the first has ended."""

    async def crowd(made: Gate) -> list[int]:
        first = asyncio.create_task(passed(made, body=[], path="/api/append"))
        await asyncio.sleep(0)
        second = await passed(made)
        await first
        third = await passed(made)
        return [one[0]["status"] for one in (first.result(), second, third)]

    with gate(tmp_path, Limits(at_once=1, seconds=0.2)) as (made, _):
        assert [408, 503, 200] == asyncio.run(crowd(made))


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    """A request of which a part is sent and no more is answered with 408, and its connection is closed."""
    part = {"type": "http.request", "body": b'{"documents":', "more_body": True}
    with gate(tmp_path, Limits(seconds=0.2)) as (made, _):
        sent = asyncio.run(passed(made, body=[part], path="/api/append"))

    assert (408, b"close") == (sent[0]["status"], dict(sent[0]["headers"])[b"connection"])


def test_a_client_that_stalls_hides_no_fault(tmp_path: Path) -> None:
    """What else goes wrong with a request at that moment is raised, and the stall is counted all the same."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        async def fail() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                raise ValueError

        async with asyncio.TaskGroup() as together:
            together.create_task(fail())
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def stalled(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    measures = Measures()
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:
        made = Gate(cast("Litestar", app), archive, Limits(seconds=1), measures)
        with pytest.raises(ExceptionGroup) as raised:
            asyncio.run(made(SCOPE, receive, stalled))

    assert raised.group_contains(ValueError)
    assert b'chronicle_http_stalled_total{door="other"} 1.0' in measures.text(0)


def test_figures_name_routes_and_not_paths(tmp_path: Path) -> None:
    """However many paths are asked for, the figures have one line for what is no route."""
    with gate(tmp_path) as (_, client):
        for number in range(3):
            client.get(f"/no/such/{number}")
        client.get("/api/documents/source")

        assert 3 == figure(client, 'chronicle_http_requests_total{method="GET",route="none",status="404"}')
        assert 1 == figure(
            client,
            'chronicle_http_requests_total{method="GET",route="/api/documents/{kind}",status="200"}',
        )
        assert 1 == figure(client, "chronicle_log_position")


def test_each_request_gives_a_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A line is JSON and says method, path and status; what was asked, which may be private, it does not say."""
    caplog.set_level(logging.INFO, "chronicle.web")
    with gate(tmp_path) as (_, client):
        client.get(STATE)

    told = json.loads(JsonLines().format(caplog.records[-1]))
    assert {"message": "request", "method": "GET", "path": "/api/state", "status": 200} == {
        name: told[name] for name in ("message", "method", "path", "status")
    }
    assert "subject" not in json.dumps(told)


def test_a_line_end_in_a_path_cannot_forge_a_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A path with a line end in it stays within its line."""
    caplog.set_level(logging.INFO, "chronicle.web")
    with gate(tmp_path) as (_, client):
        client.get("/a%0A%7B%7D")

    assert 0 == JsonLines().format(caplog.records[-1]).count("\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [("CHRONICLE_RATE", "-1"), ("CHRONICLE_MOST_REQUESTS", "0"), ("CHRONICLE_TIMEOUT", "nan"), ("CHRONICLE_RATE", "x")],
)
def test_limits_that_are_none_are_refused(name: str, text: str) -> None:
    """A limit that cannot be read is named, not left out."""
    with pytest.raises(QuestionError, match=name):
        limits({name: text})


def test_a_log_level_that_is_none_is_refused() -> None:
    """Likewise of the level of the log."""
    with pytest.raises(QuestionError, match="CHRONICLE_LOG"):
        logging_config({"CHRONICLE_LOG": "loud"})


def test_the_memory_has_an_end() -> None:
    """Of more answers than there is room for, the oldest are let go."""
    kept = KeptAnswers(most=10)
    for name in ("a", "b", "c"):
        kept.keep("1", (name,), Kept((), b"12345"))

    assert [False, True, True] == [kept.at("1", (name,)) is not None for name in ("a", "b", "c")]


def test_the_end_of_the_log_is_read_after_each_request_came() -> None:
    """Those that came before a read began share it; one that came while it ran waits for the next."""
    reads: list[int] = []

    def read() -> str:
        reads.append(len(reads) + 1)
        return str(reads[-1])

    async def ask() -> list[str]:
        ends = Ends(read)
        first = [asyncio.create_task(ends.current()) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the read has begun by now
        later = asyncio.create_task(ends.current())
        return [await one for one in (*first, later)]

    assert ["1"] * 5 + ["2"] == asyncio.run(ask())


def test_a_database_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question is answered with 503 and why; the process says that it is alive."""

    def fails(*_: Any, **__: Any) -> Any:
        raise StoreError("the database failed")

    for name in ("cursor", "state", "position"):
        monkeypatch.setattr(Archive, name, fails)
    with gate(tmp_path) as (_, client):
        answer = client.get(STATE)

        assert (503, "the database failed") == (answer.status_code, answer.json()["detail"])
        assert (503, 200) == (client.get("/ready").status_code, client.get("/health").status_code)
