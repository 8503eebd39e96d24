"""The RFC 6962 tree over the leaves of a log, in C2SP tiles: roots, proofs, and what checks them.

Hash of a leaf: SHA-256(0x00 ‖ header), of a node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 section 2.1). A tile holds at
most 256 hashes of one level; its level L holds the roots of the complete subtrees of 256^L leaves (C2SP tlog-tiles).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
TILE = 256
_TILE_HEIGHT = 8

Tiles = Callable[[int, int], Sequence[bytes]]
"""(level, index) -> the hashes of a tile, as far as the tree goes."""


def leaf_hash(header: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees of equal size, in their order; of none the hash of the empty text (RFC 6962 2.1)."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return node_hash(fold(hashes[:split]), fold(hashes[split:]))


def root(size: int, tiles: Tiles) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, tiles)


def inclusion_proof(index: int, size: int, tiles: Tiles) -> list[bytes]:
    """The audit path (RFC 6962 2.1.1) of the leaf at an index, counted from 0, in the tree of the first `size`."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(middle, end, tiles))
            end = middle
        else:
            path.append(_range(start, middle, tiles))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, tiles: Tiles) -> list[bytes]:
    """The proof (RFC 6962 2.1.2) that the tree of the first `new` leaves begins with that of the first `old`.

    Empty for equal sizes, and for an old tree without a leaf.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not older than one of {new}")
    path: list[bytes] = []
    start, end = 0, new
    while 0 < old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(middle, end, tiles))
            end = middle
        else:
            path.append(_range(start, middle, tiles))
            start = middle
    if path and start:
        path.append(_range(start, end, tiles))
    return path[::-1]


def root_of_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 9162 2.1.3.2). Raises ValueError for one of the wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if at & 1 or at == last:
            found = node_hash(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return found


def roots_of_consistency(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of both trees that a proof leads to, the old one being claimed (RFC 9162 2.1.4.2).

    Raises ValueError for a proof of the wrong length. Sizes that are equal, or 0, need and take none: then the new root
    is not told by the proof, and is answered as the old one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not older than one of {new}")
    if old in (0, new):
        if proof:
            raise ValueError("the proof is too long")
        return old_root, old_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ValueError("the proof is too short")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for other in path[1:]:
        if last == 0:
            raise ValueError("the proof is too long")
        if at & 1 or at == last:
            first, second = node_hash(other, first), node_hash(other, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return first, second


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return int(1 << ((size - 1).bit_length() - 1))


def _range(start: int, end: int, tiles: Tiles) -> bytes:
    """The root of the leaves from `start` up to, not including, `end`; as RFC 6962 splits, a left part is complete."""
    size = end - start
    if size & (size - 1):
        middle = start + _split(size)
        return node_hash(_range(start, middle, tiles), _range(middle, end, tiles))
    if size == 0:
        return fold(())
    level = (size.bit_length() - 1) // _TILE_HEIGHT
    first, last = start >> (_TILE_HEIGHT * level), end >> (_TILE_HEIGHT * level)
    index = first // TILE
    hashes = tiles(level, index)[first - index * TILE : last - index * TILE]
    if len(hashes) != last - first:
        raise ValueError(f"tile {index} of level {level} lacks hashes: the tree is not whole")
    return fold(hashes)
