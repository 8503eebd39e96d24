"""`chronicle serve` and `chronicle tokens`."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from tests.cli.shell import chronicle
from tests.web.server import running

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must be refused


def test_a_server_answers_and_ends(archive: Path, tmp_path: Path) -> None:
    """It says where it is, answers there, and ends with 0 when it is told to."""
    with running(f"sqlite:///{archive}", tmp_path / "log") as server:
        with urllib.request.urlopen(f"{server.base}/api/state?as_of=2025") as answer:  # noqa: S310 - our own server
            assert json.load(answer)["facts"]
        assert server.log.read_text().startswith(f"{server.base} serves position 68, access open; ")
        assert 0 == server.stop()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", EVERYWHERE], b"there is no token yet"),
        (["--host", EVERYWHERE, "--access", "open"], b"open is for a loopback address"),
        (["--access", "tokens"], b"there is no token yet"),
        (["--port", "70000"], b"65535"),
    ],
)
def test_what_is_not_safe_is_refused(archive: Path, words: list[str], said: bytes) -> None:
    """It does not listen where others could come in."""
    run = chronicle(archive, "serve", *words)

    assert (2, True) == (run.returncode, said in run.stderr), run.stderr


def test_a_token_from_its_beginning_to_its_end(archive: Path) -> None:
    """It is made, shown once, listed without its secret, and revoked."""
    run = chronicle(archive, "tokens", "create", "desk", "--scope", "read", "--days", "90")
    text = run.stdout.decode().strip()
    assert (0, True) == (run.returncode, text.startswith("chr_"))

    [listed] = json.loads(chronicle(archive, "tokens", "list", "--json").stdout)["tokens"]
    assert (["read"], "desk") == (listed["scopes"], listed["name"])
    assert text.split("_", 2)[2].encode() not in chronicle(archive, "tokens", "list").stdout
    assert 0 == chronicle(archive, "tokens", "revoke", listed["id"]).returncode
    assert b"revoked" in chronicle(archive, "tokens", "list").stdout
    assert 2 == chronicle(archive, "tokens", "revoke", "nobody").returncode
