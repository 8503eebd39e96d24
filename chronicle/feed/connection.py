"""Connections of urllib3 that send a request in one piece.

The library sends the head and the body each by itself: two packets, for which the receiver is woken twice.
"""

from __future__ import annotations

from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection


class _InOnePiece(HTTPConnection):
    _parts: list[bytes] | None = None

    def request(self, *about: Any, **more: Any) -> None:
        """Send a request whose body is bytes."""
        self._parts = []
        try:
            super().request(*about, **more)
            whole = b"".join(self._parts)
        finally:
            self._parts = None
        self.send(whole)

    def send(self, data: Any) -> None:
        """Send bytes, or keep those of a request until it is whole."""
        if self._parts is None:
            super().send(data)
        else:
            self._parts.append(data)


class Plain(_InOnePiece):
    """Over HTTP."""


class Secure(_InOnePiece, HTTPSConnection):
    """Over TLS."""
