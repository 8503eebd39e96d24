"""Sinks while what sends and what receives is killed.

`python -m tests.faults.sinks RECORDS KILLS SEED`: a process sends a log to a NATS server and to a webhook while records
are still appended; it and the server are killed (SIGKILL) in turn, each time after some more deliveries. At the end the
stream must have every record once, in the order of the log; the webhook every record at least once, each for the first
time after those before it.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
from itertools import pairwise
from pathlib import Path

from chronicle import Archive
from tests.builders import CHRONICLE, an_event, url_of
from tests.feed.broker import Broker
from tests.feed.conftest import LOOPBACK
from tests.feed.receiver import Receiver, receiving
from tests.project.checkout import ROOT

SEND = """
import sys, threading
from chronicle import Archive, sending
from chronicle.feed import schedule
schedule.DELAYS = (0,) * len(schedule.DELAYS)
sending.LEASE = 500_000
Archive.open(sys.argv[1]).sinks().follow(stop=threading.Event(), pause=0.01)
"""
"""What sends, without the pauses of the schedule and with short leases: tens of kills would take days."""

AT_ONCE = 50


def play(folder: Path, records: int, kills: int, seed: int) -> str:
    """What was killed and found, in words."""
    random_, broker = random.Random(seed), Broker(folder / "broker")  # noqa: S311 - not for secrets
    url = url_of(folder / "chronicle.db")
    broker.start()
    try:
        with receiving() as receiver, Archive.open(url) as archive:
            sinks = archive.sinks()
            sinks.add("bus", broker.url)
            sinks.add("desk", receiver.url, allow=LOOPBACK)
            writing = threading.Thread(target=_append, args=(archive, records))
            writing.start()
            for number in range(kills):
                with _sender(url) as sender:
                    _await(receiver, random_.randint(1, 2 * records // kills))
                    if number % 3 == 2:
                        broker.kill()
                        broker.start()
                    sender.kill()
            writing.join()
            with _sender(url) as sender:
                while any(one.behind for one in sinks.standings()):
                    threading.Event().wait(0.02)
                sender.kill()
        found = [int(body["sequence"]) for _, _, body in broker.messages()]
    finally:
        broker.stop()
    everything = list(range(1, records + 1))
    firsts = list(dict.fromkeys(receiver.positions))
    assert everything == found, "the stream is not the log"
    assert everything == firsts, "the webhook was not sent the log"
    assert all(after <= before + 1 for before, after in pairwise(receiver.positions)), "a record was skipped"
    again = len(receiver.positions) - records
    return f"{records} records, {kills} kills: the stream has each once, the webhook was sent {again} again"


def _append(archive: Archive, records: int) -> None:
    for first in range(1, records + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, records + 1))
        archive.append([an_event(f"e{number}") for number in numbers], chronicle=CHRONICLE)


def _sender(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SEND, url], cwd=ROOT)


def _await(receiver: Receiver, more: int) -> None:
    """Until so many more deliveries have come, or none comes any more."""
    there, idle = len(receiver.requests), 0
    while len(receiver.requests) < there + more and idle < 100:
        before = len(receiver.requests)
        threading.Event().wait(0.02)
        idle = idle + 1 if len(receiver.requests) == before else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.stdout.write(play(Path(name), *map(int, sys.argv[1:])) + "\n")
