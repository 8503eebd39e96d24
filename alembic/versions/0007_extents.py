"""At which seconds keys may have facts that hold: for states of many keys.

Revision ID: 0007
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

from chronicle.store.extents import Extent, Lane, extent_of, extent_rows, united

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PAGE = 10_000
KEY = ("chronicle", "subject", "attribute", "past", "dimensions", "shape", "lane", "from_lo", "position", "ordinal")


def upgrade() -> None:
    """Add the table, and fill it from the facts that are there, place by place."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "extent",
        sa.Column("chronicle", name, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("attribute", name, nullable=False),
        sa.Column("dimensions", name, nullable=False),
        sa.Column("shape", name, nullable=False),
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("begins", big, autoincrement=False, nullable=False),
        sa.Column("ends", big, nullable=False),
        sa.Column("width", sa.SmallInteger, nullable=False),
        sa.Column("position", big, nullable=False),
        sa.PrimaryKeyConstraint(
            "chronicle", "subject", "attribute", "dimensions", "shape", "lane", "begins", name="pk_extent"
        ),
        sqlite_with_rowid=False,
    )
    _fill()
    op.create_index("ix_extent_width", "extent", ["chronicle", "width", "begins", "ends", "position"])


def _fill() -> None:
    connection = op.get_bind()
    extent = sa.Table("extent", sa.MetaData(), autoload_with=connection)
    made: list[tuple[Any, ...]] = []
    for _, facts in groupby(_facts(connection), key=lambda row: row[:3]):
        lanes: dict[Lane, list[Extent]] = {}
        for row in facts:
            lane = (*row[:3], *row[4:7])
            lanes.setdefault(lane, []).append(extent_of(row.lane, row.from_lo, row.until_hi, row.position))
        for lane, extents in lanes.items():
            made += extent_rows(lane, united(extents))
        if len(made) >= PAGE:
            _insert(connection, extent, made)
            made = []
    _insert(connection, extent, made)


def _insert(connection: sa.Connection, extent: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.execute(sa.insert(extent), [dict(zip(extent.columns.keys(), row, strict=True)) for row in rows])


def _facts(connection: sa.Connection) -> Iterator[Any]:
    """All facts in the order of their keys, a page at a time."""
    fact = sa.table("fact", *map(sa.column, (*KEY, "until_hi")))
    key = [fact.c[name] for name in KEY]
    query = sa.select(*key, fact.c.until_hi).order_by(*key).limit(PAGE)
    rows = connection.execute(query).all()
    while rows:
        yield from rows
        last = [
            sa.bindparam(None, value, sa.Boolean if name == "past" else None)
            for name, value in zip(KEY, rows[-1], strict=False)
        ]
        rows = connection.execute(query.where(sa.tuple_(*key) > sa.tuple_(*last))).all()
