"""How a build comes along: what its last run has taken, and in which time."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, delete, insert, inspect, select

from chronicle.store.build import Build, metadata, of_build
from chronicle.store.schema import NAME

pace = Table(
    "projection_pace",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("began", BigInteger, nullable=False),
    Column("noted", BigInteger, nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("total", BigInteger),
)
"""Of each build its last run that had something to take; times are in microseconds since 1970."""


class Pace(NamedTuple):
    """What a run has taken from one instant to another, in microseconds, and of how many; None while it follows."""

    began: int
    noted: int
    taken: int
    total: int | None = None

    @property
    def per_second(self) -> float | None:
        """How many a second; None before any time has passed."""
        return self.taken * 1_000_000 / (self.noted - self.began) if self.noted > self.began else None


def note_pace(connection: Connection, one: Build, now: Pace) -> None:
    """Put this in the place of what was noted of a build."""
    if not inspect(connection).has_table(pace.name):  # the table is of an earlier release: the next rebuild makes it
        return
    connection.execute(delete(pace).where(*of_build(pace, one)))
    connection.execute(insert(pace).values(**one.key, **now._asdict()))


def pace_of(connection: Connection, one: Build) -> Pace | None:
    """What was noted last; None before the first time."""
    if not inspect(connection).has_table(pace.name):
        return None
    row = connection.execute(select(pace).where(*of_build(pace, one))).one_or_none()
    return None if row is None else Pace(row.began, row.noted, row.taken, row.total)
