"""Who may come in over the network: tokens, and sessions of browsers, of both of which only hashes are kept.

No part of the log. Their secrets have 256 random bits, so that one round of SHA-256 hides them.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
    update,
)

from chronicle.store import dialect
from chronicle.store.schema import NAME

metadata = MetaData()

token = Table(
    "token",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("scopes", String, nullable=False),
    Column("chronicles", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("revoked", BigInteger),
    Column("used", BigInteger),
)
"""`id` is the public part of a token; scopes and chronicles are separated by spaces, no chronicle means all.

Times are in microseconds since 1970, UTC; `used` is rounded down to a minute.
"""

session = Table(
    "session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("token", NAME),
    Column("issuer", NAME),
    Column("name", NAME, nullable=False),
    Column("scopes", String, nullable=False),
    Column("chronicles", String, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
"""`token` is the id of the token that was shown. Where an `issuer` vouched instead, what it said is kept here."""


class TokenRow(NamedTuple):
    """A row of `token`."""

    id: str
    name: str
    digest: bytes
    scopes: str
    chronicles: str
    created: int
    expires: int | None
    revoked: int | None
    used: int | None


class SessionRow(NamedTuple):
    """A row of `session`."""

    digest: bytes
    token: str | None
    issuer: str | None
    name: str
    scopes: str
    chronicles: str
    expires: int


def prepare(engine: Engine) -> None:
    """Make the tables, where one is missing; where none is, whoever only uses them need not be allowed to."""
    with engine.begin() as connection:
        if all(inspect(connection).has_table(name) for name in metadata.tables):
            return
        dialect.lock_schema(connection)
        metadata.create_all(connection)


def add(connection: Connection, row: TokenRow) -> None:
    """Put a token down."""
    connection.execute(insert(token).values(row._asdict()))


def tokens(connection: Connection) -> list[TokenRow]:
    """All tokens, revoked and expired ones too, the oldest first. None before `prepare`."""
    if not inspect(connection).has_table(token.name):
        return []
    rows = connection.execute(select(token).order_by(token.c.created, token.c.id))
    return [TokenRow(*row) for row in rows]


def token_of(connection: Connection, id: str) -> TokenRow | None:  # noqa: A002
    """A token by its id, revoked or not. None before `prepare`."""
    if not inspect(connection).has_table(token.name):
        return None
    row = connection.execute(select(token).where(token.c.id == id)).one_or_none()
    return None if row is None else TokenRow(*row)


def change(connection: Connection, id: str, **values: int) -> bool:  # noqa: A002
    """Note of a token that it is revoked, or used; whether there is one of this id."""
    return bool(connection.execute(update(token).where(token.c.id == id).values(**values)).rowcount)


def begin(connection: Connection, row: SessionRow, now: int) -> None:
    """Put a session down, and clear away those that have expired."""
    connection.execute(delete(session).where(session.c.expires <= now))
    connection.execute(insert(session).values(row._asdict()))


def session_of(connection: Connection, digest: bytes) -> SessionRow | None:
    """A session by its digest, expired or not. None before `prepare`."""
    if not inspect(connection).has_table(session.name):
        return None
    row = connection.execute(select(session).where(session.c.digest == digest)).one_or_none()
    return None if row is None else SessionRow(*row)


def end(connection: Connection, digest: bytes) -> None:
    """Do away with a session, if there is one."""
    if inspect(connection).has_table(session.name):
        connection.execute(delete(session).where(session.c.digest == digest))
