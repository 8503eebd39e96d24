"""What PostgreSQL has to be asked for, and SQLite has not: an append-only log, whole text, writers in turn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice

import psycopg
import pytest

from chronicle.errors import StoreError
from chronicle.event.canonical import Header
from chronicle.service import Archive
from chronicle.store.archive import Store
from tests.builders import a_fact, an_archive, an_entity, an_event, contents, load, values
from tests.postgresql import Server

FORGED = "SELECT {}, 'c', 'entity', 'forged', 1, NULL, 1, 'forger', ''::bytea"

FORGERIES = [
    "UPDATE record SET recorded_by = 'forger'",
    "UPDATE record SET recorded_by = 'forger' WHERE false",
    "DELETE FROM record WHERE position = 2",
    "TRUNCATE record CASCADE",
    "TRUNCATE payload",
    "UPDATE payload SET payload = ''",
    "DELETE FROM payload WHERE position = 1",
    f"INSERT INTO record {FORGED.format(4)}",
    f"INSERT INTO record {FORGED.format(0)}",
    f"INSERT INTO record {FORGED.format('NULL')}",
    f"INSERT INTO record {FORGED.format(1)} ON CONFLICT (position) DO UPDATE SET recorded = 1",
    f"INSERT INTO record {FORGED.format(3)} ON CONFLICT (position) DO UPDATE SET recorded = 1",
    "INSERT INTO payload VALUES (1, '', '') ON CONFLICT (position) DO UPDATE SET payload = excluded.payload",
    "MERGE INTO record USING (VALUES (2)) AS v (p) ON position = p WHEN MATCHED THEN DELETE",
    "COPY record FROM PROGRAM 'printf ''9\\tc\\tentity\\tforged\\t1\\t\\\\N\\t1\\tforger\\t\\\\\\\\x00\\n'''",
]


@pytest.fixture
def kept(postgresql: Server) -> Iterator[tuple[str, Store]]:
    """An archive of two records."""
    url = postgresql.archive()
    store = Store.open(url, create=True)
    load(store, an_entity("a"), an_entity("b"))
    yield url, store
    store.close()


@pytest.mark.parametrize("statement", FORGERIES)
def test_the_log_refuses(kept: tuple[str, Store], statement: str) -> None:
    """No statement, even of the superuser, changes, removes or replaces a record, or leaves a gap."""
    url, store = kept
    before = contents(store)
    with psycopg.connect(url, autocommit=True) as other, pytest.raises(psycopg.errors.RaiseException) as refused:
        other.execute(statement.encode())

    assert "the log is append-only" in str(refused.value)
    assert before == contents(store)


def test_a_record_is_not_taken_twice(kept: tuple[str, Store]) -> None:
    """Of two records at one position, or of one version of an id, the database keeps the first."""
    url, store = kept
    before = contents(store)
    doubled = FORGED.format(3).replace("forged", "a")
    with psycopg.connect(url, autocommit=True) as other, pytest.raises(psycopg.errors.UniqueViolation):
        other.execute(f"INSERT INTO record {doubled} ON CONFLICT (position) DO NOTHING".encode())
    assert before == contents(store)


def test_text_comes_back_whole(postgresql: Server) -> None:
    """Tabs, line ends, backslashes and letters of any script survive the way into a column and out of it."""
    written = "tab\t, line\n, \\N, \\., quote ' and \", 東京, 𝒳, e\u0301"  # noqa: RUF001 - a letter outside the first plane
    archive = an_archive(an_event("e", a_fact(written)), url=postgresql.archive())
    assert ["tab\t, line\n, \\N, \\., quote ' and \", 東京, 𝒳, é"] == values(archive)  # noqa: RUF001
    archive.close()


def test_names_are_sorted_as_on_sqlite(postgresql: Server) -> None:
    """Rows come by code points, whatever the language of the server."""
    names = ["Z", "a", "a-b", "a.b", "aB", "ab", "~"]
    subjects = ["Z", "a", "a-b", "a.b", "aB", "ab"]
    events = [an_event(f"e{number}", a_fact("x", subject=name)) for number, name in enumerate(subjects)]
    found = []
    for url in ("sqlite://", postgresql.archive()):
        with an_archive(*events, url=url) as archive:
            found.append([fact.fact.subject for fact in archive.state(as_of="2025").facts])
    assert found == [subjects, subjects]
    assert names == sorted(names)


def test_a_reader_sees_one_state_of_the_archive(kept: tuple[str, Store]) -> None:
    """What is appended while an answer is being made does not change it."""
    _, store = kept
    with store.reading() as connection:
        before = connection.exec_driver_sql("SELECT position FROM head").scalar()
        load(store, an_entity("c"))
        assert before == connection.exec_driver_sql("SELECT position FROM head").scalar()


def test_a_reader_cannot_write(kept: tuple[str, Store]) -> None:
    """The connections of readers are read-only."""
    _, store = kept
    with pytest.raises(StoreError, match="read-only transaction"), store.reading() as connection:
        connection.exec_driver_sql("INSERT INTO head VALUES ('x', 0, 0)")


WRITER = """
import random, sys
from chronicle import Archive
from chronicle.errors import RefusedError

