"""An archive in memory and one in a file: what holds for one holds for the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.store.archive import Store
from tests.builders import IN_MEMORY, url_of


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new archive."""
    url = IN_MEMORY if request.param == "memory" else url_of(tmp_path / "chronicle.db")
    opened = Store.open(url, create=True)
    yield opened
    opened.close()
