"""db, backup, restore and doctor, as a shell sees them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from chronicle.store.schema import REVISION
from tests.cli.shell import EVENTS, chronicle, digest


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The curated chronicle in a file."""
    path = tmp_path / "chronicle.db"
    assert 0 == chronicle(path, "load", EVENTS).returncode
    return path


def test_backup_and_restore(archive: Path, tmp_path: Path) -> None:
    """A backup is verified and holds every row; restored, the archive goes on in a new epoch."""
    copy = tmp_path / "monday.db"
    done = chronicle(archive, "backup", str(copy))
    assert (0, f"{copy}: 68 records, verified\n".encode()) == (done.returncode, done.stdout)
    assert digest(archive) == digest(copy)
    restored = tmp_path / "restored.db"
    done = chronicle(restored, "restore", str(copy))
    assert (0, b"restored 68 records\n") == (done.returncode, done.stdout)
    assert b"a new epoch has begun" in done.stderr
    assert 0 == chronicle(restored, "verify").returncode
    assert b"68 unchanged" in chronicle(restored, "load", EVENTS).stdout
    assert 3 == chronicle(restored, "restore", str(copy)).returncode
    assert 2 == chronicle(archive, "backup", str(copy)).returncode


def test_doctor(archive: Path, tmp_path: Path) -> None:
    """The doctor names each condition, and exits with 1 only for what is bad."""
    done = chronicle(archive, "doctor", "--json")
    told = json.loads(done.stdout)
    assert (0, True) == (done.returncode, told["ok"])
    expected = {"migrations", "append-only", "recorded times", "version", "settings", "file system", "disk space"}
    assert expected | {"checkpoint", "key"} == {one["name"] for one in told["conditions"]}
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE head SET position = 60")
    connection.commit()
    connection.close()
    done = chronicle(archive, "doctor")
    assert 1 == done.returncode
    assert b"the log has shrunk: it ends at 60, and a checkpoint of 68 was signed" in done.stdout
    assert 3 == chronicle(tmp_path / "none.db", "doctor").returncode


def test_db(archive: Path, tmp_path: Path) -> None:
    """The status says whether the tables are up to date; db upgrade has nothing to do then."""
    assert {"current": REVISION, "needed": REVISION, "pending": []} == json.loads(
        chronicle(archive, "db", "status", "--json").stdout
    )
    assert f"at {REVISION}: nothing to do\n".encode() == chronicle(archive, "db", "upgrade").stdout
    assert 3 == chronicle(tmp_path / "none.db", "db", "upgrade").returncode
    assert not (tmp_path / "none.db").exists()
    for command in ("status", "upgrade"):
        run = chronicle(archive, "db", command, "--help", COLUMNS="80")
        assert f"Example: chronicle db {command}" in run.stdout.decode()
