"""Secrets that webhooks are signed with (Standard Webhooks 1.0, "Signature scheme"): symmetric, 32 random bytes."""

from __future__ import annotations

import base64
import secrets
from typing import Any

import msgspec

from chronicle.errors import QuestionError

PREFIX = "whsec_"
LEAST, MOST = 24, 64


class Secret(msgspec.Struct, frozen=True):
    """A secret as its receiver has it, and the microsecond until which it signs; None for as long as it is there."""

    text: str
    until: int | None = None


def new_secret() -> str:
    """A secret that nobody else has."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_secret(text: str) -> str:
    """A secret that somebody brings along. Raises QuestionError, which does not repeat it."""
    try:
        size = len(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except ValueError:  # binascii.Error is one
        size = 0
    if not text.startswith(PREFIX) or not LEAST <= size <= MOST:
        raise QuestionError(f"a secret is {PREFIX} and the base64 of {LEAST} to {MOST} random bytes")
    return text


def rotated(there: list[Secret], new: str, until: int) -> list[Secret]:
    """The secrets after a rotation: the new one, and those before it until a microsecond, unless they end sooner."""
    old = [Secret(one.text, until if one.until is None else min(one.until, until)) for one in there]
    return [Secret(new), *old]


def signing(there: list[Secret], now: int) -> list[str]:
    """The secrets that sign at a microsecond, the newest first."""
    return [one.text for one in there if one.until is None or one.until > now]


def signatures(texts: list[str], id: str, second: int, body: bytes) -> str:  # noqa: A002
    """The value of `webhook-signature`: one signature for each secret, so that either of two is enough to verify."""
    from datetime import UTC, datetime  # noqa: PLC0415 - what the library takes

    from standardwebhooks.webhooks import Webhook  # noqa: PLC0415 - an extra

    moment: Any = datetime.fromtimestamp(second, UTC)
    return " ".join(Webhook(text).sign(id, moment, body.decode()) for text in texts)
