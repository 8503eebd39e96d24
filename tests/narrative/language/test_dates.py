"""Dates in English sentences: every shape of a date, in every form."""

from __future__ import annotations

import pytest

from chronicle.event.model import Fact
from chronicle.narrative.language import Language, runs_of
from chronicle.when import When

ENGLISH = Language("en", {}, {})

PHRASES = {
    "1994": "1994",
    "1994-09": "September 1994",
    "1994-09-20": "20 September 1994",
    "1994~": "about 1994",
    "1994?": "possibly 1994",
    "1994%": "possibly about 1994",
    "2004-06-11~": "about 11 June 2004",
    "2004?-06-11": "11 June 2004 (year uncertain)",
    "2004-06~-11": "11 June 2004 (year and month approximate)",
    "?2004-06-~11": "11 June 2004 (year uncertain, day approximate)",
    "2001-~21": "spring 2001 (season approximate)",
    "1985-04-12T23:20:30": "12 April 1985, 23:20:30",
    "1985-04-12T23:20:30Z": "12 April 1985, 23:20:30 UTC",
    "1985-04-12T23:20:30-04": "12 April 1985, 23:20:30 (UTC-04)",
    "199X": "the 1990s",
    "199X~": "about the 1990s",
    "200X": "some year from 2000 to 2009",
    "20XX": "some year from 2000 to 2099",
    "-01XX": "some year from 200 BC to 101 BC",
    "000X": "some year from 1 BC to AD 9",
    "XXXX": "an unknown year",
    "2004-XX": "some month in 2004",
    "1985-04-XX": "some day in April 1985",
    "1985-XX-XX": "some day in 1985",
    "1984-1X": "some month from October to December in 1984",
    "199X-1X": "some month from October to December in the 1990s",
    "1985-04-1X": "some day from 10 to 19 April 1985",
    "1985-XX-11": "day 11 of some month in 1985",
    "1985-X4": "April 1985",
    "156X-12-25": "25 December in the 1560s",
    "15XX-12-25": "25 December in some year from 1500 to 1599",
    "XXXX-12-XX": "some day in December in an unknown year",
    "199X-21": "spring in the 1990s",
    "XXXX-33": "the first quarter in an unknown year",
    "1950S2": "some year from 1900 to 1999, estimated at 1950",
    "Y3388E2S3": "some year from 338,000 to 338,999, estimated at 338,800",
    "Y170000002": "the year 170,000,002",
    "Y-17E7": "170,000,001 BC",
    "-0752": "753 BC",
    "0000": "1 BC",
    "-0043-03-15": "15 March 44 BC",
    "0079-10-24": "24 October AD 79",
    "2001-21": "spring 2001",
    "2001-28": "northern winter 2001",
    "2001-30": "southern summer 2001",
    "2025-35": "the third quarter of 2025",
    "2025-38": "the second third of 2025",
    "2025-40": "the first half of 2025",
    "1964/2008": "from 1964 to 2008",
    "2025-01/2025-09": "from January to September 2025",
    "2004-02-01/2004-02-08": "from 1 to 8 February 2004",
    "2004-02-01/2004-03-08": "from 1 February to 8 March 2004",
    "2004-02-01/2005-02": "from 1 February 2004 to February 2005",
    "2004-02~/2004-03": "from about February 2004 to March 2004",
    "2027/2032~": "from 2027 to about 2032",
    "-0752/-0508": "from 753 BC to 509 BC",
    "2026-02/..": "from February 2026, ongoing",
    "2026-02/": "from February 2026 (end not stated)",
    "../1985": "until 1985 (open start)",
    "/1985": "until 1985 (start not stated)",
    "../..": "ongoing (open start)",
    "../": "open start (end not stated)",
    "/..": "ongoing (start not stated)",
    "[..2026-02]": "February 2026 or earlier",
    "[2026-02..]": "February 2026 or later",
    "{..1984}": "1984 and earlier",
    "[2026-02-10,2026-02-11]": "10 or 11 February 2026",
    "[2026-02-10, 2026-03-11]": "10 February or 11 March 2026",
    "[2025-01, 2025-03, 2025-04]": "January, March or April 2025",
    "[1667, 1668]": "1667 or 1668",
    "{1960,1961-12}": "1960 and December 1961",
    "[1984]": "1984",
    "[2030..2032]": "a year from 2030 to 2032",
    "{2025-01..2025-03}": "every month from January to March 2025",
    "[1667,1668,1670..1672]": "1667, 1668 or a year from 1670 to 1672",
    "[1667..1670-05]": "some time from 1667 to May 1670",
    "[1760-01,1760-12..]": "January 1760 or December 1760 or later",
}


