"""The properties of a `When` other than its bounds."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest

from chronicle.when import When, instant_text
from chronicle.when.calendar import DAY_SECONDS, days_from_civil


def _midnight(year: int, month: int, day: int) -> int:
    return days_from_civil(year, month, day) * DAY_SECONDS


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("1994~", (1993, 1, 1), (1996, 1, 1)),
        ("2004-06~", (2004, 5, 1), (2004, 8, 1)),
        ("2004-06-11~", (2004, 6, 10), (2004, 6, 13)),
        ("2004-06~-11", (2004, 5, 11), (2004, 7, 12)),
        ("2004?-06-11", (2003, 6, 11), (2005, 6, 12)),
        ("?2004-06-~11", (2004, 6, 10), (2004, 6, 13)),
        ("2004-%06-11", (2004, 5, 11), (2004, 7, 12)),
        ("2004?-02-29", (2003, 2, 28), (2005, 3, 1)),
        ("2004?-02-28", (2003, 2, 28), (2005, 2, 28)),
        ("2004-03?-31", (2004, 2, 29), (2004, 5, 1)),
        ("199X~", (1989, 1, 1), (2001, 1, 1)),
        ("2001-21~", (2000, 12, 1), (2001, 9, 1)),
        ("2001-37%", (2000, 9, 1), (2001, 9, 1)),
        ("2001-40?", (2000, 7, 1), (2002, 1, 1)),
        ("1950S2~", (1899, 1, 1), (2001, 1, 1)),
        ("1984~/2004-06", (1983, 1, 1), (2004, 7, 1)),
        ("1984/2004-06-11?", (1984, 1, 1), (2004, 6, 13)),
        ("[1984~, 1985-01]", (1983, 1, 1), (1986, 1, 1)),
        ("1994", (1994, 1, 1), (1995, 1, 1)),
    ],
)
def test_widening(text: str, lo: tuple[int, int, int], hi: tuple[int, int, int]) -> None:
    """A qualifier widens the reasoning bounds by one unit of the finest component it is on."""
    when = When.parse(text)
    assert (_midnight(*lo), _midnight(*hi)) == (when.lo, when.hi)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("1994", "year"),
        ("1994-09", "month"),
        ("1994-09-20", "day"),
        ("1994-09-20T10:00:00", "second"),
        ("2001-21", "season"),
        ("2001-33", "quarter"),
        ("2001-37", "third"),
        ("2001-40", "half"),
        ("199X", "decade"),
        ("19XX", "century"),
        ("1XXX", "millennium"),
        ("XXXX", "10^4 years"),
        ("Y171010000S3", "10^6 years"),
        ("1985-04-XX", "month"),
        ("1985-XX-XX", "year"),
        ("156X-12-25", "decade"),
        ("2004-02-01/2005", "year"),
        ("2004-02-01/..", "day"),
        ("../..", "none"),
        ("[1667,1760-12]", "year"),
        ("[Y171010000S3,1XXX]", "10^6 years"),
    ],
)
def test_precision(text: str, precision: str) -> None:
    """The precision is that of the coarsest part, and of what is known of it."""
    assert precision == When.parse(text).precision


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("1994", None),
        ("1994~", "approximate"),
        ("1994?", "uncertain"),
        ("1994%", "uncertain-and-approximate"),
        ("?2004-06-~11", "uncertain-and-approximate"),
        ("1984?/2004~", "uncertain-and-approximate"),
        ("[1984?, 1985]", "uncertain"),
    ],
)
def test_qualifier(text: str, qualifier: str | None) -> None:
    """Qualifiers of the parts are told together."""
    assert qualifier == When.parse(text).qualifier


@pytest.mark.parametrize(
    "text", ["1994", "1994-09-20T10:00:00", "2001-35", "1964/2008", "-0752", "Y17E7", "0000-02-29"]
)
def test_definite(text: str) -> None:
    """A closed span without any doubt is definite."""
    assert When.parse(text).is_definite


@pytest.mark.parametrize(
    "text", ["1994~", "199X", "1950S2", "[1984]", "{1984}", "1984/..", "/1984", "1984/1985?", "../.."]
)
def test_not_definite(text: str) -> None:
    """Doubt, missing digits, sets and open or unknown ends are not definite."""
    assert not When.parse(text).is_definite


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1994-09-20T10:00:00", False), ("1994-09-20T10:00:00Z", True), ("1994-09-20T10:00:00+04", True), ("1994", False)],
)
def test_has_offset(text: str, expected: bool) -> None:  # noqa: FBT001
    """Only a date-time with Z or an offset needs no zone."""
    assert expected is When.parse(text).has_offset


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1994", "1995", "before"),
        ("1995", "1994", "after"),
        ("1994", "1994", "undetermined"),
        ("1994", "1994-09", "undetermined"),
        ("1994~", "1995", "undetermined"),
        ("1994~", "1996", "before"),
        ("1994/..", "1993", "after"),
        ("1994/", "1999", "undetermined"),
        ("[..1984]", "1985", "before"),
        ("-0043", "0014", "before"),
        ("1994-09-20T10:00:00Z", "1994-09-20T10:00:01Z", "before"),
        ("1994-09-20T10:00:00Z", "1994-09-20T14:00:00+04:00", "undetermined"),
    ],
)
def test_compare(one: str, other: str, expected: str) -> None:
    """Dates are in order only if their reasoning bounds are."""
    assert expected == When.parse(one).compare(When.parse(other))


def test_sides_of_an_interval() -> None:
    """The sides of an interval are dates, or open, or unknown."""
    when = When.parse("1964/..")
    sides = [(side.edtf, side.kind, side.lo) for side in (when.start, when.end, When.parse("/1964").start)]
    assert [("1964", "date", -189388800), ("..", "open", None), ("", "unknown", None)] == sides


def test_a_side_is_the_date_alone() -> None:
    """The side of an interval is what its text alone would be."""
    alone, side = When.parse("2004-06-XX"), When.parse("2004-06-XX/2004-07-03").start
    assert (alone, alone.as_json()) == (side, side.as_json())


def test_what_is_no_interval_is_its_own_side() -> None:
    """A set or a date starts and ends as itself."""
    when = When.parse("[1984, 1985]")
    assert (when, when) == (when.start, when.end)


def test_equal_by_text() -> None:
    """Two readings of one text are one value; another text of the same bounds is another."""
    assert {When.parse("1994"): 1} == {When.parse("1994"): 1}
    assert When.parse("1994") != When.parse("1994-01/1994-12")
    assert When.parse("1994") != "1994"


def test_immutable() -> None:
    """A date cannot be changed."""
    with pytest.raises(FrozenInstanceError):
        When.parse("1994").edtf = "1995"  # type: ignore[misc]


def test_copies() -> None:
    """Dates survive copying and pickling."""
    when = When.parse("?2004-06-~11")
    assert [when.as_json()] * 2 == [copy.deepcopy(when).as_json(), pickle.loads(pickle.dumps(when)).as_json()]  # noqa: S301


def test_text() -> None:
    """A date prints as its text."""
    assert ("1994~", "When.parse('1994~')") == (str(When.parse("1994~")), repr(When.parse("1994~")))


@pytest.mark.parametrize("offset", ["", "Z", "+04:00"])
def test_an_instant_before_the_common_era(offset: str) -> None:
    """A negative year, a feature of level 1, takes a time of day like any other."""
    when = When.parse(f"-0044-03-15T12:00:00{offset}")

    assert (1, "-0044-03-15", bool(offset)) == (when.level, when.earliest, when.has_offset)
    assert when.lo is not None
    assert when.compare(When.parse("-0044-03-16")) == "before"
    assert f"{instant_text(when.lo)}"[:-1] in {"-0044-03-15T12:00:00", "-0044-03-15T08:00:00"}
