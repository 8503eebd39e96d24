"""The days at which sliders stop, so that every step of one changes something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chronicle.event.model import Event
from chronicle.narrative.matter import ReportMatter
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


def as_of_slider(matter: ReportMatter) -> Slider:
    """Where an event begins or is over, and the day of the view."""
    days = set[int]()
    for record in matter.events:
        if isinstance(record.document, Event):
            when = When.parse(record.document.occurred)
            days.update(one // DAY_SECONDS for one in (when.strict_lo, _last(when)) if one is not None)
    return _slider(days, matter.last_second // DAY_SECONDS)


def known_slider(matter: ReportMatter, known: str | None) -> Slider:
    """When sources were published; without a bound none is shown, and all is known."""
    dates = (source.published for source in matter.sources.values())
    days = {last // DAY_SECONDS for date in dates if date and (last := _last(When.parse(date))) is not None}
    shown = None if known is None else _last(When.parse(known))
    return _slider(days, None if shown is None else shown // DAY_SECONDS)


def _slider(days: Iterable[int], shown: int | None) -> Slider:
    found = sorted(day for day in days if _FIRST <= day <= _LAST)
    before = after = None
    if shown is None:
        before = found[-1] if found else None
    else:
        before = next(reversed(found[: bisect_left(found, shown)]), None)
        after = next(iter(found[bisect_right(found, shown) :]), None)
    kept = _thinned(found)
    if shown is not None and _FIRST <= shown <= _LAST:
        kept = sorted({*kept, shown})
    at = len(kept) if shown is None else bisect_left(kept, shown)
    return Slider(tuple(map(day_text, kept)), _text(shown), at, _text(before), _text(after))


def _thinned(days: Sequence[int]) -> list[int]:
    if len(days) <= MOST:
        return list(days)
    return [days[index * (len(days) - 1) // (MOST - 1)] for index in range(MOST)]


def _last(when: When) -> int | None:
    return None if when.strict_hi is None else when.strict_hi - 1


def _text(day: int | None) -> str | None:
    return None if day is None else day_text(day)
