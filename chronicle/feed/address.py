"""Where a host name leads, and whether untrusted names may lead us there (server-side request forgery).

A name is resolved once, every address is looked at, and the connection is made to one of these addresses: a name that
leads elsewhere the next moment (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from chronicle.errors import QuestionError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 within IPv6 (RFC 6052): a gateway takes such an address to the IPv4 address in its last 32 bits."""


class UnsafeAddressError(Exception):
    """A name that leads to an address that is not public."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that may be reached though they are not public. Raises QuestionError."""
    found = []
    for text in texts:
        try:
            found.append(ip_network(text))
        except ValueError as error:
            raise QuestionError(f"--allow: expected a network such as 10.0.0.0/8: {error}") from error
    return tuple(found)


def reachable(host: str, port: int, allowed: Sequence[Network]) -> list[str]:
    """The addresses of a host, in the order in which they are to be tried.

    Raises UnsafeAddressError if any of them is neither public nor allowed, OSError if the name cannot be resolved.
    """
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        if not is_allowed(ip_address(text.partition("%")[0]), allowed):
            raise UnsafeAddressError(f"{host} leads to {text}, which is not a public address: see --allow")
    return list(dict.fromkeys(found))


def require_allowed(host: str, allowed: Sequence[Network]) -> None:
    """Raise QuestionError for a host that is an address, and neither public nor allowed.

    What a name leads to is asked anew at each delivery.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return
    if not is_allowed(address, allowed):
        raise QuestionError(f"{host} is not a public address: allow its network with --allow if it is meant")


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """An address is public, or in a network that is allowed; of an IPv4 address within an IPv6 one both must be."""
    if any(address in network for network in allowed):
        return True
    inner = _within(address)
    if inner is not None:
        return is_allowed(inner, allowed)
    return address.is_global and not address.is_multicast


def _within(address: Address) -> IPv4Address | None:
    if not isinstance(address, IPv6Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
