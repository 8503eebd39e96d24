"""What the migrations make is what the program expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from chronicle.errors import StoreError
from chronicle.store import migrate, schema
from chronicle.store.archive import Store
from tests.builders import IN_MEMORY
from tests.postgresql import Server


def shape(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, as the database tells them."""
    look = inspect(connection)

    def ordered(items: list[Any]) -> list[str]:
        told = [
            {**one, "dialect_options": {k: str(v) for k, v in one.get("dialect_options", {}).items()}} for one in items
        ]
        return sorted(map(repr, told))

    return {
        name: {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one.get("primary_key"), one["default"])
                for one in look.get_columns(name)
            ],
            "key": look.get_pk_constraint(name),
            "foreign": ordered(look.get_foreign_keys(name)),
            "unique": ordered(look.get_unique_constraints(name)),
            "indexes": ordered(look.get_indexes(name)),
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_migrations_make_the_schema(backend: str, request: pytest.FixtureRequest) -> None:
    """After all migrations the tables, their keys, names and indexes are those of the schema, and no others."""
    empty = migrated = IN_MEMORY
    if backend == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        empty, migrated = server.database(), server.database()
    made = create_engine(empty)
    with made.begin() as connection:
        schema.metadata.create_all(connection)
        expected = shape(connection)
    made.dispose()

    store = Store.open(migrated, create=True)
    with store.reading() as connection:
        assert expected == shape(connection)
    store.close()


def test_autogenerate_finds_nothing_to_do(store: Store) -> None:
    """Alembic, asked for the next migration, has none to suggest."""
    with store.writer.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": schema.is_declared}
        )

        assert [] == compare_metadata(context, schema.metadata)


def test_revision_is_the_last_script() -> None:
    """The revision that the program asks for is the one that the scripts lead to."""
    assert schema.REVISION == ScriptDirectory(str(migrate.scripts())).get_current_head()


def test_scripts_travel_with_the_package() -> None:
    """The scripts are found wherever the working directory is."""
    assert migrate.scripts().is_absolute()
    assert (migrate.scripts() / "env.py").is_file()


def test_a_failed_migration_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A migration that breaks off leaves an empty database, which the next program can take."""
    path = tmp_path / "chronicle.db"

    def break_off(connection: Connection) -> None:
        upgrade(connection)
        raise StoreError("the lights went out")

    upgrade = migrate.upgrade
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "upgrade", break_off)
        with pytest.raises(StoreError, match="lights"):
            Store.open(f"sqlite:///{path}", create=True)

    with_tables = Store.open(f"sqlite:///{path}", create=True)
    with with_tables.reading() as connection:
        assert {"head", "record", "payload"} <= set(inspect(connection).get_table_names())
    with_tables.close()
