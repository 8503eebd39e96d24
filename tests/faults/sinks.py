"""Five kinds of sink at once, while the log grows, whoever takes part is killed and the network is cut.

`python -m tests.faults.sinks RECORDS FAULTS SEED [REPLICA]`: a webhook, a stream of NATS JetStream, a reader of server-
sent events, one of Durable Streams, and a replica in SQL (in SQLite, or in the database at the URL REPLICA) are sent a
log while records of all kinds are appended. Server, sender, receivers, broker and replica are killed (SIGKILL), and the
connections of each are reset, halved, refused and held still, spread over the run. At the end each must have the log's
own ordered digest.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from chronicle import Archive
from tests.builders import url_of
from tests.faults import ledger, network, outcome
from tests.faults.parties import SEND, Party, await_port, free_port, server
from tests.feed.broker import Broker
from tests.feed.conftest import LOOPBACK

MOST_AHEAD = 20_000
"""How many records the log is ahead of the slowest at most, or a tenth of all: so everybody is under way to the end."""

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of nobody
ROUTES = ("hook", "bus", "events", "stream", "replica")


class Run:
    """All who take part, and how far they are."""

    def __init__(self, folder: Path, records: int, replica: str) -> None:
        self.folder = folder
        self.records = records
        self.url = url_of(folder / "chronicle.db")
        self.replica = replica
        self.broker = Broker(folder / "broker")
        self.parties: dict[str, Party] = {}
        self._ports = {"serve": free_port(), "hook": free_port()}
        targets = [self._ports["hook"], self.broker.port, *[self._ports["serve"]] * 3]
        self.network = Party(folder, "network", "-m", "tests.faults.network", *map(str, targets))
        self.writer = Party(folder, "writer", "-m", "tests.faults.writing", self.url, str(records))

    def start(self) -> None:
        """Let all begin."""
        self.broker.start()
        self.network.start()
        ports = dict(zip(ROUTES, self.network.hear().split(), strict=True))
        hook, bus, *bases = (f"{scheme}://127.0.0.1:{ports[name]}" for name, scheme in _schemes())
        with Archive.open(self.url) as archive:
            archive.sinks().add("hook", f"{hook}/hook", allow=LOOPBACK, secret=SECRET)
            archive.sinks().add("bus", bus)
        self.writer.start()
        program = ("-m", "tests.faults.receivers")
        follow = ("-m", "chronicle", "follow", "--url", bases[2], "--into", self.replica, "--projection", "signatures")
        made = [
            server(self.folder, self.url, self._ports["serve"]),
            Party(self.folder, "sender", "-c", SEND, self.url),
            Party(self.folder, "hook", *program, "hook", str(self._ports["hook"]), self.file("hook"), SECRET),
            Party(self.folder, "events", *program, "events", bases[0], self.file("events")),
            Party(self.folder, "stream", *program, "stream", bases[1], self.file("stream")),
            Party(self.folder, "replica", *follow),
        ]
        self.parties = {one.name: one for one in made}
        for one in made:
            one.start()
        await_port(self.parties["server"], self._ports["serve"])

    def end(self) -> None:
        """End all that still run."""
        for one in [*self.parties.values(), self.writer, self.network]:
            one.end()
        self.broker.stop()

    def file(self, name: str) -> str:
        """Where one writes down what it got."""
        return str(self.folder / f"{name}.ledger")

    def standing(self) -> dict[str, int]:
        """The position that each of the five has reached, and that of the log."""
        with Archive.open(self.url, create=False) as archive:
            head, sinks = archive.position(), {one.name: one.position for one in archive.sinks().standings()}
        read = {name: ledger.count(Path(self.file(name))) for name in ("events", "stream")}
        return {"log": head, **sinks, **read, "replica": outcome.position_of(self.replica)}

    def has_table(self) -> bool:
        """The replica's table has taken all of the log."""
        return outcome.table_position(self.replica) == self.records

    def compare(self) -> str:
        """End all but the broker and hold what they have against the log."""
        for one in self.parties.values():
            one.end()
        files = {name: Path(self.file(name)) for name in ("hook", "events", "stream")}
        return outcome.compare(self.url, files, self.broker.url, self.replica, self.parties["sender"].kills)

    def faults(self, random_: random.Random) -> Iterator[tuple[str, str, float]]:
        """Whom, how and for how long: all kinds in turn, in an order that is drawn anew each time, without end."""
        kinds = [(name, "kill") for name in [*self.parties, "bus"]]
        kinds += [(name, kind) for name in ROUTES for kind in network.KINDS]
        while True:
            for name, kind in random_.sample(kinds, len(kinds)):
                yield name, kind, random_.uniform(0.2, 5)

    def strike(self, name: str, kind: str, seconds: float) -> None:
        """Let a fault happen; whoever is killed is started again."""
        if kind != "kill":
            self.network.tell(f"{ROUTES.index(name)} {kind} {seconds}")
        elif name == "bus":
            self.broker.kill()
            self.broker.start()
        else:
            self.parties[name].kill()
            self.parties[name].start()


def _schemes() -> list[tuple[str, str]]:
    return [(name, "nats" if name == "bus" else "http") for name in ROUTES]


def play(folder: Path, records: int, faults: int, seed: int, replica: str = "") -> str:
    """What struck and was found, in words. Prints how far it is about once a minute."""
    random_ = random.Random(seed)  # noqa: S311 - not for secrets
    run = Run(folder, records, replica or url_of(folder / "replica.db"))
    struck: Counter[str] = Counter()
    with ExitStack() as stack:
        stack.callback(run.end)
        run.start()
        points = sorted(random_.uniform(0.01, 0.99) * 5 * records for _ in range(faults))
        faulty = run.faults(random_)
        progress, ahead = _Progress(records, faults), max(1, min(MOST_AHEAD, records // 10))
        while True:
            standing = run.standing()
            log = standing.pop("log")
            run.network.check()
            run.writer.check()
            run.writer.tell(str(min(standing.values()) + ahead))
            while points and points[0] <= sum(standing.values()):
                points.pop(0)
                name, kind, seconds = next(faulty)
                run.strike(name, kind, seconds)
                struck[f"{name} {kind}"] += 1
            progress.tell(standing, struck.total())
            if not points and log == records and set(standing.values()) == {records} and run.has_table():
                break
            time.sleep(0.25)
        return f"{records} records in {progress.seconds():.0f} s, {faults} faults ({_told(struck)}): {run.compare()}"


def _told(struck: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(struck.items()))


class _Progress:
    """Says how far a run is; fails one that stands still."""

    def __init__(self, records: int, faults: int) -> None:
        self._records = records
        self._faults = faults
        self._began = self._said = self._moved = time.monotonic()
        self._total = 0

    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    def tell(self, standing: dict[str, int], struck: int) -> None:
        """Once a minute."""
        now, total = time.monotonic(), sum(standing.values())
        if total != self._total:
            self._total, self._moved = total, now
        assert now < self._moved + 180, f"nobody gets on: {standing}"
        if now > self._said + 60:
            self._said = now
            rate = min(standing.values()) / (now - self._began)
            left = (self._records - min(standing.values())) / max(rate, 0.1)
            where = " ".join(f"{name} {position}" for name, position in standing.items())
            print(f"{now - self._began:.0f} s: {where}; {rate:.0f}/s, {left:.0f} s left; {struck} faults", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        records, faults, seed = map(int, sys.argv[1:4])
        print(play(Path(name), records, faults, seed, *sys.argv[4:]), flush=True)
