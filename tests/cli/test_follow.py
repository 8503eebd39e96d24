"""`chronicle follow` of a server's log, printed and taken over."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.cli.shell import COMMAND, chronicle, environment
from tests.web.server import Running, running


@pytest.fixture
def server(archive: Path, tmp_path: Path) -> Iterator[Running]:
    """A server of the archive."""
    with running(url_of(archive), tmp_path / "log") as started:
        yield started


@pytest.fixture
def replica(tmp_path: Path) -> Path:
    """Where a replica is to be."""
    return tmp_path / "replica.db"


def test_a_servers_log_is_printed_as_ours(archive: Path, server: Running) -> None:
    """Text and JSON are the same, whether the log is here or elsewhere."""
    for more in ([], ["--json"]):
        ours = chronicle(archive, "follow", "--no-wait", "--after", "40", *more)
        theirs = chronicle(archive, "follow", "--no-wait", "--after", "40", "--url", server.base, *more)
        assert (0, b"") == (theirs.returncode, theirs.stderr)
        assert ours.stdout.splitlines() == theirs.stdout.splitlines()


def test_a_log_is_taken_over_and_goes_on(archive: Path, server: Running, replica: Path) -> None:
    """Tables are made, say where they are, and are brought along by the next run; questions are answered there too."""
    take = ("follow", "--url", server.base, "--into", url_of(replica), "--no-wait", "--projection", "event_counts")
    first = chronicle(archive, *take)
    with Archive.open(url_of(archive)) as ours:
        ours.append([an_event("later", occurred="2020")], chronicle="azerbaijan-us")
        head = ours.position()
    second = chronicle(archive, *take, "--json")

    assert (0, f"event_counts: generation 1 at position {head - 1}\n".encode()) == (first.returncode, first.stdout)
    assert (0, head, 0) == (second.returncode, *(json.loads(second.stdout)[name] for name in ("position", "behind")))
    asked = ("state", "--as-of", "2026-03-01", "--position", str(head), "--json")
    assert chronicle(archive, *asked).stdout == chronicle(replica, *asked).stdout


def test_a_follower_that_waits_takes_what_comes_until_it_is_stopped(
    archive: Path, server: Running, replica: Path
) -> None:
    """It says how its table stands whenever something was taken, and ends with success when it is told to stop."""
    command = [*COMMAND, "follow", "--url", server.base, "--into", url_of(replica), "--projection", "event_counts"]
    with (
        subprocess.Popen(command, env=environment(archive), stdout=subprocess.PIPE, text=True) as process,
        Archive.open(url_of(archive)) as ours,
    ):
        assert process.stdout is not None
        seen = [process.stdout.readline()]
        ours.append([an_event("later")], chronicle="azerbaijan-us")
        seen.append(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)

    assert (0, 2) == (code, len(set(seen)))
    assert f"at position {ours_head(archive)}" in seen[1]


def ours_head(archive: Path) -> int:
    """Where the log ends."""
    with Archive.open(url_of(archive)) as ours:
        return ours.position()


def test_the_archive_itself_is_not_taken_over(archive: Path, server: Running) -> None:
    """A log that is another than that of the database is a conflict, which exits with 1."""
    run = chronicle(archive, "follow", "--url", server.base, "--into", url_of(archive), "--no-wait")

    assert (1, True) == (run.returncode, b"no replica of it" in run.stderr)


@pytest.mark.parametrize(
    "options",
    [
        ["--into", "sqlite:///x.db"],
        ["--into", "sqlite:///x.db", "--url", "http://127.0.0.1:1", "--after", "3"],
        ["--projection", "event_counts"],
        ["--url", "http://127.0.0.1:1", "--into", "sqlite:///x.db", "--verifier", "no key"],
        ["--url", "ftp://127.0.0.1"],
        ["--url", "http://127.0.0.1:1", "--into", "sqlite:///x.db", "--projection", "nothing_of_the_kind"],
    ],
)
def test_options_that_make_no_sense_are_usage_errors(archive: Path, options: list[str]) -> None:
    """What cannot go together exits with 2 before anything is made."""
    assert 2 == chronicle(archive, "follow", "--no-wait", *options).returncode


def test_a_token_comes_from_the_environment(archive: Path, tmp_path: Path) -> None:
    """A server that asks for a token gets the one of CHRONICLE_TOKEN; without it that is an error of the data."""
    with Archive.open(url_of(archive)) as ours:
        token, _ = ours.tokens().create("follower", ["read"])
    with running(url_of(archive), tmp_path / "log", "--access", "tokens") as server:
        asked = ("follow", "--url", server.base, "--no-wait", "--after", "60")
        assert 1 == chronicle(archive, *asked).returncode
        assert 0 == chronicle(archive, *asked, CHRONICLE_TOKEN=token).returncode


def test_a_server_is_asked_for_what_is_wanted(archive: Path, server: Running) -> None:
    """The same options narrow both logs, and what is taken over is not narrowed."""
    asked = ("follow", "--no-wait", "--json", "--type", "statistic", "--from", "2025-06", "--entity", "usa")
    ours, theirs = chronicle(archive, *asked), chronicle(archive, *asked, "--url", server.base)

    assert (0, True) == (theirs.returncode, len(ours.stdout) > 0)
    assert ours.stdout == theirs.stdout
    assert 2 == chronicle(archive, "follow", "--url", server.base, "--into", "sqlite:///x.db", "--tag", "t").returncode