@pytest.mark.parametrize(("text", "expected"), PHRASES.items())
def test_a_date_by_itself(text: str, expected: str) -> None:
    """A date by itself says what its text says, and no more."""
    assert expected == said(ENGLISH.when(When.parse(text)))


OPENINGS = [
    ("1994-09-20", None, "on 20 September 1994"),
    ("1994-09-20", 1994, "on 20 September"),
    ("1994-09", None, "in September 1994"),
    ("1994-09", 1994, "in September"),
    ("1994", None, "in 1994"),
    ("1994", 1994, ""),
    ("1994~", 1994, "in about 1994"),
    ("1994?", 1994, "possibly in 1994 (the date is uncertain)"),
    ("1994%", 1994, "possibly in about 1994"),
    ("2004-06-11?", None, "possibly on 11 June 2004 (the date is uncertain)"),
    ("2025-01/2025-09", None, "in the first nine months of 2025"),
    ("2025-01/2025-09", 2025, "in the first nine months"),
    ("2025-01/2025-03", None, "in the first quarter of 2025"),
    ("2025-01-01/2025-06-30", 2025, "in the first half"),
    ("2025-01/2025-12", None, "in 2025"),
    ("2025-03/2025-05", 2025, "from March to May"),
    ("2025-03/2025-05", None, "from March to May 2025"),
    ("2025-35", None, "in the third quarter of 2025"),
    ("2025-35", 2025, "in the third quarter"),
    ("2025-40", 2025, "in the first half"),
    ("[..2026-02-24]", None, "by 24 February 2026"),
    ("2026-02/..", 2026, "from February 2026"),
    ("2026-02/", 2026, "from February 2026 (no end date is given)"),
    ("../2020", None, "until 2020 (since before any date that is given)"),
    ("/2020", None, "until 2020 (no start date is given)"),
    ("[2026-02-10,2026-02-11]", None, "on 10 or 11 February 2026"),
    ("202X", None, "in the 2020s"),
    ("[2030..2032]", None, "in a year from 2030 to 2032"),
    ("1985-04-12T23:20:30Z", None, "on 12 April 1985 at 23:20 UTC"),
    ("-0043", -43, "in 44 BC"),
]


@pytest.mark.parametrize(("text", "year", "expected"), OPENINGS)
def test_a_date_in_a_sentence(text: str, year: int | None, expected: str) -> None:
    """A date in a sentence is no more precise than it is known, and leaves the year of the heading unsaid."""
    assert expected == said(ENGLISH.when(When.parse(text), year=year), "on")


FORMS = [
    ("1994", "from", "from 1994"),
    ("1994-09-20", "since", "since 20 September 1994"),
    ("1994~", "until", "until about 1994"),
    ("2004-06-11~", "on", "on about 11 June 2004"),
    ("2025-35", "through", "through the third quarter of 2025"),
    ("2030", "by", "by 2030"),
    ("2026-02-24", "as-of", "as of 24 February 2026"),
    ("2025-01/2025-09", "since", "since January 2025"),
    ("2017/2021", "until", "until 2021"),
    ("[..2026-02-24]", "from", "from 24 February 2026 or earlier"),
    ("2026-02/..", "since", "since February 2026"),
]


