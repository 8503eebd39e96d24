"""The client of the authors of RFC 7089 finds what was told at a time, from a server in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from memento_client import MementoClient
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_archive, an_event, url_of

ENTITY = "/entities/c/subject"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a subject that was told in three months of 2026."""
    url, clock = url_of(tmp_path_factory.mktemp("memento") / "chronicle.db"), Clock("2026-01-01")
    with an_archive(a_source(), clock=clock, url=url) as archive:
        for month in range(1, 4):
            clock.set(f"2026-{month:02}-10")
            archive.append([an_event("one", a_fact(month), sources=["s"])], chronicle=CHRONICLE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "chronicle", "serve", "--db", url, "--port", str(port)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        assert any("Started worker" in line for line in server.stdout), "it ended instead"
        try:
            with requests.Session() as session:  # it says so a little before it listens
                session.mount("http://", HTTPAdapter(max_retries=Retry(connect=8, backoff_factor=0.1)))
                assert session.get(f"http://127.0.0.1:{port}/ready", timeout=60).ok
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (datetime(2026, 2, 20, tzinfo=UTC), 2),
        (datetime(1999, 1, 1, tzinfo=UTC), 1),
        (datetime(2090, 1, 1, tzinfo=UTC), 3),
    ],
)
def test_it_finds_what_was_told(host: str, day: datetime, month: int) -> None:
    """From the address of the entity to its time gate, and from there to the memento of the day."""
    with MementoClient(timegate_uri=f"{host}/timegate/") as client:
        found = client.get_memento_info(f"{host}{ENTITY}", day.replace(tzinfo=None))

    [address] = found["mementos"]["closest"]["uri"]
    assert f"{host}/timegate{ENTITY}" == found["timegate_uri"]
    assert datetime(2026, month, 10) == found["mementos"]["closest"]["datetime"]  # noqa: DTZ001 # the client's have no zone
    assert [month] == [fact["value"] for fact in requests.get(address, timeout=60).json()["facts"]]


def test_it_knows_a_memento_by_its_answer(host: str) -> None:
    """From a memento it finds the way back to what it is of."""
    address = f"{host}/mementos/2{ENTITY}"

    assert MementoClient.is_memento(address)
    assert f"{host}{ENTITY}" == MementoClient(timegate_uri=f"{host}/timegate/").get_original_uri(address)
