"""Which addresses a name may lead to."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from chronicle.feed.address import UnsafeAddressError, is_allowed, networks, reachable

UNSAFE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address that is looked at
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", UNSAFE)
def test_an_address_that_is_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast and reserved ones, also as IPv4 within IPv6."""
    assert not is_allowed(ip_address(address), ())


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_an_address_that_is_public(address: str) -> None:
    """It may be reached."""
    assert is_allowed(ip_address(address), ())


def test_a_network_that_is_allowed() -> None:
    """Whoever hosts both sides names the network; others stay closed."""
    allowed = networks(["10.0.0.0/8"])

    assert is_allowed(ip_address("10.1.2.3"), allowed)
    assert is_allowed(ip_address("::ffff:10.1.2.3"), allowed)
    assert not is_allowed(ip_address("192.168.1.1"), allowed)


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "localhost"])
def test_a_name_is_looked_at_by_where_it_leads(host: str) -> None:
    """However a host is written."""
    with pytest.raises(UnsafeAddressError, match="not a public address"):
        reachable(host, 80, ())


def test_a_name_with_one_bad_address_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """All addresses of a name are looked at, not the first."""

    def found(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("1.1.1.1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(UnsafeAddressError, match=r"127\.0\.0\.1"):
        reachable("example.org", 80, ())


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at is what is connected to: an answer that changes meanwhile is not asked for."""
    answers = iter(["1.1.1.1", "127.0.0.1"])

    def found(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert ["1.1.1.1"] == reachable("rebinding.example", 80, ())
