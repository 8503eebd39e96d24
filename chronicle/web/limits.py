"""How much one process takes on: requests at a time, their rate, and for how long it waits for any of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from time import monotonic

from chronicle.errors import QuestionError, shown

MOST_CLIENTS = 10_000
SESSION_HOURS = 12.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on.

    `at_once` requests, any more are told to come back; `waiting` ones beside them, which wait for news of the log;
    `rate` requests a second from one address, 0 for any number; `seconds` until an answer must have begun, until a
    request must have been sent as a whole, and until a client must have taken a part of an answer; `session_hours`
    until whoever has shown a token in a browser must show it again.
    """

    at_once: int = 512
    waiting: int = 4_096
    rate: float = 0.0
    seconds: float = 60.0
    session_hours: float = SESSION_HOURS


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits that the environment says, each by its own name. Raises QuestionError."""
    return Limits(
        at_once=int(_number(environment, "CHRONICLE_MOST_REQUESTS", 512, least=1)),
        waiting=int(_number(environment, "CHRONICLE_MOST_WAITING", 4_096, least=0)),
        rate=_number(environment, "CHRONICLE_RATE", 0, least=0),
        seconds=_number(environment, "CHRONICLE_TIMEOUT", 60, least=0.1),
        session_hours=_number(environment, "CHRONICLE_SESSION_HOURS", SESSION_HOURS, least=0.01, most=8760),
    )


def _number(environment: Mapping[str, str], name: str, usual: float, *, least: float, most: float = 1e9) -> float:
    text = environment.get(name, "")
    if not text:
        return usual
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not least <= number <= most:
        raise QuestionError(f"{name}: {shown(text)} is no number from {least:g} to {most:g}")
    return number


class Rates:
    """How many requests each address may still send: `rate` more each second, up to what two seconds give.

    The addresses of IPv6 that are one network of 64 bits are one: a single machine has all of them (RFC 7934).
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, 2 * rate)
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, address: str) -> float:
        """Take one from an address; the seconds that it should wait if it has none left, else 0."""
        if not self._rate:
            return 0.0
        now, address = monotonic(), _counted(address)
        left, since = self._left.pop(address, (self._most, now))
        left = min(self._most, left + (now - since) * self._rate)
        enough = left >= 1
        self._left[address] = (left - 1 if enough else left, now)
        if len(self._left) > MOST_CLIENTS:
            del self._left[next(iter(self._left))]  # of those that came last, the one that came first
        return 0.0 if enough else (1 - left) / self._rate


def _counted(address: str) -> str:
    """What an address is counted under; a name that is no address is counted as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
