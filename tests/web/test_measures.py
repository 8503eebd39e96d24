"""What a server says as of now: the figures of sinks, and calendars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.limits import Limits
from tests.builders import Clock, an_event, url_of
from tests.cli.shell import chronicle
from tests.feed.receiver import Receiver, receiving


@pytest.fixture
def clock() -> Clock:
    """The clock of the archive."""
    return Clock("2026-03-01T12:00:00")


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    """An archive of five events."""
    with Archive.open(url_of(tmp_path / "chronicle.db"), now=clock) as opened:
        opened.append([an_event(f"e{number}") for number in range(5)], chronicle="c")
        yield opened


@pytest.fixture
def client(archive: Archive, tmp_path: Path, clock: Clock) -> Iterator[TestClient[Any]]:  # noqa: ARG001 - it is there
    """A client of a server of it."""
    served = Archive.open(url_of(tmp_path / "chronicle.db"), now=clock)
    with TestClient(gated(served, "open", Limits()), base_url="http://127.0.0.1:8765") as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint."""
    with receiving() as one:
        yield one


def figures(client: TestClient[Any], sink: str) -> dict[str, float]:
    """The figures of a sink, by the ends of their names, as a parser of the format reads them."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [one for family in families for one in family.samples if one.labels.get("sink") == sink]
    return {one.name.removeprefix("chronicle_sink_"): one.value for one in samples}


def test_sinks_are_measured(archive: Archive, client: TestClient[Any], receiver: Receiver, clock: Clock) -> None:
    """How far a sink is behind in records and seconds, what was delivered, and that the last delivery failed."""
    archive.sinks().add("desk", receiver.url, allow=["127.0.0.0/8"])
    clock.set("2026-03-01T12:01:30")
    receiver.answers = [(204, {}, b""), (204, {}, b""), (503, {}, b"")]
    archive.sinks().run("desk")
    behind = figures(client, "desk")

    expected = {"position": 2, "lag_records": 3, "lag_seconds": 90, "delivered_total": 2, "attempts": 1, "failed": 1}
    assert expected.items() <= behind.items()
    clock.set("2026-03-02T12:00:00")
    archive.sinks().run("desk")
    expected = {"position": 5, "lag_records": 0, "lag_seconds": 0, "delivered_total": 5, "attempts": 0, "failed": 0}
    assert expected.items() <= figures(client, "desk").items()


def test_what_was_given_up_is_parked(
    archive: Archive, client: TestClient[Any], receiver: Receiver, clock: Clock, tmp_path: Path
) -> None:
    """A record that is given up is counted, by the metrics and by `sinks lag --json`, which has its error too."""
    archive.sinks().add("desk", receiver.url, allow=["127.0.0.0/8"])
    receiver.answers = [(500, {}, b"")] * 40
    for _ in range(40):
        clock.now += 30 * 24 * 60 * 60 * 1_000_000
        archive.sinks().run("desk")
        if figures(client, "desk")["parked_records"]:
            break
    receiver.answers = []
    told = json.loads(chronicle(tmp_path / "chronicle.db", "sinks", "lag", "--json").stdout)["sinks"][0]

    assert 1 == figures(client, "desk")["parked_records"] == told["parked"]
    assert "answered 500" in told["dead"][0]["error"]


def records_sent(client: TestClient[Any]) -> dict[str, float]:
    """How many records were sent to followers, by door."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [one for family in families for one in family.samples if one.name == "chronicle_http_records_total"]
    return {one.labels["door"]: one.value for one in samples}


def test_records_are_counted_by_door(client: TestClient[Any]) -> None:
    """Whoever follows the log is counted by the records that were sent, and nobody else is."""
    client.get("/api/log", params={"limit": 2})
    client.get("/api/entries", params={"limit": 3})
    client.get("/api/stream", params={"offset": "-1"})
    client.get("/api/state")

    assert {"log": 2, "replica": 3, "stream": 5, "events": 0, "other": 0} == records_sent(client)


def test_records_of_a_kept_page_are_counted_each_time(client: TestClient[Any]) -> None:
    """A page that is answered from memory is sent like any other; one whose head is asked for is not."""
    after = client.get("/api/log", params={"limit": 1}).json()["cursor"]
    for _ in range(3):
        client.get("/api/log", params={"after": after, "limit": 2})
    client.head("/api/log", params={"after": after, "limit": 2})

    assert "chronicle_http_kept_answers_total 2.0" in client.get("/metrics").text
    assert 1 + 3 * 2 == records_sent(client)["log"]


def test_an_archive_without_sinks_has_no_figures_of_them(client: TestClient[Any]) -> None:
    """Nothing is said of what is not there."""
    assert "chronicle_sink" not in client.get("/metrics").text
    assert "chronicle_log_position 5" in client.get("/metrics").text


def test_a_calendar_is_made_anew_while_the_log_is_still(
    archive: Archive, client: TestClient[Any], clock: Clock
) -> None:
    """What was planned has come to pass by the clock alone: the gate does not answer that from memory."""
    archive.append([an_event("plan", occurred="2026-03-03", type="plan.announced")], chronicle="c")
    before = client.get("/feeds/c/calendar").text
    clock.set("2026-03-04")
    after = client.get("/feeds/c/calendar").text

    assert ("STATUS:TENTATIVE" in before, "STATUS:CONFIRMED" in after) == (True, True)
