"""An archive of an older release, with records in it, is upgraded without a byte of the log changing."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, insert, inspect, select

from chronicle.errors import NoArchiveError, StoreError
from chronicle.service import Archive
from chronicle.store import migrate
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, IN_MEMORY, Clock, an_entity
from tests.forgery import HISTORY
from tests.postgresql import Server
from tests.store.test_migrations import shape


def migrate_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision."""
    config = Config()
    config.set_main_option("script_location", str(migrate.scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, of whatever revision; columns by name."""
    tables = MetaData()
    tables.reflect(connection)
    return {
        name: sorted(tuple(sorted(row._mapping.items())) for row in connection.execute(select(table)))  # noqa: SLF001
        for name, table in tables.tables.items()
        if name != "alembic_version"
    }


def told_of(rows: list[tuple[Any, ...]], like: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows with the columns that other rows of their table have, and no later ones."""
    there = {column for row in like for column, _ in row}
    return sorted(tuple(one for one in row if one[0] in there) for row in rows)


@pytest.fixture
def old(request: pytest.FixtureRequest, url_on_disk: str) -> str:
    """An archive at the first revision that holds a history, made of what a new archive holds."""
    with Archive.open(IN_MEMORY, recorded_by="tester", now=Clock()) as new:
        for documents in HISTORY:
            new.append(documents, chronicle=CHRONICLE)
        url = url_on_disk
        if url.startswith("postgresql"):
            server: Server = request.getfixturevalue("postgresql")
            url = server.database()
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with new._store.reading() as source, engine.begin() as target:  # noqa: SLF001 - row for row
            migrate_to(target, "0001")
            there, made = MetaData(), MetaData()
            there.reflect(source)
            made.reflect(target)
            for name in ("head", "record", "payload", "version", "report", "citation", "fact"):
                columns = made.tables[name].columns.keys()
                found = source.execute(select(*(there.tables[name].c[column] for column in columns)))
                target.execute(insert(made.tables[name]), [dict(row) for row in found.mappings()])
        engine.dispose()
    return url


def test_every_row_stays(old: str) -> None:
    """What was in the tables is in them still; what is new is made from it, and all of it verifies."""
    with Archive.unchecked(old) as archive:
        with archive._store.reading() as connection:  # noqa: SLF001 - to see all of it
            before = rows(connection)
        found = archive.revisions()
        assert ("0001", ("0002", "0003", "0004", "0005", "0006", "0007", "0008")) == (found.current, found.pending)
        archive.upgrade()
        assert () == archive.revisions().pending
    with Archive.open(old, create=False) as archive:
        with archive._store.reading() as connection:  # noqa: SLF001 - as above
            after = rows(connection)
        after["head"] = [tuple(one for one in row if one != ("epoch", 1)) for row in after["head"]]
        assert before == {name: told_of(after[name], before[name]) for name in before}
        assert () == archive.verify().findings
        archive.append([an_entity("later")], chronicle=CHRONICLE)
        assert () == archive.verify().findings


def test_the_tables_are_those_of_a_new_archive(old: str, url_on_disk: str) -> None:
    """An upgraded archive and a new one have the same tables, keys and indexes."""
    with Archive.unchecked(old) as archive:
        archive.upgrade()
    upgraded, new = Store.open(old, create=False), Store.open(f"{url_on_disk}", create=True)
    with upgraded.reading() as one, new.reading() as other:
        assert shape(other) == shape(one)
    upgraded.close()
    new.close()


def test_an_old_archive_is_not_opened(old: str) -> None:
    """Until it is upgraded nothing reads or writes it, and the error says what to do."""
    for create in (True, False):
        with pytest.raises(StoreError, match="revision 0001, this program at 0008: run chronicle db upgrade"):
            Archive.open(old, create=create)


def test_an_upgrade_that_breaks_off_changes_nothing(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrations run all or none."""
    upgrade = migrate.upgrade

    def break_off(connection: Connection) -> None:
        upgrade(connection)
        raise StoreError("the lights went out")

    with Archive.unchecked(old) as archive:
        with monkeypatch.context() as patched:
            patched.setattr(migrate, "upgrade", break_off)
            with pytest.raises(StoreError, match="lights"):
                archive.upgrade()
        assert ("0002", "0003", "0004", "0005", "0006", "0007", "0008") == archive.revisions().pending
        with archive._store.reading() as connection:  # noqa: SLF001 - to see all of it
            assert "node" not in inspect(connection).get_table_names()


def test_nothing_to_upgrade() -> None:
    """Where there is no archive there is nothing to upgrade."""
    with Archive.unchecked(IN_MEMORY) as archive, pytest.raises(NoArchiveError):
        archive.upgrade()
