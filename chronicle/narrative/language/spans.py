"""Intervals, sets and the periods of figures in words of any language, on top of single dates.

`..` reads ongoing, a blank side reads not stated, `[..X]` reads X or earlier: three facts, three texts.
"""

from __future__ import annotations

from chronicle.errors import WhenError
from chronicle.event.model import Fact
from chronicle.event.span import DAY
from chronicle.narrative.language.dates import Dates
from chronicle.narrative.language.lasting import Adverb, AtLatest, Span
from chronicle.narrative.language.spoken import CONTEXT, Given, Joined, Phrase, Spoken
from chronicle.narrative.language.wording import noted, noted_plural
from chronicle.when import When
from chronicle.when.calendar import civil_from_days
from chronicle.when.date import OPEN, Date, Range, Side
from chronicle.when.seasons import SEASONS

_NUMBERS = {
    2: noted("number", "two"),
    4: noted("number", "four"),
    5: noted("number", "five"),
    7: noted("number", "seven"),
    8: noted("number", "eight"),
    9: noted("number", "nine"),
    10: noted("number", "ten"),
    11: noted("number", "eleven"),
}
_MEMBERS = {
    ("or", "day"): noted("date", "a day {span}"),
    ("or", "month"): noted("date", "a month {span}"),
    ("or", "year"): noted("date", "a year {span}"),
    ("or", ""): noted("date", "some time {span}"),
    ("and", "day"): noted("date", "every day {span}"),
    ("and", "month"): noted("date", "every month {span}"),
    ("and", "year"): noted("date", "every year {span}"),
    ("and", ""): noted("date", "all the time {span}"),
}
_EDGES = {
    ("or", False): noted("date", "{date:*} or earlier"),
    ("or", True): noted("date", "{date:*} or later"),
    ("and", False): noted("date", "{date:*} and earlier"),
    ("and", True): noted("date", "{date:*} and later"),
}


