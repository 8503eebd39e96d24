"""Dates that are doubted, remarked on or timed, as they are said in every form."""

from __future__ import annotations

import re

from chronicle.narrative.language.spoken import CONTEXT, Spoken
from chronicle.narrative.language.wording import Wording, noted

_SECONDS = re.compile(r"(?<=^\d\d:\d\d):\d\d")


class Possible:
    """A date that `?` or `%` qualifies as a whole; `note`: it is said that the date is uncertain."""

    __slots__ = ("_date", "_note", "_wording", "on_day")

    def __init__(self, wording: Wording, date: Spoken, *, note: bool) -> None:
        self._wording = wording
        self._date = date
        self._note = note
        self.on_day = date.on_day

    def said(self, form: str = "") -> str:
        note = noted("date", "possibly {date} (the date is uncertain)")
        message = note if self._note and form == "on" else noted("date", "possibly {date}")
        return self._wording.message(message, CONTEXT).format(date=self._date.said(form))

    def __format__(self, form: str) -> str:
        return self.said(form)


class Noted:
    """A date with a remark in brackets: `11 June 2004 (year uncertain)`."""

    __slots__ = ("_date", "_note", "on_day")

    def __init__(self, date: Spoken, note: str) -> None:
        self.on_day = date.on_day
        self._date = date
        self._note = note

    def said(self, form: str = "") -> str:
        return f"{self._date.said(form)} ({self._note})"

    def __format__(self, form: str) -> str:
        return self.said(form)


class Timed:
    """A day with a time of day: `12 April 1985, 23:20:30 UTC`; in a sentence `on 12 April 1985 at 23:20 UTC`."""

    __slots__ = ("_day", "_time", "_wording")
    on_day = True

    def __init__(self, wording: Wording, day: Spoken, time: str) -> None:
        self._wording = wording
        self._day = day
        self._time = time

    def said(self, form: str = "") -> str:
        message = noted("date", "{date} at {time}") if form else noted("date", "{date}, {time}")
        time = _SECONDS.sub("", self._time) if form == "on" else self._time
        return self._wording.message(message, CONTEXT).format(date=self._day.said(form), time=time)

    def __format__(self, form: str) -> str:
        return self.said(form)
