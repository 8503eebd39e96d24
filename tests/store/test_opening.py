"""What can be opened as an archive, and what is said of that which cannot."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from chronicle.errors import StoreError
from chronicle.service import Archive
from chronicle.store import dialect
from chronicle.store.archive import Store
from chronicle.store.head import read_head
from tests.builders import CHRONICLE, a_source, an_archive, an_entity, load, url_of
from tests.postgresql import Server

NAMES = [
    "plain.db",
    "with space.db",
    "100%.db",
    "50%25.db",
    "a#b.db",
    "a&b=c;d.db",
    "file:odd.db",
    "Bakı-Հայ.db",
    "'quoted\".db",
]


def refusal(url: str, *, create: bool = True) -> str:
    """What is said of a URL."""
    with pytest.raises(StoreError) as refused:
        Store.open(url, create=create)
    return str(refused.value)


def database(path: Path, *statements: str) -> str:
    """A database that is made by hand."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return url_of(path)


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    """A file may be called as it likes; in a URL its percent signs are escaped where they would escape."""
    store = Store.open(url_of(tmp_path / name.replace("%25", "%2525")), create=True)
    load(store, an_entity("a"))
    with store.reading() as connection:
        assert 1 == read_head(connection).position
    store.close()

    assert {name} == {path.name for path in tmp_path.iterdir()}


def test_a_question_mark_is_escaped(tmp_path: Path) -> None:
    """In a URL a question mark of the file's name is written %3F."""
    Store.open(url_of(tmp_path / "why%3F.db"), create=True).close()

    assert ["why?.db"] == [path.name for path in tmp_path.iterdir()]


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    """A folder whose name is no UTF-8 is no obstacle."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()

    store = Store.open(url_of(folder / "a.db"), create=True)

    assert 1 == load(store, an_entity("a")).position
    store.close()


def test_a_relative_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes name a file from the working directory."""
    monkeypatch.chdir(tmp_path)

    Store.open("sqlite:///here.db", create=True).close()

    assert (tmp_path / "here.db").is_file()


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    """A file without content, as mktemp makes it, can become an archive."""
    (tmp_path / "a.db").touch()

    store = Store.open(url_of(tmp_path / "a.db"), create=True)

    assert 1 == load(store, an_entity("a")).position
    store.close()


def test_an_archive_keeps_what_it_holds(tmp_path: Path) -> None:
    """What one program appended the next one finds."""
    for name in ("a", "b"):
        store = Store.open(url_of(tmp_path / "a.db"), create=True)
        load(store, an_entity(name))
        store.close()

    with Archive.open(url_of(tmp_path / "a.db"), create=False) as archive:
        assert 2 == archive.position()


def test_a_missing_archive(tmp_path: Path) -> None:
    """Asking does not create: a missing archive is named, with what to do, and still missing."""
    said = refusal(url_of(tmp_path / "none.db"), create=False)

    assert f"there is no archive at {tmp_path / 'none.db'}: load one, or name another with --db" == said
    assert [] == list(tmp_path.iterdir())


def test_a_missing_folder(tmp_path: Path) -> None:
    """The folder of an archive is not made; it is named."""
    said = refusal(url_of(tmp_path / "none" / "a.db"))

    assert f"there is no folder {tmp_path / 'none'} to keep a.db in: make it, or name another with --db" == said


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    """A folder is no archive."""
    assert "there is no archive at" in refusal(url_of(tmp_path), create=False)
    assert "unable to open database file" in refusal(url_of(tmp_path))


def test_another_backend() -> None:
    """A backend that Chronicle does not have is named, and those it has."""
    said = refusal("mysql://localhost/x")
    assert "mysql is not supported: use sqlite:///FILE or postgresql://USER@HOST/DATABASE" == said


