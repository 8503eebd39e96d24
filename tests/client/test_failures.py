from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chronicle.client import AsyncClient, Client, Limits, Patience
from chronicle.client.address import redirected
from chronicle.errors import AccessError, QuestionError, StoreError
from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.client.between import Between, Fault, between
from tests.client.conftest import Patiently
from tests.web.server import running


def versions(client: Client, id: str) -> list[int]:  # noqa: A002
    """Which versions of an id there are."""
    return [one.version for one in client.show(id).versions]


@pytest.mark.parametrize("fault", ["busy", "cut before", "cut after", "cut within"])
def test_an_append_is_there_once_whatever_failed(client: Client, line: Between, fault: Fault) -> None:
    """An append that is tried again after a failure of any kind is carried out once, and its receipt says new."""
    id_ = fault.replace(" ", "-")
    line.faults.extend([fault, fault])

    appended = client.append([an_event(id_)], chronicle="c", expected={id_: 0})

    assert (["new"], 3) == ([one.outcome for one in appended.receipts], len(line.requests))
    assert [1] == versions(client, id_)


def test_an_append_of_the_other_client_is_there_once(line: Between, client: Client, patiently: Patiently) -> None:
    """The client for asyncio tries again in the same way."""

    async def appended() -> list[str]:
        async with AsyncClient(line.base, outside=patiently.outside, sleep=patiently.sleep_async) as other:
            done = await other.append([an_event("async")], chronicle="c")
            return [one.outcome for one in done.receipts]

    line.faults.extend(["cut after", "busy"])

    assert ["new"] == asyncio.run(appended())
    assert [1] == versions(client, "async")


def test_a_server_is_given_the_time_that_it_asks_for(client: Client, line: Between, patiently: Patiently) -> None:
    """Retry-After is waited for where it is longer than the wait that was drawn."""
    line.faults.append("busy")
    client.state(as_of="2025")

    assert [7.0] == patiently.waits


def test_waits_double_and_are_drawn(client: Client, line: Between, patiently: Patiently) -> None:
    """Half of 0.5, 1 and 2 seconds, where chance says one half."""
    line.faults.extend(["cut before"] * 3)
    client.state(as_of="2025")

    assert [0.25, 0.5, 1.0] == patiently.waits


def test_waits_are_told(line: Between, patiently: Patiently) -> None:
    """Whoever looks on hears what failed, and when it is tried again."""
    told: list[tuple[str, float]] = []
    line.faults.extend(["busy", "cut before"])
    with Client(
        line.base,
        outside=patiently.outside,
        sleep=patiently.sleep,
        tell=lambda why, seconds: told.append((why, seconds)),
    ) as client:
        client.state(as_of="2025")

    assert [7.0, 0.5] == [seconds for _, seconds in told]
    assert "503" in told[0][0]
    assert "was not reached in 2 tries" in told[1][0]


def test_patience_ends(line: Between, patiently: Patiently) -> None:
    """After the tries that are allowed the error says what happened, and how often it was tried."""
    line.faults.extend(["cut before"] * 3)
    patience = Patience(attempts=3)
    with (
        Client(line.base, patience=patience, outside=patiently.outside, sleep=patiently.sleep) as client,
        pytest.raises(StoreError, match="was not reached in 3 tries"),
    ):
        client.state(as_of="2025")

    assert 3 == len(line.requests)


def test_nobody_waits_longer_than_allowed(line: Between, patiently: Patiently) -> None:
    """A server that asks for more time than there is, is not waited for."""
    line.faults.append("busy")
    with (
        Client(line.base, patience=Patience(within=5), outside=patiently.outside, sleep=patiently.sleep) as client,
        pytest.raises(StoreError, match="come back in 7 s"),
    ):
        client.state(as_of="2025")

    assert [] == patiently.waits


def test_what_is_wrong_with_a_question_is_not_asked_twice(client: Client, line: Between) -> None:
    """A refusal is final."""
    with pytest.raises(QuestionError):
        client.state(as_of="2025-13")

    assert 1 == len(line.requests)


def test_an_answer_that_is_too_long_is_refused(line: Between) -> None:
    """No more of an answer is taken into memory than the limit allows."""
    with Client(line.base, limits=Limits(most=1_000)) as client, pytest.raises(StoreError, match="more than 1000"):
        client.state(as_of="2026-03-01")


