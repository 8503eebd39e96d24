"""How `projections run` and `rebuild` say what they do: how much, how fast, and as it comes with --follow."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

import typer

from chronicle.cli.output import print_note
from chronicle.projection.projection import Projection
from chronicle.projection.standing import Standing
from chronicle.running import Tables

SECONDS = 1.0
"""How long --follow waits when there is nothing new."""

SILENCE = 10.0
"""After how many seconds a run that has no terminal says how far it is."""

Count = Callable[[str, int], None]
Bar = Callable[[int, int], None]


class Work:
    """Counts the records that a run takes, from a position on, and tells a bar, or stderr now and then, and a counter.

    It is called after each page with the position that was reached and that of the head.
    """

    def __init__(self, name: str, position: int, bar: Bar | None, count: Count | None = None) -> None:
        self.records = 0
        self._name = name
        self._position = position
        self._bar = bar
        self._count = count
        self._began = self._told = time.monotonic()
        self._fresh = False

    def __call__(self, position: int, head: int) -> None:
        taken = position - self._position if position >= self._position else position  # made anew, from the first on
        self.records += taken
        self._position = position
        self._fresh = True
        if self._count is not None:
            self._count(self._name, taken)
        if self._bar is not None:
            self._bar(position, head)
        elif time.monotonic() - self._told > SILENCE:
            self._told = time.monotonic()
            print_note(f"{self._name}: at position {position} of {head}, {self._rate():,.0f} records/s")

    def fresh(self) -> bool:
        """Something was taken since this was last asked."""
        fresh, self._fresh = self._fresh, False
        return fresh

    def as_json(self) -> dict[str, object]:
        """How many records, in how many seconds, and how many a second."""
        seconds = time.monotonic() - self._began
        return {"records": self.records, "seconds": round(seconds, 3), "records_per_second": round(self._rate())}

    def note(self) -> None:
        """Say the same to a person."""
        if self.records:
            seconds = time.monotonic() - self._began
            print_note(f"{self._name}: {self.records} records in {seconds:,.1f} s, {self._rate():,.0f} records/s")

    def _rate(self) -> float:
        return self.records / max(time.monotonic() - self._began, 1e-6)


def start_of(tables: Tables, projection: type[Projection], *, anew: bool) -> int:
    """From which position a run begins, or one that makes the table `anew`: what was cut off goes on."""
    ours = [one for one in tables.standings() if (one.name, one.version) == (projection.name, projection.version)]
    live = next((one.position for one in ours if one.status == "live"), None)
    return next((one.position for one in ours if one.status == "building"), 0) if anew or live is None else live


def follow_log(tables: Tables, projection: type[Projection], work: Work, say: Callable[[Standing], None]) -> Never:
    """Follow the log until interrupted or terminated, and say how the table stands whenever something was taken."""

    def pause() -> None:
        if work.fresh():
            for one in tables.standings():
                if one.name == projection.name and one.status == "live":
                    say(one)
        time.sleep(SECONDS)

    try:
        with terminable():
            tables.follow(projection, pause=pause, tell=work)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM, by which services are stopped, is an interruption: the lease is given back."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
