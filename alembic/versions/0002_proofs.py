"""The tree of hashes, redactions, epochs and idempotency keys.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.canonical import Header
from chronicle.store.tree import grow

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PAGE = 10_000
NOT_REDACTED = "NOT EXISTS (SELECT 1 FROM redacted WHERE redacted.position = OLD.position)"
IS_REDACTION = (
    "EXISTS (SELECT 1 FROM record AS gone JOIN record AS by ON by.chronicle = gone.chronicle AND by.id = gone.id "
    "WHERE gone.position = NEW.position AND by.position = NEW.redaction "
    "AND by.kind = 'redaction' AND gone.kind <> 'redaction')"
)


def upgrade() -> None:
    """Add the tables, let a payload go that a redaction names, and hash the records that are there."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    position = big().with_variant(sa.Integer, "sqlite")
    op.add_column("head", sa.Column("epoch", sa.Integer, nullable=False, server_default="1"))
    op.create_table(
        "redacted",
        sa.Column("position", position, autoincrement=False, nullable=False),
        sa.Column("redaction", big, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_redacted"),
        sa.ForeignKeyConstraint(["position"], ["record.position"], name="fk_redacted_position"),
        sa.ForeignKeyConstraint(["redaction"], ["record.position"], name="fk_redacted_redaction"),
    )
    op.create_table(
        "node",
        sa.Column("level", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", big, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_node"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answered",
        sa.Column("key", name, nullable=False),
        sa.Column("request", sa.LargeBinary(32), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_answered"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()
    _hash_records()


def _guard_on_sqlite() -> None:
    op.execute("DROP TRIGGER payload_refuses_delete")
    op.execute(
        f"CREATE TRIGGER payload_refuses_delete BEFORE DELETE ON payload WHEN {NOT_REDACTED} "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only: payload refuses delete'); END"
    )
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER redacted_refuses_{verb} BEFORE {verb.upper()} ON redacted "
            f"BEGIN SELECT RAISE(ABORT, 'the log is append-only: redacted refuses {verb}'); END"
        )
    op.execute(
        "CREATE TRIGGER redacted_needs_redaction BEFORE INSERT ON redacted "
        f"WHEN NOT {IS_REDACTION} OR EXISTS (SELECT 1 FROM redacted WHERE position = NEW.position) "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only: only a redaction lets a payload go, once'); END"
    )
    # What has gone must not come back changed.
    op.execute("DROP TRIGGER payload_refuses_replace")
    op.execute(
        "CREATE TRIGGER payload_refuses_replace BEFORE INSERT ON payload "
        "WHEN EXISTS (SELECT 1 FROM payload WHERE position = NEW.position) "
        "OR EXISTS (SELECT 1 FROM redacted WHERE position = NEW.position) "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only: payload refuses replace'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute("DROP TRIGGER payload_refuses_delete ON payload")
    op.execute(
        "CREATE FUNCTION chronicle_keeps_payloads() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND {NOT_REDACTED} THEN "
        "RAISE EXCEPTION 'the log is append-only: payload refuses delete'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
        "IF EXISTS (SELECT 1 FROM redacted WHERE redacted.position = NEW.position) THEN "
        "RAISE EXCEPTION 'the log is append-only: payload refuses replace'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER payload_refuses_delete BEFORE INSERT OR DELETE ON payload "
        "FOR EACH ROW EXECUTE FUNCTION chronicle_keeps_payloads()"
    )
    for verb in ("update", "delete", "truncate"):
        op.execute(
            f"CREATE TRIGGER redacted_refuses_{verb} BEFORE {verb.upper()} ON redacted "
            "FOR EACH STATEMENT EXECUTE FUNCTION chronicle_refuses()"
        )
    op.execute(
        "CREATE FUNCTION chronicle_needs_redaction() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT {IS_REDACTION} THEN "
        "RAISE EXCEPTION 'the log is append-only: only a redaction lets a payload go, once'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER redacted_needs_redaction BEFORE INSERT ON redacted "
        "FOR EACH ROW EXECUTE FUNCTION chronicle_needs_redaction()"
    )


def _hash_records() -> None:
    """The tree over the headers, whose form is fixed from the first migration on."""
    connection = op.get_bind()
    archive = connection.execute(sa.text("SELECT archive FROM head")).scalar()
    if archive is None:
        return
    columns = "chronicle, kind, id, version, type, recorded, recorded_by, digest"
    page = sa.text(f"SELECT {columns} FROM record WHERE position > :after ORDER BY position LIMIT {PAGE}")
    size = 0
    while rows := connection.execute(page, {"after": size}).all():
        grow(connection, size, [Header(archive, *row[:7], bytes(row[7])).leaf() for row in rows])
        size += len(rows)
