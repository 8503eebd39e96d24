"""Where a server is: what requests are sent to, and nowhere else, for they carry the token."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from chronicle.errors import QuestionError, StoreError, shown

_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


def base_of(url: str) -> str:
    """The address of a server, without the last stroke. Raises QuestionError for what cannot be one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise QuestionError(f"the address of the server cannot be read: {error}") from None
    plain = all(32 < ord(letter) < 127 for letter in url)
    if parts.scheme not in _PORTS or not parts.hostname or not plain:
        raise QuestionError(f"{shown(url)} is no address of a server: expected https://HOST, perhaps with a path")
    if parts.username is not None or parts.query or parts.fragment:
        raise QuestionError("the address of a server has no name, password, query or fragment: a token goes by itself")
    return url.rstrip("/")


def token_of(token: str | None) -> dict[str, str]:
    """The header that a token is sent in. Raises QuestionError for what cannot be one."""
    if token is None:
        return {}
    if not token or not all(32 < ord(letter) < 127 for letter in token):
        raise QuestionError("the token is none: expected chr_… as chronicle tokens create prints it")
    return {"authorization": f"Bearer {token}"}


def redirected(url: str, location: str | None) -> str:
    """Where an answer leads. Raises StoreError unless that is the same scheme, host and port.

    What was asked, and the token, are for one server only.
    """
    try:
        target = urljoin(url, location or "")
        same = bool(location) and _origin(target) == _origin(url)
    except ValueError:
        same, target = False, location or ""
    if not same:
        raise StoreError(f"the server leads elsewhere, to {shown(target)}: name that address if you trust it")
    return target


def _origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
