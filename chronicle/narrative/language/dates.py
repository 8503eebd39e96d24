"""A single date in words of any language, in every form, and never more precise than what is written."""

from __future__ import annotations

from chronicle.narrative.language.numerals import Numeral
from chronicle.narrative.language.qualified import Noted, Possible, Timed
from chronicle.narrative.language.spoken import CONTEXT, Phrase, Spoken, listed
from chronicle.narrative.language.wording import Wording, noted
from chronicle.when.date import Date
from chronicle.when.mask import matching_numbers
from chronicle.when.seasons import SEASONS

MONTHS = (
    noted("month", "January"),
    noted("month", "February"),
    noted("month", "March"),
    noted("month", "April"),
    noted("month", "May"),
    noted("month", "June"),
    noted("month", "July"),
    noted("month", "August"),
    noted("month", "September"),
    noted("month", "October"),
    noted("month", "November"),
    noted("month", "December"),
)
_SEASONS = (
    noted("season", "spring"),
    noted("season", "summer"),
    noted("season", "autumn"),
    noted("season", "winter"),
)
_HEMISPHERES = (
    ("", noted("date", "{season} {year}")),
    (noted("date", "northern {season}"), noted("date", "northern {season} {year}")),
    (noted("date", "southern {season}"), noted("date", "southern {season} {year}")),
)
_PARTS = (
    noted("season", "the first quarter"),
    noted("season", "the second quarter"),
    noted("season", "the third quarter"),
    noted("season", "the fourth quarter"),
    noted("season", "the first third"),
    noted("season", "the second third"),
    noted("season", "the third third"),
    noted("season", "the first half"),
    noted("season", "the second half"),
)
_FIRST_SEASON, _FIRST_PART = 21, 33
_UNITS = (
    noted("date", "month"),
    noted("date", "season"),
    noted("date", "quarter"),
    noted("date", "third"),
    noted("date", "half"),
)
_NOTES = {
    "~": noted("date", "{parts} approximate"),
    "?": noted("date", "{parts} uncertain"),
    "%": noted("date", "{parts} uncertain and approximate"),
}


