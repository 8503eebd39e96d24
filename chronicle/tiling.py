"""The tiling part of the hall: the log as static files that anybody can verify, one by one; see `proof.tiles`."""

from __future__ import annotations

from typing import Any

from chronicle.errors import UnknownError
from chronicle.event.tree import TILE
from chronicle.proof.tiles import Leaf, Tile, encode_entries, encode_payloads
from chronicle.store import read, tree


def content(connection: Any, tile: Tile) -> bytes:
    """What a file of the log has. Raises UnknownError where the log does not go so far."""
    if tile.kind == "hashes":
        hashes = tree.tile(connection, tile.level, tile.number)[: tile.width]
        found, there = b"".join(hashes), len(hashes)
    else:
        leaves = [Leaf(*one) for one in read.leaves(connection, tile.number * TILE, tile.width)]
        encode = encode_entries if tile.kind == "entries" else encode_payloads
        found, there = encode(leaves), len(leaves)
    if there < tile.width:
        raise UnknownError(f"the log does not go so far: the tile has {there} of {tile.width}")
    return found
