"""The checkout that is under test, seen from outside the package."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The top folder of the checkout."""


def files() -> list[Path]:
    """All files that belong to the project, relative to the top, sorted: git's where it knows, else those found."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - any git will do
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode == 0 and listed.stdout:
        found = {Path(name) for name in listed.stdout.split("\0") if name}
    else:
        found = {path.relative_to(ROOT) for path in ROOT.rglob("*") if not _made(path.relative_to(ROOT))}
    return sorted(path for path in found if (ROOT / path).is_file())


def _made(path: Path) -> bool:
    """Whether `path` was made by tools: without git there is nobody to ask."""
    return any(part == "__pycache__" or part.endswith(("_cache", ".egg-info")) for part in path.parts) or (
        path.parts[0] in {".git", ".venv", ".demo", ".hypothesis", "build", "dist"}
    )
