"""How much memory a load and each question take at most, in a process of its own.

`python -m tests.benchmarks.memory URL WORK [FILE]` does one and prints the megabytes of the whole process, whose
modules are a part of them.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from chronicle.service import Archive
from tests.benchmarks import world
from tests.benchmarks.filled import AS_OF, EARLIER, KNOWN

PAGE = 2_000
LEARNED = 10_000
STATUS = Path("/proc/self/status")


class Peak(NamedTuple):
    """The most memory that a process had which did some work and nothing else, in megabytes of a million bytes."""

    work: str
    backend: str
    scale: int
    megabytes: float


def nothing(archive: Archive) -> None:
    """Only open the archive."""
    archive.position()


def key(archive: Archive) -> None:
    """The state of the hot subject's key, with all bounds."""
    half = archive.position() // 2
    archive.state(
        as_of=AS_OF, known=KNOWN, position=half, chronicle=world.CHRONICLE, subject=world.subject(0), attribute="ruler"
    )


def entity(archive: Archive) -> None:
    """The state of the hot subject."""
    archive.state(as_of=AS_OF, chronicle=world.CHRONICLE, subject=world.subject(0))


def everything(archive: Archive) -> None:
    """The state of the whole world, in pages, with all bounds."""
    turn, half = None, archive.position() // 2
    while True:
        page = archive.state(as_of=AS_OF, known=KNOWN, position=half, after=turn, limit=PAGE)
        if (turn := page.next) is None:
            return


def history(archive: Archive) -> None:
    """The history of the hot subject's key, in pages."""
    turn = None
    while True:
        page = archive.history(world.subject(0), "ruler", chronicle=world.CHRONICLE, after=turn, limit=PAGE)
        if (turn := page.next) is None:
            return


def learned(archive: Archive) -> None:
    """What the last records changed."""
    last = archive.position()
    archive.diff({"position": max(0, last - LEARNED)}, {"position": last}, as_of=AS_OF)


def changed(archive: Archive) -> None:
    """What changed in a week."""
    archive.diff(EARLIER, AS_OF)


def both(archive: Archive) -> None:
    """What changed in that week beside what was known before the last records."""
    archive.diff({"as_of": EARLIER, "position": max(0, archive.position() - LEARNED)}, AS_OF)


QUESTIONS: dict[str, Callable[[Archive], None]] = {
    "nothing": nothing,
    "state of a hot key": key,
    "state of a hot entity": entity,
    "state of the whole world": everything,
    "history of a hot key": history,
    "what was learned": learned,
    "what changed": changed,
    "changed and learned": both,
}


def load(backend: str, scale: int, url: str, lines: Path, count: int) -> Peak:
    """The peak of a load of so many documents in JSON Lines into a new archive, which is there from then on."""
    megabytes, loaded = _asked(url, "load", str(lines))
    assert count == loaded
    return Peak("load", backend, scale, megabytes)


def questions(backend: str, scale: int, url: str) -> Iterator[Peak]:
    """The peak of each question put to an archive."""
    for work in QUESTIONS:
        yield Peak(work, backend, scale, _asked(url, work)[0])


def _asked(url: str, *words: str) -> tuple[float, int]:
    """Megabytes, and how many documents were loaded."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", url, *words]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, f"{words[0]} failed"
    megabytes, loaded = done.stdout.split()
    return float(megabytes), int(loaded)


def _megabytes() -> float:
    """The most that this process had since it was started; on Linux `getrusage` counts who started it, too."""
    if not STATUS.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
    [line] = [line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


def main(url: str, work: str, *files: Any) -> None:
    """Do it, and print the megabytes and how many documents were loaded."""
    loaded = 0
    with Archive.open(url) as archive:
        if work == "load":
            loaded = archive.load(*files, chronicle=world.CHRONICLE, batch=10_000).outcomes.total()
        else:
            QUESTIONS[work](archive)
    print(_megabytes(), loaded)


if __name__ == "__main__":
    main(*sys.argv[1:])
