"""The appends after which an entity, or a whole chronicle, was told otherwise than before."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Select, func, select, union

from chronicle.store.reports import MICROSECONDS
from chronicle.store.schema import citation, fact, record, version


class Memento(NamedTuple):
    """The last position of an append, and the microsecond at which that was recorded."""

    position: int
    recorded: int

    @property
    def second(self) -> int:
        """The Unix second within which it was recorded."""
        return self.recorded // MICROSECONDS


class About(NamedTuple):
    """What is remembered: an entity (or any subject) of a chronicle; with None, the chronicle."""

    chronicle: str
    entity: str | None = None


def until(connection: Connection, about: About, recorded: int) -> Memento | None:
    """The last memento that was recorded up to and including a microsecond, if there is one."""
    wanted = _mementos(about).where(record.c.recorded <= recorded).order_by(record.c.recorded.desc())
    return next(iter(_read(connection, wanted, 1)), None)


def after(connection: Connection, about: About, recorded: int, most: int) -> list[Memento]:
    """The first mementos that were recorded after a microsecond, the oldest first."""
    return _read(connection, _mementos(about).where(record.c.recorded > recorded).order_by(record.c.recorded), most)


def of(connection: Connection, about: About, position: int) -> Memento | None:
    """The memento whose position is this one, if there is such."""
    recorded = connection.execute(select(record.c.recorded).where(record.c.position == position)).scalar()
    found = None if recorded is None else until(connection, about, recorded)
    return found if found is not None and found.position == position else None


def _read(connection: Connection, wanted: Select[int, int], most: int) -> list[Memento]:
    return [Memento(position, recorded) for position, recorded in connection.execute(wanted.limit(most))]


def _mementos(about: About) -> Select[int, int]:
    """One row for each append that touched what is remembered, whose records share one instant."""
    whole = record.alias()
    last = select(func.max(whole.c.position)).where(whole.c.recorded == record.c.recorded).scalar_subquery()
    wanted = select(last, record.c.recorded).group_by(record.c.recorded)
    if about.entity is None:
        return wanted.where(record.c.chronicle == about.chronicle)
    of_it = (fact.c.chronicle == about.chronicle, fact.c.subject == about.entity)
    naming = union(
        select(record.c.position).where(
            record.c.chronicle == about.chronicle, record.c.kind == "entity", record.c.id == about.entity
        ),
        select(fact.c.position).where(*of_it),
        select(record.c.position).where(
            record.c.chronicle == about.chronicle,
            record.c.kind == "attribute",
            record.c.id.in_(select(fact.c.attribute).where(*of_it)),
        ),
        select(citation.c.position)
        .join(record, record.c.position == citation.c.position)
        .where(record.c.chronicle == about.chronicle, citation.c.kind == "entity", citation.c.id == about.entity),
    ).subquery()
    # What named it may be superseded by what does not: it is told otherwise from there on, too.
    following = select(version.c.superseded).where(
        version.c.position.in_(select(naming.c.position)), version.c.superseded.is_not(None)
    )
    return wanted.where(record.c.position.in_(union(select(naming.c.position), following)))
