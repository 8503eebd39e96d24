"""Records cannot be changed or removed, whoever asks and however it is put."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, exc

from chronicle.store import dialect
from chronicle.store.archive import Store
from tests.builders import an_entity, contents, load, url_of

VIEWS = (
    """CREATE TEMP VIEW forged AS SELECT
    'c' AS chronicle, 'entity' AS kind, 'forged' AS id, 1 AS version, NULL AS type, 1, 'forger', x'00'""",
    """CREATE TEMP VIEW doubled AS SELECT
    'c' AS chronicle, 'entity' AS kind, 'a' AS id, 1 AS version, NULL AS type, 1, 'forger', x'00'""",
)

FORGERIES = [
    "UPDATE record SET recorded_by = 'forger'",
    "UPDATE record SET position = 9 WHERE position = 2",
    "UPDATE OR REPLACE record SET position = 1 WHERE position = 2",
    "UPDATE OR IGNORE record SET recorded = 0",
    "DELETE FROM record",
    "DELETE FROM record WHERE position = 2",
    "INSERT OR REPLACE INTO record SELECT 1, * FROM forged",
    "REPLACE INTO record SELECT 2, * FROM forged",
    "REPLACE INTO record SELECT 3, * FROM doubled",
    "INSERT INTO record SELECT 1, * FROM forged WHERE true ON CONFLICT DO UPDATE SET id = excluded.id",
    "INSERT INTO record SELECT 1, * FROM forged WHERE true ON CONFLICT (position) DO UPDATE SET recorded = 1",
    "INSERT INTO record SELECT 3, * FROM doubled WHERE true ON CONFLICT DO UPDATE SET recorded_by = 'forger'",
    "INSERT INTO record SELECT 4, * FROM forged",
    "INSERT INTO record SELECT 0, * FROM forged",
    "INSERT INTO record SELECT -1, * FROM forged",
    "INSERT INTO record SELECT NULL, * FROM forged",
    "INSERT OR IGNORE INTO record SELECT 7, * FROM forged",
    "UPDATE payload SET payload = x'00'",
    "UPDATE OR REPLACE payload SET position = 1 WHERE position = 2",
    "DELETE FROM payload",
    "DELETE FROM payload WHERE position = 1",
    "INSERT OR REPLACE INTO payload VALUES (1, x'00', x'00')",
    "REPLACE INTO payload VALUES (2, x'00', x'00')",
    "INSERT INTO payload VALUES (1, x'00', x'00') ON CONFLICT (position) DO UPDATE SET payload = excluded.payload",
]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Path, Store]]:
    """An archive of two records, in a file."""
    path = tmp_path / "chronicle.db"
    store = Store.open(url_of(path), create=True)
    load(store, an_entity("a"), an_entity("b"))
    yield path, store
    store.close()


@pytest.mark.parametrize("statement", FORGERIES)
def test_the_log_refuses(kept: tuple[Path, Store], statement: str) -> None:
    """No statement of any other program changes, removes or replaces a record, or leaves a gap."""
    path, store = kept
    before = contents(store)
    other = sqlite3.connect(path, isolation_level=None)
    for view in VIEWS:
        other.execute(view)

    with pytest.raises(sqlite3.IntegrityError, match="the log is append-only"):
        other.execute(statement)

    assert (0,) == other.execute("PRAGMA recursive_triggers").fetchone()
    other.close()
    assert before == contents(store)


def test_a_batch_migration_is_refused(kept: tuple[Path, Store]) -> None:
    """Alembic's batch mode, which copies a table and drops it with its triggers, fails and changes nothing."""
    _, store = kept
    before = contents(store)

    def rebuild() -> None:
        with store.writer.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("record", recreate="always") as batch:
                batch.add_column(Column("forged", Integer))

    with pytest.raises(exc.IntegrityError):
        rebuild()
    assert before == contents(store)
    with store.reading() as connection:
        assert "record_refuses_delete" in dialect.triggers(connection)


def test_the_next_position_is_free(kept: tuple[Path, Store]) -> None:
    """What the triggers hold back is not the appending itself."""
    _, store = kept

    assert 3 == load(store, an_entity("c")).position


def test_a_payload_belongs_to_a_record(kept: tuple[Path, Store]) -> None:
    """Foreign keys are on wherever Chronicle itself writes."""
    _, store = kept

    def enforced(engine: Any) -> int:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())

    assert [1, 1] == [enforced(store.writer), enforced(store.reader)]
