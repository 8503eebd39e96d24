"""On which days facts have a bound: for what changed between two dates.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST, LAST = 86_401 - 2**63, 2**63 - 86_402
"""Between these seconds lie the bounds of dates that have some."""

BOUNDS = ("from_lo", "from_hi - 1", "until_lo", "until_hi - 2")


def upgrade() -> None:
    """Add the table, and fill it from the facts that are there."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "bound",
        sa.Column("chronicle", name, nullable=False),
        sa.Column("day", big, autoincrement=False, nullable=False),
        sa.Column("position", big, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("chronicle", "day", "position", name="pk_bound"),
        sqlite_with_rowid=False,
    )
    # Sorted before they are put in, for the days of neighbours lie anywhere.
    op.execute(
        "INSERT INTO bound (chronicle, day, position) SELECT chronicle, day, position "
        f"FROM ({' UNION ALL '.join(map(_days, BOUNDS))}) AS found "
        "GROUP BY chronicle, day, position ORDER BY chronicle, day, position"
    )


def _days(second: str) -> str:
    """The days of one bound of all facts; both databases cut remainders towards zero."""
    day = f"({second} - (({second}) % 86400 + 86400) % 86400) / 86400"
    return f"SELECT chronicle, {day} AS day, position FROM fact WHERE {second} BETWEEN {FIRST} AND {LAST}"
