"""An archive on every backend: what holds for one holds for the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chronicle.store.archive import Store


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A new archive."""
    opened = Store.open(url, create=True)
    yield opened
    opened.close()
