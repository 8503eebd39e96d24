"""Verification, checkpoints, proofs and redactions, as a shell sees them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from chronicle.proof.tiles import payload_path, tile_path
from tests.cli.shell import EVENTS, chronicle, digest


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The curated chronicle in a file."""
    path = tmp_path / "chronicle.db"
    assert 0 == chronicle(path, "load", EVENTS).returncode
    return path


@pytest.fixture
def published(archive: Path, tmp_path: Path) -> tuple[Path, str]:
    """The archive as a folder of tiles, and the key that verifies it."""
    done = chronicle(archive, "checkpoint", "--output", str(tmp_path / "published"), "--json")
    assert 0 == done.returncode
    return tmp_path / "published", json.loads(done.stdout)["verifier"]


def test_a_sound_archive(archive: Path) -> None:
    """What nobody touched exits with 0, and says against what it was held."""
    done = chronicle(archive, "verify")
    assert (0, b"verified: 68 records, held against the checkpoint of 68 records\n") == (done.returncode, done.stdout)
    told = json.loads(chronicle(archive, "verify", "--json").stdout)
    assert (True, 68, 68, []) == (told["ok"], told["size"], told["checkpoint"]["size"], told["findings"])


def test_a_changed_archive(archive: Path) -> None:
    """It exits with 1 and names the first bad position."""
    connection = sqlite3.connect(archive)
    connection.execute("DROP TRIGGER payload_refuses_update")
    connection.execute(
        "UPDATE payload SET payload = cast(replace(payload, '1.55', '1.56') AS blob) WHERE position = 55"
    )
    connection.commit()
    connection.close()
    done = chronicle(archive, "verify")
    assert 1 == done.returncode
    assert b"the first bad position is 55\nposition 55: the payload is not the one whose digest" in done.stdout
    told = json.loads(chronicle(archive, "verify", "--json").stdout)
    assert [(55, "payload")] == [(one["position"], one["kind"]) for one in told["findings"]]


def test_an_earlier_checkpoint(archive: Path, tmp_path: Path) -> None:
    """A checkpoint that somebody has kept is held against the log as it is now."""
    kept = tmp_path / "kept"
    kept.write_bytes(chronicle(archive, "checkpoint").stdout)
    assert b"held against the checkpoint of 68" in chronicle(archive, "verify", "--checkpoint", str(kept)).stdout
    other = tmp_path / "other.db"
    chronicle(other, "load", EVENTS)
    done = chronicle(other, "verify", "--checkpoint", str(kept))
    assert 1 == done.returncode
    assert b"[signature]" in done.stdout


def test_a_checkpoint_is_of_its_key(archive: Path) -> None:
    """It prints the note on stdout and the verifier key on stderr; the private key nowhere."""
    done = chronicle(archive, "checkpoint")
    lines = done.stdout.decode().splitlines()
    assert (0, "68", "") == (done.returncode, lines[1], lines[3])
    assert done.stderr.startswith(b"verifier key: chronicle/")
    [key] = Path(f"{archive}.proof").glob("*.key")
    secret = key.read_text().strip().split("+", 4)[4].encode()
    for arguments in (["checkpoint", "--json"], ["checkpoint", "--rotate-key"], ["doctor"], ["prove", "trade-2025"]):
        run = chronicle(archive, *arguments)
        assert secret not in run.stdout + run.stderr


def test_a_published_folder_verifies_alone(published: tuple[Path, str], archive: Path, tmp_path: Path) -> None:
    """Somebody who has the folder and the key, and nothing else, can verify it."""
    folder, key = published
    moved = tmp_path / "elsewhere"
    shutil.move(folder, moved)
    archive.unlink()
    done = chronicle(tmp_path / "none.db", "verify", "--folder", str(moved), "--key", key)
    assert (0, b"verified: 68 records, held against the checkpoint of 68 records\n") == (done.returncode, done.stdout)
    assert 2 == chronicle(tmp_path / "none.db", "verify", "--folder", str(moved)).returncode


