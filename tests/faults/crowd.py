"""Many processes that append at once, some of them taking everything back, while others follow the log.

`python -m tests.faults.crowd URL EVENTS WRITERS SEED` prints what happened and a digest. Each follower must see every
position once and in order, and all must see what is stored.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from chronicle.errors import ConflictError
from chronicle.service import Archive
from tests.builders import CHRONICLE, an_entity
from tests.project.checkout import ROOT

SIZES = (1, 1, 1, 2, 5, 20, 100)
ROLLED_BACK = 0.2
"""How many of the appends get as far as the head row and then take everything back."""


class _TakenBackError(Exception):
    """An append is to be undone."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """What a crowd did: how many events are stored, how many appends were taken back, and a digest of the log."""

    stored: int
    taken_back: int
    digest: str
    seconds: float


def write(url: str, writer: str, events: int, seed: int, largest: int) -> None:
    """Append a number of events in batches of mixed sizes; `largest` is the size of one of them."""
    random_ = random.Random(f"{seed}-{writer}")  # noqa: S311 - not for secrets
    with Archive.open(url, recorded_by=f"writer-{writer}") as archive:
        done, taken_back = 0, 0
        while done < events:
            size = largest if largest and not done else min(random_.choice(SIZES), events - done)
            documents = [an_entity(f"w{writer}-{done + at}") for at in range(size)]
            if random_.random() < ROLLED_BACK:
                taken_back += 1
                if random_.random() < 0.5:
                    archive._append(archive._command(documents, CHRONICLE, None, None), dry_run=True)  # noqa: SLF001
                else:
                    try:
                        archive.append(documents, chronicle=CHRONICLE, expected={f"entity/w{writer}-{done}": 99})
                    except ConflictError:
                        continue
                    raise AssertionError("the conflict was not seen")
                continue
            appended = archive.append(documents, chronicle=CHRONICLE)
            assert () == appended.warnings, f"a checkpoint was not kept: {appended.warnings}"
            receipts = appended.receipts
            positions = [one.position for one in receipts]
            assert positions == list(range(positions[0], positions[0] + size)), "a batch is not together"
            done += size
    print(json.dumps({"done": done, "taken_back": taken_back}))


def write_until_told(url: str, writer: str) -> None:
    """Append again and again until the standard input ends."""
    for again in itertools.count():
        write(url, f"{writer}{again}", 50, again, 0)
        if select.select([sys.stdin], [], [], 0)[0]:
            return


def follow(url: str, until: int) -> None:
    """Follow the log as it grows, up to a position, and print the digest of what came."""
    seen, digest = 0, hashlib.sha256()
    with Archive.open(url, create=False) as archive:
        for record in archive.follow():
            assert record.position == seen + 1, f"{record.position} came after {seen}"
            seen = record.position
            digest.update(f"{seen} {record.header.id} {record.header.leaf().hex()}\n".encode())
            if seen == until:
                break
    print(digest.hexdigest())


def play(url: str, events: int, writers: int, seed: int, *, followers: int = 2, largest: int = 0) -> Crowded:
    """Let a crowd loose on an archive, which is new; and hold what everybody saw against what is there."""
    began = time.monotonic()
    Archive.open(url).close()
    total = events // writers * writers
    readers = [_start("follow", url, str(total)) for _ in range(followers)]
    working = [
        _start("write", url, str(one), str(events // writers), str(seed), str(0 if one else largest))
        for one in range(writers)
    ]
    told = [json.loads(answer) for answer in _answers(working)]
    seconds = time.monotonic() - began
    seen = _answers(readers)
    stored, versions = hashlib.sha256(), set()
    with Archive.open(url, create=False) as archive:
        assert total == sum(one["done"] for one in told) == archive.position()
        last = 0
        for record in archive.follow(wait=False):
            assert record.position == last + 1
            last = record.position
            versions.add((record.header.id, record.header.version))
            stored.update(f"{last} {record.header.id} {record.header.leaf().hex()}\n".encode())
        assert versions == {(f"w{one}-{at}", 1) for one in range(writers) for at in range(events // writers)}
        assert () == archive.verify().findings
    assert {stored.hexdigest()} == {answer.strip() for answer in seen}, "a follower saw something else"
    return Crowded(total, sum(one["taken_back"] for one in told), stored.hexdigest(), seconds)


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.crowd", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _answers(processes: Sequence[subprocess.Popen[str]]) -> list[str]:
    answers = [process.communicate()[0] for process in processes]
    assert [0] * len(processes) == [process.returncode for process in processes]
    return answers


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", url, writer, events, seed, largest]:
            write(url, writer, int(events), int(seed), int(largest))
        case ["until told", url, writer]:
            write_until_told(url, writer)
        case ["follow", url, until]:
            follow(url, int(until))
        case [url, events, writers, seed]:
            print(
                play(url, int(events), int(writers), int(seed), largest=min(20_000, int(events) // int(writers) // 2))
            )
