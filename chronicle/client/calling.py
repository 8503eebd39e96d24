"""One request until it is answered: tries, waits and redirects, without a socket and without a clock of its own.

`calling` is a generator that both clients drive: it yields what is to be done next, and is sent what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chronicle.client.address import redirected
from chronicle.client.patience import WORTH_ANOTHER_TRY, Patience, asked_to_wait
from chronicle.client.problems import error_of
from chronicle.errors import StoreError, shown

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `safe` says that sending it twice does no more than sending it once."""

    method: str
    path: str
    parameters: Parameters = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    safe: bool = True


class Send(NamedTuple):
    """Send the request to this address; come back with a Reply, or with a Lost."""

    url: str
    request: Request


class Wait(NamedTuple):
    """Wait for so many seconds, for what failed; come back with None."""

    seconds: float
    why: str


class Reply(NamedTuple):
    """An answer as a whole; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Lost(NamedTuple):
    """There is no answer, or only a part of one, and whether the request was carried out is not known."""

    why: str


class Outside(NamedTuple):
    """What a call needs of the world: seconds that only rise, seconds since 1970, and random numbers in [0, 1)."""

    monotonic: Callable[[], float]
    now: Callable[[], float]
    random: Callable[[], float]


def calling(
    base: str, request: Request, patience: Patience, outside: Outside
) -> Generator[Send | Wait, Reply | Lost | None, Reply]:
    """The answer to a request, whose status is below 300.

    Raises the error that the server tells of; StoreError when it is not reached, or tells nothing of use, after all
    tries, and for an answer that leads to another server.
    """
    began = outside.monotonic()
    url, hops, failed = f"{base}{request.path}", 0, 0
    while True:
        told = yield Send(url, request)
        if isinstance(told, Reply) and told.status in _REDIRECTS and request.method == "GET" and hops < MOST_REDIRECTS:
            url, hops = redirected(url, told.headers.get("location")), hops + 1
            request = Request(request.method, request.path, (), request.headers)  # the address has them now
            continue
        if isinstance(told, Reply) and told.status < 300:
            return told
        failed += 1
        asked = asked_to_wait(told.headers, outside.now()) if isinstance(told, Reply) else 0.0
        seconds = patience.wait(failed, outside.random(), asked)
        left = patience.within - (outside.monotonic() - began)
        error = _error(base, told, failed, asked)
        if not _may_try_again(request, told) or failed >= patience.attempts or seconds > left:
            raise error
        yield Wait(seconds, str(error))


def _may_try_again(request: Request, told: Reply | Lost | None) -> bool:
    return request.safe and (not isinstance(told, Reply) or told.status in WORTH_ANOTHER_TRY)


def _error(base: str, told: Reply | Lost | None, failed: int, asked: float) -> Exception:
    if isinstance(told, Reply):
        if told.status < 400:
            return StoreError(f"{base} answered {told.status}, which is no answer: is it the address of a server?")
        error = error_of(told.status, told.body)
        if asked and isinstance(error, StoreError):
            return StoreError(f"{error} (it asks to come back in {asked:.0f} s)")
        return error
    why = told.why if isinstance(told, Lost) else "nothing came back"
    times = "" if failed == 1 else f" in {failed} tries"
    return StoreError(f"{base} was not reached{times}: {shown(why, 300)[1:-1]}")
