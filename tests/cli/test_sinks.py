"""`chronicle sinks …`, as its operator uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import chronicle
from tests.feed.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint."""
    with receiving() as one:
        yield one


def added(archive: Path, receiver: Receiver, *more: str) -> str:
    """A sink `desk`; its secret."""
    run = chronicle(archive, "sinks", "add", "desk", receiver.url, "--allow", "127.0.0.0/8", *more, "--json")
    assert (0, b"") == (run.returncode, run.stderr)
    return str(json.loads(run.stdout)["secret"])


def test_a_sink_from_its_beginning_to_its_end(archive: Path, receiver: Receiver) -> None:
    """It is put down, run, looked at and removed."""
    assert added(archive, receiver, "--type", "statistic").startswith("whsec_")
    behind = json.loads(chronicle(archive, "sinks", "lag", "--json").stdout)["sinks"][0]
    assert behind["head"] == behind["behind"] > 0

    run = chronicle(archive, "sinks", "run")
    assert (0, b"") == (run.returncode, run.stderr)
    assert receiver.positions == sorted(set(receiver.positions))
    assert len(receiver.positions) > 0

    after = json.loads(chronicle(archive, "sinks", "lag", "desk", "--json").stdout)["sinks"][0]
    assert (0, len(receiver.positions)) == (after["behind"], after["delivered"])
    assert 0 == chronicle(archive, "sinks", "remove", "desk").returncode
    assert b"there are no sinks" in chronicle(archive, "sinks", "list").stdout


def test_a_failure_is_told(archive: Path, receiver: Receiver) -> None:
    """What failed, and when it is tried again; the exit code says that something did."""
    added(archive, receiver)
    receiver.answers = [(503, {}, b"")]

    run = chronicle(archive, "sinks", "run", "desk")
    assert 1 == run.returncode
    assert b"answered 503 Service Unavailable" in run.stdout


def test_a_secret_is_not_shown_again(archive: Path, receiver: Receiver) -> None:
    """Only whoever adds or rotates sees it."""
    secret = added(archive, receiver).encode()
    shown = [chronicle(archive, "sinks", *words).stdout for words in (["list", "--json"], ["lag", "--json"], ["list"])]

    assert not any(secret in text for text in shown)
    rotated = chronicle(archive, "sinks", "rotate", "desk", "--overlap", "1").stdout
    assert b"whsec_" in rotated
    assert secret not in rotated


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "desk", "https://example.org/", "--from", "2025-13"], 2, b"no month 13"),
        (["add", "desk", "https://example.org/", "--allow", "10.0.0.1/8"], 2, b"expected a network"),
        (["add", "desk", "http://192.168.1.1/hook"], 2, b"192.168.1.1 is not a public address"),
        (["add", "desk", "http://[::ffff:10.0.0.1]/"], 2, b"is not a public address"),
        (["add", "Desk", "https://example.org/"], 2, b"is named with"),
        (["add", "desk", "https://example.org/", "--after", "1000"], 2, b"1000"),
        (["run", "desk"], 2, b"there is no sink"),
        (["run", "desk", "--follow"], 2, b"runs all sinks"),
        (["replay", "desk"], 2, b"there is no sink"),
    ],
)
def test_what_cannot_be_done(archive: Path, words: list[str], code: int, said: bytes) -> None:
    """It says why."""
    run = chronicle(archive, "sinks", *words)

    assert (code, True) == (run.returncode, said in run.stderr), run.stderr
