"""Folders to the files in them that hold documents."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from chronicle.files.content import LINK

YAML = (".yaml", ".yml")
LINES = (".jsonl", ".ndjson")
DEEPEST_FOLDER = 32

Tell = Callable[[str, str, str], None]
"""Takes a path, and the code and message of what is wrong with it."""


def folders(path: str, tell: Tell) -> Iterator[tuple[str, list[str]]]:
    """Every folder at or below a path with the names of its files, both sorted; symbolic links are refused.

    Hidden files and folders and files of other suffixes are passed over.
    """

    def unread(error: OSError) -> None:
        tell(str(error.filename), "file", f"cannot be read: {error.strerror}")

    outermost = path.count(os.sep)
    for folder, below, names in os.walk(path, onerror=unread):
        below[:] = sorted(name for name in below if not name.startswith("."))
        links = [name for name in below if refuse_link(os.path.join(folder, name), tell)]
        below[:] = [name for name in below if name not in links]
        if below and folder.count(os.sep) - outermost >= DEEPEST_FOLDER:
            tell(folder, "file", f"has folders more than {DEEPEST_FOLDER} deep, which are not read: name them")
            below.clear()
        wanted = sorted(name for name in names if is_wanted(name))
        yield folder, [name for name in wanted if not refuse_link(os.path.join(folder, name), tell)]


def is_wanted(name: str) -> bool:
    """A file of this name is read where its folder is."""
    return name.endswith(YAML + LINES) and not name.startswith(".")


def refuse_link(path: str, tell: Tell) -> bool:
    """Whether a path is a symbolic link, which is told."""
    if not os.path.islink(path):
        return False
    tell(path, "link", LINK)
    return True
