"""Who a request comes from, and by which address, where proxies stand before the server.

What a proxy says in headers is believed only if the connection comes from one that is trusted, and read from the right:
each trusted proxy vouches for what it saw itself, and the first address that is none of them is the client. All that
stands to the left of that was sent by the client, and may be anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Literal, NamedTuple, get_args

from chronicle.errors import QuestionError, shown

PROXIES, STYLE = "CHRONICLE_TRUSTED_PROXIES", "CHRONICLE_PROXY_HEADERS"

Style = Literal["x-forwarded", "forwarded"]
"""X-Forwarded-For, -Proto and -Host; or Forwarded (RFC 7239). Never both: a proxy passes on what it does not know."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MOST_HOPS = 32
"""Elements of a chain that are read."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)


class Hop(NamedTuple):
    """What one proxy says of whom it got a request from; blank where it says nothing."""

    address: str
    scheme: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks of the proxies that are trusted, and by which headers they tell of their clients."""

    networks: tuple[Network, ...] = ()
    style: Style = "x-forwarded"

    def seen(self, scope: Any) -> Any:
        """An ASGI scope with the client, scheme and host that the client's own connection had, as far as is known."""
        peer = scope.get("client")
        if not self.networks or peer is None or not self._is_trusted(peer[0]):
            return scope
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        hop = self._outermost(_chain(headers, self.style))
        if hop is None:
            return scope
        if hop.host:
            headers = [(name, value) for name, value in headers if name != b"host"] + [(b"host", hop.host.encode())]
        scheme = hop.scheme or scope["scheme"]
        return {**scope, "client": (hop.address or peer[0], 0), "scheme": scheme, "headers": headers}

    def _outermost(self, chain: list[Hop]) -> Hop | None:
        """What the outermost trusted proxy says, where all after it are trusted, too."""
        found = None
        for hop in reversed(chain):
            address = _address(hop.address)
            if address is None:  # `unknown`, or not an address: the proxy vouches for the rest of what it says
                return hop._replace(address="" if found is None else found.address)
            found = hop._replace(address=str(address))
            if not self._is_trusted(found.address):
                return found
        return found

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self.networks)


def proxies(environment: Mapping[str, str] = os.environ) -> Proxies:
    """The proxies that CHRONICLE_TRUSTED_PROXIES and CHRONICLE_PROXY_HEADERS name. Raises QuestionError."""
    found = []
    for text in environment.get(PROXIES, "").replace(",", " ").split():
        try:
            found.append(ip_network(text))
        except ValueError as error:
            raise QuestionError(f"{PROXIES}: expected networks such as 10.0.0.0/8: {error}") from error
    style = environment.get(STYLE) or "x-forwarded"
    for one in get_args(Style):
        if style == one:
            return Proxies(tuple(found), one)
    raise QuestionError(f"{STYLE}: {shown(style)} is none of {', '.join(get_args(Style))}")


def _chain(headers: list[tuple[bytes, bytes]], style: Style) -> list[Hop]:
    """What proxies say, that of the nearest last."""
    if style == "forwarded":
        return [_element(text) for text in _listed(_joined(headers, b"forwarded"))]
    addresses, schemes, hosts = (
        _listed(_joined(headers, b"x-forwarded-" + name)) for name in (b"for", b"proto", b"host")
    )
    return [
        Hop(address, _scheme(_beside(schemes, depth)), _host(_beside(hosts, depth)))
        for depth, address in reversed(list(enumerate(reversed(addresses), 1)))
    ]


def _joined(headers: list[tuple[bytes, bytes]], wanted: bytes) -> str:
    return ",".join(value.decode("latin-1") for name, value in headers if name == wanted)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")][-MOST_HOPS:] if text else []


def _beside(values: list[str], depth: int) -> str:
    """The value that stands as far from the right as an address does; of fewer values the first."""
    return values[-min(depth, len(values))] if values else ""


def _element(text: str) -> Hop:
    """A forwarded-element of RFC 7239, section 4.

    Commas and semicolons part it even between quotes, where what we read has none: so no quote that a client left open
    can swallow what a proxy wrote after it.
    """
    pairs = [
        (name.strip().lower(), value.strip().strip('"'))
        for name, _, value in (p.partition("=") for p in text.split(";"))
    ]
    said = dict(pairs)
    return Hop(said.get("for", ""), _scheme(said.get("proto", "")), _host(said.get("host", "")))


def _scheme(text: str) -> str:
    return text.lower() if text.lower() in ("http", "https") else ""


def _host(text: str) -> str:
    return text if _HOST.fullmatch(text) else ""


def _address(text: str) -> Address | None:
    """An address that may have a port; an IPv4 address within an IPv6 one is that. None if it is no address."""
    inner = text.strip()
    if inner.startswith("["):
        inner = inner[1:].partition("]")[0]
    elif inner.count(":") == 1:
        inner = inner.partition(":")[0]
    try:
        address = ip_address(inner)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
