"""What projections made, kept to go on from: a cache that any redaction empties."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, tuple_

from chronicle.store import dialect
from chronicle.store.head import read_head
from chronicle.store.occurrences import Dating
from chronicle.store.read import LATEST
from chronicle.store.schema import projected, redacted

KEPT = 24
"""How many snapshots of a projection there are at most; the oldest make room."""

LARGEST = 64 * 2**20
"""States of more bytes are not kept."""


class Made(NamedTuple):
    """Of what: a projection's name and code, how it dates events, and the bounds of the question."""

    name: str
    code: str
    dating: Dating
    known: int | None

    @property
    def key(self) -> dict[str, object]:
        """The columns."""
        return {**self._asdict(), "known": LATEST if self.known is None else self.known}


class Kept(NamedTuple):
    """The states after all events up to a second, as the log stood at a position."""

    of: Made
    second: int
    position: int
    states: bytes


class State(NamedTuple):
    """By what one tells whether the log is the one that a snapshot was made from: its epoch and last redaction."""

    epoch: int
    redaction: int


def state_of(connection: Connection) -> State:
    """The log as it is now."""
    redaction = connection.execute(select(func.max(redacted.c.redaction))).scalar() or 0
    return State(read_head(connection).epoch, redaction)


def candidates(connection: Connection, of: Made, upto: int, epoch: int) -> list[tuple[int, int]]:
    """Second and position of the snapshots up to a second, the latest first."""
    columns = (projected.c.second, projected.c.position)
    rows = (
        select(*columns)
        .where(*_is(of), projected.c.second <= upto, projected.c.epoch == epoch)
        .order_by(*(column.desc() for column in columns))
    )
    return [(row.second, row.position) for row in connection.execute(rows)]


def states_at(connection: Connection, of: Made, second: int, position: int) -> bytes:
    """The states of one of the candidates."""
    here = (projected.c.second == second, projected.c.position == position)
    return bytes(connection.execute(select(projected.c.states).where(*_is(of), *here)).scalar_one())


def keep(connection: Connection, kept: list[Kept], state: State, now: int) -> None:
    """Keep snapshots made from the log as it was in a state, unless it is in another now; drop what is out of use.

    Nothing of the log is written: it is only locked, for a redaction could come between.
    """
    dialect.lock_log(connection)
    if state_of(connection) != state:
        return
    for one in kept:
        if len(one.states) > LARGEST:
            continue
        here = (projected.c.second == one.second, projected.c.position == one.position)
        connection.execute(delete(projected).where(*_is(one.of), *here))
        place = {"second": one.second, "position": one.position, "epoch": state.epoch, "made": now}
        connection.execute(insert(projected).values(**one.of.key, **place, states=one.states))
    for name, code in {(one.of.name, one.of.code) for one in kept}:
        connection.execute(delete(projected).where(projected.c.name == name, projected.c.code != code))
        key = [*projected.primary_key.columns]
        newest = (projected.c.made.desc(), projected.c.second.desc(), projected.c.position.desc())
        over = select(*key).where(projected.c.name == name).order_by(*newest).offset(KEPT)
        for row in connection.execute(over).all():
            connection.execute(delete(projected).where(tuple_(*key) == tuple_(*row)))


def _is(of: Made) -> list[ColumnElement[bool]]:
    return [projected.c[name] == value for name, value in of.key.items()]