url, name, appends = sys.argv[1], sys.argv[2], int(sys.argv[3])
choose = random.Random(name)
with Archive.open(url, recorded_by=name) as archive:
    for turn in range(appends):
        ids = [f"{name}-{turn}-{number}" for number in range(choose.choice([1, 3, 20]))]
        documents = [{"kind": "entity", "id": id, "label": "x"} for id in ids]
        if choose.random() < 0.2:
            documents.append({"kind": "source", "id": "nobody", "retracted": True})
            try:
                archive.append(documents, chronicle="c")
            except RefusedError:
                continue
            raise SystemExit("accepted what cannot be")
        print(*(receipt.position for receipt in archive.append(documents, chronicle="c").receipts))
"""


@pytest.mark.parametrize("backend", ["file", "postgresql"])
def test_a_reader_among_processes_that_write(backend: str, request: pytest.FixtureRequest) -> None:
    """Four processes append batches, a fifth of which are refused: what is acknowledged comes in order, once."""
    if backend == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.archive()
    else:
        url = f"sqlite:///{request.getfixturevalue('tmp_path')}/log.db"
        an_archive(url=url).close()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, f"w{n}", "20"], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    with Archive.open(url, create=False) as reader:
        seen: list[int] = []
        followed = reader.follow(pause=lambda: None)
        while any(writer.poll() is None for writer in writers):
            seen += [record.position for record in islice(followed, reader.position() - len(seen))]
        acknowledged = [int(word) for writer in writers for word in writer.communicate()[0].split()]
        seen += [record.position for record in islice(followed, reader.position() - len(seen))]
    assert [0] * 4 == [writer.returncode for writer in writers]
    assert list(range(1, len(seen) + 1)) == seen
    assert seen == sorted(acknowledged)


def test_the_batches_of_one_append_stay_together(postgresql: Server) -> None:
    """Copying rows in keeps the order of the documents."""
    names = [f"e{number * 7919 % 1_000}" for number in range(1_000)]
    archive = an_archive(*map(an_event, names), url=postgresql.archive())
    assert names == [record.header.id for record in archive.follow(wait=False)]
    archive.close()


def test_roles_need_no_more_than_the_readme_grants(postgresql: Server) -> None:
    """One that appends cannot touch a record, nor switch the triggers off; one that reads cannot append."""
    url = postgresql.archive()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE appender LOGIN")
        owner.execute("CREATE ROLE onlooker LOGIN")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO appender, onlooker")
        owner.execute("GRANT INSERT ON ALL TABLES IN SCHEMA public TO appender")
        owner.execute("GRANT UPDATE ON head, version, occurrence, fact TO appender")

    with Archive.open(url.replace("//postgres@", "//appender@")) as archive:
        archive.append([an_event("e", a_fact("x")), an_event("e", a_fact("y"))], chronicle="c")
    for statement in ("UPDATE record SET recorded = 0", "TRUNCATE payload", "ALTER TABLE record DISABLE TRIGGER ALL"):
        with (
            psycopg.connect(url.replace("//postgres@", "//appender@"), autocommit=True) as appender,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            appender.execute(statement.encode())

    with Archive.open(url.replace("//postgres@", "//onlooker@"), create=False) as archive:
        assert ["y"] == [fact.value.written() for fact in archive.state(as_of="2025").facts]
        with pytest.raises(StoreError, match="permission denied"):
            archive.append([an_event("f")], chronicle="c")


def test_what_copy_refuses_is_told_like_anything_else(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the server while rows are copied in is one of ours, and the archive goes on after it."""
    columns = Header.columns
    with Archive.open(postgresql.archive()) as archive:
        with monkeypatch.context() as patched:
            patched.setattr(
                "chronicle.store.writing.Header.columns", lambda header: {**columns(header), "digest": None}
            )
            with pytest.raises(StoreError, match="the database failed: null value in column"):
                archive.append([an_entity("a")], chronicle="c")
        assert 1 == archive.append([an_entity("a")], chronicle="c").position
