"""What holds for all tests: settings of Hypothesis, a clean environment, and which folders wait to be named."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from chronicle.event.upcast import LIFTS, RELEASED
from tests.benchmarks import places
from tests.benchmarks.places import Place, Postgresql
from tests.builders import IN_MEMORY, url_of
from tests.postgresql import Server, a_server

TESTS = Path(__file__).parent
FOR_TESTS = ("CHRONICLE_BENCH_ARCHIVE", "CHRONICLE_BENCH_EVENTS", "CHRONICLE_DATA", "CHRONICLE_TEST_POSTGRESQL")
ONLY_WHEN_NAMED = ("benchmarks", "data_full", "foreign")

# Nothing is written into the tree, and what failed once is kept as an @example, not in a database of one machine.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "chronicle-hypothesis")

# `default` finds the same on every machine; `long` looks further: pytest --hypothesis-profile=long
settings.register_profile("default", database=None, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "long",
    database=None,
    deadline=None,
    derandomize=False,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("default")

# Whoever runs the tests may have an archive, a zone and a terminal of their own.
for name in [name for name in os.environ if name.startswith("CHRONICLE_") and name not in FOR_TESTS]:
    del os.environ[name]
for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
    os.environ.pop(name, None)
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="chronicle-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"])
os.environ.update(NO_COLOR="1", TERM="dumb", COLUMNS="100")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect the slow and the foreign only where they are named on the command line."""
    for name in ONLY_WHEN_NAMED:
        folder = TESTS / name
        if collection_path == folder:
            named = [Path(config.invocation_params.dir, argument.split("::")[0]).resolve() for argument in config.args]
            return not any(path == folder or folder in path.parents for path in named)
    return None


@pytest.fixture(autouse=True)
def _unregistered() -> Iterator[None]:
    """No test leaves a lift of an event behind, with which others would be told otherwise."""
    yield
    LIFTS.clear()
    RELEASED.clear()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL of this process's own, with an archive that new ones are copied from."""
    with a_server() as server:
        server.prepare()
        yield server


@pytest.fixture(params=["memory", "file", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new archive, on every backend there is: what holds for one holds for the others."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.archive()
    return IN_MEMORY if request.param == "memory" else url_of(tmp_path / "chronicle.db")


@pytest.fixture(params=["file", "postgresql"])
def url_on_disk(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same for the backends that others can reach too, and that keep checkpoints."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.archive()
    return url_of(tmp_path / "chronicle.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Where benchmarks keep their databases."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        yield Postgresql(server)
    else:
        with places.sqlite() as place:
            yield place
