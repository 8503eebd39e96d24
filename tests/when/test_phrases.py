"""Dates in English."""

from __future__ import annotations

import pytest

from chronicle.when import When

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
    "1984-1X": "some month from October to December 1984",
    "199X-1X": "some month from October to December in the 1990s",
    "1985-04-1X": "some day from 10 to 19 April 1985",
    "1985-XX-11": "day 11 of some month in 1985",
    "1985-X4": "some month in April 1985",
    "156X-12-25": "25 December in the 1560s",
    "15XX-12-25": "25 December of some year from 1500 to 1599",
    "XXXX-12-XX": "some day in December of an unknown year",
    "199X-21": "spring in the 1990s",
    "XXXX-33": "the first quarter of an unknown year",
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
    "[1667,1668,1670..1672]": "1667, 1668, or a year from 1670 to 1672",
    "[1667..1670-05]": "some time from 1667 to May 1670",
    "[1760-01,1760-12..]": "January 1760, or December 1760 or later",
}


@pytest.mark.parametrize(("text", "phrase"), PHRASES.items())
def test_phrase(text: str, phrase: str) -> None:
    """A phrase says what the text says, and no more."""
    assert phrase == When.parse(text).phrase()


def test_sides_without_a_date() -> None:
    """An open and an unknown side are told apart."""
    when = When.parse("../")
    assert ("open", "not stated") == (when.start.phrase(), when.end.phrase())