@pytest.mark.parametrize(("text", "form", "expected"), FORMS)
def test_the_forms_of_a_date(text: str, form: str, expected: str) -> None:
    """What lasts begins with its start and ends with its end."""
    assert expected == said(ENGLISH.when(When.parse(text)), form)


def test_a_form_that_there_is_not() -> None:
    """A form or case that neither English nor the language has is a mistake of the catalogue."""
    with pytest.raises(KeyError, match="inside"):
        ENGLISH.when(When.parse("1994")).form("inside")


HELD = [
    ({"at": "2026-02-24"}, "2026", "on 24 February 2026"),
    ({"at": "2026-02"}, "2026", "in February 2026"),
    ({}, "1994", "from 1994"),
    ({}, "2017/2021", "from 2017"),
    ({}, "../2021", "from before any date that is given"),
    ({"from_": "2017", "until": "2021-01-20"}, "2017", "from 2017 until 20 January 2021"),
    ({"from_": "2017", "through": "2021-01-19"}, "2017", "from 2017 through 19 January 2021"),
    ({"from_": "unknown"}, "2024-05", "from a time that is not stated, no later than 31 May 2024"),
    ({"from_": "..", "until": "unknown"}, "2024", "from before any date that is given until a time that is not stated"),
    ({"from_": "[1994-01-01..2026-02-24]"}, "1994", "from some time between 1 January 1994 and 24 February 2026"),
    ({"from_": "[..2026-02-24]"}, "1994", "from 24 February 2026 or earlier"),
]


@pytest.mark.parametrize(("times", "occurred", "expected"), HELD)
def test_when_a_fact_holds(times: dict[str, str], occurred: str, expected: str) -> None:
    """When a fact holds."""
    fact = Fact(subject="a", attribute="b", **times)  # type: ignore[arg-type] # the keys are those of dates
    assert expected == said(ENGLISH.held(fact, When.parse(occurred)))


def test_a_bound_is_told_by_the_end_of_its_unit() -> None:
    """A bound is told by the end of its unit; what is no date stays as it is."""
    texts = ("2026-03-01", "2025", "2025-06", "2025-35", "2026-03-01T12:00:00Z", "yesterday")
    assert [
        "1 March 2026",
        "the end of 2025",
        "the end of June 2025",
        "the end of the third quarter of 2025",
        "1 March 2026, 12:00:00 UTC",
        "yesterday",
    ] == [said(ENGLISH.end_of(text)) for text in texts]
    assert "by the end of 2025" == said(ENGLISH.end_of("2025"), "by")


def test_due_dates() -> None:
    """A target is reached by a date, or over a time."""
    assert ["by 2030", "from 2027 to 2030"] == [said(ENGLISH.due(text)) for text in ("2030", "2027/2030")]


def test_periods_in_a_table() -> None:
    """Both ends of a period are joined by a dash, set off by spaces where an end has one itself."""
    texts = ("2025", "2017/2021", "2025-01/2025-09", "2024-11/2025-02", "2004-02-10/2004-02-12")
    assert [
        "2025",
        "2017\u20132021",
        "January\u2013September 2025",
        "November 2024 \u2013 February 2025",
        "10\u201312 February 2004",
    ] == [said(ENGLISH.period(text)) for text in texts]


def test_a_date_keeps_its_fact() -> None:
    """A date in a sentence knows what it was taken from."""
    (run,) = ENGLISH.when(When.parse("1994-09"), fact="contract#1").form("on")
    assert ("in September 1994", "date", "1994-09", "contract#1") == (run.text, run.kind, run.when, run.fact)


def said(slot: object, form: str = "") -> str:
    """The text of a form."""
    return "".join(run.text for run in runs_of(slot, form))  # type: ignore[arg-type] # whatever a test says
