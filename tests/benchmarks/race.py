"""Contestants that do the same work in turns, so that whatever else the machine does slows all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple

Work = Callable[[int], object]
"""Does the work of a round, or answers a question, whose number it is given."""

TURN = 50
"""Questions that one contestant answers before it is the next one's turn."""

WARM = 5
"""Of a turn so many are asked once before: else the first would pay for what others have driven from the caches."""


class Figure(NamedTuple):
    """What one contestant needed: the median of its rounds in seconds for one unit, and that as a share of the raw.

    `ratio` is the speed beside that of the raw limit in the same rounds: 0.5 is half as fast. `p99` is within how many
    seconds 99 of 100 questions were answered, where they were timed one by one.
    """

    benchmark: str
    backend: str
    scale: int
    contestant: str
    seconds: float
    ratio: float
    p99: float | None = None


def race(
    benchmark: str, backend: str, scale: int, contestants: Mapping[str, Work], *, units: int, rounds: int
) -> list[Figure]:
    """Let each contestant do every round in turn; the first is the raw limit. `units` is what one round does."""
    took: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        for name, work in contestants.items():
            gc.collect()
            began = perf_counter()
            work(number)
            took[name].append((perf_counter() - began) / units)
    raw = took[next(iter(contestants))]
    return [
        Figure(benchmark, backend, scale, name, median(own), median(r / o for r, o in zip(raw, own, strict=True)))
        for name, own in took.items()
    ]


def race_questions(
    benchmark: str, backend: str, scale: int, contestants: Mapping[str, Work], *, questions: int
) -> list[Figure]:
    """Let all contestants answer the same questions in turns of some, each timed alone; the first is the raw limit.

    `ratio` is that of the medians, for the first may be asked for other things than the others.
    """
    took: dict[str, list[float]] = {name: [] for name in contestants}
    gc.collect()
    for first in range(0, questions, TURN):
        turn = range(first, min(questions, first + TURN))
        for name, work in contestants.items():
            for number in turn[:WARM]:
                work(number)
            for number in turn:
                began = perf_counter()
                work(number)
                took[name].append(perf_counter() - began)
    raw = median(took[next(iter(contestants))])
    return [
        Figure(benchmark, backend, scale, name, median(own), raw / median(own), sorted(own)[len(own) * 99 // 100])
        for name, own in took.items()
    ]
