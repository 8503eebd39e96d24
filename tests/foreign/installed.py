"""Other people's programs, where `make test-foreign` put them. What is missing is an error, never a skip."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

MODULES = Path(__file__).parents[2] / ".foreign" / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """The browser of the system."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found is not None, "there is no Chromium: on Debian, apt-get install chromium"
    return found


def axe() -> str:
    """axe-core, the accessibility checker of Deque, as a script."""
    return _module("axe-core/axe.min.js").read_text(encoding="utf-8")


def checker() -> Path:
    """The Nu HTML checker, a Java archive."""
    return _module("vnu-jar/build/dist/vnu.jar")


def node() -> str:
    """Node, which came with npm as a wheel."""
    found = shutil.which("node", path=str(Path(sys.executable).parent))
    assert found is not None, "there is no Node: run make test-foreign"
    return found


def placed(script: Path) -> Path:
    """A script of ours, copied to where it finds the modules that it asks for."""
    return Path(shutil.copy(script, MODULES.parent))


def _module(path: str) -> Path:
    found = MODULES / path
    assert found.is_file(), f"{found} is missing: run make test-foreign"
    return found
