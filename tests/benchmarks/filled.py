"""A world in a database of its kind, and the tables that others have of it: what questions are put to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import text

from chronicle.store.archive import Store
from chronicle.store.copy import copy
from tests.benchmarks import mariadb, peers, temporal, world
from tests.benchmarks.places import Place

AS_OF, X = "2001-09-08", 999_993_599
"""A day, and its last second."""

EARLIER = "2001-09-01"
"""A week before that."""

KNOWN = "1985-11-05"
"""What had been said by then is about two thirds of it."""

COVERING = f"superseded IS NULL AND from_lo <= {X} AND until_hi - 1 > {X}"
"""Of the latest knowledge, what may hold at the second."""


AT_ONCE = 1 << 22
"""Bytes of a file that are read at a time."""


@dataclass
class Filled:
    """A world of `scale` facts at `url`, and in the tables of others as far as its keys are exact."""

    place: Place
    url: str
    scale: int
    file: Path
    duck: temporal.Duck | None = None
    maria: temporal.Maria | None = None

    @property
    def others(self) -> list[temporal.Temporal]:
        """Those who hold the exact facts, too."""
        return [one for one in (self.duck, self.maria) if one is not None]

    @cached_property
    def exact(self) -> frozenset[temporal.Place]:
        """The keys none of whose facts is vague."""
        return frozenset(place for place, rows in temporal.read(self.file) if rows is not None)


@contextmanager
def filled(
    place: Place, scale: int, folder: Path, server: mariadb.Server | None = None, *, is_beside_others: bool = True
) -> Iterator[Filled]:
    """A world, kept as a file in the folder; beside it DuckDB where it is SQLite, MariaDB where it is PostgreSQL.

    The file is read through once: what is measured is the database, and not the disk.
    """
    file = world.kept(scale, folder)
    with file.open("rb") as content:
        while content.read(AT_ONCE):
            pass

    def rows() -> Iterator[temporal.Row]:
        return (row for _, found in temporal.read(file) for row in found or ())

    with ExitStack() as stack:
        duck = maria = None
        if is_beside_others and place.name == "sqlite" and peers.is_there("duckdb"):
            duck = temporal.Duck(rows())
            stack.callback(duck.close)
        if is_beside_others and server is not None and place.name == "postgresql":
            maria = temporal.Maria(server, rows())
            stack.callback(maria.close)
        yield Filled(place, _url(place, file), scale, file, duck, maria)


def _url(place: Place, file: Path) -> str:
    here = f"sqlite:///{file}"
    if place.name == "sqlite":
        return here
    there = place.url()
    source, target = Store.open(here, create=False), Store.open(there, create=True, check=False)
    with source.reading() as reading:
        with target.writer.begin() as writing:
            copy(reading, writing)
        with target.writer.begin() as writing:
            writing.execute(text("ANALYZE"))
    source.close()
    target.close()
    return there
