"""What is redacted is gone, from the files too; everything else stays as it was and verifies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from chronicle.errors import QuestionError, RefusedError, UnknownError
from chronicle.event.model import Redacted, Redaction
from chronicle.service import Archive
from chronicle.store import dialect
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, Clock, a_fact, a_source, an_attribute, an_entity, an_event, codes
from tests.forgery import bytes_on_disk, checkpointed
from tests.postgresql import Server

SECRET = "Xq7-unmistakable-words"  # noqa: S105 - a secret of nobody


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An archive with an event of two versions, and what it needs."""
    with Archive.open(url, recorded_by="tester", now=Clock()) as made:
        made.append(
            [
                a_source("s"),
                an_attribute("attribute"),
                an_event("x", a_fact(SECRET), title=SECRET, sources=["s"]),
                an_event("y", a_fact("kept", subject="other"), sources=["s"]),
            ],
            chronicle=CHRONICLE,
        )
        made.append([an_event("x", a_fact(SECRET), title=f"{SECRET} again", sources=["s"])], chronicle=CHRONICLE)
        yield made


def test_every_version_is_gone(archive: Archive) -> None:
    """The content of all versions is removed, and a record says why."""
    gone = archive.redact("x", reason="asked for")
    assert ((3, 5), 6) == (gone.positions, gone.receipt.position)
    shown = archive.show("x")
    assert [Redacted, Redacted, Redaction] == [type(one.document) for one in shown]
    assert Redacted(kind="event", id="x", redacted=True, reason="asked for", redaction=6) == shown[0].document
    assert shown[2].document == Redaction(id="x", of="event", reason="asked for")


def test_everything_verifies(archive: Archive) -> None:
    """Headers, proofs and indexes are as sound as before; for a source and an entity too."""
    archive.append([an_entity("e"), an_event("z", participants=["e"], sources=["s"])], chronicle=CHRONICLE)
    for id in ("x", "e", "s"):  # noqa: A001
        archive.redact(id, reason="asked for")
        assert () == archive.verify().findings
    archive.append([a_source("t", "2024-01-01"), an_event("z", sources=["t"])], chronicle=CHRONICLE)
    assert () == archive.verify().findings


def test_answers_say_what_they_lack(archive: Archive) -> None:
    """State, history and events leave it out and name it, also as of positions at which it was there."""
    before = archive.state(as_of="2026", position=4)
    assert {"subject", "other"} == {fact.fact.subject for fact in before.facts}
    archive.redact("x", reason="asked for")
    after = archive.state(as_of="2026", position=4)
    assert {"other"} == {fact.fact.subject for fact in after.facts}
    assert [{"chronicle": "c", "kind": "event", "id": "x"}] == after.basis.as_json()["redacted"]
    assert ["y"] == [one.event.id for one in archive.events(as_of="2026").events]
    assert () == archive.search(SECRET).results
    assert "redacted" not in archive.state(as_of="2026", position=2).basis.as_json()
    assert "The content of one document has been redacted" in archive.report(CHRONICLE, as_of="2026")
    exported = archive.export(to="jsonl")
    assert (((("c", "event", "x"), "redacted"),), 3) == (exported.left_out, len(list(exported.chunks)))


def test_followers_get_a_record(archive: Archive) -> None:
    """Whoever follows the log learns what to forget; who reads it later finds no content."""
    archive.redact("x", reason="asked for")
    last = list(archive.follow(after=5, wait=False))
    assert [Redaction(id="x", of="event", reason="asked for")] == [one.document for one in last]
    assert {3, 5} == {one.position for one in archive.follow(wait=False) if isinstance(one.document, Redacted)}


def test_the_id_is_closed(archive: Archive, tmp_path: Path) -> None:
    """A redacted id is not loaded again unless it is reinstated; then its versions go on."""
    archive.redact("x", reason="asked for")
    with pytest.raises(RefusedError) as refused:
        archive.append([an_event("x")], chronicle=CHRONICLE)
    assert {"redacted"} == codes(refused.value.problems)
    file = tmp_path / "x.yaml"
    file.write_text("id: x\ntype: any.thing\noccurred: 2025\ntitle: again\n", encoding="utf-8")
    loaded = archive.load(file, chronicle=CHRONICLE, reinstate=True)
    assert [("reasserted", 3)] == [(one.outcome, one.version) for one in loaded.appended.receipts]
    archive.append([an_event("x", title="and on")], chronicle=CHRONICLE)
    assert [5, 3] == [len(archive.show("x")), archive.redact("x", reason="again").receipt.version + 1]
    assert () == archive.verify().findings


def test_what_cites_the_redacted_cannot_be_appended(archive: Archive) -> None:
    """A redacted source is declared no more: what is new must cite another. What cited it stays."""
    archive.redact("s", reason="asked for")
    with pytest.raises(RefusedError) as refused:
        archive.append([an_event("n", sources=["s"])], chronicle=CHRONICLE)
    assert "undeclared" in codes(refused.value.problems)
    assert 2 == len(archive.events(as_of="2026").events)
    assert "Source" not in str(archive.show("s")[0].document)
    assert archive.report(CHRONICLE, as_of="2026")


