"""Whatever is changed in an archive, verification says so, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chronicle.errors import StoreError
from chronicle.event.tree import leaf_hash
from chronicle.service import Archive
from chronicle.store import read
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, IN_MEMORY, an_entity, url_of
from tests.forgery import a_history, forging

LAST = 18
"""The position at which the history ends."""

FORGERIES = [
    ("UPDATE record SET recorded_by = 'forger' WHERE position = 3", 3, "header"),
    ("UPDATE record SET type = 'some.thing' WHERE position = 6", 6, "header"),
    ("UPDATE record SET recorded = recorded + 1 WHERE position = 15", 15, "header"),
    ("UPDATE record SET version = 7, id = 'x' WHERE position = 3", 3, "header"),
    ("UPDATE record SET digest = (SELECT digest FROM record WHERE position = 1) WHERE position = 2", 2, "header"),
    ("UPDATE payload SET salt = (SELECT salt FROM payload WHERE position = 1) WHERE position = 9", 9, "payload"),
    ("UPDATE payload SET payload = (SELECT payload FROM payload WHERE position = 3) WHERE position = 4", 4, "payload"),
    ("DELETE FROM payload WHERE position = 5", 5, "payload"),
    ("DELETE FROM record WHERE position = 7", 7, "missing"),
    ("DELETE FROM record WHERE position >= 14", 14, "missing"),
    ("DELETE FROM record", 1, "missing"),
    ("UPDATE record SET position = position + 20 WHERE position = 8", 8, "missing"),
    ("UPDATE record SET recorded = 5 WHERE position = 10", 10, "order"),
    ("UPDATE head SET position = 14", 0, "head"),
    ("UPDATE head SET position = 20", 19, "missing"),
    ("UPDATE head SET recorded = recorded + 1", 0, "head"),
    ("UPDATE node SET hash = (SELECT hash FROM node WHERE number = 1) WHERE number = 3", 4, "header"),
    ("DELETE FROM node WHERE number = 3", 4, "tree"),
    ("INSERT INTO node SELECT 0, 99, hash FROM node WHERE number = 1", 0, "tree"),
    ("INSERT INTO node SELECT 3, 0, hash FROM node WHERE number = 1", 0, "tree"),
    ("DELETE FROM redacted", 13, "payload"),
    ("UPDATE redacted SET redaction = 2", 13, "redaction"),
    ("INSERT INTO redacted VALUES (3, 15)", 3, "payload"),
    ("UPDATE version SET superseded = NULL WHERE position = 6", 6, "index"),
    ("UPDATE version SET retracted = true WHERE position = 6", 6, "index"),
    ("UPDATE version SET retracted = true WHERE position = 13", 13, "index"),
    ("UPDATE version SET first = 1 WHERE position = 6", 6, "index"),
    ("DELETE FROM citation WHERE position = 6 AND kind = 'source'", 6, "index"),
    ("INSERT INTO citation VALUES (15, 'source', 's')", 15, "index"),
    ("UPDATE fact SET value = 'n8' WHERE position = 6", 6, "index"),
    ("UPDATE fact SET until_hi = until_hi - 1 WHERE position = 8", 8, "index"),
    ("DELETE FROM fact WHERE position = 8", 8, "index"),
    ("UPDATE fact SET visible = 1 WHERE position = 8", 8, "index"),
    ("UPDATE fact SET lane = 9 WHERE position = 8", 8, "index"),
    ("DELETE FROM extent WHERE position = 6", 6, "index"),
    ("UPDATE extent SET ends = ends - 1 WHERE position = 6", 6, "index"),
    ("DELETE FROM bound WHERE position = 6", 6, "index"),
    ("UPDATE bound SET day = day + 1 WHERE position = 8", 8, "index"),
    ("UPDATE occurrence SET superseded = NULL WHERE position = 6", 6, "index"),
    ("UPDATE occurrence SET reported = reported - 1 WHERE position = 10", 10, "index"),
    ("UPDATE report SET visible = visible - 1 WHERE position = 10", 10, "index"),
    ("DELETE FROM report WHERE position = 12", 12, "index"),
    ("UPDATE words SET words = 'other' WHERE position = 6", 6, "index"),
    ("DELETE FROM words WHERE position = 8", 8, "index"),
    ("UPDATE answered SET answer = '{}'", 0, "answer"),
    ("UPDATE answered SET answer = replace(cast(answer as text), '\"position\":13', '\"position\":12')", 12, "answer"),
]


@pytest.fixture
def archive(url_on_disk: str) -> Iterator[Archive]:
    """An archive with a history, where there is a checkpoint too."""
    with a_history(url_on_disk) as made:
        yield made


def forge(url: str, statement: str) -> None:
    """Run a statement behind the archive's back."""
    store = Store.open(url, create=False)
    if "replace(cast(answer" in statement and url.startswith("postgresql"):
        statement = statement.replace("cast(answer as text)", "convert_from(answer, 'UTF8')")
        statement = statement.replace("SET answer = replace", "SET answer = convert_to(replace") + ", 'UTF8')"
    elif "replace(cast(answer" in statement:
        statement = statement.replace("SET answer = replace", "SET answer = cast(replace") + " as blob)"
    with forging(store) as connection:
        connection.execute(text(statement.replace(":", r"\:")))
    store.close()


def test_a_sound_archive(archive: Archive) -> None:
    """What nobody has touched verifies, with the checkpoint of its last append."""
    verified = archive.verify()
    assert () == verified.findings
    assert LAST == verified.size
    assert verified.checkpoint is not None
    assert (LAST, verified.root) == (verified.checkpoint.size, verified.checkpoint.root)


