"""A PostgreSQL server that is killed while it appends, and comes back, or whose standby takes its place."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from chronicle.errors import StoreError
from chronicle.service import Archive
from tests.builders import CHRONICLE, an_entity
from tests.postgresql import DURABLE, Server
from tests.project.checkout import ROOT

SYNCHRONOUS = "-c synchronous_standby_names=standby -c synchronous_commit=on"
ASYNCHRONOUS = "-c synchronous_commit=on"

WRITER = """
import sys
from chronicle.errors import StoreError
from chronicle.service import Archive
number = 0
with Archive.open(sys.argv[1], create=False) as archive:
    try:
        while True:
            entity = {"kind": "entity", "id": f"{sys.argv[2]}-{number}", "label": "x"}
            print(number, archive.append([entity], chronicle="c", key=f"{sys.argv[2]}-{number}").position, flush=True)
            number += 1
    except StoreError as error:
        print(error, file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many appends were acknowledged, how many of them are there afterwards, and what the archive says of it."""

    acknowledged: int
    there: int
    says: str


def append_until(url: str, name: str, acknowledged: int, then: Callable[[], None]) -> list[int]:
    """Append until so many are acknowledged, then let something happen to the server; the positions acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    positions = []
    happening = threading.Thread(target=then)
    for line in process.stdout:
        positions.append(int(line.split()[1]))
        if len(positions) == acknowledged:
            happening.start()
    happening.join()
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert said, "the writer ended though the server was never gone"
    return positions


def restarted(server: Server, rounds: int, each: int) -> Outcome:
    """Kill a server and start it again, so many times; whoever appended goes on with what it had not been told of."""
    url, total = server.archive(), 0
    for number in range(rounds):
        positions = append_until(url, f"round{number}", each, server.kill)
        server.start()
        total += len(positions)
        with Archive.open(url, create=False) as archive:
            there = {one.position for one in archive.follow(wait=False)}
            assert set(positions) <= there, f"lost {sorted(set(positions) - there)}"
            key = f"round{number}-{len(positions)}"
            the_same = {"kind": "entity", "id": key, "label": "x"}
            again = archive.append([the_same], chronicle=CHRONICLE, key=key)
            assert ["new"] == [one.outcome for one in again.receipts]
            assert () == archive.verify().findings
            total += 1
            assert archive.position() == total
    return Outcome(total, total, "sound")


def failed_over(*, synchronous: bool, acknowledged: int) -> Outcome:
    """Kill a primary in the midst of appends and promote its standby.

    The asynchronous one is held back, so that it lacks the last appends for certain.
    """
    primary = Server(f"{DURABLE} {SYNCHRONOUS if synchronous else ASYNCHRONOUS}")
    standby = Server(DURABLE)
    try:
        primary.initialise()
        primary.start()
        with primary.connect() as connection:  # nothing waits for a standby that is not there yet
            connection.execute("SET synchronous_commit = local")
            connection.execute("CREATE DATABASE an_archive")
        local = f"{primary.url('an_archive')}&options=-csynchronous_commit%3Dlocal"
        Archive.open(local).close()
        standby.copy_of(primary)
        standby.start()
        url = primary.url("an_archive")
        if not synchronous:
            with psycopg.connect(standby.url("postgres"), autocommit=True) as behind:
                append_until_held(primary, url, behind, acknowledged)
                positions = append_until(url, "lost", acknowledged, primary.kill)
        else:
            positions = append_until(url, "kept", acknowledged, primary.kill)
        standby.promote()
        return _after(standby.url("an_archive"), positions)
    finally:
        for server in (standby, primary):
            server.stop()
            server.remove()


def append_until_held(primary: Server, url: str, behind: psycopg.Connection[Any], acknowledged: int) -> None:
    """Append something that the standby gets, then stop it from getting more."""
    with Archive.open(url, create=False) as archive:
        for number in range(acknowledged):
            archive.append([an_entity(f"before-{number}")], chronicle=CHRONICLE)
    with primary.connect() as connection:
        [end] = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or [None]
    while not (behind.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [end]).fetchone() or [False])[0]:
        pass
    behind.execute("ALTER SYSTEM SET primary_conninfo = ''")
    behind.execute("SELECT pg_reload_conf()")
    while behind.execute("SELECT 1 FROM pg_stat_wal_receiver").fetchone() is not None:
        pass


def _after(url: str, positions: list[int]) -> Outcome:
    """What a promoted standby has of what was acknowledged, and whether that is noticed."""
    with Archive.open(url, create=False) as archive:
        there = {one.position for one in archive.follow(wait=False)} & set(positions)
        findings = archive.verify().findings
        if len(there) == len(positions):
            assert () == findings
            archive.append([an_entity("after")], chronicle=CHRONICLE)
            return Outcome(len(positions), len(there), "sound")
        try:
            archive.append([an_entity("after")], chronicle=CHRONICLE)
        except StoreError as error:
            assert ["shrunk"] == [one.kind for one in findings]
            archive.new_epoch()
            archive.append([an_entity("after")], chronicle=CHRONICLE)
            assert () == archive.verify().findings
            return Outcome(len(positions), len(there), str(error))
    raise AssertionError("records were lost, and nothing noticed")
