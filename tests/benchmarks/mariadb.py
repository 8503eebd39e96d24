"""A MariaDB of the benchmarks' own, where its programs are installed: in a temporary folder, reached by its socket."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

PROGRAMS = ("mariadb-install-db", "mariadbd")


def missing() -> str | None:
    """What is not there that a server needs; None if all is."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            return f"there is no {program} on the path"
    return None if find_spec("pymysql") else "its driver is not installed (extra bench)"


class Server:
    """A running server, with its settings as they come: each commit is durable."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._socket = folder / "socket"
        self._log = folder / "log"
        self._process = process
        self._numbers = count(1)

    def database(self) -> Any:
        """A connection to a new database, each statement a transaction, in UTC; text is compared byte by byte."""
        connection = self._connect()
        with connection.cursor() as cursor:
            name = f"bench_{next(self._numbers)}"
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
            cursor.execute("SET time_zone = '+00:00'")
        connection.select_db(name)
        return connection

    def await_sessions(self) -> None:
        """Wait until it can be connected to."""
        while True:
            with socket.socket(socket.AF_UNIX) as here:  # of the driver's own attempts, those that fail stay open
                try:
                    here.connect(str(self._socket))
                except OSError:
                    assert self._process.poll() is None, self._log.read_text(errors="replace")
                    os.sched_yield()
                else:
                    return

    def _connect(self) -> Any:
        import pymysql  # noqa: PLC0415 - of the extra `bench`

        return pymysql.connect(unix_socket=str(self._socket), user="root", autocommit=True)


class Events:
    """A system-versioned table of events by id, of which each correction leaves the row that was there before."""

    def __init__(self, server: Server) -> None:
        self._connection = server.database()
        self._cursor = self._connection.cursor()
        self._cursor.execute("CREATE TABLE event (id VARCHAR(250) PRIMARY KEY, state TEXT) WITH SYSTEM VERSIONING")

    def put(self, rows: Sequence[tuple[str, str]]) -> None:
        """Insert rows, or say otherwise what is there, in one statement and transaction."""
        self._cursor.executemany(
            "INSERT INTO event (id, state) VALUES (%s, %s) ON DUPLICATE KEY UPDATE state = VALUES(state)", rows
        )

    def count(self) -> int:
        """How many events there are now."""
        self._cursor.execute("SELECT count(*) FROM event")
        return int(self._cursor.fetchone()[0])

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


@contextmanager
def a_server() -> Iterator[Server]:
    """A new server, for as long as the context lasts."""
    # A short path: that of a socket may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="chronicle-", dir="/tmp"))
    make, serve = (str(shutil.which(program)) for program in PROGRAMS)
    data = f"--datadir={folder / 'data'}"
    as_other: dict[str, Any] = {"cwd": folder, "stderr": subprocess.STDOUT}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_other |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        with (folder / "log").open("ab") as log:
            as_root = ["--auth-root-authentication-method=normal", "--skip-test-db"]
            made = subprocess.run([make, "--no-defaults", data, *as_root], check=False, stdout=log, **as_other)
            assert made.returncode == 0, (folder / "log").read_text(errors="replace")
            own = ["--skip-networking", f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"]
            process = subprocess.Popen([serve, "--no-defaults", data, *own], stdout=log, **as_other)
        try:
            server = Server(folder, process)
            server.await_sessions()
            yield server
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)
