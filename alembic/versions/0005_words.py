"""The words of documents, for finding them.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.canonical import decode
from chronicle.event.words import tokens

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PAGE = 2_000

FULL_TEXT = (
    (
        "CREATE VIRTUAL TABLE words_search USING fts5(words, content='words', content_rowid='position', detail=none, "
        "columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    ),
    (
        "CREATE TRIGGER words_are_searched AFTER INSERT ON words "
        "BEGIN INSERT INTO words_search (rowid, words) VALUES (NEW.position, NEW.words); END"
    ),
    (
        "CREATE TRIGGER words_are_forgotten AFTER DELETE ON words BEGIN "
        "INSERT INTO words_search (words_search, rowid, words) VALUES ('delete', OLD.position, OLD.words); END"
    ),
)


def upgrade() -> None:
    """Add the table, fill it from the documents that are there, and index it as text."""
    big, name = sa.BigInteger, sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "words",
        sa.Column("position", big().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("words", name, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_words"),
        sa.ForeignKeyConstraint(["position"], ["record.position"], name="fk_words_position"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _fill()
        op.execute(
            "CREATE INDEX words_search ON words USING gin (array_to_tsvector(string_to_array(words, ' '))) "
            "WITH (fastupdate = off)",
        )
    else:
        for statement in FULL_TEXT:
            op.execute(statement)
        _fill()


def _fill() -> None:
    connection = op.get_bind()
    words = sa.table("words", sa.column("position"), sa.column("words"))
    page = sa.text(
        "SELECT record.position, kind, payload FROM record JOIN payload ON payload.position = record.position "
        f"WHERE record.position > :after ORDER BY record.position LIMIT {PAGE}"
    )
    after = 0
    while rows := connection.execute(page, {"after": after}).all():
        made = [
            {"position": position, "words": listed}
            for position, kind, content in rows
            if (listed := tokens(decode(kind, bytes(content)))) is not None
        ]
        if made:
            connection.execute(sa.insert(words), made)
        after = rows[-1][0]
