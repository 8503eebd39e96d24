"""Archives behind the application, asked in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.web.access import Mode
from chronicle.web.app import application
from chronicle.web.watching import Patience
from tests.builders import Clock, url_of
from tests.project.checkout import ROOT

Client = TestClient[Any]
IMPATIENT = Patience(look=0.001, poll=0.01, beat=0.001, lifetime=0.01)


@contextmanager
def client_of(
    url: str, mode: Mode = "open", clock: Clock | None = None, patience: Patience = IMPATIENT
) -> Iterator[Client]:
    """A client of the archive at a URL; what waits for news of the log waits no time to speak of."""
    archive = Archive.open(url, recorded_by="tester", now=clock or Clock())
    with TestClient(application(archive, mode, patience), base_url="http://127.0.0.1:8765") as client:
        yield client


@pytest.fixture(scope="session")
def curated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the curated chronicles, which no test writes to."""
    url = url_of(tmp_path_factory.mktemp("web") / "curated.db")
    with Archive.open(url, recorded_by="tester", now=Clock()) as archive:
        archive.load(ROOT / "events")
    return url


@pytest.fixture(scope="session")
def client(curated: str) -> Iterator[Client]:
    """A client of them."""
    with client_of(curated) as opened:
        yield opened


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an archive that is empty."""
    here = url_of(tmp_path / "chronicle.db")
    Archive.open(here, now=Clock()).close()
    return here


@pytest.fixture
def writable(url: str) -> Iterator[Client]:
    """A client of it."""
    with client_of(url) as opened:
        yield opened
