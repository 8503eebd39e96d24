"""The doors of the log: pages, waiting for news, and events; all say the same in the same order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, cast

import pytest

from chronicle.errors import ConflictError
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from chronicle.store import read
from chronicle.web import following, streams
from chronicle.web.forms import RECORDS, data_lines
from chronicle.web.watching import Lines, Patience
from tests.builders import CHRONICLE, Clock, a_retraction, a_source, an_event, url_of
from tests.web.conftest import Client, client_of
from tests.web.events import Reader, Sent, events

EVENTS = 12


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two chronicles: of every third event of one the type is another, and one event is withdrawn."""
    here = url_of(tmp_path_factory.mktemp("following") / "chronicle.db")
    types = ["plan.announced", "visit.held", "visit.held.again"]
    with Archive.open(here, now=Clock()) as archive:
        for number in range(EVENTS):
            document = an_event(f"e{number}", type=types[number % 3], tags=[f"t{number % 2}"])
            archive.append([document], chronicle=CHRONICLE)
        archive.append([a_source()], chronicle="other")
        archive.append([a_retraction("e1")], chronicle=CHRONICLE)
    return here


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    """A client of them."""
    with client_of(url) as opened:
        yield opened


def positions(page: Any) -> list[int]:
    """The positions of the records of a page."""
    return [one["position"] for one in page["records"]]


FILTERS: list[dict[str, Any]] = [
    {},
    {"chronicle": "other"},
    {"chronicle": [CHRONICLE, "other"]},
    {"type": "visit"},
    {"type": ["plan", "visit.held.again"], "tag": "t1"},
    {"entity": "nobody"},
    {"attribute": "none"},
    {"from": "2026"},
    {"to": "2025", "chronicle": CHRONICLE},
]


@pytest.mark.parametrize("filter_", FILTERS)
def test_every_door_tells_the_same(client: Client, filter_: dict[str, Any]) -> None:
    """Pages of any size, batches and lines of CloudEvents, and events of a stream are the same records in one order."""
    whole = positions(client.get("/api/log", params={**filter_, "limit": 1000}).json())

    paged: list[int] = []
    cursor = "0"
    while True:
        page = client.get("/api/log", params={**filter_, "limit": 2, "after": cursor}).json()
        paged += positions(page)
        cursor = page["cursor"]
        if page["up_to_date"]:
            break
    batch = client.get("/api/log", params={**filter_, "limit": 1000, "format": "cloudevents"}).json()
    lines = client.get("/api/log", params={**filter_, "limit": 1000, "format": "cloudevents-lines"}).text
    told = events(client.get("/api/follow", params=filter_).text)

    assert whole == paged
    assert whole == [int(one["sequence"]) for one in batch]
    assert batch == [json.loads(line) for line in lines.splitlines()]
    assert whole == [json.loads(one.data)["position"] for one in told]


def test_a_filter_keeps_what_a_sink_keeps(client: Client) -> None:
    """Events of the type and below it, and the end of any document, of which whoever had it must hear."""
    told = client.get("/api/log", params={"type": "visit", "limit": 1000}).json()

    assert [2, 3, 5, 6, 8, 9, 11, 12, 14] == positions(told)


def test_the_cursor_is_past_what_was_not_wanted(client: Client, url: str) -> None:
    """A reader that wants nothing of the log is at its end all the same."""
    told = client.get("/api/log", params={"tag": "none", "chronicle": "other"}).json()

    with Archive.open(url, now=Clock()) as archive:
        assert ([], archive.cursor(), True) == (told["records"], told["cursor"], told["up_to_date"])


