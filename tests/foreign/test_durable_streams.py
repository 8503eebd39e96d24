"""The log read by the Durable Streams Protocol 1.0: the conformance suite and the client of its authors.

Of the 338 tests of suite 0.3.6 the 110 run that read. They pass, all of them, against the handlers that serve the log
(`scratch` tells how the streams of the suite are filled). Not run, because the log has no such thing:

- writing: Basic Stream Operations, Append Operations, Case-Insensitivity, Content-Type Validation, those of HTTP
  Protocol and Protocol Edge Cases about PUT, POST, DELETE and Stream-Seq, four of the property-based ones about
  Stream-Seq, and Idempotent Producer Operations: records are appended by POST /api/append;
- streams that end or go away: TTL and Expiry (three groups), HEAD Metadata Edge Cases, and Stream Closure;
- forks (nine groups), and Reserved subscription APIs, which the suite leaves out unless asked;
- SSE of binary streams in base64 (ten tests): a record is JSON;
- one CORS preflight: no page of another site may read the log.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import CHRONICLE, an_event, url_of
from tests.foreign import installed
from tests.foreign.scratch import POLL
from tests.web.server import HOST, running

HERE = Path(__file__).parent

GROUPS = {
    "Read Operations": 3,
    "Long-Poll Operations": 2,
    "HTTP Protocol": 3,
    "Browser Security Headers": 9,
    "HEAD Metadata": 3,
    "Offset Validation and Resumability": 20,
    "Protocol Edge Cases": 6,
    "Long-Poll Edge Cases": 5,
    "Caching and ETag": 4,
    "Chunking and Large Payloads": 2,
    "Read-Your-Writes Consistency": 3,
    "SSE Mode": 21,
    "JSON Mode": 16,
    "Property-Based Tests (fast-check)": 13,
}
"""Of each group that is run, how many tests."""

WHOLE = (
    "Read Operations|Long-Poll Operations|Browser Security Headers|HEAD Metadata s|Offset Validation and Resumability|"
    "Long-Poll Edge Cases|Chunking and Large Payloads|Read-Your-Writes Consistency|JSON Mode"
)
RUN = (
    f"^(({WHOLE})"
    "|HTTP Protocol should (return correct headers on GET|return empty body|read from offset)"
    "|Protocol Edge Cases should (preserve|generate|reject empty offset|reject multiple|handle binary|ignore unknown)"
    "|Caching and ETag (?!.*preflight)"
    "|SSE Mode (?!.*(base64|binary streams))"
    "|Property-Based Tests \\(fast-check\\) (?!.*(seq values|sequence numbers)))"
)
"""The names of the tests that are run."""


@contextmanager
def scratch(folder: Path) -> Iterator[str]:
    """A server of streams that are made over HTTP; where it is."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--factory", "--host", HOST]
    command += ["--port", str(port), "tests.foreign.scratch:create"]
    environment = {**os.environ, "CHRONICLE_DB": url_of(folder / "chronicle.db"), "PYTHONPATH": str(HERE.parents[1])}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stderr=log, stdout=log) as server,
    ):
        try:
            until = time.monotonic() + 60
            while not _answers(port):
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What became of each test that was run."""
    folder = tmp_path_factory.mktemp("streams")
    suite = installed.placed(HERE / "durable_streams.test.js")
    command = [installed.node(), str(installed.MODULES / "vitest" / "vitest.mjs"), "run", suite.name, "-t", RUN]
    command += ["--reporter=json", f"--outputFile={folder / 'results.json'}"]
    with scratch(folder) as address:
        environment = {**os.environ, "STREAMS_URL": address, "STREAMS_POLL_MS": str(int(POLL * 1000))}
        ended = subprocess.run(
            command, cwd=suite.parent, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
    assert (folder / "results.json").is_file(), ended.stderr
    told = json.loads((folder / "results.json").read_text())
    return [one for file in told["testResults"] for one in file["assertionResults"] if one["status"] != "skipped"]


def test_the_suite_of_the_authors(results: list[dict[str, Any]]) -> None:
    """Every test that reads passes, and as many were run as are named above."""
    failed = [(one["fullName"], one["failureMessages"]) for one in results if one["status"] != "passed"]
    counts = {name: sum(one["ancestorTitles"][0] == name for one in results) for name in GROUPS}

    assert [] == failed
    assert GROUPS == counts
    assert len(results) == sum(GROUPS.values())


@pytest.mark.parametrize("mode", ["catch-up", "long-poll", "sse"])
@pytest.mark.parametrize("path", ["/api/stream", f"/api/stream/{CHRONICLE}", "/api/stream?type=any"])
def test_the_client_of_the_authors(tmp_path: Path, path: str, mode: str) -> None:
    """It follows the log to its end, over more than one page, and is sent what is appended then."""
    url, count = url_of(tmp_path / "chronicle.db"), 1_200
    with Archive.open(url) as archive:
        archive.append([an_event(f"e{number}") for number in range(count)], chronicle=CHRONICLE)
    script = installed.placed(HERE / "follow_stream.mjs")
    with running(url, tmp_path / "log") as server:
        command = [installed.node(), str(script), f"{server.base}{path}", mode]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
            assert client.stdout is not None
            try:
                positions = [int(client.stdout.readline()) for _ in range(count)]
                if mode == "catch-up":
                    assert client.stdout.read() == ""
                else:
                    with Archive.open(url) as archive:
                        archive.append([an_event("late")], chronicle=CHRONICLE)
                    positions.append(int(client.stdout.readline()))
            finally:
                client.terminate()

    assert list(range(1, count + (2 if mode != "catch-up" else 1))) == positions
