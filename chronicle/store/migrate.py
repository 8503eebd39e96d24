"""Bring a new database to this program's tables; refuse one that is not at them."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from chronicle.errors import NoArchiveError, StoreError
from chronicle.store import dialect, schema


def ensure(writer: Engine) -> None:
    """Create the tables in an empty database; otherwise the same as `require`."""
    with writer.begin() as connection:
        dialect.lock_schema(connection)
        if not inspect(connection).get_table_names():
            upgrade(connection)
            connection.execute(insert(schema.head).values(archive=uuid.uuid4().hex, position=0, recorded=0))
        _require(connection)


def require(reader: Engine) -> None:
    """Raise StoreError unless the database is an archive at this program's revision."""
    with reader.begin() as connection:
        _require(connection)


def _require(connection: Connection) -> None:
    names = inspect(connection).get_table_names()
    if not names:
        raise NoArchiveError("the database is empty: load something, or name another with --db")
    if "alembic_version" not in names or schema.head.name not in names:
        raise StoreError("the database is no Chronicle archive: name another with --db")
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision != schema.REVISION:
        raise StoreError(
            f"the archive is at revision {revision}, this program at {schema.REVISION}: use the release that wrote it"
        )
    if connection.execute(select(schema.head.c.archive)).scalar() is None:
        raise StoreError("the archive has no head row: restore it from a backup")


def upgrade(connection: Connection) -> None:
    """Run all migrations that the database lacks, within the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - loads slowly, and only a new archive needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def scripts() -> Path:
    """The migration scripts: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "alembic"
    return (
        beside
        if (beside / "env.py").is_file() and (package.parent / "pyproject.toml").is_file()
        else package / "_alembic"
    )
