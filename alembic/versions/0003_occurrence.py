"""When events occurred, for asking in that order; and what projections made, as a cache.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.canonical import decode
from chronicle.event.model import Event
from chronicle.store.facts import occurrence_row

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PAGE = 10_000


def upgrade() -> None:
    """Add the tables, and fill that of the occurrences from the events that are there."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    position = big().with_variant(sa.Integer, "sqlite")
    later = sa.text("position < since")
    op.create_index("ix_report_since", "report", ["since"], sqlite_where=later, postgresql_where=later)
    op.create_table(
        "occurrence",
        sa.Column("position", position, autoincrement=False, nullable=False),
        sa.Column("earliest", big, nullable=False),
        sa.Column("latest", big, nullable=False),
        sa.Column("superseded", big),
        sa.Column("reported", big, nullable=False),
        sa.Column("chronicle", name, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("type", name, nullable=False),
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
    columns = ("position", "earliest", "latest", "superseded", "reported", "chronicle", "id", "type")
    occurrence = sa.table("occurrence", *map(sa.column, columns))
    page = sa.text(
        "SELECT record.position, chronicle, payload, reported, superseded FROM record "
        "JOIN payload ON payload.position = record.position JOIN version ON version.position = record.position "
        "LEFT JOIN report ON report.position = record.position AND report.since = record.position "
        f"WHERE kind = 'event' AND record.position > :after ORDER BY record.position LIMIT {PAGE}"
    )
    after = 0
    while rows := connection.execute(page, {"after": after}).all():
        made = []
        for position, chronicle, content, reported, superseded in rows:
            document = decode("event", bytes(content))
            if isinstance(document, Event):
                row = occurrence_row(position, chronicle, document, reported)
                made.append(dict(zip(columns, row, strict=True)) | {"superseded": superseded})
        if made:
            connection.execute(sa.insert(occurrence), made)
        after = rows[-1][0]
