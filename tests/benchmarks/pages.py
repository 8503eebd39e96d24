"""`python -m tests.benchmarks.pages [SCALE]`: how long each page of a large chronicle takes, and how much memory.

Each page is asked for twice by a process of its own, so that what one has read helps no other. The archive is made
once, into `.bench`.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.store.archive import Store
from chronicle.web.app import application
from tests.benchmarks.world import CHRONICLE, fill

OUT = Path(".bench")

MOST_SECONDS = 180
"""After which a page is given up."""

PAGES = {
    "home": "/",
    "timeline": f"/chronicles/{CHRONICLE}",
    "timeline as of 1950": f"/chronicles/{CHRONICLE}?as_of=1950-06-01",
    "timeline, known by 1950": f"/chronicles/{CHRONICLE}?as_of=1950-06-01&known=1950",
    "event": f"/chronicles/{CHRONICLE}/events/event-500",
    "entity": f"/chronicles/{CHRONICLE}/entities/subject-0000001",
    "entity of every 20th event": f"/chronicles/{CHRONICLE}/entities/subject-0000000",
    "attribute": f"/chronicles/{CHRONICLE}/attributes/ruler",
    "attribute of one": f"/chronicles/{CHRONICLE}/attributes/ruler?subject=subject-0000001",
    "source": f"/chronicles/{CHRONICLE}/sources/source-3",
    "compare two dates": f"/chronicles/{CHRONICLE}/compare?before_as_of=1950&after_as_of=1951",
    "compare two positions": f"/chronicles/{CHRONICLE}/compare?before_position=5000&after_position=5100",
    "search, rare": "/search?q=event+500",
    "search, in everything": "/search?q=event",
    "report": f"/chronicles/{CHRONICLE}/report",
    "add": f"/chronicles/{CHRONICLE}/add",
    "correct": f"/chronicles/{CHRONICLE}/events/event-500/correct",
}


def measured(url: str, path: str) -> str:
    """The seconds of the first and the second answer, the bytes of it, and the megabytes that it took."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_ask, args=(url, path, there))
    process.start()
    told = here.recv() if here.poll(MOST_SECONDS) else f"not within {MOST_SECONDS} s"
    process.kill()
    process.join()
    return str(told)


def _ask(url: str, path: str, told: Connection) -> None:
    archive = Archive.open(url)
    with TestClient(application(archive, "open"), base_url="http://127.0.0.1:8765") as client:
        client.get("/static/page.css")
        before = _megabytes()
        took = []
        for _ in range(2):
            began = perf_counter()
            answer = client.get(path)
            took.append(perf_counter() - began)
        status, size, more = answer.status_code, len(answer.content), _megabytes() - before
    told.send(f"{status} {took[0]:8.3f} s {took[1]:8.3f} s {size / 1000:8.0f} kB {more:6.0f} MB")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main(scale: int, wanted: list[str]) -> None:
    """Measure and print."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"pages-{scale}.db"
    url = f"sqlite:///{path.absolute()}"
    if not path.exists():
        Archive.open(url).close()
        store = Store.open(url, create=False)
        fill(store, scale)
        store.close()
    for name, page in PAGES.items():
        if not wanted or name in wanted:
            print(f"{name:28}{measured(url, page)}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2:])