def test_another_driver() -> None:
    """PostgreSQL is reached through psycopg only."""
    assert "names no driver, or psycopg" in refusal("postgresql+asyncpg://localhost/x")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Nobody listens: that is an unavailable store, told without a password that may stand in the URL."""
    said = refusal(f"postgresql://me:secret@/x?host={tmp_path}")
    assert said.startswith("the database failed: connection ")
    assert "secret" not in said


def test_a_database_that_is_not_there(postgresql: Server) -> None:
    """The server is not asked to make databases; the missing one is named."""
    assert 'database "none" does not exist' in refusal(postgresql.url("none"))


def test_a_database_of_another_encoding(postgresql: Server) -> None:
    """Text of any language needs UTF-8."""
    with postgresql.connect() as connection:
        connection.execute("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
    assert "the database is encoded in LATIN1: make one with ENCODING 'UTF8'" in refusal(postgresql.url("latin"))


def test_an_empty_database_becomes_an_archive(postgresql: Server) -> None:
    """Asking an empty database makes nothing; opening it to write does."""
    url = postgresql.database()
    assert "the database is empty: load something" in refusal(url, create=False)

    store = Store.open(url, create=True)
    assert 1 == load(store, an_entity("a")).position
    store.close()


def test_a_server_that_makes_transactions_of_another_kind(postgresql: Server) -> None:
    """What a database prescribes for its transactions does not change how an append sees the log."""
    url = postgresql.archive()
    with postgresql.connect(url.split("/")[3].split("?")[0]) as connection:
        connection.execute("ALTER ROLE postgres SET default_transaction_isolation = 'serializable'")
        try:
            store = Store.open(url, create=True)
            assert 1 == load(store, an_entity("a")).position
            strict = store.writer.execution_options(isolation_level="SERIALIZABLE")
            with strict.begin() as other, pytest.raises(StoreError, match="makes transactions serializable"):
                dialect.lock_log(other)
            store.close()
        finally:
            connection.execute("ALTER ROLE postgres RESET default_transaction_isolation")


@pytest.mark.parametrize("url", ["chronicle.db", "//", "sqlite", "http", "", "://"])
def test_what_is_no_url(url: str) -> None:
    """A text that is no URL is refused with an example of one."""
    assert "the database URL cannot be read: expected one such as sqlite:///chronicle.db" == refusal(url)


def test_a_url_with_a_secret_is_not_repeated() -> None:
    """What is said of a URL that cannot be read does not repeat the password in it."""
    assert "hunter2" not in refusal("postgresql://me:hunter2@localhost:port/x")


def test_two_slashes() -> None:
    """A file name after two slashes would be a host, and the archive in memory: it is refused with the right form."""
    assert refusal("sqlite://chronicle.db").endswith("sqlite:///chronicle.db")


def test_options_in_the_url(tmp_path: Path) -> None:
    """Options of a URL would be ignored, so they are refused."""
    assert "takes no options" in refusal(url_of(tmp_path / "a.db") + "?timeout=5")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_database(tmp_path: Path, *, create: bool) -> None:
    """A file of something else is refused and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and by no means a database. " * 40)
    before = path.read_bytes()

    assert "file is not a database" in refusal(url_of(path), create=create)
    assert before == path.read_bytes()


@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_something_else(tmp_path: Path, *, create: bool) -> None:
    """Another program's database is refused, and no table is added to it."""
    url = database(tmp_path / "other.db", "CREATE TABLE addresses (name TEXT)")

    assert "the database is no Chronicle archive: name another with --db" == refusal(url, create=create)
    assert [("addresses",)] == sqlite3.connect(tmp_path / "other.db").execute(
        "SELECT name FROM sqlite_schema"
    ).fetchall()


@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_something_else_that_uses_alembic(tmp_path: Path, *, create: bool) -> None:
    """That another program keeps a revision too does not make its database an archive."""
    url = database(
        tmp_path / "other.db",
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )

    assert "the database is no Chronicle archive: name another with --db" == refusal(url, create=create)


@pytest.mark.parametrize("create", [True, False])
def test_another_revision(tmp_path: Path, *, create: bool) -> None:
    """An archive of another revision is refused, with both revisions."""
    an_archive(url=url_of(tmp_path / "a.db")).close()
    url = database(tmp_path / "a.db", "UPDATE alembic_version SET version_num = '9999'")

    assert "the archive is at revision 9999, this program at 0005: use the release that wrote it" == refusal(
        url, create=create
    )


def test_an_archive_without_a_head(tmp_path: Path) -> None:
    """An archive that has lost its head row is refused."""
    an_archive(url=url_of(tmp_path / "a.db")).close()
    url = database(tmp_path / "a.db", "DELETE FROM head")

    assert "the archive has no head row: restore it from a backup" == refusal(url, create=False)


def test_readers_cannot_write(tmp_path: Path) -> None:
    """The connections that answer questions refuse every write."""
    store = Store.open(url_of(tmp_path / "a.db"), create=True)

    with store.reader.connect() as connection, pytest.raises(exc.OperationalError, match="readonly"):
        connection.execute(text("UPDATE head SET position = 9"))
    store.close()


def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    """What is appended while a reader reads does not change what it reads."""
    store = Store.open(url_of(tmp_path / "a.db"), create=True)
    load(store, an_entity("a"))

    with store.reading() as connection:
        before = read_head(connection).position
        load(store, an_entity("b"))
        assert before == read_head(connection).position
    store.close()


def test_a_database_that_fails_while_appending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the driver says during an append becomes a StoreError, with the driver's error as its cause."""
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 0)
    archive = an_archive(an_entity("a"), url=url_of(tmp_path / "a.db"))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="database is locked") as failed:
        archive.append([a_source("s")], chronicle=CHRONICLE)

    other.close()
    assert isinstance(failed.value.__cause__, exc.DBAPIError)
    assert 1 == archive.position()
    archive.close()
