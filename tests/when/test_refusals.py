"""Texts that are no EDTF dates, the character at fault and what the message says."""

from __future__ import annotations

import pytest

from chronicle.errors import WhenError
from chronicle.when import When, describe

REFUSED = [
    ("hello", 1, "'hello' is no EDTF date: expected a year of four digits"),
    ("", 1, "'' is no EDTF date: expected a year of four digits"),
    ("1994-13", 6, "'1994-13' has no month 13"),
    ("1994-00", 6, "'1994-00' has no month 00"),
    ("1994-02-30", 9, "'1994-02-30' has no day 30 in February 1994"),
    ("1900-02-29", 9, "'1900-02-29' has no day 29 in February 1900"),
    ("1900-02-00", 9, "'1900-02-00' has no day 00"),
    ("156X-11-31", 9, "'156X-11-31' has no day 31 in November 156X"),
    ("1985-02-3X", 9, "'1985-02-3X' has no day 3X in February 1985"),
    ("1985-X4-31", 9, "'1985-X4-31' has no day 31 in month X4"),
    ("XXX1-02-29", 9, "'XXX1-02-29' has no day 29 in February XXX1"),
    ("1984-2X", 6, "'1984-2X' has no month 2X"),
    ("2002/2001", 6, "'2002/2001' ends before it starts"),
    ("1994-09-20/1994-09-19", 12, "'1994-09-20/1994-09-19' ends before it starts"),
    ("{2002..2001}", 8, "'{2002..2001}' ends before it starts"),
    ("1994/09/20", 8, "'1994/09/20' is no EDTF date: an interval has one '/'"),
    ("/", 1, "'/' is no EDTF date: expected a date or '..' on one side of '/'"),
    ("[]", 2, "'[]' is no EDTF date: expected a year of four digits"),
    ("{..}", 2, "'{..}' is no EDTF date: expected a date beside '..'"),
    ("[1667", 6, "'[1667' is no EDTF date: expected ']' at the end"),
    ("[1667,]", 7, "'[1667,]' is no EDTF date: expected a year of four digits"),
    ("[1667..,1668]", 6, "'[1667..,1668]' has an open end before its last member"),
    ("[1667,..1668]", 7, "'[1667,..1668]' has an open start after its first member"),
    ("[1667 ,1668]", 6, "'[1667 ,1668]' is no EDTF date: expected nothing more after the year"),
    ("-0000", 1, "'-0000' has no year -0000: year zero is 0000"),
    ("12345", 5, "'12345' is no EDTF date: a year of more than four digits begins with Y"),
    ("Y2000", 1, "'Y2000' needs no Y: a year of up to four digits is written with four digits"),
    ("Y012345", 2, "'Y012345' has a leading zero in a year of more than four digits after Y"),
    ("Y17000-05", 7, "'Y17000-05' takes no month after a year written with Y or S"),
    ("Y9E999999999", 1, "'Y9E999999999' lies beyond 64-bit seconds, about 292 billion years either way"),
    ("Y292277026597", 1, "'Y292277026597' lies beyond 64-bit seconds, about 292 billion years either way"),
    ("Y292277026595~", 1, "'Y292277026595~' lies beyond 64-bit seconds, about 292 billion years either way"),
    ("1950S0", 6, "'1950S0' has no 0 significant digits: expected 1 to 4"),
    ("1950S5", 6, "'1950S5' has no 5 significant digits: expected 1 to 4"),
    ("19XXS2", 5, "'19XXS2' is no EDTF date: a year with X has no significant digits"),
    ("2001-21-05", 8, "'2001-21-05' takes no day in a season or part of a year"),
    ("199x", 4, "'199x' is no EDTF date: expected a year of four digits, with a capital X for an unspecified digit"),
    ("1994-9-1", 7, "'1994-9-1' is no EDTF date: expected a month of two digits"),
    ("1994-", 6, "'1994-' is no EDTF date: expected a month of two digits"),
    ("1994 ", 5, "'1994 ' is no EDTF date: expected nothing more after the year"),
    (" 1994", 1, "' 1994' is no EDTF date: expected a year of four digits"),
    ("1984??", 6, "'1984??' is no EDTF date: expected nothing more after the year"),
    ("1985-04-12T24:00:00", 12, "'1985-04-12T24:00:00' has no hour 24"),
    ("1985-04-12T23:20:60", 18, "'1985-04-12T23:20:60' has no second 60"),
    ("1985-04-12T23:20", 17, "'1985-04-12T23:20' is no EDTF date: expected ':' and seconds"),
    ("1985-04-12T23:20:30.5", 20, "'1985-04-12T23:20:30.5' takes no fraction of a second"),
    (
        "1985-04-12T23:20:30-00:00",
        20,
        "'1985-04-12T23:20:30-00:00' has no offset of minus zero: write Z or +00:00",
    ),
    ("1985-04-12T23:20:30+14:01", 20, "'1985-04-12T23:20:30+14:01' has an offset outside -12:00 to +14:00"),
    ("1985-04-12T23:20:30-13", 20, "'1985-04-12T23:20:30-13' has an offset outside -12:00 to +14:00"),
    ("1985-04T10:00:00", 8, "'1985-04T10:00:00' takes a time of day only after a plain date, YYYY-MM-DD"),
    ("1994-13-01T10:00:00", 6, "'1994-13-01T10:00:00' has no month 13"),
    (
        "2004-01-01T10:10:10Z/2005",
        11,
        "'2004-01-01T10:10:10Z/2005' takes no time of day here: only a plain date, YYYY-MM-DD, standing alone does",
    ),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED)
def test_refused(text: str, column: int, message: str) -> None:
    """A refusal names the text, the character and what was expected."""
    with pytest.raises(WhenError) as caught:
        When.parse(text)
    assert (column, message) == (caught.value.column, str(caught.value))


@pytest.mark.parametrize(
    "text", ["1985-04-12T23:20:30~", "1985-04-12T23:20:30-00", "[2004-01-01T10:10:10Z]", "9" * 201]
)
def test_refused_without_a_word_on_how(text: str) -> None:
    """Times of day are never qualified nor in sets, and no text is longer than 200 characters."""
    with pytest.raises(WhenError):
        When.parse(text)


@pytest.mark.parametrize("text", ["\u0661\u0669\u0669\u0664", "\uff11\uff19\uff19\uff14", "1994-0\u0669", "199\u00b2"])
def test_only_ascii_digits(text: str) -> None:
    """Digits of other scripts are no digits."""
    with pytest.raises(WhenError):
        When.parse(text)


def test_describe_refused() -> None:
    """What is refused is described with its error and column."""
    expected = {"edtf": "1994-13", "valid": False, "error": "'1994-13' has no month 13", "column": 6}
    assert expected == describe("1994-13")


def test_describe_valid() -> None:
    """What is read is described in the documented order of keys."""
    expected = {
        "edtf": "1994~",
        "valid": True,
        "level": 1,
        "earliest": "1994-01-01",
        "latest": "1994-12-31",
        "lo": 725846400,
        "hi": 820454400,
        "precision": "year",
        "qualifier": "approximate",
        "phrase": "about 1994",
    }
    assert list(expected.items()) == list(describe("1994~").items())
