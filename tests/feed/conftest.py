"""Archives, endpoints and NATS servers to send between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.feeding import Sinks
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, an_event, url_of
from tests.feed.broker import Broker
from tests.feed.receiver import Receiver, receiving

LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
def clock() -> Clock:
    """The clock of the archive."""
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    """An archive of five events."""
    with Archive.open(url_of(tmp_path / "chronicle.db"), now=clock) as opened:
        opened.append([an_event(f"e{number}") for number in range(1, 6)], chronicle=CHRONICLE)
        yield opened


@pytest.fixture
def sinks(archive: Archive) -> Sinks:
    """Its sinks."""
    return archive.sinks()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint."""
    with receiving() as one:
        yield one


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A NATS server that runs."""
    one = Broker(tmp_path / "broker")
    one.start()
    yield one
    one.stop()
