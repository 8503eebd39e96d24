"""Checkpoints that go with appends, backups, epochs and cursors: what is lost is noticed."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from chronicle import proving
from chronicle.errors import ConflictError, InputError, QuestionError, StoreError
from chronicle.event.cursor import Cursor
from chronicle.proof.checkpoint import open_note
from chronicle.proof.key import Verifier
from chronicle.service import Archive
from chronicle.store.archive import Store
from chronicle.store.head import Head, read_head
from tests.builders import CHRONICLE, Clock, an_entity, contents, url_of
from tests.forgery import a_history
from tests.postgresql import Server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an archive is to be."""
    return tmp_path / "chronicle.db"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    """An archive of three records in a file."""
    with Archive.open(url_of(file), recorded_by="tester", now=Clock()) as opened:
        opened.append([an_entity("a"), an_entity("b"), an_entity("c")], chronicle=CHRONICLE)
        yield opened


def checkpoint_of(file: Path) -> Path:
    """The checkpoint that goes with a file."""
    [found] = [one for one in Path(f"{file}.proof").glob("*.checkpoint") if "epoch" not in one.name]
    return found


def test_a_checkpoint_follows_every_append(file: Path) -> None:
    """The first goes with its append; those right behind share one, kept when the archive is closed at the latest."""
    with Archive.open(url_of(file), recorded_by="tester", now=Clock()) as archive:
        verifiers: list[Verifier] = []
        for name in ("a", "b", "c"):
            archive.append([an_entity(name)], chronicle=CHRONICLE)
            verifiers = verifiers or [archive.verifier()]
            assert open_note(checkpoint_of(file).read_text(), verifiers).size in range(1, archive.position() + 1)
    assert 3 == open_note(checkpoint_of(file).read_text(), verifiers).size


def test_a_log_that_falls_back_under_a_process(archive: Archive) -> None:
    """What a process itself has appended it remembers, whether or not a checkpoint of it has been kept yet."""
    archive.append([an_entity("d")], chronicle=CHRONICLE)
    with archive._store.reading() as connection:  # noqa: SLF001 - a log that loses records while it is open
        head = read_head(connection)
        with pytest.raises(StoreError, match="ends at 3, and is known to have had 4 records"):
            archive._prover.require(connection, head._replace(position=3))  # noqa: SLF001 - as above


