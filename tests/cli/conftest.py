"""An archive with the curated chronicle; loaded once, then copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import EVENTS, chronicle


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that no test writes to."""
    path = tmp_path_factory.mktemp("loaded") / "chronicle.db"
    assert 0 == chronicle(path, "load", EVENTS).returncode
    return path


@pytest.fixture
def archive(loaded: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may write to."""
    return Path(shutil.copy(loaded, tmp_path / "an archive.db"))
