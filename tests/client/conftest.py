"""Real servers, and clients whose waiting costs no time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chronicle.client import Client
from chronicle.client.calling import Outside
from chronicle.service import Archive
from tests.builders import url_of
from tests.client.between import Between, between
from tests.project.checkout import ROOT
from tests.web.server import Running, running


class Patiently:
    """Waits by moving a clock of its own; `waits` are the seconds that were waited."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.outside = Outside(self.monotonic, lambda: 0.0, lambda: 0.5)

    def monotonic(self) -> float:
        """The seconds that were waited so far."""
        return sum(self.waits)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waits.append(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait in a task."""
        self.waits.append(seconds)


@pytest.fixture
def patiently() -> Patiently:
    """A clock that waits without waiting."""
    return Patiently()


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an archive of the curated chronicles."""
    url = url_of(tmp_path_factory.mktemp("client") / "chronicle.db")
    with Archive.open(url, recorded_by="tester") as archive:
        archive.load(ROOT / "events")
    return url


@pytest.fixture(scope="module")
def server(curated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of them."""
    with running(curated, tmp_path_factory.mktemp("log") / "log") as started:
        yield started


@pytest.fixture
def line(server: Running) -> Iterator[Between]:
    """What lies in front of the server."""
    with between(server.port) as standing:
        yield standing


@pytest.fixture
def client(line: Between, patiently: Patiently) -> Iterator[Client]:
    """A client that goes through it."""
    with Client(line.base, outside=patiently.outside, sleep=patiently.sleep) as made:
        yield made


@pytest.fixture
def archive(curated: str) -> Iterator[Archive]:
    """The archive itself, beside the server."""
    with Archive.open(curated, recorded_by="tester") as opened:
        yield opened
