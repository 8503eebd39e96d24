"""A folder of tiles: its paths are those of C2SP tlog-tiles, and it holds whatever the log's size."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.event.canonical import Header, digest
from chronicle.event.tree import leaf_hash
from chronicle.proof.checkpoint import Checkpoint
from chronicle.proof.key import Signer, Verifier
from chronicle.proof.tiles import Leaf, encode_entries, payload_path, tile_path, tile_sizes
from chronicle.proving import verify_offline
from chronicle.service import Archive
from tests.builders import CHRONICLE, an_entity, url_of

SIZES = [0, 1, 255, 256, 257, 512, 600]


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 0, 1, "tile/0/000.p/1"),
        (3, 999, 256, "tile/3/999"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (1, 1000, 7, "tile/1/x001/000.p/7"),
        ("entries", 42, 256, "tile/entries/042"),
    ],
)
def test_paths(level: int | str, index: int, width: int, path: str) -> None:
    """Three digits a group, all but the last after an x; a partial tile has its width."""
    assert path == tile_path(level, index, width)


def test_payloads_lie_beside() -> None:
    """What is ours does not mix with what is the specification's."""
    assert "payload/x001/x234/067.jsonl" == payload_path(1234067, 256)


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (600, [(0, 0, 256), (0, 1, 256), (0, 2, 88), (1, 0, 2)]),
        (65_537, [*((0, at, 256) for at in range(256)), (0, 256, 1), (1, 0, 256), (2, 0, 1)]),
    ],
)
def test_tiles_of_a_size(size: int, tiles: list[tuple[int, int, int]]) -> None:
    """Every level has the tiles that its hashes fill, the last perhaps in part."""
    assert tiles == list(tile_sizes(size))


@pytest.mark.parametrize("size", SIZES)
def test_a_folder_of_any_size(tmp_path: Path, size: int) -> None:
    """Below, at and above the bounds of tiles a folder verifies; written again after it has grown, too."""
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:
        for count in (size, 3):
            there = archive.position()
            archive.append([an_entity(f"e{there + number}") for number in range(count)], chronicle=CHRONICLE)
            _, note = archive.export_tiles(tmp_path / "folder")
            verified = verify_offline(tmp_path / "folder", [archive.verifier()], note)
            assert ((), there + count) == (verified.findings, verified.size)


def test_a_hash_above_the_leaves(tmp_path: Path) -> None:
    """A tile of a higher level that is not that of its leaves is named by the first of them."""
    with Archive.open(url_of(tmp_path / "chronicle.db")) as archive:
        archive.append([an_entity(f"e{number}") for number in range(600)], chronicle=CHRONICLE)
        archive.export_tiles(tmp_path / "folder")
        verifiers: list[Verifier] = [archive.verifier()]
    tile = tmp_path / "folder" / tile_path(1, 0, 2)
    content = bytearray(tile.read_bytes())
    content[40] ^= 1
    tile.write_bytes(content)
    findings = verify_offline(tmp_path / "folder", verifiers, None).findings
    assert [(257, "tree")] == [(one.position, one.kind) for one in findings]


@pytest.mark.parametrize(
    ("headers", "payloads", "kind"),
    [
        ([b"[]"], [b'{"redacted": true}'], "header"),
        ([b'{"archive": []}'], [b'{"redacted": true}'], "header"),
        ([b"[" * 60_000], [b'{"redacted": true}'], "header"),
        (["redaction"], [b'{"payload": "[]", "salt": ""}'], "redaction"),
        (["redaction"], [b'{"payload": 7, "salt": ""}'], "payload"),
        (["redaction"], [b'{"payload": "{}", "salt": "zz"}'], "payload"),
        (["event"], [b'{"redacted": true}'], "payload"),
        (["event"], [b"["], "payload"),
    ],
)
def test_a_hostile_folder(tmp_path: Path, headers: list[bytes | str], payloads: list[bytes], kind: str) -> None:
    """Even what the holder of the key has signed is not trusted to be a log: nothing breaks off."""
    signer = Signer("chronicle/x", bytes(32))
    content = digest(b"[]", b"")
    encoded = [
        Header("x", "c", one, "id", 1, None, 1, "who", content).encode() if isinstance(one, str) else one
        for one in headers
    ]
    leaves = [leaf_hash(one) for one in encoded]
    files = {
        tile_path(0, 0, 1): b"".join(leaves),
        tile_path("entries", 0, 1): encode_entries([Leaf(one, None, None) for one in encoded]),
        payload_path(0, 1): b"".join(one + b"\n" for one in payloads),
        "checkpoint": Checkpoint("chronicle/x/1", 1, leaves[0]).signed([signer]).encode(),
    }
    for name, written in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(written)
    findings = verify_offline(tmp_path, [signer.verifier], None).findings
    assert [(1, kind)] == [(one.position, one.kind) for one in findings]
