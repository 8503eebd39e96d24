# ruff: noqa: SLF001 - stores are looked at from within
"""Tables of projections under kills, and made again while others write and read.

`python -m tests.faults.projections kills URL ROUNDS SEED`: in each round records are appended, and a process that runs
or rebuilds the table kills itself (SIGKILL) at a point drawn from the seed; whatever build there is afterwards must
have the rows and states that its checkpoint says. `… switches URL SECONDS RATE`: a process appends at a rate, readers
look at the view all the time, and the table is made again, of two versions in turn; no reader may see an empty or a
mixed table, or one that has lost rows that it has seen.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from unittest import mock

from sqlalchemy import event, text

from chronicle import Archive, Moment, Projection, on
from chronicle.building import Builder
from chronicle.event.model import Event
from chronicle.making import LEASE
from chronicle.store import build, parts
from chronicle.store.build import BUILDING, FILLING, LIVE
from tests.builders import CHRONICLE, Clock, a_retraction, a_source, an_event
from tests.project.checkout import ROOT

MOST_POINTS = 700
"""About as many as a run or rebuild of a round makes: a process that gets that far ends by itself."""

YEARS = 12


class Told(Projection):
    """The titles of all events of a year, in their order."""

    name = "told"
    columns: ClassVar = {"year": str, "at": int, "title": str}

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (moment.year,)

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        state.setdefault("told", []).append(event.title)
        if "bad" in event.title:
            raise ValueError(event.title)

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:  # noqa: ARG002
        return [(part, at, title) for at, title in enumerate(state.get("told", ()))]


class Shouted(Told):
    """The same in capitals."""

    name = "told"
    version = 2

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:
        return [(year, at, title.upper()) for year, at, title in super().rows(state, part, last_second)]


def of_version(version: int) -> type[Projection]:
    """A projection of any version; even ones are in capitals."""
    return type("Version", (Told if version % 2 else Shouted,), {"name": "told", "version": version})


def documents_of(random_: random.Random, number: int) -> list[dict[str, Any]]:
    """New events, backdated ones, corrections, retractions, poison, and a source with another date."""
    made: list[dict[str, Any]] = [a_source("s", f"201{random_.randint(0, 9)}", author=str(number))]
    for at in range(random_.randint(1, 8)):
        year = str(2000 + random_.randrange(YEARS))
        id_ = f"e{random_.randrange(30)}" if number and random_.random() < 0.4 else f"n{number}-{at}"
        title = f"bad {number}" if random_.random() < 0.05 else f"{id_} {number}"
        cites = ["s"] if random_.random() < 0.3 else []
        made.append(an_event(id_, occurred=year, title=title, sources=cites))
    made += [an_event(f"e{at}", title=f"e{at}") for at in range(30) if not number]
    if number and random_.random() < 0.3:
        made.append(a_retraction(f"e{random_.randrange(30)}"))
    return made


def play_kills(url: str, rounds: int, seed: int) -> str:
    """Kill as often as there are rounds; what was killed and found, in words."""
    random_, clock = random.Random(seed), Clock()  # noqa: S311 - not for secrets
    killed, found, version = 0, {FILLING: 0, BUILDING: 0, LIVE: 0}, 1
    for number in range(rounds):
        with Archive.open(url, now=clock) as archive:
            documents = {one["id"]: one for one in documents_of(random_, number)}
            archive.append(list(documents.values()), chronicle=CHRONICLE)
            new = [id_ for id_ in documents if id_.startswith("n")]
            if number % 6 == 5 and new:
                archive.redact(random_.choice(new), reason="a person asked")
        version += random_.random() < 0.1
        how = random_.choice(["run", "run", "rebuild"])
        clock.now += 2 * LEASE
        if _killed(url, clock, version, how, random_.randint(1, random_.choice([100, 300, MOST_POINTS]))):
            killed += 1
        for status in _compare(url, version):
            found[status] += 1
    clock.now += 2 * LEASE
    with Archive.open(url, now=clock) as archive, archive.tables() as tables:
        tables.run(of_version(version), retry=True)
        digest = tables.check(of_version(version))
    assert killed > rounds // 5, "too few were killed"
    told = ", ".join(f"{count} {status}" for status, count in found.items())
    return f"{rounds} rounds, {killed} killed, builds found {told}: {digest[:16]}"


def _killed(url: str, clock: Clock, version: int, how: str, point: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            _work_until_killed(url, clock, of_version(version), how, point)
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the process failed by itself"
    return os.WIFSIGNALED(status)


def _work_until_killed(url: str, clock: Clock, projection: type[Projection], how: str, point: int) -> None:
    archive = Archive.open(url, now=clock)
    left = [point]

    def step(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = archive._store.writer
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "after_cursor_execute", step)
    event.listen(engine, "commit", step)
    commit = engine.dialect.do_commit

    def after_commit(connection: Any) -> None:
        commit(connection)
        step()

    engine.dialect.do_commit = after_commit  # type: ignore[method-assign, assignment]
    with (
        mock.patch("chronicle.building.PAGE", 4),
        mock.patch("chronicle.retelling.STRIDE", 3),
        mock.patch("chronicle.filling.STRIDE", 3),
        mock.patch("chronicle.filling.AT_ONCE", 10),
        archive.tables() as tables,
    ):
        if how == "run":
            tables.run(projection)
        else:
            tables.rebuild(projection)
    archive.close()


def _compare(url: str, version: int) -> list[str]:
    """Hold each build against a replay at its checkpoint, and the view against the live one; their statuses."""
    projection = of_version(version)
    found = []
    with Archive.open(url, create=False) as archive, archive._store.reading() as connection:
        for one in build.builds(connection):
            found.append(one.status)
            if one.status == FILLING:
                continue
            if one.version == version:
                Builder(projection(), one, archive._store.reading).check(connection)
            else:
                Builder(of_version(one.version)(), one, archive._store.reading).check(connection)
            if one.status == LIVE:
                table = build.table_of(one, projection.columns)
                rows = parts.table_rows(connection, one, table)
                seen = sorted(tuple(row) for row in connection.execute(text("SELECT * FROM told")))
                assert seen == sorted(row for some in rows.values() for row in some), "the view shows something else"
    assert found.count(LIVE) <= 1
    return found


def write(url: str, seconds: float, rate: int) -> None:
    """Append events at a rate, ten times a second, for so many seconds.

    Prints how many, how many a second, and by how many seconds one came late at most.
    """
    with Archive.open(url, create=False) as archive:
        began, done, most, late = time.monotonic(), 0, round(seconds * rate), 0.0
        while done < most:
            time.sleep(max(0.0, 0.1 - (time.monotonic() - began) % 0.1))
            due = min(int((time.monotonic() - began) * rate), most, done + rate)
            if due == done:
                continue
            events = [an_event(f"w{at}", occurred=str(2000 + at % YEARS), title=f"w{at}") for at in range(done, due)]
            archive.append(events, chronicle=CHRONICLE)
            late = max(late, time.monotonic() - began - done / rate)
            done = due
        print(done, f"{done / (time.monotonic() - began):.0f} {late:.2f}")


def read(url: str) -> None:
    """Look at the view until nothing more can be read from the standard input; print how often, and what was wrong."""
    done, wrong, reads = threading.Event(), list[tuple[int, int]](), [0, 0]

    def look(at: int, pause: float) -> None:
        least = 50
        with Archive.open(url, create=False) as archive:
            while not done.wait(pause / 10):
                # A transaction that began before a switch looks at the view after it.
                with archive._store.reading() as connection:
                    connection.execute(text("SELECT count(*) FROM head"))
                    time.sleep(pause)
                    titles = list(connection.execute(text("SELECT title FROM told")).scalars())
                reads[at] += 1
                if len(titles) < least or len({title.isupper() for title in titles}) != 1:
                    wrong.append((len(titles), least))
                least = max(least, len(titles))

    readers = [threading.Thread(target=look, args=each) for each in ((0, 0.01), (1, 0.3))]
    for reader in readers:
        reader.start()
    sys.stdin.read()
    done.set()
    for reader in readers:
        reader.join()
    print(json.dumps({"reads": reads, "wrong": wrong}))


def play_switches(url: str, seconds: float, rate: int) -> str:
    """Rebuild while others write and read, each in a process of its own; what was seen, in words."""
    with Archive.open(url) as archive:
        archive.append([an_event(f"e{at}", title=f"e{at}", occurred="2001") for at in range(50)], chronicle=CHRONICLE)
        with archive.tables() as tables:
            tables.run(of_version(1))
        writer, reader = _start("write", url, str(seconds), str(rate)), _start("read", url)
        version = 1
        with archive.tables() as tables:
            while writer.poll() is None:
                version += 1
                standing = tables.rebuild(of_version(version))
                assert version == standing.version
        seen = json.loads(reader.communicate()[0])
        written, kept, late = writer.communicate()[0].split()
        assert writer.returncode == reader.returncode == 0
        with archive.tables() as tables:
            standing = tables.run(of_version(version))
            assert (0, 50 + int(written)) == (standing.behind, standing.position)
            digest = tables.check(of_version(version))
        assert [] == seen["wrong"]
        assert min(seen["reads"]) > 0
    told = f"{written} events written, {kept} a second, {late} s late at most"
    return f"{told}, {version - 1} switches, {sum(seen['reads'])} reads: {digest[:16]}"


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.projections", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["kills", url, rounds, seed]:
            print(play_kills(url, int(rounds), int(seed)))
        case ["switches", url, seconds, rate]:
            print(play_switches(url, float(seconds), int(rate)))
        case ["write", url, seconds, rate]:
            write(url, float(seconds), int(rate))
        case ["read", url]:
            read(url)
