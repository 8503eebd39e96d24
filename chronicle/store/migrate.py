"""Bring a database to this program's tables; refuse one that is not at them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from chronicle.errors import NoArchiveError, StoreError
from chronicle.store import dialect, schema


@dataclass(frozen=True, slots=True)
class Revisions:
    """At which revision an archive is, which one this program needs, and the ones between, oldest first."""

    current: str
    needed: str
    pending: tuple[str, ...]


def ensure(writer: Engine) -> None:
    """Create the tables in an empty database; otherwise the same as `require`."""
    with writer.begin() as connection:
        dialect.lock_schema(connection)
        if not inspect(connection).get_table_names():
            create(connection, uuid.uuid4().hex)
        _require(connection)


def create(connection: Connection, archive: str) -> None:
    """Make the tables of an archive with this id, in an empty database."""
    upgrade(connection)
    connection.execute(insert(schema.head).values(archive=archive, position=0, recorded=0))


def require(reader: Engine) -> None:
    """Raise StoreError unless the database is an archive at this program's revision."""
    with reader.begin() as connection:
        _require(connection)


def _require(connection: Connection) -> None:
    found = revisions(connection)
    if found.pending:
        raise StoreError(
            f"the archive is at revision {found.current}, this program at {found.needed}: run chronicle db upgrade"
        )
    if connection.execute(select(schema.head.c.archive)).scalar() is None:
        raise StoreError("the archive has no head row: restore it from a backup")


def require_empty(connection: Connection) -> None:
    """Raise StoreError unless nothing at all is in the database."""
    if inspect(connection).get_table_names():
        raise StoreError("the database is not empty: name a new one with --db")


def revisions(connection: Connection) -> Revisions:
    """How far an archive's tables are from those of this program.

    Raises NoArchiveError for an empty database, StoreError for one that is no archive or newer than this program.
    """
    names = inspect(connection).get_table_names()
    if not names:
        raise NoArchiveError("the database is empty: load something, or name another with --db")
    if "alembic_version" not in names or schema.head.name not in names:
        raise StoreError("the database is no Chronicle archive: name another with --db")
    current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current == schema.REVISION:
        return Revisions(current, schema.REVISION, ())
    known = _known()
    if current not in known:
        raise StoreError(
            f"the archive is at revision {current}, this program at {schema.REVISION}: use the release that wrote it"
        )
    return Revisions(str(current), schema.REVISION, known[known.index(current) + 1 :])


def upgrade(connection: Connection) -> None:
    """Run all migrations that the database lacks, within the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - loads slowly, and only a new archive needs it

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def _known() -> tuple[str, ...]:
    """The revisions of this program, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as in upgrade

    walk = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in walk)[::-1]


def _config() -> Any:
    from alembic.config import Config  # noqa: PLC0415 - as in upgrade

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    return config


def scripts() -> Path:
    """The migration scripts: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "alembic"
    return (
        beside
        if (beside / "env.py").is_file() and (package.parent / "pyproject.toml").is_file()
        else package / "_alembic"
    )
