"""Which records may say the words of a question, by the index of words. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Select, or_, select, union

from chronicle.store import full_text
from chronicle.store.read import Horizon
from chronicle.store.schema import citation, record, version

MOST_ASKED = 12
"""How many parts of a question, and tokens of a part, are looked up: the longest, for they are rare.

The others are left to the reader.
"""


class Part(NamedTuple):
    """Tokens that stand together in a text; the last one may go on unless it `is_whole`."""

    tokens: tuple[str, ...]
    is_whole: bool

    @property
    def rarest(self) -> tuple[str, ...]:
        """The last token, and the longest of the others."""
        *others, last = self.tokens
        return (*sorted(set(others), key=_length)[: MOST_ASKED - 1], last)


class Candidate(NamedTuple):
    """A record that may have what is asked for."""

    position: int
    kind: str


def candidates(
    connection: Connection,
    horizon: Horizon,
    parts: Sequence[Part],
    *,
    chronicle: str | None = None,
    kinds: Sequence[str] = (),
    types: Sequence[str] = (),
    after: int = 0,
    most: int | None = None,
) -> list[Candidate]:
    """The records within the horizon that may have every part, in the order of the log: those after one, so many.

    Of whatever is to be found all is among them: each part is looked for among the words of a record and among those of
    the entities that it cites. Of events all versions may be there if something is `known`, else each id's latest.
    """
    asked = query(connection, horizon, parts, chronicle=chronicle, kinds=kinds, types=types)
    if after:
        asked = asked.where(record.c.position > after)
    if most is not None:
        asked = asked.limit(most)
    return [Candidate(row.position, row.kind) for row in connection.execute(asked)]


def query(
    connection: Connection,
    horizon: Horizon,
    parts: Sequence[Part],
    *,
    chronicle: str | None = None,
    kinds: Sequence[str] = (),
    types: Sequence[str] = (),
) -> Select[tuple[int, str]]:
    """What the database is asked for `candidates`."""
    asked = _wanted(horizon, chronicle, kinds, types)
    for part in sorted(parts, key=lambda part: _length("".join(part.rarest)))[:MOST_ASKED]:
        asked = asked.where(record.c.position.in_(_having(connection, part)))
    return asked.order_by(record.c.position)


def _length(token: str) -> tuple[int, str]:
    """The longest first."""
    return -len(token), token


def _having(connection: Connection, part: Part) -> Select[tuple[int]]:
    """The positions of the records that have a part, and of those that cite an entity that has it."""
    found = full_text.matching(connection, part.rarest, is_whole=part.is_whole).cte()
    entities = select(record.c.id).join(found, found.c.position == record.c.position).where(record.c.kind == "entity")
    called = select(citation.c.position).where(citation.c.kind == "entity", citation.c.id.in_(entities))
    both = union(select(found.c.position), called).subquery()
    return select(both.c.position)


def _wanted(
    horizon: Horizon, chronicle: str | None, kinds: Sequence[str], types: Sequence[str]
) -> Select[tuple[int, str]]:
    query = (
        select(record.c.position, record.c.kind)
        .join(version, version.c.position == record.c.position)
        .where(version.c.position <= horizon.position, ~version.c.retracted)
    )
    latest = version.c.superseded.is_(None) | (version.c.superseded > horizon.position)
    query = query.where(latest if horizon.known is None else latest | (record.c.kind == "event"))
    if chronicle is not None:
        query = query.where(record.c.chronicle == chronicle)
    if kinds:
        query = query.where(record.c.kind.in_(kinds))
    if types:
        name = record.c.type
        query = query.where(or_(*((name == one) | ((name > f"{one}.") & (name < f"{one}/")) for one in types)))
    return query
