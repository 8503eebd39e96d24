# ruff: noqa: SLF001 - engines are listened to from within
"""Replicas over HTTP under kills, of the follower and of the server.

`python -m tests.faults.replicas FOLDER TARGET ROUNDS SEED`: in each round records are appended, and a process that
takes the log of a real server over and runs tables of it kills itself (SIGKILL) at a statement drawn from the seed; in
some rounds it is the server that is killed, before requests that are drawn. After each round the replica must be a
beginning of the log, and after the last its tables must be those that are made at the origin.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import event, text

from chronicle import Archive
from chronicle.client import Client
from chronicle.making import LEASE
from chronicle.proof.evidence import Consistency, Entries
from chronicle.replicating import replica_at
from chronicle.store import replica as replicas
from tests.builders import CHRONICLE, Clock, url_of
from tests.faults.projections import Told, documents_of
from tests.web.server import Running, running

MOST_POINTS = 500
"""About as many statements as a process of a round makes."""


class Restarted:
    """A server that is killed before some of the requests of a client, and started again."""

    def __init__(self, url: str, folder: Path, stack: ExitStack) -> None:
        self._url = url
        self._folder = folder
        self._stack = stack
        self.kills = 0
        self.server = self._started()

    def kill(self) -> None:
        """Kill it with all its processes, and start another."""
        children = Path(f"/proc/{self.server.process.pid}/task/{self.server.process.pid}/children").read_text()
        self.server.process.kill()
        for child in map(int, children.split()):
            os.kill(child, signal.SIGKILL)
        self.server.process.wait()
        self.kills += 1
        self.server = self._started()

    def _started(self) -> Running:
        return self._stack.enter_context(running(self._url, self._folder / f"log-{self.kills}"))


class Asking:
    """An origin whose server is killed before the requests of some numbers."""

    def __init__(self, restarted: Restarted, numbers: set[int]) -> None:
        self._restarted = restarted
        self._numbers = numbers
        self._asked = 0

    def entries(self, after: int | str, most: int) -> Entries:
        """The records of whatever server runs."""
        with self._client() as client:
            return client.entries(after, most)

    def prove_since(self, size: int) -> Consistency:
        """Its proof."""
        with self._client() as client:
            return client.prove_since(size)

    def _client(self) -> Client:
        self._asked += 1
        if self._asked in self._numbers:
            self._restarted.kill()
        return Client(self._restarted.server.base)


def play(folder: Path, target: str, rounds: int, seed: int) -> str:
    """Kill as often as there are rounds; what was killed, in words."""
    random_, clock, killed = random.Random(seed), Clock(), 0  # noqa: S311 - not for secrets
    url = url_of(folder / "origin.db")
    with Archive.open(url, now=clock) as archive, ExitStack() as stack:
        restarted = None
        for number in range(rounds):
            documents = {one["id"]: one for one in documents_of(random_, number)}
            archive.append(list(documents.values()), chronicle=CHRONICLE)
            new = [id_ for id_ in documents if id_.startswith("n")]
            if number % 5 == 4 and new:
                archive.redact(random_.choice(new), reason="a person asked")
            restarted = restarted or Restarted(url, folder, stack)
            clock.now += 2 * LEASE
            if number % 4 == 3:
                asking = Asking(restarted, {random_.randint(1, 6), random_.randint(1, 12)})
                with mock.patch("chronicle.replicating.PAGE", 3), replica_at(target, asking, clock) as taken:
                    taken.take()
            elif _killed(restarted.server, target, clock, random_.randint(1, random_.choice([60, 200, MOST_POINTS]))):
                killed += 1
            _compare(archive, target)
        assert restarted is not None
        clock.now += 2 * LEASE
        with Client(restarted.server.base) as client, replica_at(target, client, clock) as taken:
            taken.take()
            taken.tables.run(Told, retry=True)
            digest = taken.tables.check(Told)
        with archive.tables() as tables:
            tables.run(Told, retry=True)
            assert digest == tables.check(Told), "the tables are not those of the origin"
        assert _seen(url) == _seen(target), "readers see other rows"
        assert killed > rounds // 5, "too few were killed"
        return f"{rounds} rounds, {killed} followers and {restarted.kills} servers killed: {digest[:16]}"


def _killed(server: Running, target: str, clock: Clock, point: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            _follow_until_killed(server.base, target, clock, point)
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the follower failed by itself"
    return os.WIFSIGNALED(status)


def _follow_until_killed(base: str, target: str, clock: Clock, point: int) -> None:
    left = [point]

    def step(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with Client(base) as client, replica_at(target, client, clock) as taken:
        engine = taken._store.writer
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, name, step)
        commit = engine.dialect.do_commit

        def after_commit(connection: Any) -> None:
            commit(connection)
            step()

        engine.dialect.do_commit = after_commit  # type: ignore[method-assign, assignment]
        with mock.patch("chronicle.replicating.PAGE", 3), mock.patch("chronicle.building.PAGE", 4):
            taken.take()
            taken.tables.run(Told)


def _compare(archive: Archive, target: str) -> None:
    """The replica, if there is one yet, is a beginning of the log: its head, records and root say the same."""
    with replica_at(target, archive, Clock()) as taken, taken._store.reading() as here:
        if replicas.verifier_of(here, archive.verifier().name.rpartition("/")[2]) is None:
            return
        position = here.execute(text("SELECT position FROM head")).scalar_one()
        counted = here.execute(text("SELECT count(*), coalesce(max(position), 0) FROM record")).one()
        assert (position, position) == tuple(counted), "the head is not where the records end"
        with archive._store.reading() as there:
            assert replicas.root_at(here, position) == replicas.root_at(there, position), "another root"


def _seen(url: str) -> list[tuple[Any, ...]]:
    with Archive.open(url, create=False) as archive, archive._store.reading() as connection:
        return sorted(map(tuple, connection.execute(text("SELECT * FROM told"))))


if __name__ == "__main__":
    began = time.monotonic()
    print(play(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])), f"{time.monotonic() - began:.0f} s")
