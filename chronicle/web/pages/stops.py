"""The days at which sliders stop, so that every step of one changes something."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from chronicle.stops import Stops
from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS, day_text

MOST = 400
"""Stops of one slider; of more, some at equal distances stay."""

_FIRST, _LAST = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, in days since 1970


@dataclass(frozen=True, slots=True)
class Slider:
    """Days in order, the one shown, and those before and after it; None where there is none."""

    days: tuple[str, ...]
    shown: str | None
    at: int
    previous: str | None
    next: str | None


def as_of_slider(stops: Stops, last_second: int) -> Slider:
    """Where events begin or are over, and the day of the view."""
    return _slider(stops, last_second // DAY_SECONDS)


def known_slider(stops: Stops, known: str | None) -> Slider:
    """When something was published; without a bound no day is shown, and all is known."""
    end = None if known is None else When.parse(known).strict_hi
    return _slider(stops, None if end is None else (end - 1) // DAY_SECONDS)


def _slider(stops: Stops, shown: int | None) -> Slider:
    kept = _thinned([day for day in stops.days if _FIRST <= day <= _LAST])
    if shown is not None and _FIRST <= shown <= _LAST:
        kept = sorted({*kept, shown})
    at = len(kept) if shown is None else bisect_left(kept, shown)
    return Slider(tuple(map(day_text, kept)), _text(shown), at, _step(stops.before), _step(stops.after))


def _thinned(days: Sequence[int]) -> list[int]:
    if len(days) <= MOST:
        return list(days)
    return [days[index * (len(days) - 1) // (MOST - 1)] for index in range(MOST)]


def _step(day: int | None) -> str | None:
    return None if day is None or not _FIRST <= day <= _LAST else day_text(day)


def _text(day: int | None) -> str | None:
    return None if day is None else day_text(day)