def test_an_answer_that_does_not_end_is_given_up(line: Between, patiently: Patiently) -> None:
    """Seconds that pass while an answer comes in are counted, however often a byte comes."""
    ticking = patiently.outside._replace(monotonic=iter(range(0, 10_000, 50)).__next__)
    with (
        Client(line.base, limits=Limits(seconds=10), outside=ticking, sleep=patiently.sleep) as client,
        pytest.raises(StoreError, match="did not end within 10 s"),
    ):
        client.state(as_of="2025")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an archive with some events."""
    here = url_of(tmp_path / "chronicle.db")
    with Archive.open(here) as archive:
        archive.append([an_event(f"e{number}") for number in range(10)], chronicle="c")
    return here


def test_a_reader_of_the_log_outlives_a_restart(url: str, tmp_path: Path, patiently: Patiently) -> None:
    """A server is stopped and started again under a reader: it sees every record once, in order, and the new ones."""
    with running(url, tmp_path / "first") as first, between(first.port) as line:
        seen: list[int] = []
        with Client(line.base, outside=patiently.outside, sleep=patiently.sleep) as client:
            records = client.log(wait=True)
            seen += [next(records).position for _ in range(4)]
            assert 0 == first.stop()
            with running(url, tmp_path / "second") as second:
                line.port = second.port
                client.append([an_event("later")], chronicle="c")
                line.faults.append("cut within")
                seen += [next(records).position for _ in range(7)]

    assert list(range(1, 12)) == seen


@pytest.fixture
def guarded(url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server that asks for tokens, and one that may read."""
    with Archive.open(url) as archive:
        token, _ = archive.tokens().create("reader", ["read"])
    with running(url, tmp_path / "log", "--access", "tokens") as server:
        yield server.base, token


def test_a_token_lets_in_what_it_allows(guarded: tuple[str, str]) -> None:
    """With the token questions are answered; without it, and for what it does not allow, there is an error."""
    base, token = guarded
    with Client(base, token=token) as client, Client(base) as stranger:
        assert 10 == len(list(client.log()))
        with pytest.raises(AccessError):
            stranger.state(as_of="2025")
        with pytest.raises(AccessError):
            client.append([an_event("e")], chronicle="c")


def test_a_token_of_one_chronicle_takes_no_replica(url: str, tmp_path: Path) -> None:
    """What is hashed is of all chronicles together: whoever may read one of them does not get it."""
    with Archive.open(url) as archive:
        token, _ = archive.tokens().create("reader", ["read"], chronicles=["c"])
    with running(url, tmp_path / "log", "--access", "tokens") as server, Client(server.base, token=token) as client:
        assert () == client.state(as_of="2025", chronicle="c").facts
        with pytest.raises(AccessError):
            client.entries(0, 10)


def test_a_token_is_not_taken_elsewhere() -> None:
    """A redirect within the server is followed; one to elsewhere is an error, and nothing is sent there."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url} {request.headers['authorization']}")
        if request.url.path == "/api/checkpoint":
            return httpx.Response(307, headers={"location": "/there"})
        return httpx.Response(302, headers={"location": "https://other.example/api/state"})

    there = httpx.MockTransport(answer)
    with (
        Client("https://here.example", token="chr_x", transport=there) as client,  # noqa: S106 - no token
        pytest.raises(StoreError, match=r"leads elsewhere, to 'https://other\.example"),
    ):
        client.checkpoint()

    assert ["https://here.example/api/checkpoint Bearer chr_x", "https://here.example/there Bearer chr_x"] == asked


@pytest.mark.parametrize(
    "location",
    [
        "http://here.example/x",
        "https://here.example:444/x",
        "//other.example/x",
        "https://here.example@other.example/",
        "https://here.example.other/",
        "",
        "https://[/",
    ],
)
def test_only_the_same_origin_is_the_same(location: str) -> None:
    """What differs in scheme, host or port, or cannot be read, is another server."""
    with pytest.raises(StoreError):
        redirected("https://here.example/api/state", location)


@pytest.mark.parametrize(
    "url",
    ["ftp://here.example", "here.example", "https://u:p@here.example", "https://here.example/?a=b", "https://h:x"],
)
def test_an_address_is_looked_at_first(url: str) -> None:
    """What is no address of a server is refused before anything is sent."""
    with pytest.raises(QuestionError):
        Client(url)


def test_a_token_cannot_make_headers() -> None:
    """A line end within a token is refused."""
    with pytest.raises(QuestionError):
        Client("https://here.example", token="chr_x\r\nX-Evil: 1")  # noqa: S106 - no token
