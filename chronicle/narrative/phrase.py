"""Dates at work in sentences, on top of `When.phrase`: openings, bounds of facts, and what the heading already said."""

from __future__ import annotations

import re

from chronicle.errors import WhenError
from chronicle.event.model import Fact
from chronicle.event.span import DAY
from chronicle.narrative.figures import EN_DASH
from chronicle.when import When
from chronicle.when.calendar import civil_from_days

_ON = re.compile(
    r"(?:about |possibly |possibly about )?(?:\d{1,2}(?: [A-Z][a-z]|,| or | and )|some day|a day|every day|day )"
)
_YEAR_END = re.compile(r"(?:,? of|,)? (\d{4})$")
_CLOSED_RANGE = re.compile(r"\[([^,\[\]]+)\.\.([^,\[\]]+)\]")
_PARTS = {3: "the first quarter", 6: "the first half", 12: ""}
_COUNTS = ("", "", "two", "", "four", "five", "", "seven", "eight", "nine", "ten", "eleven")


def opening(when: When, year: int | None = None, *, ongoing: bool = True) -> str:
    """`In 1994`, `On 20 September 1994`, `In the first nine months of 2025`, without a comma.

    The year goes unsaid where it is `year`, that of the heading; a date that is no more than this year gives a blank.
    """
    if when.kind == "interval":
        return _lasting(when, year, ongoing=ongoing)
    if is_by(when):
        return f"By {by(when)}"
    said = when.phrase()
    if when.kind == "datetime":
        return f"On {said.replace(', ', ' at ')}"
    if when.qualifier is not None:
        return _doubtful(said)
    if year is not None and says_year(when, year):
        said = without_year(said, year)
    return f"{preposition(said)} {said}" if said else ""


def lowered(said: str) -> str:
    """An opening inside a sentence."""
    return said[:1].lower() + said[1:]


def preposition(phrase: str) -> str:
    """`On` before days, `In` before all that is longer."""
    return "On" if _ON.match(phrase) else "In"


def _doubtful(said: str) -> str:
    """A qualifier on the whole date is an adverb of the sentence; one on a part is told in brackets by the phrase."""
    if not said.startswith("possibly "):
        return f"{preposition(said)} {said}"
    rest = said.removeprefix("possibly ")
    note = "" if rest.startswith("about ") else " (the date is uncertain)"
    return f"Possibly {preposition(rest).lower()} {rest}{note}"


def _lasting(when: When, year: int | None, *, ongoing: bool) -> str:
    start, end = when.start, when.end
    if start.kind in ("open", "unknown") and end.kind in ("open", "unknown"):
        return (
            "At a time for which no date is given"
            if "open" not in (start.kind, end.kind)
            else when.phrase().capitalize()
        )
    if end.kind == "open":
        return f"{'Since' if ongoing else 'From'} {start.phrase()}"
    if end.kind == "unknown":
        return f"From {start.phrase()} (no end date is given)"
    if start.kind == "open":
        return f"Until {end.phrase()} (since before any date that is given)"
    if start.kind == "unknown":
        return f"Until {end.phrase()} (no start date is given)"
    return period(when, year)


def period(when: When, year: int | None = None) -> str:
    """A definite period: `In 2025`, `In the first nine months of 2025`, `From March to May 2025`."""
    if (whole := _months_from_january(when)) is not None:
        of, months = whole
        part = _PARTS.get(months, f"the first {_COUNTS[months]} months" if months < 12 else "")
        if months == 1:
            return opening(When.parse(f"{of:04d}-01"), year)
        if of == year:
            return f"In {part}" if part else ""
        return f"In {part} of {of}" if part else f"In {of}"
    said = when.phrase()
    if year is not None and says_year(when, year):
        said = without_year(said, year)
    return said[:1].upper() + said[1:] if said.startswith("from ") else f"{preposition(said)} {said}"


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


def says_year(when: When, year: int) -> bool:
    """The date lies in the year and says so in plain digits."""
    return when.is_definite and when.qualifier is None and _year_of(when.earliest) == _year_of(when.latest) == year


def _year_of(day: str) -> int | None:
    return int(day[:-6]) if len(day) > len("-MM-DD") else None


def without_year(phrase: str, year: int) -> str:
    """`20 September` of 20 September 1994, `the third quarter` of the third quarter of 2025."""
    found = _YEAR_END.search(f" {phrase}")
    return f" {phrase}"[: found.start()].strip() if found and found[1] == str(year) else phrase


def is_by(when: When) -> bool:
    """`[..X]`: it happened on X or earlier, and no more is known."""
    return when.kind == "one-of" and when.edtf.startswith("[..") and "," not in when.edtf


def by(when: When) -> str:
    """X of `[..X]`."""
    return When.parse(when.edtf[3:-1].strip()).phrase()


def end_of(text: str) -> str:
    """A query date as the end of its unit: `1 March 2026`, `the end of 2025`."""
    try:
        when = When.parse(text)
    except WhenError:
        return text
    return when.phrase() if when.precision in ("day", "second") else f"the end of {when.phrase()}"


def due(text: str) -> str:
    """`by 2030` for the time at which a target is to be reached."""
    when = When.parse(text)
    said = when.phrase()
    if when.kind in ("date", "datetime"):
        return f"by {said}"
    return said if said.startswith("from ") else f"{preposition(said).lower()} {said}"


def held(fact: Fact, occurred: When) -> str:
    """When a fact without a period holds: `on 24 February 2026`, `from 2017 until 20 January 2021`."""
    return " ".join(filter(None, (_begin(fact, occurred), _ending(fact))))


def _begin(fact: Fact, occurred: When) -> str:
    if fact.at is not None:
        return lowered(opening(When.parse(fact.at)))
    if fact.from_ == "..":
        return "from before any date that is given"
    if fact.from_ == "unknown":
        last = occurred.latest
        known = f" no later than {day(last)}" if last not in ("..", "") else ""
        return f"from a time that is not stated,{known}" if known else "from a time that is not stated"
    return _from(When.parse(fact.from_) if fact.from_ is not None else occurred.start)


def _from(when: When) -> str:
    if when.kind == "open":
        return "from before any date that is given"
    if when.kind == "unknown":
        return "from a time that is not stated"
    if found := _CLOSED_RANGE.fullmatch(when.edtf):
        first, last = (When.parse(part.strip()).phrase() for part in found.groups())
        return f"from some time between {first} and {last}"
    return f"from {when.phrase()}"


def _ending(fact: Fact) -> str:
    if "unknown" in (fact.until, fact.through):
        return "until a time that is not stated"
    if fact.until is not None:
        return f"until {When.parse(fact.until).phrase()}"
    return "" if fact.through is None else f"through {When.parse(fact.through).phrase()}"


def day(text: str) -> str:
    """A day as `When.latest` gives it; of years beyond four digits, which EDTF writes only alone, the year."""
    year = text[: -len("-MM-DD")]
    return When.parse(text if len(year.lstrip("-")) == 4 else f"Y{year}").phrase()


def brief(text: str) -> str:
    """A period in a table: both ends joined by a dash."""
    said = When.parse(text).phrase()
    if not said.startswith("from "):
        return said
    first, _, last = said.removeprefix("from ").partition(" to ")
    return f"{first} {EN_DASH} {last}" if " " in first else f"{first}{EN_DASH}{last}"
