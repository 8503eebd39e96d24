"""The public keys of an issuer of tokens (JSON Web Key Set, RFC 7517, section 5), kept and fetched again.

They are fetched when the first token comes, once they are an hour old, and when a token names a key that is not among
them: but not more often than every half minute, so that nobody who makes up names can make us ask all the time.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from chronicle.errors import QuestionError, shown

FRESH = 3600
"""Seconds for which keys are used without asking."""

LASTING = 24 * 3600
"""Seconds for which they are used while the issuer does not answer."""

BETWEEN = 30
"""Seconds between two attempts to fetch them."""

PATIENCE = 5
"""Seconds that an attempt takes to connect, and again to answer, at most."""

WAIT = 1
"""Seconds that a token of an unknown key waits for keys that are being fetched for another."""

MOST_BYTES = 256 * 1024
MOST_KEYS = 100
LEAST_BITS = 2048
"""Of an RSA key (RFC 7518, section 3.3)."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

_logger = logging.getLogger("chronicle.web")


class NoKeysError(Exception):
    """The keys of the issuer are not there; the message says why."""


class Keys:
    """The keys as they were last fetched. `seconds` is a clock that never goes back."""

    def __init__(self, fetch: Callable[[], bytes], seconds: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._fetching = threading.Lock()
        self._keys: list[Key] = []
        self._fetched: float | None = None
        self._tried: float | None = None
        self._failed = "they were not fetched yet"

    def find(self, id: str | None, kind: str, algorithm: str) -> Key | None:  # noqa: A002
        """The key of an id, of a kind (`kty`) and for an algorithm; without an id, the only one. None if there is none.

        Raises NoKeysError while no keys could be fetched.
        """
        found = self._suited(id, kind, algorithm)
        if found is None or self._age() >= FRESH:
            self._renew(WAIT if found is None else 0)
            found = self._suited(id, kind, algorithm)
        if self._age() >= LASTING:
            raise NoKeysError(self._failed)
        return found

    def _suited(self, id_: str | None, kind: str, algorithm: str) -> Key | None:
        found = [
            key
            for key in self._keys
            if key.key_type == kind and key.alg in (None, algorithm) and (id_ is None or key.kid == id_)
        ]
        return found[0] if found and (id_ is not None or len(found) == 1) else None

    def _age(self) -> float:
        return LASTING if self._fetched is None else self._seconds() - self._fetched

    def _renew(self, wait: float) -> None:
        if not self._fetching.acquire(timeout=wait):
            return
        try:
            now = self._seconds()
            if self._tried is not None and now - self._tried < BETWEEN:
                return
            self._tried = now
            try:
                self._keys = keys_of(self._fetch())
                self._fetched = now
            except (OSError, HTTPException, ValueError) as error:
                self._failed = f"{type(error).__name__}: {error}"
                _logger.warning("the keys of the issuer cannot be fetched: %s", self._failed)
        finally:
            self._fetching.release()


def keys_of(text: bytes) -> list[Key]:
    """The keys of a set that can verify signatures. Raises ValueError if it is no set, or has none of them.

    Left out are what is for encryption, symmetric or too short, of a kind that is not known, and private keys, which
    should not be there.
    """
    if len(text) > MOST_BYTES:
        raise ValueError(f"a key set has at most {MOST_BYTES} bytes")
    try:
        listed = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"no key set: {error}") from error
    entries = listed.get("keys") if isinstance(listed, dict) else None
    if not isinstance(entries, list):
        raise ValueError('no key set: it has no list of "keys"')
    found = [key for entry in entries[:MOST_KEYS] if (key := _key(entry)) is not None]
    if not found:
        raise ValueError("the key set has no key that verifies signatures")
    return found


def _key(entry: Any) -> Key | None:
    if not isinstance(entry, dict) or entry.get("kty") not in ("RSA", "EC", "OKP") or "d" in entry:
        return None
    if entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ["verify"]):
        return None
    if entry["kty"] == "RSA" and len(str(entry.get("n", ""))) * 6 < LEAST_BITS:
        return None
    try:
        return JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        _logger.warning("a key of the issuer cannot be read: %s", error)
        return None


def fetching(place: str, patience: float = PATIENCE) -> Callable[[], bytes]:
    """What reads a key set from a file or an address: https, or http of this machine. Raises QuestionError.

    An attempt at an address takes `patience` seconds to connect and as many to answer, at most. It follows no redirect.
    """
    if "://" not in place:
        return Path(place).read_bytes
    try:
        url = urlsplit(place)
        _ = url.port
    except ValueError as error:
        raise QuestionError(f"{shown(place)} is no address of a key set: {error}") from error
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    if not secure or not url.hostname or url.username or url.password or not place.isascii() or not place.isprintable():
        raise QuestionError(f"{shown(place)} is no file and no https address of a key set")
    return lambda: _fetched(url, patience)


def _fetched(url: SplitResult, patience: float) -> bytes:
    """The body of an answer of 200. Raises OSError, HTTPException or ValueError."""
    host = url.hostname or ""
    connection = (
        HTTPSConnection(host, url.port, timeout=patience, context=ssl.create_default_context())
        if url.scheme == "https"
        else HTTPConnection(host, url.port, timeout=patience)
    )
    late = threading.Event()
    with closing(connection):
        connection.connect()
        watch = threading.Timer(patience, _hang_up, [connection.sock, late])
        watch.daemon = True
        watch.start()
        try:
            text = _answered(connection, url)
        except (OSError, HTTPException, ValueError) as error:
            if late.is_set():
                raise TimeoutError(f"no answer within {patience:g} seconds") from error
            raise
        finally:
            watch.cancel()
    if late.is_set():  # a body that was cut off is read as if it had ended
        raise TimeoutError(f"no answer within {patience:g} seconds")
    return text


def _answered(connection: HTTPConnection, url: SplitResult) -> bytes:
    path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
    connection.request("GET", path, headers={"accept": "application/json", "user-agent": "chronicle"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise ValueError(f"{url.geturl()} answers with {answer.status}")
    return answer.read(MOST_BYTES + 1)


def _hang_up(connected: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # it has gone by itself
        connected.shutdown(socket.SHUT_RDWR)  # which, unlike close, wakes whoever reads from it