def turn(file: Path, at: int) -> None:
    """Turn a bit of a file."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("file", "at", "kind", "position"),
    [
        (tile_path("entries", 0, 68), 60, "header", 1),
        (tile_path("entries", 0, 68), -10, "header", 68),
        (tile_path(0, 0, 68), 32 * 7, "header", 8),
        (payload_path(0, 68), 40, "payload", 1),
        (payload_path(0, 68), -40, "payload", 68),
        ("checkpoint", 50, "signature", 0),
    ],
)
def test_a_changed_folder(published: tuple[Path, str], file: str, at: int, kind: str, position: int) -> None:
    """Whatever is changed in a folder, it no longer verifies, and the place is named."""
    folder, key = published
    turn(folder / file, at)
    done = chronicle(folder, "verify", "--folder", str(folder), "--key", key, "--json")
    assert 1 == done.returncode
    first = json.loads(done.stdout)["findings"][0]
    assert (kind, position) == (first["kind"], first["position"])


@pytest.mark.parametrize("file", [tile_path("entries", 0, 68), tile_path(0, 0, 68), payload_path(0, 68)])
def test_a_folder_that_lacks_a_file(published: tuple[Path, str], file: str) -> None:
    """A file that is missing is named."""
    folder, key = published
    (folder / file).unlink()
    done = chronicle(folder, "verify", "--folder", str(folder), "--key", key)
    assert 1 == done.returncode
    assert f"position 1: {file} cannot be read".encode() in done.stdout


def test_a_folder_of_another_history(published: tuple[Path, str], archive: Path, tmp_path: Path) -> None:
    """An older folder is shorter than a checkpoint that is known; exchanged headers are named."""
    folder, key = published
    (tmp_path / "more.yaml").write_text("kind: entity\nid: more\nlabel: More\n", encoding="utf-8")
    chronicle(archive, "load", str(tmp_path / "more.yaml"), "--chronicle", "azerbaijan-us")
    later = tmp_path / "later"
    later.write_bytes(chronicle(archive, "checkpoint").stdout)
    done = chronicle(folder, "verify", "--folder", str(folder), "--key", key, "--checkpoint", str(later))
    assert 1 == done.returncode
    assert b"position 69: the log has shrunk" in done.stdout
    entries = folder / tile_path("entries", 0, 68)
    content = entries.read_bytes()
    ends = [0]
    while ends[-1] < len(content):
        ends.append(ends[-1] + 2 + int.from_bytes(content[ends[-1] : ends[-1] + 2], "big"))
    one, other = content[ends[0] : ends[1]], content[ends[1] : ends[2]]
    entries.write_bytes(other + one + content[ends[2] :])
    done = chronicle(folder, "verify", "--folder", str(folder), "--key", key)
    assert b"position 1: the header is that of position 2 [order]" in done.stdout


def test_two_histories_of_one_key(archive: Path, tmp_path: Path) -> None:
    """A folder whose key has signed another history, too, is a fork, though each by itself is sound."""
    other = tmp_path / "other" / "chronicle.db"
    other.parent.mkdir()
    shutil.copy(archive, other)
    shutil.copytree(f"{archive}.proof", f"{other}.proof")
    for path, name in ((archive, "one"), (other, "two")):
        document = path.parent / f"{name}.yaml"
        document.write_text(f"kind: entity\nid: {name}\nlabel: x\n", encoding="utf-8")
        assert 0 == chronicle(path, "load", str(document), "--chronicle", "azerbaijan-us").returncode
    note = tmp_path / "two.checkpoint"
    note.write_bytes(chronicle(other, "checkpoint").stdout)
    told = json.loads(chronicle(archive, "checkpoint", "--output", str(tmp_path / "folder"), "--json").stdout)
    arguments = ["verify", "--folder", str(tmp_path / "folder"), "--key", told["verifier"]]
    assert 0 == chronicle(archive, *arguments).returncode
    done = chronicle(archive, *arguments, "--checkpoint", str(note), "--json")
    assert 1 == done.returncode
    assert ["fork"] == [one["kind"] for one in json.loads(done.stdout)["findings"]]


def test_a_proof_is_enough(archive: Path, tmp_path: Path) -> None:
    """What prove prints shows by itself that the record is in the log; what is changed in it shows nothing."""
    proof = chronicle(archive, "prove", "trade-2025", "--json").stdout
    told = json.loads(proof)
    assert (55, "trade-2025") == (told["position"], json.loads(told["header"])["id"])
    file = tmp_path / "proof.json"
    file.write_bytes(proof)
    none = tmp_path / "none.db"
    done = chronicle(none, "verify", "--proof", str(file), "--key", told["verifier"])
    assert done.stdout.startswith(b"proved, against the checkpoint of 68 records")
    for before, after in ((b"1.55e9", b"1.56e9"), (b'"position": 55', b'"position": 54'), (b"2025", b"2026")):
        file.write_bytes(proof.replace(before, after))
        assert 1 == chronicle(none, "verify", "--proof", str(file), "--key", told["verifier"]).returncode
    file.write_bytes(b"[]")
    assert 1 == chronicle(none, "verify", "--proof", str(file), "--key", told["verifier"]).returncode


def test_a_proof_as_text(archive: Path) -> None:
    """Without --json a proof has the form of C2SP: its name, the index, hashes, a blank line, the checkpoint."""
    lines = chronicle(archive, "prove", "trade-2025").stdout.decode().split("\n")
    assert ["c2sp.org/tlog-proof@v1", "index 54"] == lines[:2]
    blank = lines.index("")
    assert all(len(line) == 44 for line in lines[2:blank])
    assert lines[blank + 1].startswith("chronicle/")


def test_a_log_that_has_grown(archive: Path, tmp_path: Path) -> None:
    """A second kind of proof shows that the log begins with what it was."""
    file = tmp_path / "grown.json"
    file.write_bytes(chronicle(archive, "prove", "--since", "40", "--json").stdout)
    key = json.loads(file.read_text())["verifier"]
    assert 0 == chronicle(archive, "verify", "--proof", str(file), "--key", key).returncode
    file.write_text(file.read_text().replace('"old": 40', '"old": 41'))
    assert 1 == chronicle(archive, "verify", "--proof", str(file), "--key", key).returncode
    assert 2 == chronicle(archive, "prove", "--since", "69").returncode


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["prove"], 2),
        (["prove", "trade-2025", "--since", "3"], 2),
        (["prove", "nothing"], 1),
        (["prove", "trade-2025", "--version", "2"], 1),
        (["verify", "--folder", ".", "--key", "nonsense+"], 1),
        (["verify", "--checkpoint", "nowhere"], 1),
        (["redact", "nothing", "--reason", "x", "--yes"], 1),
        (["redact", "trade-2025", "--reason", " ", "--yes"], 2),
        (["redact", "trade-turnover", "--reason", "x", "--yes"], 2),
        (["checkpoint", "--rotate-key", "--new-epoch"], 2),
        (["follow", "--after", "nonsense"], 2),
    ],
)
def test_what_cannot_be_done(archive: Path, arguments: list[str], code: int) -> None:
    """Each is refused in a sentence, with its exit code, and changes nothing."""
    before = digest(archive)
    done = chronicle(archive, *arguments)
    assert code == done.returncode
    assert done.stderr
    assert b"Traceback" not in done.stderr
    assert before == digest(archive)


def test_redact_asks_first(archive: Path) -> None:
    """Without --yes nothing is removed unless somebody says so."""
    before = digest(archive)
    assert 1 == chronicle(archive, "redact", "trade-2025", "--reason", "x", stdin=b"n\n").returncode
    assert before == digest(archive)
    done = chronicle(archive, "redact", "trade-2025", "--reason", "asked for", stdin=b"y\n")
    assert b"redacted trade-2025: the content of position 55 is gone; the log is at position 69\n" == done.stdout


def test_every_view_says_redacted(archive: Path) -> None:
    """state, show, follow and export say what is missing; load refuses it unless it is reinstated."""
    chronicle(archive, "redact", "trade-2025", "--reason", "asked for", "--yes")
    state = chronicle(archive, "state", "--as-of", "2025", "--json")
    gone = [{"chronicle": "azerbaijan-us", "kind": "event", "id": "trade-2025"}]
    assert gone == json.loads(state.stdout)["basis"]["redacted"]
    assert b"redacted: event trade-2025" in chronicle(archive, "state", "--as-of", "2025").stdout
    shown = json.loads(chronicle(archive, "show", "trade-2025", "--json").stdout)["versions"]
    assert {"kind": "event", "id": "trade-2025", "redacted": True, "reason": "asked for", "redaction": 69} == (
        shown[0]["document"]
    )
    followed = chronicle(archive, "follow", "--no-wait", "--json").stdout.splitlines()
    assert "redaction" == json.loads(followed[-1])["kind"]
    assert b"redacted" in chronicle(archive, "export", "--to", "jsonl").stderr
    assert b"has been redacted" in chronicle(archive, "report", "azerbaijan-us", "--as-of", "2026-03-01").stdout
    refused = chronicle(archive, "load", EVENTS)
    assert 1 == refused.returncode
    assert b"is redacted, and closed: load it with --reinstate [redacted]" in refused.stderr
    assert b"1 reasserted" in chronicle(archive, "load", EVENTS, "--reinstate").stdout


def test_a_follower_goes_on_by_cursor(archive: Path) -> None:
    """--json prints a cursor with each record, and --after takes it."""
    lines = chronicle(archive, "follow", "--no-wait", "--json").stdout.splitlines()
    cursor = json.loads(lines[49])["cursor"]
    rest = chronicle(archive, "follow", "--no-wait", "--json", "--after", cursor).stdout.splitlines()
    assert lines[50:] == rest


def test_a_follower_that_wants_some(archive: Path) -> None:
    """Options keep events as those of a sink do; a date that is none is a misuse."""
    asked = ("follow", "--no-wait", "--json", "--type", "statistic", "--from", "2025-06", "--entity", "usa")
    lines = chronicle(archive, *asked).stdout.splitlines()
    assert {"statistic.reported"} == {json.loads(line)["type"] for line in lines}
    assert 0 == len(chronicle(archive, "follow", "--no-wait", "--json", "--tag", "none").stdout)
    assert 2 == chronicle(archive, "follow", "--no-wait", "--from", "2025-13").returncode
