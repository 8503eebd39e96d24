"""What the tree must never come to hold."""

from __future__ import annotations

import re
from pathlib import Path

import alembic

from tests.project import checkout

ALLOWED_AT_THE_TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "alembic",
    "chronicle",
    "events",
    "pyproject.toml",
    "tests",
}
DRAWERS = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
LOCKFILE = re.compile(r"((uv|poetry|pdm|yarn)\.lock|Pipfile\.lock|package-lock\.json|pylock.*\.toml|pnpm-lock\.yaml)")
LONGEST = 400

FILES = checkout.files()


def modules() -> list[Path]:
    """The Python files of the package."""
    found = [path for path in FILES if path.parts[0] == "chronicle" and path.suffix == ".py"]
    assert found
    return found


def test_top_level_is_the_planned_one() -> None:
    """Nothing lies at the top but the planned entries and dot-entries."""
    top = {path.parts[0] for path in FILES}

    assert set() == {name for name in top - ALLOWED_AT_THE_TOP if not name.startswith(".")}


def test_modules_are_short() -> None:
    """No module is longer than can be read in one sitting."""
    lengths = {str(path): len((checkout.ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {} == {name: length for name, length in lengths.items() if length > LONGEST}


def test_module_names_say_what_is_inside() -> None:
    """No module or folder is a drawer."""
    names = {(str(path), part) for path in modules() for part in (*path.parts[:-1], path.stem)}

    assert [] == sorted(path for path, part in names if part.strip("_") in DRAWERS)


def test_alembic_is_the_library() -> None:
    """The folder alembic/ is no package, so it does not hide the library."""
    assert Path("alembic/__init__.py") not in FILES
    assert not Path(alembic.__file__).is_relative_to(checkout.ROOT / "alembic")


def test_no_lockfiles() -> None:
    """Lockfiles carry addresses; the pins are in .ci/constraints.txt."""
    assert [] == [path for path in FILES if LOCKFILE.fullmatch(path.name)]


def test_text_knows_no_machine() -> None:
    """No file names the folder that this checkout, or the home of whoever runs the tests, happens to lie in."""
    places = "|".join(re.escape(f"{folder}/") for folder in (checkout.ROOT, Path.home()) if folder.name)
    named = re.compile(rf"(?<![\w.:/-])({places})".encode())

    assert [] == [str(path) for path in FILES if named.search((checkout.ROOT / path).read_bytes())]
