"""How the databases find what questions ask for, once they know how much there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chronicle.service import Archive
from chronicle.store import candidates, holding
from chronicle.store.archive import Store
from chronicle.store.lanes import LANES, WIDTHS
from chronicle.store.prepared import Prepared
from chronicle.store.read import LATEST
from tests.benchmarks import world
from tests.builders import url_of
from tests.postgresql import Server

FACTS = 10_000

POINT = {"chronicle": world.CHRONICLE, "subject": world.subject(0), "attribute": world.ATTRIBUTES[0]}
NOW = {"position": FACTS, "known": 2_000_000_000}
KEY = {**POINT, "past": False, "dimensions": "", "shape": ""}
LOWS = {f"low_{lane}": 1_000_000_000 for lane in range(LANES)}
BEHIND = candidates._at(candidates._behind(candidates.Place(*POINT.values())))  # noqa: SLF001 - as said below
BACK = {"from_lo": 1_000_000_000, "at": LATEST, "ordinal": LATEST}
SHAPE = {"past": False, "at_dimensions": "", "at_shape": "", "at_lane": LANES}
MANY = {"chronicle": world.CHRONICLE, "begun_by": 1_000_000_000, "most": 1_000}

# Their plans are what is tested, so that what is private is asked for. Each is asked with bounds of knowledge.
QUESTIONS: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "few": (candidates._few(is_known=True), {**POINT, "most": 25}),  # noqa: SLF001 - as said above
    "lasting": (candidates._lasting(is_known=True), {**KEY, **BACK, "most": 4}),  # noqa: SLF001 - as said above
    "lanes": (candidates._lanes(is_known=True), {**KEY, **LOWS, "since": 0, "begun_by": 1_000_000_000}),  # noqa: SLF001 - as above
    "shape": (candidates._NEXT_SHAPE, {**POINT, **SHAPE}),  # noqa: SLF001 - as above
    "many": (candidates._many(("chronicle",), is_known=True), {**MANY, **BEHIND}),  # noqa: SLF001 - as above
}

EARLY = -2_150_000_000
"""In 1901, when little of the world had begun."""

ASKED = {"chronicle": world.CHRONICLE, "x": EARLY, "most": 1_000, "wide": "[]"}
ASKED |= holding._before(candidates.Place(*POINT.values()))  # noqa: SLF001 - as above
TIMES = {f"low_{width}": holding._low(width, EARLY) for width in range(len(WIDTHS) + 1)}  # noqa: SLF001 - as above
LAST = {"last_subject": world.subject(9), "last_attribute": world.ATTRIBUTES[0]}
WHOLE = (("chronicle",), {"is_known": True, "is_latest": False, "is_wide": False})

OF_MANY_KEYS: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "places by time": (holding._stabbed(WHOLE[0]), {**ASKED, **TIMES}),  # noqa: SLF001 - as above
    "held by time": (holding._held(WHOLE[0], is_few=True, **WHOLE[1]), {**ASKED, **TIMES, **LAST}),  # noqa: SLF001 - as above
    "held by key": (holding._held(WHOLE[0], is_few=False, **WHOLE[1]), ASKED),  # noqa: SLF001 - as above
}


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


def plan(store: Store, question: str) -> list[str]:
    """What the database would do, line by line."""
    asked, values = (QUESTIONS | OF_MANY_KEYS)[question]
    with store.reading() as connection:
        statement, names, fixed = asked._compile(connection)  # noqa: SLF001 - as above
        bound = fixed | NOW | values
        explain = "EXPLAIN QUERY PLAN" if store.reader.dialect.name == "sqlite" else "EXPLAIN"
        driver: Any = connection.connection.driver_connection
        given = bound if names is None else [bound[name] for name in names]
        rows = driver.execute(f"{explain} {statement}", given).fetchall()
    return [str(row[-1]) for row in rows]


@pytest.mark.parametrize("question", QUESTIONS)
def test_sqlite_seeks(here: Store, question: str) -> None:
    """Facts are found in the order of their keys, and nothing is sorted or read from end to end."""
    lines = plan(here, question)

    assert any("SEARCH fact USING PRIMARY KEY (chronicle=?" in line for line in lines)
    assert [] == [line for line in lines if "TEMP B-TREE" in line or "SCAN fact" in line]


@pytest.mark.parametrize("question", QUESTIONS)
def test_postgresql_seeks(there: Store, question: str) -> None:
    """It does so by the same index, and reads no table from end to end."""
    lines = plan(there, question)

    assert any("pk_fact" in line for line in lines)
    assert [] == [line for line in lines if "Seq Scan" in line]


def test_the_whole_of_a_lane_is_bounded_on_sqlite(here: Store) -> None:
    """The beginning of a fact, too, is looked up and not looked through."""
    [line] = [line for line in plan(here, "lanes") if "fact" in line and "SEARCH fact" in line]

    assert line.endswith("AND lane=? AND from_lo>? AND from_lo<?)")


@pytest.mark.parametrize("question", ["places by time", "held by time"])
def test_few_keys_are_found_by_time_on_sqlite(here: Store, question: str) -> None:
    """Only extents of each width that begin so late that they may last are looked at, and no table for that."""
    [line] = [line for line in plan(here, question) if " extent " in line]

    assert line.endswith("USING COVERING INDEX ix_extent_width (chronicle=? AND width=? AND begins>? AND begins<?)")


def test_many_keys_are_found_in_their_order_on_sqlite(here: Store) -> None:
    """Nothing is sorted."""
    lines = plan(here, "held by key")

    assert any(" extent USING PRIMARY KEY (chronicle=? AND (subject,attribute" in line for line in lines)
    assert [] == [line for line in lines if "TEMP B-TREE" in line]


@pytest.mark.parametrize("question", ["held by time", "held by key"])
def test_the_facts_of_many_keys_are_sought_on_sqlite(here: Store, question: str) -> None:
    """Those of a lane from where on they can matter, and the last that claims the second."""
    lines = [line for line in plan(here, question) if " fact " in line or " claim " in line]

    assert ["fact", "claim"] == [line.split(" ")[1] for line in lines]
    assert [] == [line for line in lines if not line.endswith("AND lane=? AND from_lo>? AND from_lo<?)")]


@pytest.mark.parametrize("question", ["places by time", "held by time"])
def test_few_keys_are_found_by_time_on_postgresql(there: Store, question: str) -> None:
    """By the same index."""
    assert any("ix_extent_width" in line for line in plan(there, question))


@pytest.mark.parametrize("question", ["held by time", "held by key"])
def test_the_facts_of_many_keys_are_sought_on_postgresql(there: Store, question: str) -> None:
    """By the order of keys, which is that of the answer."""
    lines = plan(there, question)

    assert any("Index Scan using pk_fact on fact" in line for line in lines)
    assert any("Index Scan Backward using pk_fact on fact claim" in line for line in lines)
    assert [] == [line for line in lines if "Seq Scan on fact" in line]


def test_of_few_keys_only_late_facts_are_read_on_postgresql(there: Store) -> None:
    """From where on they can matter is a bound of the index."""
    assert any("Index Cond" in line and "(from_lo >= CASE" in line for line in plan(there, "held by time"))