def test_a_redaction_asks_for_something_that_is_there(archive: Archive) -> None:
    """Nothing to redact, several at once, a kind that others need, no reason: each is refused and nothing changes."""
    archive.append([an_entity("y")], chronicle=CHRONICLE)
    with pytest.raises(UnknownError):
        archive.redact("nothing", reason="asked for")
    with pytest.raises(QuestionError, match="several"):
        archive.redact("y", reason="asked for")
    with pytest.raises(QuestionError, match="cannot be redacted"):
        archive.redact("attribute", reason="asked for")
    for reason in ("", " ", "two\nlines", "r" * 501):
        with pytest.raises(QuestionError, match="--reason"):
            archive.redact("x", reason=reason)
    assert 6 == archive.position()
    archive.redact("y", kind="entity", reason="asked for")
    with pytest.raises(UnknownError):
        archive.redact("y", kind="entity", reason="asked for")


def test_only_a_redaction_lets_a_payload_go(url_on_disk: str) -> None:
    """By SQL a payload can be removed only where a redaction of the same id names it, and never comes back."""
    with Archive.open(url_on_disk) as archive:
        archive.append([a_source("a"), a_source("b"), an_event("x"), an_event("y"), an_event("z")], chronicle=CHRONICLE)
        archive.redact("x", reason="asked for")
    store = Store.open(url_on_disk, create=False)
    for statement in (
        "DELETE FROM payload WHERE position = 4",
        "INSERT INTO redacted VALUES (4, 6)",
        "INSERT INTO redacted VALUES (6, 6)",
        "INSERT INTO redacted VALUES (4, 1)",
        "UPDATE redacted SET redaction = 1",
        "DELETE FROM redacted",
        "INSERT INTO payload SELECT 3, payload, salt FROM payload WHERE position = 4",
    ):
        with pytest.raises(exc.DBAPIError, match="append-only"), store.writer.begin() as connection:
            connection.execute(text(statement))
    store.close()


def test_it_is_gone_from_a_file(tmp_path: Path) -> None:
    """Nothing of it is left in the database file, nor in the files beside it."""
    url = f"sqlite:///{tmp_path / 'chronicle.db'}"
    with Archive.open(url) as archive:
        archive.append([an_event("x", a_fact(SECRET), title=SECRET, tags=["t"])], chronicle=CHRONICLE)
        archive.append([an_event(f"y{n}", a_fact(f"v{n}")) for n in range(50)], chronicle=CHRONICLE)
        assert SECRET.encode() in bytes_on_disk(tmp_path)
        assert archive.redact("x", reason="asked for").remark is None
        assert SECRET.encode() not in bytes_on_disk(tmp_path)


def test_its_words_are_gone_from_the_index(tmp_path: Path) -> None:
    """Nor is any word of it in the index of words, though others begin alike and the index had been merged before."""
    url = f"sqlite:///{tmp_path / 'chronicle.db'}"
    with Archive.open(url) as archive:
        archive.append([an_event(f"y{n}", title=f"unmistak{n}") for n in range(50)], chronicle=CHRONICLE)
        archive.append([an_event("x", title="Unmistakable")], chronicle=CHRONICLE)
        archive.append([an_event("z", title="unmistaken")], chronicle=CHRONICLE)
        archive.redact("y7", reason="asked for")
        kept = archive.search("unmistak").total
        archive.redact("x", reason="asked for")
        assert (51, 50) == (kept, archive.search("unmistak").total)
        assert () == archive.verify().findings
        with sqlite3.connect(tmp_path / "chronicle.db") as database:
            database.execute("CREATE VIRTUAL TABLE temp.listed USING fts5vocab(main, words_search, row)")
            left = {term for (term,) in database.execute("SELECT term FROM temp.listed WHERE term LIKE 'unmistak%'")}
        database.close()
        assert {"unmistaken", *(f"unmistak{n}" for n in range(50) if n != 7)} == left
        assert b"unmistakable" not in bytes_on_disk(tmp_path)
        assert b"istakable" not in bytes_on_disk(tmp_path)


def test_a_reader_that_keeps_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody reads an older state the write-ahead log cannot be emptied, and that is said."""
    url = f"sqlite:///{tmp_path / 'chronicle.db'}"
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 50)
    with Archive.open(url) as archive:
        archive.append([an_event("x", title=SECRET)], chronicle=CHRONICLE)
        store = Store.open(url, create=False)
        with store.reading() as connection:
            connection.execute(text("SELECT count(*) FROM record")).scalar()
            remark = archive.redact("x", reason="asked for").remark
        store.close()
    assert remark is not None
    assert "write-ahead log" in remark


def test_it_is_gone_from_a_server(postgresql: Server) -> None:
    """Nothing of it is left in the files of the tables; the server's own log of changes is the operator's."""
    url, words = postgresql.archive(), "words-of-this-test-alone"
    with Archive.open(url) as archive:
        archive.append([an_event("x", a_fact(words), title=words)], chronicle=CHRONICLE)
        folder = postgresql.folder / "data" / checkpointed(url)
        assert words.encode() in bytes_on_disk(folder)
        archive.redact("x", reason="asked for")
        checkpointed(url)
        assert words.encode() not in bytes_on_disk(folder)


def test_a_table_that_is_in_use_is_told(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server whose tables cannot be written anew now, the content is gone from them and the rest is said."""
    monkeypatch.setattr(dialect, "LOCK_MILLISECONDS", 50)
    url = postgresql.archive()
    with Archive.open(url) as archive:
        archive.append([an_event("x")], chronicle=CHRONICLE)
        store = Store.open(url, create=False)
        with store.reading() as connection:
            connection.execute(text("SELECT count(*) FROM report")).scalar()
            gone = archive.redact("x", reason="asked for")
        store.close()
        assert gone.remark is not None
        assert "run VACUUM FULL" in gone.remark
        assert () == archive.verify().findings
