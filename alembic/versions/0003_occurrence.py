"""When events occurred, for asking in that order; and what projections made, as a cache.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.canonical import decode
from chronicle.store.facts import occurrence_rows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PAGE = 10_000


def upgrade() -> None:
    """Add the tables, and fill that of the occurrences from the events that are there."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    position = big().with_variant(sa.Integer, "sqlite")
    op.create_index("ix_report_since", "report", ["since"])
    op.create_table(
        "occurrence",
        sa.Column("position", position, autoincrement=False, nullable=False),
        sa.Column("earliest", big, nullable=False),
        sa.Column("latest", big, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_occurrence"),
        sa.ForeignKeyConstraint(["position"], ["record.position"], name="fk_occurrence_position"),
    )
    op.create_index("ix_occurrence_earliest_position", "occurrence", ["earliest", "position"])
    op.create_index("ix_occurrence_latest_position", "occurrence", ["latest", "position"])
    op.create_table(
        "projected",
        sa.Column("name", name, nullable=False),
        sa.Column("code", name, nullable=False),
        sa.Column("dating", name, nullable=False),
        sa.Column("known", big, autoincrement=False, nullable=False),
        sa.Column("second", big, autoincrement=False, nullable=False),
        sa.Column("position", big, autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("made", big, nullable=False),
        sa.Column("states", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", "code", "dating", "known", "second", "position", name="pk_projected"),
    )
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    occurrence = sa.table("occurrence", sa.column("position"), sa.column("earliest"), sa.column("latest"))
    page = sa.text(
        "SELECT record.position, payload FROM record JOIN payload ON payload.position = record.position "
        f"WHERE kind = 'event' AND record.position > :after ORDER BY record.position LIMIT {PAGE}"
    )
    after = 0
    while rows := connection.execute(page, {"after": after}).all():
        made = [row for at, content in rows for row in occurrence_rows(at, decode("event", bytes(content)))]
        if made:
            connection.execute(sa.insert(occurrence), made)
        after = rows[-1][0]
