"""How tests run `chronicle`: in a process of its own, as a shell does."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.cli.forked import Forge
from tests.project.checkout import ROOT

EVENTS = str(ROOT / "events" / "azerbaijan-us")
COMMAND = (sys.executable, "-m", "chronicle")


def environment(archive: Path, **more: str) -> dict[str, str]:
    """The environment in which commands use an archive."""
    return {**os.environ, "CHRONICLE_DB": f"sqlite:///{archive}", "CHRONICLE_RECORDED_BY": "tester", **more}


def chronicle(archive: Path, *arguments: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run one command; `more` is added to its environment. A variable of the interpreter takes a new interpreter."""
    variables = environment(archive, **more)
    if any(name.startswith(("PYTHON", "LC_", "LANG")) for name in more):
        return subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, env=variables, check=False)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        code = _forge().run(arguments, variables, [stream.fileno() for stream in (given, out, errors)])
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess([*COMMAND, *arguments], code, out.read(), errors.read())


@cache
def _forge() -> Forge:
    return Forge()


def digest(archive: Path) -> str:
    """All rows of all tables, hashed."""
    total = hashlib.sha256()
    connection = sqlite3.connect(archive)
    for table in ("head", "record", "payload", "version", "report", "citation", "fact"):
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names stand above
            total.update(repr(row).encode())
    connection.close()
    return total.hexdigest()
