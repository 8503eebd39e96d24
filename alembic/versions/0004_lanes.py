"""Facts in the order of their keys, each with what is known of its version and its report.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.span import SINCE_EVER, Span
from chronicle.store.lanes import lane_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PAGE = 10_000


def upgrade() -> None:
    """Make the table anew, and fill it from the one before."""
    op.drop_index("ix_fact_chronicle_subject_attribute_from_lo", "fact")
    op.drop_index("ix_fact_chronicle_attribute_from_lo", "fact")
    op.execute("ALTER TABLE fact RENAME TO fact_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE fact_before RENAME CONSTRAINT pk_fact TO pk_fact_before")
        op.execute("ALTER TABLE fact_before RENAME CONSTRAINT fk_fact_position TO fk_fact_before_position")
    _create()
    _fill()
    op.drop_table("fact_before")


def _create() -> None:
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "fact",
        sa.Column("chronicle", name, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("attribute", name, nullable=False),
        sa.Column("past", sa.Boolean, nullable=False),
        sa.Column("dimensions", name, nullable=False),
        sa.Column("shape", name, nullable=False),
        sa.Column("lane", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("from_lo", big, autoincrement=False, nullable=False),
        sa.Column("position", big().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("from_hi", big, nullable=False),
        sa.Column("until_lo", big, nullable=False),
        sa.Column("until_hi", big, nullable=False),
        sa.Column("value", name),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("first", big, nullable=False),
        sa.Column("superseded", big),
        sa.Column("reported", big, nullable=False),
        sa.Column("visible", big, nullable=False),
        sa.Column("revised", big),
        sa.PrimaryKeyConstraint(
            "chronicle",
            "subject",
            "attribute",
            "past",
            "dimensions",
            "shape",
            "lane",
            "from_lo",
            "position",
            "ordinal",
            name="pk_fact",
        ),
        sa.ForeignKeyConstraint(["position"], ["record.position"], name="fk_fact_position"),
        sa.UniqueConstraint("position", "ordinal", name="uq_fact_position_ordinal"),
        sqlite_with_rowid=False,
    )
    every = sa.text("attribute <> ''")
    columns = ["chronicle", "attribute", "subject"]
    op.create_index("ix_report_visible", "report", ["visible"])
    op.create_index("ix_fact_attribute", "fact", columns, sqlite_where=every, postgresql_where=every)


def _fill() -> None:
    connection = op.get_bind()
    page = sa.text(
        "SELECT fact_before.*, first, superseded, reported, visible, "
        "(SELECT min(since) FROM report WHERE report.position = fact_before.position AND since > report.position) "
        "AS revised FROM fact_before JOIN version ON version.position = fact_before.position "
        "JOIN report ON report.position = fact_before.position AND report.since = report.position "
        "WHERE (fact_before.position, ordinal) > (:position, :ordinal) "
        f"ORDER BY fact_before.position, ordinal LIMIT {PAGE}"
    )
    after = {"position": 0, "ordinal": 0}
    fact = sa.Table("fact", sa.MetaData(), autoload_with=connection)
    while rows := connection.execute(page, after).mappings().all():
        made = []
        for row in rows:
            span = Span(row["from_lo"], row["from_hi"], row["until_lo"], row["until_hi"])
            kept = {**row, "holds": bool(row["holds"]), "past": row["superseded"] is not None, "lane": lane_of(span)}
            made.append(kept | {"reported": SINCE_EVER if row["reported"] is None else row["reported"]})
        connection.execute(sa.insert(fact), made)
        after = {name: rows[-1][name] for name in after}
