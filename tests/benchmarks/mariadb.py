"""A MariaDB of the benchmarks' own, where its programs are installed: in a temporary folder, reached by its socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
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
        import pymysql  # noqa: PLC0415 - of the extra `bench`

        while True:
            try:
                self._connect().close()
            except pymysql.err.OperationalError:
                assert self._process.poll() is None, self._log.read_text(errors="replace")
                os.sched_yield()
            else:
                return

    def _connect(self) -> Any:
        import pymysql  # noqa: PLC0415 - as above

        return pymysql.connect(unix_socket=str(self._socket), user="root", autocommit=True)


@contextmanager
def a_server() -> Iterator[Server]:
    """A new server, for as long as the context lasts."""
    # A short path: that of a socket may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="chronicle-", dir="/tmp"))
    try:
        as_other: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:  # the server refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            as_other |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        log = folder / "log"
        with log.open("ab") as told:
            as_other |= {"stdout": told, "stderr": told}
            make = ["mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", "--skip-test-db"]
            made = subprocess.run(
                [*make, "--auth-root-authentication-method=normal"],
                check=False,
                **as_other,
            )
            assert made.returncode == 0, log.read_text(errors="replace")
            where = [f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"]
            process = subprocess.Popen(["mariadbd", "--no-defaults", "--skip-networking", *where], **as_other)
        try:
            server = Server(folder, process)
            server.await_sessions()
            yield server
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)
