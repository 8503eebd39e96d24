from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import url_of
from tests.project.checkout import ROOT


@pytest.mark.parametrize("backend", ["file", "postgresql"])
def test_a_replica_outlives_its_own_end_and_that_of_the_server(
    request: pytest.FixtureRequest, tmp_path: Path, backend: str
) -> None:
    """Wherever a follower or its server is killed, a replica begins as the log does, and ends with equal tables."""
    target = url_of(tmp_path / "replica.db")
    if backend == "postgresql":
        target = request.getfixturevalue("postgresql").database()
    command = [sys.executable, "-m", "tests.faults.replicas", str(tmp_path), target, "6", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 rounds, ")
