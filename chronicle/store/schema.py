"""The tables. `record` and `payload` are the log; `redacted` says what is gone of it. The others are made from it.

Times named `recorded` are microseconds, all others whole seconds, since 1970-01-01T00:00:00Z; bounds are half-open.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from chronicle.store import full_text

REVISION = "0008"
"""The migration this program's tables are at."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

NAME = String().with_variant(String(collation="C"), "postgresql")
"""Text in the order of its code points, which is that of its UTF-8 bytes, on every backend."""

head = Table(
    "head",
    metadata,
    Column("archive", NAME, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="1"),
)
"""One row: the archive's id, its last position and the instant of its last append.

The epoch rises when an operator accepts that records were lost: positions from then on are of another history.
"""

record = Table(
    "record",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("chronicle", NAME, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("id", NAME, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", NAME),
    Column("recorded", BigInteger, nullable=False),
    Column("recorded_by", NAME, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    UniqueConstraint("chronicle", "kind", "id", "version"),
    Index(None, "recorded"),
)
"""The headers, one row for each version of a document. Together with the archive's id a row is the leaf of the tree."""

payload = Table(
    "payload",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
)
"""The canonical payloads, beside the headers so that a redaction can remove them without touching a digest."""

redacted = Table(
    "redacted",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("redaction", BigInteger, ForeignKey(record.c.position), nullable=False),
)
"""Whose payloads are gone, each with the position of the redaction that names it. Never changed, like the log."""

node = Table(
    "node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""The hashes of the tree (`store.tree`): at level 0 those of the headers, at level n of 256^n leaves each."""

answered = Table(
    "answered",
    metadata,
    Column("key", NAME, primary_key=True),
    Column("request", LargeBinary(32), nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
"""What was answered to an append with an idempotency key, and the digest of what was asked."""

version = Table(
    "version",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("first", BigInteger, nullable=False),
    Column("retracted", Boolean, nullable=False),
    Column("superseded", BigInteger),
    Index(None, "first", "position"),
)
"""For each record the position of its id's first version, and that of the next version once there is one."""

report = Table(
    "report",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("reported", BigInteger),
    Column("visible", BigInteger, nullable=False),
    Index(None, "visible"),
    Index("ix_report_since", "since", sqlite_where=text("position < since"), postgresql_where=text("position < since")),
)
"""When an event's version was reported, as the sources stood from position `since` on; NULL is undated. Under `known`
it is visible from `visible`: its reported second, or when undated its recorded one. The index is of what came later."""

citation = Table(
    "citation",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("kind", NAME, primary_key=True),
    Column("id", NAME, primary_key=True),
    Index(None, "kind", "id", "position"),
)
"""Which sources and entities each record needs declared, and which events it is related to."""

fact = Table(
    "fact",
    metadata,
    Column("chronicle", NAME, primary_key=True),
    Column("subject", NAME, primary_key=True),
    Column("attribute", NAME, primary_key=True),
    Column("past", Boolean, primary_key=True),
    Column("dimensions", NAME, primary_key=True),
    Column("shape", NAME, primary_key=True),
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("from_lo", BigInteger, primary_key=True, autoincrement=False),
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("from_hi", BigInteger, nullable=False),
    Column("until_lo", BigInteger, nullable=False),
    Column("until_hi", BigInteger, nullable=False),
    Column("value", NAME),
    Column("holds", Boolean, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("superseded", BigInteger),
    Column("reported", BigInteger, nullable=False),
    Column("visible", BigInteger, nullable=False),
    Column("revised", BigInteger),
    UniqueConstraint("position", "ordinal"),
    Index(
        "ix_fact_attribute",
        "chronicle",
        "attribute",
        "subject",
        sqlite_where=text("attribute <> ''"),
        postgresql_where=text("attribute <> ''"),
    ),
    sqlite_with_rowid=False,
)
"""Every fact of every version: what it is about, its bounds, and what makes two values the same.

Rows lie in the order of keys, superseded (`past`) versions apart, those of a key by `lanes` and by their beginning, so
that a state reads neighbours. The rest is what `version` and `report` (as of the version's own position) say too; what
is undated was reported at SINCE_EVER. `revised` is the first position from which `report` says otherwise. The index is
used where `attribute <> ''` is asked for, and only there: SQLite would take it for one attribute of one subject too.
"""

extent = Table(
    "extent",
    metadata,
    Column("chronicle", NAME, primary_key=True),
    Column("subject", NAME, primary_key=True),
    Column("attribute", NAME, primary_key=True),
    Column("dimensions", NAME, primary_key=True),
    Column("shape", NAME, primary_key=True),
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("begins", BigInteger, primary_key=True, autoincrement=False),
    Column("ends", BigInteger, nullable=False),
    Column("width", SmallInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Index("ix_extent_width", "chronicle", "width", "begins", "ends", "position"),
    sqlite_with_rowid=False,
)
"""At which seconds some fact of a key's lane may hold (`store.extents`), and from which position on.

`width` is the number of the first of `lanes.WIDTHS` that is no shorter, so that what may hold at a second is found by
a few stretches of the index, each no longer than that.
"""

bound = Table(
    "bound",
    metadata,
    Column("chronicle", NAME, primary_key=True),
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""On which days, numbered from 1970-01-01 on, some fact of a version has a bound (`store.bounds`)."""

occurrence = Table(
    "occurrence",
    metadata,
    Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
    Column("earliest", BigInteger, nullable=False),
    Column("latest", BigInteger, nullable=False),
    Column("superseded", BigInteger),
    Column("reported", BigInteger, nullable=False),
    Column("chronicle", NAME, nullable=False),
    Column("id", NAME, nullable=False),
    Column("type", NAME, nullable=False),
    Index(None, "earliest", "position"),
    Index(None, "latest", "position"),
    Index(None, "chronicle", "earliest", "position"),
    Index(None, "chronicle", "latest", "position"),
)
"""Where each version of an event stands in time (`event.standing`); retractions stand nowhere.

The rest is what `version`, `report` (as of the version's own position) and `record` say of it too: a replay of millions
asks one table, not four. What is undated was reported at SINCE_EVER, before all others.
"""

words = full_text.searchable(
    Table(
        "words",
        metadata,
        Column("position", ForeignKey(record.c.position), primary_key=True, autoincrement=False),
        Column("words", NAME, nullable=False),
    )
)
"""The tokens of every version of a document (`event.words`), by which it is found; retractions have none."""

projected = Table(
    "projected",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("code", NAME, primary_key=True),
    Column("dating", NAME, primary_key=True),
    Column("known", BigInteger, primary_key=True, autoincrement=False),
    Column("second", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("states", LargeBinary, nullable=False),
)
"""What projections made of the events that occurred up to a second, as the log stood at a position: a cache.

No part of the log: whoever empties it loses time only. `known` is read.LATEST where there was no such bound, `made` is
in microseconds since 1970. A redaction empties it, for the states may tell what is to be forgotten.
"""


def is_declared(name: str | None, _kind: str, _parents: object) -> bool:
    """What Alembic may compare with `metadata`: all but what the databases search words by (`include_name`)."""
    return name is None or not name.startswith(full_text.SEARCH)
