"""Proxies before the server: what is believed of what they say, and of whom."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from chronicle.errors import QuestionError
from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.limits import Limits
from chronicle.web.logs import JsonLines
from chronicle.web.proxies import proxies
from tests.builders import Clock, a_fact, an_event, url_of

TRUSTED = {"CHRONICLE_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8:1::/48"}
RFC7239 = {**TRUSTED, "CHRONICLE_PROXY_HEADERS": "forwarded"}

Headers = list[tuple[str, str]]


def seen(peer: str, headers: Headers, environment: dict[str, str] = TRUSTED) -> tuple[str, str, str]:
    """The client, scheme and host of a request that came from a peer with some headers."""
    scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 5),
        "headers": [(b"host", b"inner:8765"), *((name.lower().encode(), value.encode()) for name, value in headers)],
    }
    found = proxies(environment).seen(scope)
    return found["client"][0], found["scheme"], dict(found["headers"])[b"host"].decode()


SPOOFED: Headers = [
    ("X-Forwarded-For", "192.0.2.1"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "example.org"),
    ("Forwarded", "for=192.0.2.1;proto=https;host=example.org"),
]


@pytest.mark.parametrize("peer", ["203.0.113.7", "11.0.0.1", "2001:db8:2::1", "unix", ""])
@pytest.mark.parametrize("environment", [TRUSTED, RFC7239, {}])
def test_who_is_no_proxy_is_not_believed(peer: str, environment: dict[str, str]) -> None:
    """Whatever it sends, a peer that is not trusted is the client itself."""
    assert (peer, "http", "inner:8765") == seen(peer, SPOOFED, environment)


@pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1::9"])
@pytest.mark.parametrize("environment", [TRUSTED, RFC7239])
def test_a_proxy_is_believed(peer: str, environment: dict[str, str]) -> None:
    """A trusted proxy tells the address, the scheme and the host that its client used."""
    assert ("192.0.2.1", "https", "example.org") == seen(peer, SPOOFED, environment)


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("1.1.1.1, 192.0.2.1", "192.0.2.1"),  # the first was sent by the client
        ("1.1.1.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.9, 192.0.2.1, 10.0.0.2, 10.0.0.3", "192.0.2.1"),  # a client that names a proxy of ours
        ("10.0.0.2, 10.0.0.3", "10.0.0.2"),  # a client within
        ("192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        (", ".join(["10.0.0.2"] * 10_000), "10.0.0.2"),
    ],
)
def test_a_chain_is_read_from_the_right(chain: str, client: str) -> None:
    """The client is the first from the right that is no proxy of ours; what is left of it is only said."""
    assert client == seen("10.0.0.1", [("X-Forwarded-For", chain)])[0]


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ('for=192.0.2.1;proto=https;host="example.org:8443"', ("192.0.2.1", "https", "example.org:8443")),
        ("for=1.1.1.1;proto=http;host=evil.example, For=192.0.2.1;Proto=HTTPS", ("192.0.2.1", "https", "inner:8765")),
        ('for="[2001:db8::7]:4711";proto=https, for=10.0.0.2;proto=http', ("2001:db8::7", "https", "inner:8765")),
        ('for=1.1.1.1;host="evil.example, for="[2001:db8::7]"', ("2001:db8::7", "http", "inner:8765")),
        ('for=1.1.1.1, x=", for="[2001:db8::7]";proto=https', ("2001:db8::7", "https", "inner:8765")),
        ("for=unknown;proto=https", ("10.0.0.1", "https", "inner:8765")),
        ("for=_hidden, for=10.0.0.2", ("10.0.0.2", "http", "inner:8765")),
        (";;=,", ("10.0.0.1", "http", "inner:8765")),
    ],
)
def test_a_chain_of_rfc_7239(chain: str, expected: tuple[str, str, str]) -> None:
    """Scheme and host are of the same element as the client; no open quote swallows what a proxy says after it."""
    assert expected == seen("10.0.0.1", [("Forwarded", chain)], RFC7239)


def test_schemes_and_hosts_stand_beside_their_addresses() -> None:
    """Where proxies make lists of these, too, the one that the outermost trusted proxy wrote counts."""
    headers = [
        ("X-Forwarded-For", "1.1.1.1, 192.0.2.1, 10.0.0.2"),
        ("X-Forwarded-Proto", "gopher, https, http"),
        ("X-Forwarded-Host", "evil.example, example.org, inner"),
    ]

    assert ("192.0.2.1", "https", "example.org") == seen("10.0.0.1", headers)


def test_a_chain_in_several_lines_is_one() -> None:
    """Lines of one name are a list in their order (RFC 9110, section 5.3)."""
    assert "192.0.2.1" == seen("10.0.0.1", [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "192.0.2.1")])[0]


@pytest.mark.parametrize("host", ["exa mple", "a/b", "a@b", "a\\b", "", "-", "[::1", "x" * 300, "a:b", "a,b c"])
def test_a_host_that_is_none_is_not_taken(host: str) -> None:
    """It would stand in addresses that are told to others."""
    assert "inner:8765" == seen("10.0.0.1", [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Host", host)])[2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CHRONICLE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CHRONICLE_TRUSTED_PROXIES", "everybody"),
        ("CHRONICLE_PROXY_HEADERS", "both"),
    ],
)
def test_settings_that_are_none_are_refused(name: str, text: str) -> None:
    """A network or a kind of header that cannot be read is named, not left out."""
    with pytest.raises(QuestionError, match=name):
        proxies({name: text})


def client_at(tmp_path: Path, peer: str, within: Limits) -> TestClient[Any]:
    """A client at an address, of an archive of one event whose server trusts proxies of 10.0.0.0/8."""
    archive = Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock())
    archive.append([an_event("e", a_fact(1))], chronicle="c")
    made = gated(archive, "public-read", within, behind=proxies(TRUSTED))

    async def connected(scope: Any, receive: Any, send: Any) -> None:
        await made({**scope, "client": (peer, 5)}, receive, send)

    return TestClient(connected, base_url="http://inner.local")


def test_each_client_behind_a_proxy_has_its_own_rate(tmp_path: Path) -> None:
    """One that asks too often does not hold up another; without the proxy both names are one address."""
    names = ["192.0.2.1", "192.0.2.1", "192.0.2.2"]
    for peer, expected in (("10.0.0.1", [200, 429, 200]), ("203.0.113.7", [200, 429, 429])):
        folder = tmp_path / peer
        folder.mkdir()
        with client_at(folder, peer, Limits(rate=0.001)) as client:
            assert expected == [client.get("/health", headers={"x-forwarded-for": name}).status_code for name in names]


def test_the_log_names_the_client(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And not the proxy."""
    caplog.set_level(logging.INFO, "chronicle.web")
    with client_at(tmp_path, "10.0.0.1", Limits()) as client:
        client.get("/health", headers={"x-forwarded-for": "192.0.2.1"})

    assert "192.0.2.1" == json.loads(JsonLines().format(caplog.records[-1]))["client"]


def test_absolute_addresses_are_those_that_the_client_uses(tmp_path: Path) -> None:
    """The links of a memento lead to where its reader came from."""
    headers = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", "x-forwarded-host": "example.org"}
    for peer, base in (("10.0.0.1", "https://example.org/"), ("203.0.113.7", "http://inner.local/")):
        folder = tmp_path / peer
        folder.mkdir()
        with client_at(folder, peer, Limits()) as client:
            answer = client.get("/entities/c/subject", headers=headers)
            assert (200, True) == (answer.status_code, f"<{base}timegate/entities/c/subject" in answer.headers["link"])


def test_an_answer_in_memory_is_of_one_scheme(tmp_path: Path) -> None:
    """Whoever came by http is not sent to the addresses that were made for https."""
    with client_at(tmp_path, "10.0.0.1", Limits()) as client:
        for scheme in ("https", "http", "https"):
            headers = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": scheme, "x-forwarded-host": "example.org"}
            told = client.get("/feeds/c/json", headers=headers).text
            assert f'"{scheme}://example.org/feeds/c/json' in told
