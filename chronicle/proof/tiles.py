"""A log as a folder of static files that anybody can check offline: C2SP tlog-tiles, and the payloads beside it.

    checkpoint                      the signed checkpoint
    tile/LEVEL/N[.p/W]              up to 256 hashes (RFC 6962) of a level; of a partial tile W
    tile/entries/N[.p/W]            up to 256 headers, each after its length as a big-endian uint16
    payload/N[.p/W].jsonl           what the headers are of, a line each: {"payload", "salt"} or {"redacted": true}

N is written as tlog-tiles does: groups of three digits, all but the last after an x.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from chronicle.errors import InputError, shown
from chronicle.event.tree import HASH_BYTES, TILE

LARGEST = 256 * (65_535 + 2)
_LARGEST_PAYLOADS = 64 * 1024 * 1024


class Leaf(NamedTuple):
    """A record as a folder holds it: the header, and its canonical payload and salt; None once redacted."""

    header: bytes
    payload: bytes | None
    salt: bytes | None


def tile_sizes(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, index, width) of every tile of a tree of `size` leaves."""
    level = 0
    while size:
        for index in range(-(-size // TILE)):
            yield level, index, min(TILE, size - index * TILE)
        size //= TILE
        level += 1


def tile_path(level: int | str, index: int, width: int) -> str:
    """Where a tile is, relative to the folder."""
    return f"tile/{level}/{_number(index)}{'' if width == TILE else f'.p/{width}'}"


def payload_path(index: int, width: int) -> str:
    """Where the payloads of a bundle are, relative to the folder."""
    return f"payload/{_number(index)}{'' if width == TILE else f'.p/{width}'}.jsonl"


class Tile(NamedTuple):
    """What a path names: hashes of a `level`, or headers or payloads, where there is none; and how many."""

    kind: str
    level: int
    number: int
    width: int


_PATH = re.compile(
    r"(?:(?P<hashes>tile)/(?P<level>0|[1-9]\d?)/|(?P<entries>tile/entries)/|(?P<payload>payload)/)"
    r"(?P<number>(?:x\d{3}/){0,4}\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?(?P<lines>\.jsonl)?",
    re.ASCII,
)


def tile_at(path: str) -> Tile:
    """The tile of a path as `tile_path` and `payload_path` write it. Raises InputError for any other."""
    found = _PATH.fullmatch(path)
    if found is not None:
        index, width = int(re.sub("[x/]", "", found["number"])), int(found["width"] or TILE)
        kind = next(name for name in ("hashes", "entries", "payload") if found[name])
        level = int(found["level"] or 0)
        written = (
            payload_path(index, width)
            if kind == "payload"
            else tile_path(level if kind == "hashes" else kind, index, width)
        )
        if written == path and (width < TILE or found["width"] is None):
            return Tile(kind, level, index, width)
    raise InputError(f"{shown(path)} is no tile of a log: expected such as tile/0/x001/067 or tile/entries/000.p/5")


def encode_entries(leaves: Sequence[Leaf]) -> bytes:
    """A bundle of headers."""
    return b"".join(len(leaf.header).to_bytes(2, "big") + leaf.header for leaf in leaves)


def encode_payloads(leaves: Sequence[Leaf]) -> bytes:
    """The payloads of a bundle."""
    return b"".join(
        json.dumps(
            {"redacted": True}
            if leaf.payload is None or leaf.salt is None
            else {"payload": leaf.payload.decode(), "salt": leaf.salt.hex()},
            ensure_ascii=False,
        ).encode()
        + b"\n"
        for leaf in leaves
    )


class TileFolder:
    """Reads such a folder. Every method raises InputError, naming the file, for what is missing or damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self) -> str:
        """The checkpoint, its signatures unchecked."""
        return self._read("checkpoint", LARGEST).decode(errors="replace")

    def hashes(self, level: int, index: int, width: int) -> list[bytes]:
        """The hashes of a tile."""
        path = tile_path(level, index, width)
        content = self._read(path, LARGEST)
        if len(content) != width * HASH_BYTES:
            raise InputError(f"{path} has {len(content)} bytes, and {width * HASH_BYTES} were expected")
        return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]

    def headers(self, index: int, width: int) -> list[bytes]:
        """The headers of a bundle."""
        path = tile_path("entries", index, width)
        content, found, at = self._read(path, LARGEST), list[bytes](), 0
        while at < len(content):
            end = at + 2 + int.from_bytes(content[at : at + 2], "big")
            if end > len(content):
                raise InputError(f"{path} ends within a header")
            found.append(content[at + 2 : end])
            at = end
        if len(found) != width:
            raise InputError(f"{path} has {len(found)} headers, and {width} were expected")
        return found

    def payloads(self, index: int, width: int) -> list[tuple[bytes | None, bytes | None] | None]:
        """Payload and salt of each header of a bundle, both None where redacted; None for a line that is unreadable."""
        path = payload_path(index, width)
        lines = self._read(path, _LARGEST_PAYLOADS).split(b"\n")
        found = [_payload(line) for line in lines[:-1]]
        if len(found) != width or lines[-1]:
            raise InputError(f"{path} has {len(found)} lines, and {width} were expected")
        return found

    def _read(self, path: str, most: int) -> bytes:
        try:
            with (self._folder / path).open("rb") as file:
                content = file.read(most + 1)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from None
        if len(content) > most:
            raise InputError(f"{path} is too large to be one of ours")
        return content


def _payload(line: bytes) -> tuple[bytes | None, bytes | None] | None:
    try:
        plain = json.loads(line)
        if plain == {"redacted": True}:
            return None, None
        return plain["payload"].encode(), bytes.fromhex(plain["salt"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _number(index: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(groups)