class Dates:
    """The single dates of one language."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def date(self, date: Date, hidden: int | None = None) -> Spoken | None:
        """A date. The year goes unsaid where it is `hidden`; None if nothing is left to say."""
        if not date.is_plain:
            said = self._masked(date) if date.is_masked else self._whole(date, None)
            return self._qualified(said, date) if said is not None and date.marks else said
        return self._whole(date, hidden if hidden is not None and 1000 <= hidden <= 9999 else None)

    def phrase(self, message: str, /, **slots: Spoken) -> Phrase:
        """A message about dates; English says `in`, not `on`."""
        return Phrase(self.wording, self.wording.variants(message, CONTEXT), slots)

    def day_phrase(self, message: str, /, **slots: Spoken) -> Phrase:
        """A message about a day; English says `on`."""
        return Phrase(self.wording, self.wording.variants(message, CONTEXT), slots, on_day=True)

    def number(self, number: int, shown: str | None = None) -> Numeral:
        """A number as a slot."""
        return Numeral(self.wording.tag, number, shown)

    def month(self, number: int) -> Phrase:
        """The name of a month, 1 to 12."""
        return self._named(MONTHS[number - 1], "month")

    def _named(self, name: str, context: str) -> Phrase:
        return Phrase(self.wording, self.wording.variants(name, context), {})

    def part(self, code: str, year: Spoken | None) -> Spoken:
        """`spring 1994`, `northern spring 1994`, `the third quarter of 1994`; without the year if that is None."""
        if (number := int(code) - _FIRST_PART) >= 0:
            part = self._named(_PARTS[number], "season")
            return part if year is None else self.phrase("{part} of {year}", part=part, year=year)
        hemisphere, number = divmod(int(code) - _FIRST_SEASON, len(_SEASONS))
        season = self._named(_SEASONS[number], "season")
        alone, whole = _HEMISPHERES[hemisphere]
        if year is not None:
            return self.phrase(whole, season=season, year=year)
        return self.phrase(alone, season=season) if alone else season

    def year(self, year: int, *, alone: bool = True) -> Phrase:
        """`753 BC` for -752, `1 BC` for 0, `AD 79`, `1994`, `the year 170,000,002` if it stands alone."""
        number = self.number(abs(year) if year > 0 else 1 - year, self._digits(abs(year) if year > 0 else 1 - year))
        if year <= 0:
            return self.phrase("{year} BC", year=number)
        if year < 1000:
            return self.phrase("AD {year}", year=number)
        return self.phrase("{year}" if year < 10_000 or not alone else "the year {year}", year=number)

    def _digits(self, number: int) -> str:
        return str(number) if number < 10_000 else f"{number:,}".replace(",", self.wording.group)

    def _whole(self, date: Date, hidden: int | None) -> Spoken | None:
        if date.significant:
            low, high = self._years(date)
            estimate = self.year(int(date.year), alone=False)
            return self.phrase(
                "some year from {first} to {last}, estimated at {year}", first=low, last=high, year=estimate
            )
        number = int(date.year)
        year = None if number == hidden else self.year(number)
        if date.month in SEASONS:
            return self.part(date.month, year)
        if not date.month:
            return year
        month = self.month(int(date.month))
        if not date.day:
            return month if year is None else self.phrase("{month} {year}", month=month, year=year)
        day = self.days(self.number(int(date.day)), month, year)
        return Timed(self.wording, day, self._time(date.time)) if date.time else day

    def days(self, day: Spoken, month: Spoken, year: Spoken | None) -> Phrase:
        """`20 September 1994`; the day may be several."""
        if year is None:
            return self.day_phrase("{day} {month}", day=day, month=month)
        return self.day_phrase("{day} {month} {year}", day=day, month=month, year=year)

    def _time(self, time: str) -> str:
        clock, zone = time[:8], time[8:]
        if not zone:
            return clock
        return f"{clock} UTC" if zone == "Z" else f"{clock} (UTC{zone})"

    def _years(self, date: Date) -> tuple[Spoken, Spoken]:
        """The first and last year of a masked or significant-digits year."""
        digits = date.year.lstrip("-")
        if date.significant:
            power = len(digits) - date.significant
            low = int(digits) // 10**power * 10**power
            high = low + 10**power - 1
        else:
            low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
        if date.year[0] == "-":
            low, high = -high, -max(low, 1)
        return self.year(low, alone=False), self.year(high, alone=False)

    def _masked(self, date: Date) -> Spoken:
        """What is known; the rest is some day, month or year."""
        apart = "X" in date.year
        year = self._masked_year(date) if apart else self.year(int(date.year))
        if not date.month:
            return year
        if date.month in SEASONS:
            return self._within(self.part(date.month, None), year) if apart else self.part(date.month, year)
        months = matching_numbers(date.month, 12)
        if len(months) == 1:
            return self._masked_day(date, self.month(months[0]), year, apart=apart)
        slots: dict[str, Spoken] = {"date": year}
        if date.month != "XX":
            slots |= {"first": self.month(months[0]), "last": self.month(months[-1])}
        if not date.day:
            some, span = (
                noted("date", "some month in {date}"),
                noted("date", "some month from {first} to {last} in {date}"),
            )
            return self.phrase(span if "first" in slots else some, **slots)
        if "X" in date.day:
            some, span = noted("date", "some day in {date}"), noted("date", "some day from {first} to {last} in {date}")
        else:
            some = noted("date", "day {day} of some month in {date}")
            span = noted("date", "day {day} of some month from {first} to {last} in {date}")
            slots["day"] = self.number(int(date.day))
        return self.day_phrase(span if "first" in slots else some, **slots)

    def _masked_day(self, date: Date, month: Spoken, year: Spoken, *, apart: bool) -> Spoken:
        if date.day and "X" not in date.day:
            day = self.number(int(date.day))
            return self._within(self.days(day, month, None), year) if apart else self.days(day, month, year)
        whole = self._within(month, year) if apart else self.phrase("{month} {year}", month=month, year=year)
        if not date.day:
            return whole
        if date.day == "XX":
            return self.day_phrase("some day in {date}", date=whole)
        days = matching_numbers(date.day, 31)
        first, last = self.number(days[0]), self.number(days[-1])
        return self.day_phrase("some day from {first} to {last} {date}", first=first, last=last, date=whole)

    def _within(self, part: Spoken, year: Spoken) -> Spoken:
        return self.phrase("{part} in {date}", part=part, date=year)

    def _masked_year(self, date: Date) -> Spoken:
        digits = date.year.lstrip("-")
        if digits == "XXXX":
            return self.phrase("an unknown year BC") if date.year[0] == "-" else self.phrase("an unknown year")
        # A decade is named only where its name cannot be taken for a century or an era.
        if date.year[0] != "-" and digits[3] == "X" and "X" not in digits[:3] and digits[0] != "0" and digits[2] != "0":
            return self.phrase("the {year}s", year=self.number(int(digits[:3]) * 10))
        first, last = self._years(date)
        return self.phrase("some year from {first} to {last}", first=first, last=last)

    def _qualified(self, said: Spoken, date: Date) -> Spoken:
        if len(set(date.marks)) == 1:
            mark = date.marks[0]
            if mark != "?":
                variants = self.wording.variants(noted("date", "about {date}"), CONTEXT)
                said = Phrase(self.wording, variants, {"date": said}, on_day=said.on_day)
            return said if mark == "~" else Possible(self.wording, said, note=mark == "?")
        season = SEASONS.get(date.month)
        names = (noted("date", "year"), season.unit if season else "month", noted("date", "day"))
        grouped: dict[str, list[str]] = {}
        for name, mark in zip(names, date.marks, strict=False):
            if mark:
                grouped.setdefault(mark, []).append(self.wording.message(name, CONTEXT))
        notes = [
            self.wording.message(_NOTES[mark], CONTEXT).format(parts=listed(self.wording, parts, "and"))
            for mark, parts in grouped.items()
        ]
        return Noted(said, ", ".join(notes))
