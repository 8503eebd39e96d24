"""A printed date held against the EDTF text that it is told from: it may say less, never more and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chronicle.narrative.audit.calendar_words import reader
from chronicle.narrative.audit.figure_runs import Fault
from chronicle.narrative.audit.hedges import is_hedged
from chronicle.narrative.audit.numerals import NumeralReader
from chronicle.narrative.audit.written_dates import named

_ISO = re.compile(r"(?<!\w)-?\d{4}-\d{2}(?:-\d{2})?(?!\w)")
_CLOCK = re.compile(r"(?<!\d)\d\d:\d\d(?::\d\d)?(?!\d)")
_PART = re.compile(r"(?<!\w)[^\W\d_](\d)(?!\w)")


class DateReader:
    """Reads the dates of one language."""

    def __init__(self, language: str, numerals: NumeralReader) -> None:
        self._language = language
        self._numerals = numerals
        self._words = reader(language)

    def fault(self, text: str, around: str, dates: Sequence[str]) -> Fault | None:
        """Why a text says more than the EDTF text, or something else; None if it does not.

        `around` is the text with some words before and after it. Of the dates the first is that of the text; it may
        name the others as well.
        """
        allowed, edtf = [named(one) for one in dates], dates[0]
        numbers = {number for one in allowed for number in one.numbers}
        counts = {number for one in allowed for number in one.counts}
        months = {month for one in allowed for month in one.months}
        seasons = {season for one in allowed for season in one.seasons}
        said = _Said()
        if strange := [clock for clock in _CLOCK.findall(text) if not any(clock in one for one in dates)]:
            return "date", f"it says {strange[0]}, which {edtf} does not"
        text = _CLOCK.sub(" ", text)
        for one in self._numerals.read(_ISO.sub(lambda found: found[0].replace("-", " "), text)):
            number = abs(int(one.value)) if one.value == one.value.to_integral_value() else None
            if number is None or (number not in numbers | counts and not (_ISO.search(text) and number in months)):
                return "date", f"it says {one.digits}, which {edtf} does not"
            said.numbers.add(number)
        if strange := [part for part in _PART.findall(text) if int(part) not in counts]:
            return "date", f"it says part {strange[0]} of the year, which {edtf} does not"
        known = {"month": months, "season": seasons, "weekday": set[int]()}
        for word in self._words.words(text):
            if word.kind != "one" and word.number not in known.get(word.kind, counts):
                return "date", f"it says {word.text!r}, which {edtf} does not"
            if word.kind == "month":
                said.months.add(word.number)
        return self._hedge_fault(around, edtf, said)

    def _hedge_fault(self, around: str, edtf: str, said: _Said) -> Fault | None:
        date = named(edtf)
        if not said.numbers and not said.months:
            return None
        hedges = {"about": date.approximate, "uncertain": date.uncertain, "end": date.by, "start": date.since}
        if any(is_so and not is_hedged(around, how, self._language) for how, is_so in hedges.items()):
            return "hedge", f"it is told as if {edtf} were exact"
        if date.one_of and not (date.days <= said.numbers and date.months <= said.months | said.numbers):
            return "hedge", f"it names only one of the dates that {edtf} leaves possible"
        return None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text has been found to name."""

    numbers: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
