"""The sessions of browsers: whoever has shown a token need not show it again for some hours.

A browser keeps the secret of its session in a cookie, and never the token. A session ends when it is told to, at its
time, and with the token: whether that still stands is looked at for every request.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from chronicle.admitting import Pass, Tokens, digest
from chronicle.store import tokens
from chronicle.store.archive import Store
from chronicle.store.tokens import SessionRow


@dataclass(frozen=True, slots=True)
class Session:
    """Who comes, and until when: a microsecond since 1970."""

    bearer: Pass
    expires: int


class Sessions:
    """The sessions of an archive."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._tokens = Tokens(store, now)

    def begin(self, bearer: Pass, life: int) -> str:
        """The secret of a new session, which lasts as many microseconds, but no longer than what was shown."""
        now = self._now()
        expires = now + life if bearer.expires is None else min(now + life, bearer.expires)
        secret = secrets.token_urlsafe(32)
        row = SessionRow(
            digest(secret),
            bearer.id if bearer.issuer is None else None,
            bearer.issuer,
            bearer.name,
            " ".join(sorted(bearer.scopes)),
            " ".join(sorted(bearer.chronicles)),
            expires,
        )
        with self._store.writing() as engine:
            tokens.prepare(engine)
            with engine.begin() as connection:
                tokens.begin(connection, row, now)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a secret; None if there is none, or it is over."""
        with self._store.reading() as connection:
            row = tokens.session_of(connection, digest(secret))
        if row is None or row.expires <= self._now():
            return None
        if row.token is not None:
            bearer = self._tokens.standing(row.token)
            return None if bearer is None else Session(bearer, row.expires)
        scopes, chronicles = frozenset(row.scopes.split()), frozenset(row.chronicles.split())
        return Session(Pass(row.name, row.name, scopes, chronicles, row.issuer, row.expires), row.expires)

    def end(self, secret: str) -> None:
        """Let a secret be worth nothing any more, whatever it was."""
        with self._store.writing() as engine, engine.begin() as connection:
            tokens.end(connection, digest(secret))
