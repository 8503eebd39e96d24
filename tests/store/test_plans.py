"""How the databases find what questions ask for, once they know how much there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from chronicle.service import Archive
from chronicle.store.archive import Store
from chronicle.store.head import read_head
from chronicle.store.read import Horizon
from tests.benchmarks import world
from tests.benchmarks.keys import ask
from tests.benchmarks.much_told import told
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


OFTEN = 5_000
READ = """
SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname IN ('fact', 'report', 'version')
"""
"""How many rows the transaction has read of these tables."""


def uneven(url: str) -> Store:
    """An archive one of whose two keys has nearly all facts, analysed."""
    store = Store.open(url, create=True)
    world.write(store, told(OFTEN))
    return store


@pytest.mark.parametrize("question", [*plans.OF_KEYS, *plans.TOGETHER])
def test_sqlite_seeks_although_one_key_has_most_facts(tmp_path_factory: pytest.TempPathFactory, question: str) -> None:
    """What it has learned of keys, on the average, does not have it look through all facts."""
    file = tmp_path_factory.getbasetemp() / "uneven.db"
    store = Store.open(url_of(file), create=False) if file.exists() else uneven(url_of(file))
    lines = plans.plan(store, question)
    store.close()

    of_facts = [line for line in lines if re.search(r"^(SEARCH|SCAN) (fact|here)\b", line)]
    assert of_facts
    assert all("USING PRIMARY KEY (chronicle=?" in line for line in of_facts), lines


@pytest.mark.parametrize("number", [0, 1], ids=["seldom", "often"])
def test_postgresql_reads_little_although_one_key_has_most_facts(postgresql: Server, number: int) -> None:
    """Not even once it plans for any key whatever, as it may of what is asked often."""
    store = uneven(postgresql.database())
    with closing(store), store.reading() as connection:
        horizon, place = Horizon(read_head(connection).position), (world.subject(number), world.ATTRIBUTES[0])
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        asked = 20
        for _ in range(asked):
            assert ask(connection, horizon, place)
        assert connection.execute(text(READ)).scalar_one() <= asked * 100