@pytest.mark.parametrize(("statement", "position", "kind"), FORGERIES)
def test_a_forgery_is_found(archive: Archive, url_on_disk: str, statement: str, position: int, kind: str) -> None:
    """Each change is found at its place, and what kind it is of is named."""
    forge(url_on_disk, statement)
    findings = archive.verify().findings
    assert (position, kind) in {(one.position, one.kind) for one in findings}
    assert position in (0, min((one.position for one in findings if one.position), default=0))


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE record SET recorded = 'never' WHERE position = 4", 4),
        ("UPDATE record SET version = x'00' WHERE position = 4", 4),
        ("UPDATE record SET digest = 'text' WHERE position = 4", 4),
        ("UPDATE record SET id = cast(x'ff' AS text) WHERE position = 4", 4),
        ("UPDATE record SET kind = x'ff' WHERE position = 4", 4),
        ("UPDATE payload SET payload = 'text' WHERE position = 4", 4),
        ("UPDATE payload SET salt = 7 WHERE position = 4", 4),
    ],
)
def test_columns_of_another_type(tmp_path: Path, statement: str, position: int) -> None:
    """SQLite keeps in a column whatever it is given: that is found like any other change, and breaks nothing off."""
    url = url_of(tmp_path / "chronicle.db")
    with a_history(url) as archive:
        forge(url, statement)
        assert position == next(one.position for one in archive.verify().findings if one.position)


@pytest.mark.parametrize("content", ["'{'", "x'ff'", "7", "'[]'", "'{\"id\":1}'"])
def test_content_that_cannot_be_read(tmp_path: Path, content: str) -> None:
    """A question that needs damaged content says which, and what to do."""
    url = url_of(tmp_path / "chronicle.db")
    with a_history(url) as archive:
        forge(url, f"UPDATE payload SET payload = {content} WHERE position = 3")  # noqa: S608 - of the list above
        with pytest.raises(StoreError, match="content of position 3 cannot be read: run chronicle verify"):
            archive.show("e")


def test_a_table_whose_name_is_no_text(tmp_path: Path) -> None:
    """What sqlite3 cannot decode, in rows or in what SQLite says of itself, is an error of ours."""
    url = url_of(tmp_path / "chronicle.db")
    a_history(url).close()
    file = tmp_path / "chronicle.db"
    content = file.read_bytes()
    at = content.index(b"CREATE TABLE citation")
    file.write_bytes(content[: at + 14] + b"\xce\x28" + content[at + 16 :])
    with pytest.raises(StoreError), Archive.open(url, create=False) as archive:
        archive.verify()


def test_a_head_of_another_type(tmp_path: Path) -> None:
    """Without a head that can be read nothing is asked or appended."""
    url = url_of(tmp_path / "chronicle.db")
    with a_history(url) as archive:
        forge(url, "UPDATE head SET position = 'many'")
        with pytest.raises(StoreError, match="head row cannot be read"):
            archive.verify()


def test_a_forgery_with_its_hash_is_another_log(archive: Archive, url_on_disk: str) -> None:
    """Whoever also puts the hashes right is found out by the checkpoint, and by nothing else."""
    store = Store.open(url_on_disk, create=False)
    with forging(store) as connection:
        connection.execute(text("UPDATE record SET recorded_by = 'forger' WHERE position = 3"))
    with store.reading() as connection:
        [(header, _, _)] = read.leaves(connection, 2, 1)
    with forging(store) as connection:
        connection.execute(text("UPDATE node SET hash = :hash WHERE number = 2"), {"hash": leaf_hash(header)})
    store.close()
    assert ["fork"] == [one.kind for one in archive.verify().findings]


def test_a_log_that_has_shrunk(archive: Archive, url_on_disk: str) -> None:
    """A log from which the last records are gone without a trace is shorter than its checkpoint."""
    for statement in (
        "DELETE FROM record WHERE position = 18",
        "DELETE FROM payload WHERE position = 18",
        "DELETE FROM version WHERE position = 18",
        "DELETE FROM redacted WHERE redaction = 18",
        "DELETE FROM node WHERE number = 17",
        "UPDATE head SET position = 17, recorded = (SELECT max(recorded) FROM record)",
    ):
        forge(url_on_disk, statement)
    assert (LAST, "shrunk") in {(one.position, one.kind) for one in archive.verify().findings}


def test_an_archive_in_memory_verifies_too() -> None:
    """Without a place for checkpoints all else is verified."""
    with a_history(IN_MEMORY) as archive:
        verified = archive.verify()
        assert ((), None) == (verified.findings, verified.checkpoint)


def test_an_empty_archive_verifies(url_on_disk: str) -> None:
    """Nothing is wrong where nothing is."""
    with Archive.open(url_on_disk) as archive:
        assert ((), 0) == (archive.verify().findings, archive.verify().size)


def test_more_records_than_a_tile_verify(url_on_disk: str) -> None:
    """The hashes above the leaves are there and right, however the appends fall on the tiles."""
    with Archive.open(url_on_disk) as archive:
        number = 0
        for size in (1, 254, 1, 1, 255, 300, 3):
            documents = [an_entity(f"e{number + at}") for at in range(size)]
            archive.append(documents, chronicle=CHRONICLE)
            number += size
        assert () == archive.verify().findings
        store = Store.open(url_on_disk, create=False)
        with store.reading() as connection:
            assert 3 == connection.execute(text("SELECT count(*) FROM node WHERE level = 1")).scalar()
        store.close()
        forge(
            url_on_disk, "UPDATE node SET hash = (SELECT hash FROM node WHERE level = 1 AND number = 0) WHERE level = 1"
        )
        assert [(257, "tree"), (513, "tree")] == [
            (one.position, one.kind) for one in archive.verify().findings if one.kind == "tree"
        ]
