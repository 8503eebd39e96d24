"""Content codings: which is chosen, what is compressed, and what is not."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from litestar import Response, get
from litestar.response import Stream
from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.web.app import gated
from chronicle.web.coding import SMALLEST, Coded, chosen
from chronicle.web.gate import Gate
from chronicle.web.limits import Limits
from tests.builders import Clock
from tests.web.test_gate import figure

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STATE = "/api/state?as_of=2025-12-31"
LONG = "a long text, " * SMALLEST


@get("/parts", sync_to_thread=False, anybody=True)
def parts() -> Stream:
    """A body in parts."""
    return Stream(iter([LONG, LONG]), media_type="text/plain")


@get("/strong", sync_to_thread=False, anybody=True)
def strong() -> Response[str]:
    """A body with a strong tag."""
    return Response(LONG, media_type="text/plain", headers={"etag": '"strong"', "vary": "accept-language"})


@get("/picture", sync_to_thread=False, anybody=True)
def picture() -> Response[str]:
    """A body that is compressed already."""
    return Response(LONG, media_type="image/png")


@get("/secret", sync_to_thread=False, anybody=True)
def secret() -> Response[str]:
    """A page that nobody is to store."""
    return Response(LONG, media_type="text/html", headers={"cache-control": "no-store"})


@pytest.fixture(scope="module")
def made(curated: str) -> Gate:
    """The gate before the curated chronicles, and some answers of other kinds."""
    gate = gated(Archive.open(curated, now=Clock()), "open", Limits())
    for handler in (parts, strong, picture, secret):
        gate.app.register(handler)
    return gate


@pytest.fixture(scope="module")
def client(made: Gate) -> Iterator[TestClient[Any]]:
    """A client of it."""
    with TestClient(made, base_url="http://127.0.0.1:8765") as opened:
        yield opened


def asked(
    client: TestClient[Any], path: str, encoding: str, headers: Mapping[str, str] | None = None
) -> tuple[httpx.Headers, bytes]:
    """The headers and the bytes as they were sent."""
    with client.stream("GET", path, headers={"accept-encoding": encoding, **(headers or {})}) as answer:
        assert 200 == answer.status_code
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("GZIP; Q=0.5", "gzip"),
        ("zstd;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000", "identity"),
        ("br", "identity"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("*;q=0", "identity"),
        ("*;q=0, gzip", "gzip"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("gzip;q=2", "identity"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=-1, zstd;q=1e0", "identity"),
        (";q=1,,;", "identity"),
        (",".join(["br"] * 20 + ["gzip"]), "identity"),
    ],
)
def test_the_coding_that_is_liked_best(header: str, expected: str) -> None:
    """Weights decide, then what compresses best; what is refused or cannot be read is not sent."""
    assert expected == chosen(header)


@pytest.mark.parametrize("path", [STATE, "/api/openapi.json", "/chronicles/azerbaijan-us", "/static/page.css"])
def test_each_coding_is_the_same_body(client: TestClient[Any], path: str) -> None:
    """Both codings are of the plain bytes, are shorter, and name their length and what they depend on."""
    plain_headers, plain = asked(client, path, "identity")
    zstd_headers, by_zstd = asked(client, path, "zstd")
    gzip_headers, by_gzip = asked(client, path, "gzip")

    assert (plain, plain) == (zstd.decompress(by_zstd), gzip.decompress(by_gzip))
    assert len(plain) > 2 * max(len(by_zstd), len(by_gzip))
    assert ("zstd", "gzip") == (zstd_headers["content-encoding"], gzip_headers["content-encoding"])
    assert "content-encoding" not in plain_headers
    for headers, body in ((plain_headers, plain), (zstd_headers, by_zstd), (gzip_headers, by_gzip)):
        assert str(len(body)) == headers["content-length"]
        assert "accept-encoding" in headers["vary"]


def test_a_tag_stands_for_every_coding(client: TestClient[Any]) -> None:
    """A tag is weak and the same in all codings, and spares the body whichever it was of."""
    tags = {asked(client, STATE, encoding)[0]["etag"] for encoding in ("identity", "gzip", "zstd")}
    [tag] = tags
    again = client.get(STATE, headers={"accept-encoding": "zstd", "if-none-match": tag})

    assert tag.startswith('W/"')
    assert (304, b"", tag) == (again.status_code, again.content, again.headers["etag"])
    assert "accept-encoding" in again.headers["vary"]
    assert "content-encoding" not in again.headers


def test_a_strong_tag_is_that_of_the_plain_body(client: TestClient[Any]) -> None:
    """A compressed body has a weak one, and what the answer depends on is named beside what it did already."""
    plain, compressed = asked(client, "/strong", "identity")[0], asked(client, "/strong", "gzip")[0]

    assert ('"strong"', 'W/"strong"') == (plain["etag"], compressed["etag"])
    assert ["accept-language, accept-encoding"] * 2 == [plain["vary"], compressed["vary"]]


@pytest.mark.parametrize("path", ["/health", "/parts", "/picture", "/secret", "/chronicles/azerbaijan-us/add"])
def test_what_is_not_compressed(client: TestClient[Any], path: str) -> None:
    """Short answers, parts, pictures, and pages that hold a secret."""
    headers, _ = asked(client, path, "gzip, zstd")

    assert "content-encoding" not in headers


@pytest.mark.parametrize(
    ("site", "expected"), [("cross-site", None), ("same-site", None), ("same-origin", "zstd"), ("none", "zstd")]
)
def test_what_another_site_asks_with_cookies_is_not_compressed(
    client: TestClient[Any], site: str, expected: str | None
) -> None:
    """Its lengths would tell that site what the page has for whoever is logged in (BREACH)."""
    headers, _ = asked(client, STATE, "zstd", {"cookie": "session=x", "sec-fetch-site": site})

    assert expected == headers.get("content-encoding")


def test_each_coding_is_kept_once(client: TestClient[Any]) -> None:
    """However the header is spelt, the same coding is answered from memory with the same bytes."""
    path = f"{STATE}&subject=azerbaijan"
    first = asked(client, path, "gzip")
    kept = figure(client, "chronicle_http_kept_answers_total")
    again = asked(client, path, "gzip;q=0.7, br")
    other = asked(client, path, "zstd")

    assert first == again
    assert first[1] != other[1]
    assert kept + 1 == figure(client, "chronicle_http_kept_answers_total")


def test_a_head_tells_of_the_compressed_body(client: TestClient[Any]) -> None:
    """The head is that of the answer to GET."""
    headers, body = asked(client, STATE, "gzip")
    head = client.head(STATE, headers={"accept-encoding": "gzip"})

    assert (b"", str(len(body)), "gzip") == (
        head.content,
        head.headers["content-length"],
        head.headers["content-encoding"],
    )
    assert headers["etag"] == head.headers["etag"]


def test_a_stream_begins_before_its_first_part() -> None:
    """What has no length is told to have begun at once, whatever its first part waits for."""
    sent: list[str] = []
    seen: list[list[str]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        seen.append(list(sent))
        await send({"type": "http.response.body", "body": b"x" * SMALLEST, "more_body": False})

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Coded(app)(scope, send, send))  # type: ignore[arg-type] # nothing is received

    assert [["http.response.start"]] == seen
    assert ["http.response.start", "http.response.body"] == sent
