"""The log as static files over HTTP: a copy of them is a folder that verifies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.proof.key import Verifier
from chronicle.proving import verify_offline
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, an_event, url_of
from tests.web.conftest import Client, client_of

COUNT = 600


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A log of two full tiles and a part of a third."""
    here = url_of(tmp_path_factory.mktemp("tiles") / "chronicle.db")
    with Archive.open(here, now=Clock()) as archive:
        archive.append([an_event(f"e{number}") for number in range(COUNT)], chronicle=CHRONICLE)
    return here


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    """A client of it."""
    with client_of(url) as opened:
        yield opened


def test_a_copy_verifies(client: Client, url: str, tmp_path: Path) -> None:
    """Every file that an export has is served with the same bytes, and what was served is a folder that verifies."""
    with Archive.open(url, now=Clock()) as archive:
        archive.export_tiles(tmp_path / "export")
    paths = [one.relative_to(tmp_path / "export") for one in (tmp_path / "export").rglob("*") if one.is_file()]
    for path in paths:
        told = client.get(f"/{path}")
        assert 200 == told.status_code, path
        there = tmp_path / "copy" / path
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(told.content)
    keys = [Verifier.parse(line) for line in (tmp_path / "copy" / "verifiers").read_text().splitlines()]

    assert [(tmp_path / "export" / one).read_bytes() for one in paths] == [
        (tmp_path / "copy" / one).read_bytes() for one in paths
    ]
    verified = verify_offline(tmp_path / "copy", keys, None)
    assert ((), COUNT) == (verified.findings, verified.size)


def test_how_long_a_file_may_be_kept(client: Client) -> None:
    """Hashes and headers for ever, payloads until something is redacted, a checkpoint not at all."""
    kept = [
        client.get(path).headers["cache-control"]
        for path in ("/tile/0/000", "/tile/0/002.p/88", "/tile/entries/001", "/payload/000.jsonl", "/checkpoint")
    ]

    assert [*["public, max-age=31536000, immutable"] * 3, "public, no-cache", "no-store"] == kept


def test_a_part_of_a_tile_is_its_beginning(client: Client) -> None:
    """Whoever saw the log when it was shorter finds the tile of then."""
    whole = client.get("/tile/0/001").content

    assert 256 * 32 == len(whole)
    assert whole[: 17 * 32] == client.get("/tile/0/001.p/17").content


@pytest.mark.parametrize(
    "path",
    ["/tile/0/002", "/tile/0/002.p/89", "/tile/1/000.p/3", "/tile/entries/003", "/payload/002.jsonl", "/tile/5/000"],
)
def test_a_tile_that_is_not_there_yet(client: Client, path: str) -> None:
    """What the log has not reached is 404, for it may come."""
    told = client.get(path)

    assert (404, "no-store") == (told.status_code, told.headers["cache-control"])


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/0",
        "/tile/00/000",
        "/tile/0/x000/000",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/0/000.p/017",
        "/tile/0/000.jsonl",
        "/tile/payload/000",
        "/tile/0/%2e%2e/checkpoint",
        "/payload/000",
        "/tile/0/x001/x001/x001/x001/x001/000",
        "/tile/0/\u0660\u0660\u0660",
    ],
)
def test_what_is_no_tile(client: Client, path: str) -> None:
    """A path that an export would not write is refused: each file has one name."""
    assert client.get(path).status_code in (400, 404)
    assert "no tile" in client.get(path).text or "Not Found" in client.get(path).text


def test_what_is_redacted_is_not_in_a_payload(tmp_path: Path) -> None:
    """The hashes stay as they were, and the content is gone."""
    url = url_of(tmp_path / "chronicle.db")
    with Archive.open(url, now=Clock()) as archive:
        archive.append([an_event("e", summary="nobody must know")], chronicle=CHRONICLE)
    with client_of(url) as client:
        before, hashes = client.get("/payload/000.p/1.jsonl").text, client.get("/tile/0/000.p/1").content
        with Archive.open(url, now=Clock("2026-03-02")) as archive:
            archive.redact("e", reason="asked for")
        after = client.get("/payload/000.p/1.jsonl").text

        assert ("nobody must know" in before, "nobody must know" in after) == (True, False)
        assert hashes == client.get("/tile/0/000.p/1").content


def test_a_token_for_one_chronicle_does_not_open_them(tmp_path: Path) -> None:
    """Tiles are of the whole log."""
    url = url_of(tmp_path / "chronicle.db")
    with Archive.open(url, now=Clock()) as archive:
        archive.append([an_event("e")], chronicle=CHRONICLE)
        text, _ = archive.tokens().create("reader", ["read"], chronicles=[CHRONICLE])
    with client_of(url, "tokens") as client:
        paths = ("/tile/0/000.p/1", "/payload/000.p/1.jsonl", "/checkpoint", "/verifiers")
        told = [client.get(path, headers={"authorization": f"Bearer {text}"}).status_code for path in paths]

    assert [403] * 4 == told