class Spans(Dates):
    """All that a `When` can be, in one language."""

    def when(self, when: When, hidden: int | None = None) -> Spoken | None:
        """The whole of it. The year goes unsaid where it is `hidden`; None if nothing is left to say."""
        if when.kind in ("one-of", "all-of"):
            return self._set(when.ranges, "or" if when.kind == "one-of" else "and")
        start, end = when.ranges[0]
        if when.kind == "interval":
            return self._interval(start, end, hidden)
        if isinstance(start, Date):
            return self.date(start, hidden)
        return self.phrase("open") if start == OPEN else self.phrase("not stated")

    def period(self, when: When, hidden: int | None = None) -> Spoken | None:
        """The period of a figure: the first nine months of 2025, where it begins with January."""
        if (whole := _months_from_january(when)) is None:
            return self.when(when, hidden)
        number, months = whole
        year = None if number == hidden else self.year(number)
        if months == 12:
            return year
        if months == 1:
            return self.month(1) if year is None else self.phrase("{month} {year}", month=self.month(1), year=year)
        if months in (3, 6):
            return self.part("33" if months == 3 else "40", year)
        start, end = self._all(When.parse(when.earliest[:7])), self._all(When.parse(when.latest[:7]))
        first_months = self._first_months(months, year)
        return Span(first_months, first_months, start, end)

    def brief(self, when: When) -> Spoken:
        """A period in a table: both ends joined by a dash."""
        start, end = when.ranges[0]
        if when.kind != "interval" or not isinstance(start, Date) or not isinstance(end, Date):
            said = self.when(when)
            assert said is not None, "no year is hidden"
            return said
        slots = self._shared(start, end, None)
        if "month" in slots:
            return self.phrase("{first}\u2013{last} {month} {year}", **slots)
        if "first" in slots:
            return self.phrase("{first}\u2013{last} {year}", **slots)
        if slots:
            return self.phrase("{start} \u2013 {end} {year}", **slots)
        only_years = not start.month and not end.month and start.is_plain and end.is_plain and start.year[0] != "-"
        both = {"start": self._side(start), "end": self._side(end)}
        return self.phrase("{start}\u2013{end}", **both) if only_years else self.phrase("{start} \u2013 {end}", **both)

    def held(self, fact: Fact, occurred: When) -> str:
        """When a fact without a period holds: `on 24 February 2026`, `from 2017 until 20 January 2021`."""
        began = When.parse(fact.from_) if fact.from_ not in (None, "..", "unknown") else occurred.start
        closing = fact.until or fact.through
        dated = began.kind in ("date", "datetime") and closing not in (None, "unknown")
        if not dated or fact.at is not None or fact.from_ in ("..", "unknown"):
            return " ".join(filter(None, (self._begin(fact, began, occurred), self._ending(fact))))
        ends = {"start": self._all(began), "end": self._all(When.parse(closing or ""))}
        if fact.until is not None:
            return self.phrase("from {start} until {end}", **ends).said()
        return self.phrase("from {start} through {end}", **ends).said()

    def due(self, when: When) -> str:
        """`by 2030` for the time at which a target is to be reached."""
        said = self._all(when)
        return said.said("by" if when.kind in ("date", "datetime") else "on")

    def end_of(self, text: str) -> Spoken:
        """A query date as the end of its unit; what is no EDTF date, as it is written."""
        try:
            when = When.parse(text)
        except WhenError:
            return Given(text)
        said = self._all(when)
        return said if when.precision in ("day", "second") else self.phrase("the end of {date}", date=said)

    def _all(self, when: When) -> Spoken:
        said = self.when(when)
        assert said is not None, "no year is hidden"
        return said

    def _begin(self, fact: Fact, began: When, occurred: When) -> str:
        if fact.at is not None:
            return self._all(When.parse(fact.at)).said("on")
        if fact.from_ == "unknown":
            last = occurred.latest
            if last in ("..", ""):
                return self.phrase("from a time that is not stated").said()
            year = last[: -len("-MM-DD")]
            latest = self._all(When.parse(last if len(year.lstrip("-")) == 4 else f"Y{year}"))
            return self.phrase("from a time that is not stated, no later than {date}", date=latest).said()
        if fact.from_ == ".." or began.kind == "open":
            return self.phrase("from before any date that is given").said()
        if began.kind == "unknown":
            return self.phrase("from a time that is not stated").said()
        start, end = began.ranges[0]
        if began.kind == "one-of" and len(began.ranges) == 1 and isinstance(start, Date) and isinstance(end, Date):
            sides = {"first": self._side(start), "last": self._side(end)}
            return self.phrase("from some time between {first} and {last}", **sides).said()
        return self._all(began).said("from")

    def _ending(self, fact: Fact) -> str:
        if "unknown" in (fact.until, fact.through):
            return self.phrase("until a time that is not stated").said()
        if fact.until is not None:
            return self._all(When.parse(fact.until)).said("until")
        return "" if fact.through is None else self._all(When.parse(fact.through)).said("through")

    def _first_months(self, months: int, year: Spoken | None) -> Spoken:
        count = Given(self.wording.message(_NUMBERS[months], "number"))
        if year is None:
            message = noted_plural("date", "the first month", "the first {count} months")
            variants = self.wording.counted_variants(*message, months, CONTEXT)
            return Phrase(self.wording, variants, {"count": count})
        message = noted_plural("date", "the first month of {year}", "the first {count} months of {year}")
        variants = self.wording.counted_variants(*message, months, CONTEXT)
        return Phrase(self.wording, variants, {"count": count, "year": year})

    def _side(self, date: Date) -> Spoken:
        said = self.date(date)
        assert said is not None, "no year is hidden"
        return said

    def _shared(self, start: Date, end: Date, hidden: int | None) -> dict[str, Spoken]:
        """The slots of two ends within one year, or one month of it, without what they share; else empty."""
        plain = start.is_plain and end.is_plain and start.year == end.year and not (start.time or end.time)
        units = start.month and end.month and bool(start.day) == bool(end.day)
        if not plain or not units or start.month in SEASONS or end.month in SEASONS or start is end:
            return {}
        number = int(start.year)
        year: Spoken = Given("") if number == hidden else self.year(number)
        if not start.day:
            first, last = self.month(int(start.month)), self.month(int(end.month))
            return {"first": first, "last": last, "year": year} if start.month != end.month else {}
        if start.month == end.month:
            days = self.number(int(start.day)), self.number(int(end.day))
            return {"first": days[0], "last": days[1], "month": self.month(int(start.month)), "year": year}
        ends = [self.days(self.number(int(one.day)), self.month(int(one.month)), None) for one in (start, end)]
        return {"start": ends[0], "end": ends[1], "year": year}

    def _interval(self, start: Side, end: Side, hidden: int | None) -> Spoken:
        if isinstance(start, Date) and isinstance(end, Date):
            return self._closed(start, end, hidden)
        if isinstance(start, Date):
            first = {"start": self._side(start)}
            if end == OPEN:
                return self._endless("{start:from}, ongoing", "{start:from}", **first)
            return self._endless("{start:from} (end not stated)", "{start:from} (no end date is given)", **first)
        if isinstance(end, Date):
            last = {"end": self._side(end)}
            if start == OPEN:
                return self._endless(
                    "{end:until} (open start)", "{end:until} (since before any date that is given)", **last
                )
            return self._endless("{end:until} (start not stated)", "{end:until} (no start date is given)", **last)
        if start == end:
            return Adverb(self.phrase("ongoing (open start)"))
        if end == OPEN:
            return Adverb(self.phrase("ongoing (start not stated)"))
        return Adverb(self.phrase("open start (end not stated)"))

    def _endless(self, alone: str, on: str, /, **side: Spoken) -> Spoken:
        """An interval with one end; `on` is how it opens a sentence."""
        (date,) = side.values()
        return Span(Adverb(self.phrase(alone, **side)), Adverb(self.phrase(on, **side)), date, date)

    def _closed(self, start: Date, end: Date, hidden: int | None) -> Spoken:
        slots = self._shared(start, end, hidden)
        ends = self._side(start), self._side(end)
        if "month" in slots:
            said = self.phrase("from {first} to {last} {month} {year}", **slots)
        elif "first" in slots:
            said = self.phrase("from {first} to {last} {year}", **slots)
        elif slots:
            said = self.phrase("from {start} to {end} {year}", **slots)
        else:
            said = self.phrase("from {start} to {end}", start=ends[0], end=ends[1])
        return Span(Adverb(said), Adverb(said), *ends)

    def _set(self, ranges: tuple[Range, ...], conjunction: str) -> Spoken:
        if len(ranges) == 1 and conjunction == "or" and ranges[0].start == OPEN and isinstance(ranges[0].end, Date):
            last = self._side(ranges[0].end)
            return AtLatest(self.phrase("{date:*} or earlier", date=last), last)
        dates = [part.start for part in ranges if part.start is part.end and isinstance(part.start, Date)]
        if len(dates) != len(ranges) or len(dates) == 1:
            members = [self._member(part, conjunction) for part in ranges]
            return members[0] if len(members) == 1 else Joined(self.wording, members, conjunction)
        first = dates[0]
        if all(date.is_plain and date.year == first.year and not date.time for date in dates):
            year, months = self.year(int(first.year)), {date.month for date in dates}
            if all(date.day for date in dates) and len(months) in (1, len(dates)):
                if len(months) == 1:
                    days = [self.number(int(date.day)) for date in dates]
                    return self.days(Joined(self.wording, days, conjunction), self.month(int(first.month)), year)
                apart = [self.days(self.number(int(date.day)), self.month(int(date.month)), None) for date in dates]
                return self.day_phrase("{days} {year}", days=Joined(self.wording, apart, conjunction), year=year)
            if not any(date.day or date.month in SEASONS or not date.month for date in dates):
                names = [self.month(int(date.month)) for date in dates]
                return self.phrase("{month} {year}", month=Joined(self.wording, names, conjunction), year=year)
        sides = [self._side(date) for date in dates]
        joined = Joined(self.wording, sides, conjunction)
        return joined if any(date.day for date in dates) else self.phrase("{dates}", dates=joined)

    def _member(self, part: Range, conjunction: str) -> Spoken:
        start, end = part
        if isinstance(start, Date) and isinstance(end, Date):
            if start is end:
                return self._side(start)
            unit = start.precision if start.precision == end.precision and start.is_plain and end.is_plain else ""
            unit = unit if (conjunction, unit) in _MEMBERS else ""
            message = self.wording.variants(_MEMBERS[conjunction, unit], CONTEXT)
            said = Phrase(self.wording, message, {"span": self._closed(start, end, None)}, on_day=unit == "day")
            return said if unit else Span(Adverb(said), Adverb(said), self._side(start), self._side(end))
        later = isinstance(start, Date)
        side = start if isinstance(start, Date) else end
        assert isinstance(side, Date), "EDTF has no set that is open at both ends"
        return Phrase(
            self.wording, self.wording.variants(_EDGES[conjunction, later], CONTEXT), {"date": self._side(side)}
        )


def _months_from_january(when: When) -> tuple[int, int] | None:
    """Year and number of months, for a period that starts with January and ends within the year."""
    if not when.is_definite or when.strict_lo is None or when.strict_hi is None:
        return None
    if when.strict_lo % DAY or when.strict_hi % DAY:
        return None
    year, month, day = civil_from_days(when.strict_lo // DAY)
    end_year, end_month, end_day = civil_from_days(when.strict_hi // DAY)
    months = (end_year - year) * 12 + end_month - 1
    if (month, day, end_day) != (1, 1, 1) or not 1 <= months <= 12 or not 1000 <= year <= 9999:
        return None
    return year, months
