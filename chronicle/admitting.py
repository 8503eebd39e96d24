"""The admitting part of the hall: tokens given out, taken back, and looked at when somebody comes with one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from chronicle.errors import QuestionError, shown
from chronicle.state.answer import recorded_text
from chronicle.store import tokens
from chronicle.store.archive import Store
from chronicle.store.tokens import TokenRow

Scope = Literal["read", "append", "correct", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""Ask; record what is new; record further versions and retractions; redact, and see who has tokens."""

PREFIX = "chr"
MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token lets its bearer do, and where; no chronicle means all. `name` is recorded with what it appends.

    `issuer` is who gave the token out, None for this archive; `expires` is a microsecond since 1970, None for never.
    """

    id: str
    name: str
    scopes: frozenset[str]
    chronicles: frozenset[str]
    issuer: str | None = None
    expires: int | None = None

    def allows(self, scope: Scope) -> bool:
        """The pass has a scope; admin has them all, and correct has append."""
        return scope in self.scopes or "admin" in self.scopes or (scope == "append" and "correct" in self.scopes)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out, without its secret. Times are in microseconds since 1970, UTC."""

    id: str
    name: str
    scopes: tuple[str, ...]
    chronicles: tuple[str, ...]
    created: int
    expires: int | None
    revoked: int | None
    used: int | None

    def as_json(self) -> dict[str, object]:
        """One object of `tokens list`."""
        times = {name: getattr(self, name) for name in ("created", "expires", "revoked", "used")}
        told = {name: None if one is None else recorded_text(one) for name, one in times.items()}
        return {
            "id": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "chronicles": list(self.chronicles),
            **told,
        }


class Tokens:
    """The tokens of an archive."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now

    def create(
        self, name: str, scopes: Sequence[str], *, chronicles: Sequence[str] = (), expires: int | None = None
    ) -> tuple[str, Token]:
        """A new token, as its bearer has to show it, and what is kept of it: no more than a hash.

        `expires` is a microsecond since 1970. Raises QuestionError.
        """
        if not name or len(name) > 100 or not name.isprintable():
            raise QuestionError("a token is named with 1 to 100 printable characters: say who has it")
        for scope in scopes:
            if scope not in SCOPES:
                raise QuestionError(f"scope: {shown(scope)} is none of {', '.join(SCOPES)}")
        if not scopes:
            raise QuestionError(f"scope: name at least one of {', '.join(SCOPES)}")
        id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        row = TokenRow(
            id_,
            name,
            digest(secret),
            " ".join(dict.fromkeys(scopes)),
            " ".join(dict.fromkeys(chronicles)),
            self._now(),
            expires,
            None,
            None,
        )
        with self._store.writing() as engine:
            tokens.prepare(engine)
            with engine.begin() as connection:
                tokens.add(connection, row)
        return f"{PREFIX}_{id_}_{secret}", _token(row)

    def all(self) -> list[Token]:
        """All tokens that were given out, the oldest first."""
        return [_token(row) for row in self._rows()]

    def revoke(self, id: str) -> None:  # noqa: A002
        """Let a token open nothing any more. Raises QuestionError if there is none of this id."""
        now = self._now()
        if not any(one.id == id for one in self.all()):
            raise QuestionError(f"there is no token {shown(id)}: chronicle tokens list has their ids")
        with self._store.writing() as engine, engine.begin() as connection:
            tokens.change(connection, id, revoked=now)

    def admit(self, shown_: str) -> Pass | None:
        """What somebody may who shows a token; None if it is no token, or expired, or revoked."""
        prefix, _, rest = shown_.partition("_")
        id_, _, secret = rest.partition("_")
        given = digest(secret)
        row = self._row(id_)
        known = bytes(32) if row is None else row.digest
        if not hmac.compare_digest(given, known) or row is None or prefix != PREFIX:
            return None
        return self._standing(row)

    def standing(self, id: str) -> Pass | None:  # noqa: A002
        """What the bearer of a token may that was shown before; None if it has expired since, or was revoked."""
        row = self._row(id)
        return None if row is None else self._standing(row)

    def _standing(self, row: TokenRow) -> Pass | None:
        now = self._now()
        if row.revoked is not None or (row.expires is not None and row.expires <= now):
            return None
        self._note_use(row, now - now % MINUTE)
        scopes, chronicles = frozenset(row.scopes.split()), frozenset(row.chronicles.split())
        return Pass(row.id, row.name, scopes, chronicles, expires=row.expires)

    def _row(self, id_: str) -> TokenRow | None:
        with self._store.reading() as connection:
            return tokens.token_of(connection, id_)

    def _rows(self) -> list[TokenRow]:
        with self._store.reading() as connection:
            return tokens.tokens(connection)

    def _note_use(self, row: TokenRow, minute: int) -> None:
        if row.used is None or row.used < minute:
            with self._store.writing() as engine, engine.begin() as connection:
                tokens.change(connection, row.id, used=minute)


def _token(row: TokenRow) -> Token:
    scopes, chronicles = tuple(row.scopes.split()), tuple(row.chronicles.split())
    return Token(row.id, row.name, scopes, chronicles, row.created, row.expires, row.revoked, row.used)


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()