def test_a_small_page_reads_no_more_than_it_tells(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of three asks the database for three records."""
    asked: list[int] = []
    real = read.records_as_recorded

    def watched(connection: Any, position: int, most: int, chronicles: Any = ()) -> Any:
        asked.append(most)
        return real(connection, position, most, chronicles)

    monkeypatch.setattr(read, "records_as_recorded", watched)
    with client_of(url) as client:
        assert [1, 2, 3] == positions(client.get("/api/log", params={"limit": 3}).json())

    assert [3] == asked


def test_a_page_leads_to_the_next(client: Client) -> None:
    """The link of a batch, which has no place for a cursor, asks the same from there on (RFC 8288)."""
    first = client.get("/api/log?format=cloudevents&type=visit&type=plan&limit=5")
    following = first.headers["link"].partition("<")[2].partition(">")[0]

    assert [6, 7, 8, 9, 10] == [int(one["sequence"]) for one in client.get(following).json()]


def test_an_event_of_cloudevents(client: Client) -> None:
    """Structured, with a sequence that sorts as text, and an id that is where to go on."""
    answer = client.get("/api/log?format=cloudevents&limit=1&after=1")

    [told] = answer.json()
    assert "application/cloudevents-batch+json" == answer.headers["content-type"]
    assert ("1.0", "00000000000000000002", 2) == (told["specversion"], told["sequence"], told["data"]["position"])
    assert [3] == positions(client.get("/api/log", params={"after": told["id"], "limit": 1}).json())


def test_a_page_that_can_change_is_not_kept(client: Client) -> None:
    """For ever after a cursor, which knows its epoch; to be asked again after a position; not at all at the end."""
    first = client.get("/api/log?limit=2")
    second = client.get("/api/log", params={"limit": 2, "after": first.json()["cursor"]})
    last = client.get("/api/log", params={"limit": 1000})

    assert ["public, no-cache", "public, max-age=31536000, immutable", "no-store"] == [
        one.headers["cache-control"] for one in (first, second, last)
    ]


def test_a_page_does_not_change_when_a_source_is_dated(url: str) -> None:
    """A record says how it counted as reported when it was recorded, whatever the log learns later."""
    document = an_event("cites", sources=["late"])
    with Archive.open(url, now=Clock("2026-04-01")) as archive:
        start = archive.append([a_source("late", published=None), document], chronicle="dated").position - 2
    with client_of(url, clock=Clock("2026-04-02")) as client:
        before = client.get("/api/log", params={"after": start, "limit": 2}).json()["records"]
        source = a_source("late", published="2020-01-01")
        client.post("/api/append", json={"chronicle": "dated", "documents": [source]}).raise_for_status()
        after = client.get("/api/log", params={"after": start, "limit": 2}).json()["records"]

    assert before == after


def test_waiting_that_is_in_vain(client: Client) -> None:
    """Where nothing comes in time the page is empty, and the cursor is where to wait on."""
    cursor = client.get("/api/log?limit=1000").json()["cursor"]
    told = client.get("/api/log", params={"after": cursor, "wait": 60}).json()

    assert ([], cursor, True) == (told["records"], told["cursor"], told["up_to_date"])


def test_a_stream_goes_on_from_the_last_id(client: Client) -> None:
    """A client that comes back with Last-Event-ID gets what it lacks, whatever its address says."""
    reader = Reader()
    first = list(reader.read(client.get("/api/follow?after=0").text.split("\n")))
    again = client.get("/api/follow?after=0", headers={"last-event-id": first[3].id}).text

    assert first[4:] == events(again)
    assert 1_000 == reader.retry


def test_a_stream_takes_a_client_past_what_it_does_not_want(client: Client, url: str) -> None:
    """An id without data is no event, and where the client goes on."""
    reader = Reader()
    told = list(reader.read(client.get("/api/follow?tag=none&chronicle=other").text.split("\n")))

    with Archive.open(url, now=Clock()) as archive:
        assert ([], archive.cursor()) == (told, reader.last_id)


def test_a_stream_is_not_kept_or_held_up(client: Client) -> None:
    """Neither caches nor proxies keep anything of it back."""
    answer = client.get("/api/follow", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert ("no-store", "no", None) == (
        answer.headers["cache-control"],
        answer.headers["x-accel-buffering"],
        answer.headers.get("content-encoding"),
    )


def test_a_line_end_in_a_record_begins_no_event(tmp_path: Any) -> None:
    """Text that looks like an event stays within the one that it is of."""
    url = url_of(tmp_path / "chronicle.db")
    hostile = "first\n\nid: 1\n\nevent: problem\ndata: {}\u2028\n\nlast"
    with Archive.open(url, now=Clock()) as archive:
        archive.append([an_event("e", summary=hostile)], chronicle=CHRONICLE)
        cursor = archive.cursor()
    with client_of(url) as client:
        [told] = events(client.get("/api/follow").text)

    assert ("message", cursor) == (told.type, told.id)
    assert hostile == json.loads(told.data)["document"]["summary"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_data_of_several_lines(end: str) -> None:
    """Each line is data of its own, whatever ends it."""
    assert b"data:a\ndata:id: 1\ndata:\n" == data_lines(f"a{end}id: 1{end}".encode())


@pytest.mark.parametrize("door", ["log", "follow"])
@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("after=999", 400, "not within the log"),
        ("after=-1", 400, "neither a position nor a cursor"),
        ("after=x", 400, "neither a position nor a cursor"),
        ("format=xml", 400, "none of records"),
        ("from=2025-13", 400, "no month 13"),
        ("typ=visit", 400, "no parameter"),
        (f"after={'0' * 45}", 409, "is of the log"),
    ],
)
def test_what_cannot_be_followed(client: Client, door: str, query: str, status: int, said: str) -> None:
    """A problem document, before anything of a stream is sent."""
    answer = client.get(f"/api/{door}?{query}")

    assert (status, True) == (answer.status_code, said in answer.json()["detail"])


def test_the_end_of_an_id_that_is_none(client: Client) -> None:
    """A last id that no stream has given is refused like a cursor."""
    assert 400 == client.get("/api/follow", headers={"last-event-id": "7;x"}).status_code


@pytest.mark.parametrize("query", ["chronicle=mine&chronicle=theirs", "chronicle=theirs&chronicle=mine", ""])
@pytest.mark.parametrize("path", ["/api/log", "/api/follow"])
def test_a_token_for_one_chronicle_opens_no_other(tmp_path: Any, path: str, query: str) -> None:
    """All chronicles that are named must be among its own, in whatever order."""
    url = url_of(tmp_path / "chronicle.db")
    with Archive.open(url, now=Clock()) as archive:
        archive.append([an_event("a")], chronicle="mine")
        archive.append([an_event("b")], chronicle="theirs")
        text, _ = archive.tokens().create("reader", ["read"], chronicles=["mine"])
    with client_of(url, "tokens") as client:
        headers = {"authorization": f"Bearer {text}"}

        assert 403 == client.get(f"{path}?{query}", headers=headers).status_code
        assert 200 == client.get(f"{path}?chronicle=mine", headers=headers).status_code


def test_python_follows_with_the_same_filter(url: str) -> None:
    """`Archive.follow` and `Archive.log` want what the doors want."""
    wanted = Filter(types=("plan",))
    with Archive.open(url, now=Clock()) as archive:
        followed = [one.position for one in archive.follow(wanted=wanted, wait=False)]
        found = archive.log(wanted=wanted, limit=1_000)

    assert followed == [one.position for one in found.records]


def test_a_sent_event_is_told_apart() -> None:
    """The reader of these tests knows types, ids that last, and several lines of data."""
    text = "id: 1\ndata: a\ndata:b\n\nevent: problem\ndata: c\n\nid: 2\n\n:\n\n"

    assert [Sent("message", "a\nb", "1"), Sent("problem", "c", "1")] == events(text)


def test_a_log_that_fails_under_a_stream_is_told() -> None:
    """The last event is a problem document with a code, of a type of its own; who comes back is refused likewise."""

    async def failing() -> AsyncIterator[Lines | None]:
        yield None
        raise ConflictError("epoch-changed", "it was restored")

    async def told() -> str:
        nobody = cast("Any", None)
        return b"".join([piece async for piece in following._told(nobody, failing(), RECORDS)]).decode()  # noqa: SLF001

    [problem] = events(asyncio.run(told()))
    assert ("problem", 409, "epoch-changed") == (
        problem.type,
        json.loads(problem.data)["status"],
        json.loads(problem.data)["code"],
    )


@pytest.mark.parametrize("door", ["follow?after=0", "stream?offset=-1&live=sse"])
@pytest.mark.parametrize("shown", ["token", "session"])
def test_a_stream_ends_with_the_token(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, door: str, shown: str) -> None:
    """Though it would go on for days: with a token that is revoked, and with a session that was begun with it."""
    begun = Event()
    for module in (following, streams):
        monkeypatch.setattr(module, "wait_patiently", lambda _: begun.set())
    url = url_of(tmp_path / "chronicle.db")
    patience = Patience(look=0.001, beat=0.001, lifetime=1_000_000)
    with Archive.open(url, now=Clock()) as archive:
        archive.append([an_event("a")], chronicle="mine")
        text, token = archive.tokens().create("reader", ["read"])
        bearer = archive.tokens().admit(text)
        assert bearer is not None
        cookie = f"chronicle-session={archive.sessions().begin(bearer, 10**15)}"
        headers = {"authorization": f"Bearer {text}"} if shown == "token" else {"cookie": cookie}
        with client_of(url, "tokens", patience=patience) as client, ThreadPoolExecutor(1) as pool:
            answer = pool.submit(client.get, f"/api/{door}", headers=headers)
            begun.wait()
            archive.tokens().revoke(token.id)

            assert 200 == answer.result().status_code
