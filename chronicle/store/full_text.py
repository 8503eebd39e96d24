"""How the databases search the table of words: the one difference between them that is kept apart from `dialect`.

On SQLite a table `words_search` of FTS5 (detail=none: which rows have a token, and no more) that triggers keep; on
PostgreSQL an index of text search vectors, without its list of what is still to be put in order, which every question
would have to read. Either is made with the table.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Table, cast, column, event, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from chronicle.event.words import UNLISTED

SEARCH = "words_search"
"""What the table, or the index, is called."""

ON_SQLITE = (
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

VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
"""The tokens of a row as PostgreSQL searches them."""

ON_POSTGRESQL = (f"CREATE INDEX words_search ON words USING gin ({VECTOR}) WITH (fastupdate = off)",)


def searchable(words: Table) -> Table:
    """The table of words, which is searched by them wherever it is made."""

    @event.listens_for(words, "after_create")
    def _(_: Table, connection: Connection, **__: Any) -> None:
        for statement in ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL:
            connection.exec_driver_sql(statement)

    return words


def matching(connection: Connection, tokens: Sequence[str], *, is_whole: bool) -> Select[tuple[int]]:
    """The positions of the rows that have every token, or that do not list theirs.

    The last token may go on if it need not be whole. Tokens are letters, digits, `_` and signs beyond ASCII, so that
    none can be taken for an operator.
    """
    if connection.dialect.name == "sqlite":
        asked = " AND ".join(f'"{one}"' for one in tokens) + ("" if is_whole else " *")
        match = literal_column(SEARCH).op("MATCH")(f'({asked}) OR "{UNLISTED}"')
        return select(column("rowid").label("position")).select_from(table(SEARCH)).where(match)
    asked = " & ".join(f"'{one}'" for one in tokens) + ("" if is_whole else ":*")
    match = literal_column(VECTOR).op("@@")(cast(f"({asked}) | '{UNLISTED}'", TSQUERY))
    return select(column("position")).select_from(table("words")).where(match)


def searched(connection: Connection) -> Generator[tuple[int, str]]:
    """The position of each row and the tokens by which it is found, in order; of SQLite only.

    PostgreSQL is trusted with its indexes. Memory is that of a row: SQLite sorts in files of its own.
    """
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.words_found USING fts5vocab(main, words_search, instance)")
    try:
        ordered = "SELECT doc, term FROM temp.words_found ORDER BY doc, term"
        with closing(connection.exec_driver_sql(ordered, execution_options={"yield_per": 1_000})) as rows:
            for position, tokens in groupby(rows, key=lambda row: row.doc):
                yield position, " ".join(row.term for row in tokens)
    finally:
        connection.exec_driver_sql("DROP TABLE temp.words_found")


def forget(connection: Connection) -> None:
    """Write the index anew without the tokens of deleted rows, which FTS5 else keeps until it merges them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO words_search (words_search) VALUES ('optimize')")
