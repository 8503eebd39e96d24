"""An archive, and the clock it records by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chronicle.service import Archive
from tests.builders import Clock, an_archive


@pytest.fixture
def clock() -> Clock:
    """The first of March 2026."""
    return Clock("2026-03-01")


@pytest.fixture
def archive(clock: Clock, url: str) -> Iterator[Archive]:
    """A new archive that records by the clock, on every backend."""
    opened = an_archive(clock=clock, url=url)
    yield opened
    opened.close()
