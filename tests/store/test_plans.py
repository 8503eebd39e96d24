"""How the databases find what questions ask for, once they know how much there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chronicle.service import Archive
from chronicle.store.archive import Store
from tests.benchmarks import world
from tests.builders import url_of
from tests.postgresql import Server
from tests.store import plans

FACTS = 10_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of ten thousand facts, analysed."""
    file = tmp_path_factory.mktemp("plans") / "world.db"
    store = Store.open(url_of(file), create=True)
    world.fill(store, FACTS)
    store.close()
    return file


@pytest.fixture(scope="module")
def here(filled: Path) -> Iterator[Store]:
    """It, in a file."""
    store = Store.open(url_of(filled), create=False)
    yield store
    store.close()


@pytest.fixture(scope="module")
def there(filled: Path, postgresql: Server) -> Iterator[Store]:
    """It, on a server."""
    url = postgresql.database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHRONICLE_PROOF", str(filled.parent / "proof"))
        Archive.restore(str(filled), url)
    store = Store.open(url, create=False)
    with store.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    yield store
    store.close()


@pytest.mark.parametrize("expected", plans.of_sqlite(), ids=str)
def test_sqlite_seeks(here: Store, expected: plans.Expected) -> None:
    """What each question needs is looked up in the order of an index."""
    lines = plans.plan(here, expected.question)

    assert expected.holds(lines), lines


@pytest.mark.parametrize("expected", plans.of_postgresql(), ids=str)
def test_postgresql_seeks(there: Store, expected: plans.Expected) -> None:
    """By the same indexes."""
    lines = plans.plan(there, expected.question)

    assert expected.holds(lines), lines
