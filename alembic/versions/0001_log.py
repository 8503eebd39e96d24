"""The log and its indexes.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("record", "payload")


def upgrade() -> None:
    """Create the tables, and the triggers that refuse to change a record."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "head",
        sa.Column("archive", name, nullable=False),
        sa.Column("position", big, nullable=False),
        sa.Column("recorded", big, nullable=False),
        sa.PrimaryKeyConstraint("archive", name="pk_head"),
    )
    op.create_table(
        "record",
        sa.Column("position", big().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("chronicle", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", name),
        sa.Column("recorded", big, nullable=False),
        sa.Column("recorded_by", name, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_record"),
        sa.UniqueConstraint("chronicle", "kind", "id", "version", name="uq_record_chronicle_kind_id_version"),
    )
    op.create_index("ix_record_recorded", "record", ["recorded"])
    _beside_record(
        "payload",
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
    )
    _beside_record(
        "version",
        sa.Column("first", big, nullable=False),
        sa.Column("retracted", sa.Boolean, nullable=False),
        sa.Column("superseded", big),
    )
    op.create_index("ix_version_first_position", "version", ["first", "position"])
    _beside_record(
        "report",
        sa.Column("since", big, nullable=False),
        sa.Column("reported", big),
        sa.Column("visible", big, nullable=False),
        key=("position", "since"),
    )
    _beside_record(
        "citation",
        sa.Column("kind", name, nullable=False),
        sa.Column("id", name, nullable=False),
        key=("position", "kind", "id"),
    )
    op.create_index("ix_citation_kind_id_position", "citation", ["kind", "id", "position"])
    _beside_record(
        "fact",
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("chronicle", name, nullable=False),
        sa.Column("subject", name, nullable=False),
        sa.Column("attribute", name, nullable=False),
        sa.Column("dimensions", name, nullable=False),
        sa.Column("shape", name, nullable=False),
        sa.Column("value", name),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("from_lo", big, nullable=False),
        sa.Column("from_hi", big, nullable=False),
        sa.Column("until_lo", big, nullable=False),
        sa.Column("until_hi", big, nullable=False),
        key=("position", "ordinal"),
    )
    op.create_index(
        "ix_fact_chronicle_subject_attribute_from_lo", "fact", ["chronicle", "subject", "attribute", "from_lo"]
    )
    op.create_index("ix_fact_chronicle_attribute_from_lo", "fact", ["chronicle", "attribute", "from_lo"])
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
    else:
        _refuse_on_sqlite()


def _refuse_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the log is append-only: {table} refuses {verb}'); END"
            )
    # REPLACE deletes without a delete trigger unless the connection asks for it: hold inserts to the next position.
    op.execute(
        "CREATE TRIGGER record_refuses_gaps BEFORE INSERT ON record "
        "WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM record) "
        "OR EXISTS (SELECT 1 FROM record WHERE chronicle = NEW.chronicle AND kind = NEW.kind "
        "AND id = NEW.id AND version = NEW.version) "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only: a record takes the next position'); END"
    )
    op.execute(
        "CREATE TRIGGER payload_refuses_replace BEFORE INSERT ON payload "
        "WHEN EXISTS (SELECT 1 FROM payload WHERE position = NEW.position) "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only: payload refuses replace'); END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION chronicle_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the log is append-only: % refuses %', TG_TABLE_NAME, lower(TG_OP); END $$"
    )
    # For each statement, so that one which happens to meet no row is refused like any other.
    for table in APPEND_ONLY:
        for verb in ("update", "delete", "truncate"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_refuses()"
            )
    op.execute(
        "CREATE FUNCTION chronicle_refuses_gaps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), 0) + 1 FROM record) THEN "
        "RAISE EXCEPTION 'the log is append-only: a record takes the next position'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER record_refuses_gaps BEFORE INSERT ON record "
        "FOR EACH ROW EXECUTE FUNCTION chronicle_refuses_gaps()"
    )


def _beside_record(name: str, *columns: sa.Column[object], key: tuple[str, ...] = ("position",)) -> None:
    """A table whose rows belong to a record."""
    op.create_table(
        name,
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["position"], ["record.position"], name=f"fk_{name}_position"),
    )
