"""What `doctor` asks of a database about itself, and of the disk that a file lies on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from chronicle.event.condition import Condition

WITHOUT_WAL_RESET = (3, 51, 3)
"""The first SQLite without the fault by which two writers could damage the write-ahead log."""

NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3"}
)


def conditions(writer: Engine) -> Iterator[Condition]:
    """How the database itself is set up."""
    with writer.connect() as connection:
        yield from (_sqlite_conditions if writer.dialect.name == "sqlite" else _postgresql_conditions)(connection)


def _sqlite_conditions(connection: Connection) -> Iterator[Condition]:
    version = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < WITHOUT_WAL_RESET:
        message = f"{version} can damage a file that two connections write at one moment (mended in 3.51.3): upgrade it"
        yield Condition("version", "warning", f"{message}, or let one process write")
    else:
        yield Condition("version", "ok", version)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1}
    file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    if not file:
        wanted["journal_mode"] = "memory"
    there = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    wrong = ", ".join(f"{name} is {there[name]}" for name in wanted if there[name] != wanted[name])
    yield Condition("settings", "bad" if wrong else "ok", wrong or "write-ahead log, synchronous=FULL")
    if not file:
        return
    kind = _file_system(Path(file))
    if kind in NETWORK_FILE_SYSTEMS:
        message = f"{file} lies on {kind}: SQLite can lose data there. Use a local disk, or PostgreSQL"
        yield Condition("file system", "bad", message)
    else:
        yield Condition("file system", "ok", kind or "unknown")
    free, size = shutil.disk_usage(Path(file).parent).free, Path(file).stat().st_size
    told = f"{free // 2**20} MiB free, the archive has {size / 2**20:.1f} MiB"
    enough = free > max(2 * size, 64 * 2**20)
    yield Condition("disk space", "ok" if enough else "warning", told + ("" if enough else ": make room"))


def _postgresql_conditions(connection: Connection) -> Iterator[Condition]:
    def setting(name: str) -> str:
        return str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())

    yield Condition("version", "ok", f"PostgreSQL {setting('server_version')}")
    wrong = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if setting(name) == "off"]
    message = f"{', '.join(wrong)} off: what is acknowledged can be lost" if wrong else "durable commits"
    yield Condition("settings", "bad" if wrong else "ok", message)
    isolation = setting("transaction_isolation")
    yield Condition("isolation", "ok" if isolation == "read committed" else "bad", isolation)
    size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    yield Condition("disk space", "ok", f"the database has {size / 2**20:.1f} MiB; the server knows its disk")


def _file_system(path: Path) -> str:
    """The kind of file system that a path lies on, where Linux tells; else nothing."""
    mounts = Path("/proc/self/mounts")
    if not mounts.is_file():
        return ""
    place, found = path.resolve(), ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, mounted, kind, *_ = line.split(" ")
        at = mounted.encode().decode("unicode_escape")
        if place.is_relative_to(at) and len(at) >= len(found[0]):
            found = (at, kind)
    return found[1]