def test_what_is_appended_while_the_log_is_read_is_no_loss(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread appends after a verification, or a checkpoint, has read how long the log is."""
    numbers = count()

    def overtaken(connection: Any) -> Head:
        head = read_head(connection)
        archive.append([an_entity(f"later-{next(numbers)}")], chronicle=CHRONICLE)
        return head

    monkeypatch.setattr(archive._prover._trailing, "ask", list)  # noqa: SLF001 - the one that goes with the append
    with monkeypatch.context() as patched:
        patched.setattr(proving, "read_head", overtaken)
        assert () == archive.verify().findings
        assert archive.checkpoint()[0].size < archive.position()


def test_the_key_is_its_owners_alone(archive: Archive, file: Path) -> None:
    """Nobody else may read the signing key, and doctor says when somebody can."""
    [key] = Path(f"{file}.proof").glob("*.key")
    assert 0o600 == stat.S_IMODE(key.stat().st_mode)
    key.chmod(0o644)
    assert {"key"} == {one.name for one in archive.examine() if one.status == "bad"}


def test_an_older_copy_is_noticed(archive: Archive, file: Path, tmp_path: Path) -> None:
    """Whoever puts an older copy back can append nothing until the loss is accepted; then a new epoch begins."""
    archive.close()
    shutil.copy(file, tmp_path / "older.db")
    with Archive.open(url_of(file)) as newer:
        newer.append([an_entity("lost")], chronicle=CHRONICLE)
        cursor = newer.cursor()
    shutil.copy(tmp_path / "older.db", file)
    with Archive.open(url_of(file)) as older:
        with pytest.raises(StoreError, match="ends at 3, and is known to have had 4 records"):
            older.append([an_entity("other")], chronicle=CHRONICLE)
        assert [(4, "shrunk")] == [(one.position, one.kind) for one in older.verify().findings]
        assert {"checkpoint"} == {one.name for one in older.examine() if one.status == "bad"}
        with pytest.raises(ConflictError, match="lost records") as ahead:
            list(older.follow(after=cursor, wait=False))
        assert "cursor-ahead" == ahead.value.code
        older.new_epoch()
        assert 4 == older.append([an_entity("other")], chronicle=CHRONICLE).position
        assert () == older.verify().findings
        with pytest.raises(ConflictError, match="epoch 1, and the log is in epoch 2") as changed:
            list(older.follow(after=cursor, wait=False))
        assert "epoch-changed" == changed.value.code


def test_a_copy_from_before_an_epoch_is_noticed(archive: Archive, file: Path, tmp_path: Path) -> None:
    """A copy that was made before a loss was accepted is an older one too, and the next epoch is later than both."""
    archive.close()
    shutil.copy(file, tmp_path / "older.db")
    with Archive.open(url_of(file)) as newer:
        newer.new_epoch()
        newer.append([an_entity("d")], chronicle=CHRONICLE)
    shutil.copy(tmp_path / "older.db", file)
    with Archive.open(url_of(file)) as older:
        with pytest.raises(StoreError, match="in epoch 1, and is known to have been in epoch 2"):
            older.append([an_entity("e")], chronicle=CHRONICLE)
        assert ["fork"] == [one.kind for one in older.verify().findings]
        signed, _ = older.new_epoch()
        assert signed.origin.endswith("/3")
        older.append([an_entity("e")], chronicle=CHRONICLE)
        assert () == older.verify().findings


def test_a_backup_restored_twice_is_two_epochs(archive: Archive, tmp_path: Path) -> None:
    """What was restored, went on and was restored again is a third history, and not taken for the second."""
    archive.backup(tmp_path / "backup.db")
    target = tmp_path / "restored.db"
    for expected in (2, 3):
        Archive.restore(tmp_path / "backup.db", url_of(target))
        with Archive.open(url_of(target), create=False) as restored:
            restored.append([an_entity(f"after-{expected}")], chronicle=CHRONICLE)
            assert expected == Cursor.parse(restored.cursor()).epoch
        for one in tmp_path.glob("restored.db*"):
            if one.is_file():
                one.unlink()


def test_a_damaged_checkpoint_is_named(archive: Archive, file: Path) -> None:
    """A checkpoint that was changed lets nothing be appended; the file is named, with what to do."""
    checkpoint = checkpoint_of(file)
    checkpoint.write_text(checkpoint.read_text().replace("\n3\n", "\n2\n"))
    with pytest.raises(InputError, match=r"\.checkpoint: the signature .* is wrong.*move it away"):
        archive.append([an_entity("d")], chronicle=CHRONICLE)
    assert ["signature"] == [one.kind for one in archive.verify().findings]
    checkpoint.unlink()
    archive.append([an_entity("d")], chronicle=CHRONICLE)
    assert () == archive.verify().findings


def test_another_history_is_noticed(archive: Archive, file: Path, tmp_path: Path) -> None:
    """A log that has gone on otherwise than it was signed takes no append either."""
    archive.close()
    shutil.copy(file, tmp_path / "older.db")
    with Archive.open(url_of(file)) as one:
        one.append([an_entity("one")], chronicle=CHRONICLE)
    shutil.copytree(f"{file}.proof", tmp_path / "kept")
    shutil.copy(tmp_path / "older.db", file)
    shutil.rmtree(f"{file}.proof")
    with Archive.open(url_of(file)) as other:
        other.append([an_entity("other"), an_entity("more")], chronicle=CHRONICLE)
    shutil.rmtree(f"{file}.proof")
    shutil.copytree(tmp_path / "kept", f"{file}.proof")
    with Archive.open(url_of(file)) as other:
        with pytest.raises(StoreError, match="not those that were signed"):
            other.append([an_entity("x")], chronicle=CHRONICLE)
        assert ["fork"] == [one.kind for one in other.verify().findings]


def test_cursors_go_on_where_they_were(archive: Archive) -> None:
    """A reader that comes back with a record's cursor sees what came after, and nothing twice."""
    seen = list(archive.follow(wait=False))
    archive.append([an_entity("d")], chronicle=CHRONICLE)
    assert ["d"] == [one.header.id for one in archive.follow(after=seen[-1].cursor.text, wait=False)]
    assert archive.cursor() == Cursor.parse(archive.cursor())._replace(position=4).text
    assert [] == list(archive.follow(after=archive.cursor(), wait=False))


def test_cursors_of_other_logs(archive: Archive) -> None:
    """A cursor is good in its own log alone."""
    with Archive.open("sqlite://") as other, pytest.raises(ConflictError, match="is of the log") as foreign:
        list(other.follow(after=archive.cursor(), wait=False))
    assert "foreign-log" == foreign.value.code


def test_a_reader_notices_a_restored_log_while_it_waits(archive: Archive, file: Path, tmp_path: Path) -> None:
    """A log that is replaced under a waiting reader is not read on as if nothing had happened."""
    archive.close()
    shutil.copy(file, tmp_path / "older.db")
    with Archive.open(url_of(file)) as newer:
        newer.append([an_entity("lost")], chronicle=CHRONICLE)

    def replaced() -> None:
        reading._store.reader.dispose()  # noqa: SLF001 - the file behind it is another
        shutil.copy(tmp_path / "older.db", file)

    with Archive.open(url_of(file)) as reading, pytest.raises(ConflictError, match="lost records"):
        assert [1, 2, 3, 4] == [one.position for one in reading.follow(pause=replaced)]


def test_a_key_is_rotated(archive: Archive) -> None:
    """Old and new key sign one checkpoint; from then on the new one signs alone, and the old one is gone."""
    old = archive.verifier()
    _, note = archive.rotate_key()
    new = archive.verifier()
    assert old != new
    assert open_note(note, [old]) == open_note(note, [new])
    archive.append([an_entity("d")], chronicle=CHRONICLE)
    assert () == archive.verify().findings
    _, later = archive.checkpoint()
    assert 4 == open_note(later, [new]).size
    with pytest.raises(InputError, match="no known key"):
        open_note(later, [old])


def test_a_folder_that_cannot_be_written_warns(archive: Archive, file: Path) -> None:
    """What is appended stays appended; that no checkpoint could be kept is a warning."""
    shutil.rmtree(f"{file}.proof")
    Path(f"{file}.proof").write_text("in the way")
    with pytest.raises(StoreError, match="cannot"):
        archive.append([an_entity("d")], chronicle=CHRONICLE)
    assert 3 == archive.position()


@pytest.mark.parametrize("to", ["file", "postgresql"])
def test_a_backup_is_the_archive(url_on_disk: str, to: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Backed up and restored, from any database into any, every row is the same but for the epoch."""
    with a_history(url_on_disk) as archive:
        before = contents(archive._store)  # noqa: SLF001 - every row
        verified = archive.backup(tmp_path / "backup.db")
        assert () == verified.findings
        assert before == contents(archive._store)  # noqa: SLF001 - every row
    server: Server = request.getfixturevalue("postgresql")
    target = server.database() if to == "postgresql" else url_of(tmp_path / "restored.db")
    Archive.restore(tmp_path / "backup.db", target)
    with Archive.open(target, create=False) as restored:
        after = contents(restored._store)  # noqa: SLF001 - every row
        assert [2] == [row[3] for row in after["head"]]
        assert {**before, "head": [(*row[:3], 2) for row in before["head"]]} == after
        assert () == restored.verify().findings
        restored.append([an_entity("later")], chronicle=CHRONICLE)
        assert () == restored.verify().findings


def test_a_backup_carries_a_checkpoint_and_no_key(archive: Archive, tmp_path: Path) -> None:
    """The copy verifies by itself, against what the archive's key has signed."""
    archive.backup(tmp_path / "backup.db")
    assert {".checkpoint", ".verifiers"} == {one.suffix for one in (tmp_path / "backup.db.proof").glob("*.*")}
    with Archive.open(url_of(tmp_path / "backup.db"), create=False) as copy:
        verified = copy.verify()
        assert ((), 3) == (verified.findings, verified.checkpoint and verified.checkpoint.size)


def test_a_damaged_archive_makes_no_backup(archive: Archive, tmp_path: Path) -> None:
    """A backup that does not verify is not kept, and neither is what was there before touched."""
    with archive._store.writer.begin() as connection:  # noqa: SLF001 - behind its back
        connection.exec_driver_sql("UPDATE version SET first = 2 WHERE position = 3")
    with pytest.raises(StoreError, match="copy does not verify: position 3"):
        archive.backup(tmp_path / "backup.db")
    assert [] == [one.name for one in tmp_path.iterdir() if "backup" in one.name]
    (tmp_path / "there").write_text("mine")
    with pytest.raises(QuestionError, match="there already"):
        archive.backup(tmp_path / "there")
    assert "mine" == (tmp_path / "there").read_text()


def test_a_damaged_backup_is_not_restored(archive: Archive, tmp_path: Path) -> None:
    """A backup that was changed, or a database with something in it, is refused before anything is written."""
    archive.backup(tmp_path / "backup.db")
    with pytest.raises(StoreError, match="not empty"):
        Archive.restore(tmp_path / "backup.db", url_of(tmp_path / "chronicle.db"))
    store = Store.open(url_of(tmp_path / "backup.db"), create=False)
    with store.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE version SET first = 2 WHERE position = 3")
    store.close()
    with pytest.raises(StoreError, match="backup does not verify"):
        Archive.restore(tmp_path / "backup.db", url_of(tmp_path / "new.db"))


def test_a_restored_archive_may_keep_its_epoch(archive: Archive, tmp_path: Path) -> None:
    """Where nothing was appended since, readers go on; where a checkpoint shows otherwise, that is refused."""
    cursor = archive.cursor()
    archive.backup(tmp_path / "backup.db")
    Archive.restore(tmp_path / "backup.db", url_of(tmp_path / "new.db"), keep_epoch=True)
    with Archive.open(url_of(tmp_path / "new.db")) as moved:
        assert [] == list(moved.follow(after=cursor, wait=False))
        moved.append([an_entity("d")], chronicle=CHRONICLE)
    (tmp_path / "new.db").unlink()
    with pytest.raises(ConflictError, match="without --keep-epoch"):
        Archive.restore(tmp_path / "backup.db", url_of(tmp_path / "new.db"), keep_epoch=True)


def test_a_sound_archive_is_examined(url_on_disk: str) -> None:
    """Doctor finds nothing bad in an archive that was just made but for what the test server is set up without."""
    with a_history(url_on_disk) as archive:
        bad = {one.name for one in archive.examine() if one.status == "bad"}
        assert bad == ({"settings"} if url_on_disk.startswith("postgresql") else set())


def test_a_missing_trigger_is_found(url_on_disk: str) -> None:
    """Without its triggers an archive is not append-only, and doctor names the one that is gone."""
    with a_history(url_on_disk) as archive:
        on = " ON record" if url_on_disk.startswith("postgresql") else ""
        with archive._store.writer.begin() as connection:  # noqa: SLF001 - behind its back
            connection.exec_driver_sql(f"DROP TRIGGER record_refuses_delete{on}")
        [found] = [one for one in archive.examine() if one.name == "append-only"]
        assert "bad" == found.status
        assert "record_refuses_delete" in found.message


def test_a_clock_that_went_back_is_told(archive: Archive) -> None:
    """A log whose last append is ahead of the clock is a warning: it goes on, rising."""
    late = Clock("2020-01-01")
    with Archive(archive._store, recorded_by="tester", now=late) as behind:  # noqa: SLF001 - the same database
        assert ["warning"] == [one.status for one in behind.examine() if one.name == "recorded times"]
        behind.append([an_entity("d")], chronicle=CHRONICLE)
        recorded = [one.header.recorded for one in behind.follow(wait=False)]
    assert sorted(recorded) == recorded
