"""The hashes of the tree, kept with the log: one for each record, and one for each complete tile of 256 of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from chronicle.event.tree import TILE, fold
from chronicle.store import dialect
from chronicle.store.prepared import Prepared
from chronicle.store.schema import node


def tile(connection: Connection, level: int, index: int) -> list[bytes]:
    """The hashes of a tile, as far as the tree goes."""
    rows = _TILE.rows(connection, level=level, first=index * TILE, end=(index + 1) * TILE)
    return [hash_ for (hash_,) in rows]


def grow(connection: Connection, size: int, leaves: Sequence[bytes]) -> None:
    """Add the hashes of new leaves to a tree of `size`, and those of every tile that they complete."""
    dialect.insert_rows(connection, node, growth(connection, size, leaves))


def growth(connection: Connection, size: int, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
    """The rows of what `grow` adds, in the order of the table's columns."""
    level, start, hashes, rows = 0, size, list(leaves), []
    while hashes:
        rows += [(level, start + index, hash_) for index, hash_ in enumerate(hashes)]
        end, first = start + len(hashes), start // TILE
        open_tile = tile(connection, level, first) if end // TILE > first else []
        complete = [*open_tile, *hashes]
        hashes = [fold(complete[at * TILE : (at + 1) * TILE]) for at in range(end // TILE - first)]
        level, start = level + 1, first
    return rows


_TILE = Prepared(
    select(node.c.hash)
    .where(node.c.level == bindparam("level"), node.c.number >= bindparam("first"), node.c.number < bindparam("end"))
    .order_by(node.c.number)
)
