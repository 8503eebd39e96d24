"""A second opinion: the `edtf` package, and every disagreement with it by name."""

# ruff: noqa: S311 - chance is for choosing examples here

from __future__ import annotations

import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

import edtf
import pytest

from chronicle.when import describe

AGREED = """
1985-04-12 1985-04 1985 1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2004-02-01/2005 2005/2006-02
2001-21 1984? 2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX 1985-XX-XX 1985/.. ../1985-04 -1985
2001-34 [1667,1668,1670..1672] [1667,1760-12] {1960,1961-12} 2004-06~-11 2004?-06-11 ?2004-06-~11
156X-12-25 15XX-12-25 1XXX-12 2004-06-XX/2004-07-03 Y170000002 Y-17E7
hello 1994-13 1994-02-30 12345 1994-9-1 [1667
""".split()

# text: (its answer, our answer, why ours)
DISAGREED = {
    "1985/": ("1985-01-01 1995-01-01", "1985-01-01 ", "it invents an end ten years on for one that is not known"),
    "2010-24": ("2010-12-01 2010-12-31", "2010-12-01 2011-02-28", "its winter is December alone"),
    "1900-02-29": ("1900-02-29 1900-02-29", "refused", "1900 had no such day"),
    "2002/2001": ("2002-01-01 2001-12-31", "refused", "it ends before it starts"),
    "1984-1X": ("refused", "1984-10-01 1984-12-31", "an example of the specification that it cannot read"),
    "1985-02-1X": ("refused", "1985-02-10 1985-02-19", "it reads the text and fails over its bounds"),
    "1950S2": ("1950-01-01 1950-12-31", "1900-01-01 1999-12-31", "it gives the estimate, not the span"),
}


def _peer(text: str) -> str:
    try:
        read = edtf.parse_edtf(text)
        return f"{_day(read.lower_strict())} {_day(read.upper_strict())}"
    except Exception:  # noqa: BLE001 - it raises its own, AttributeError and ValueError alike
        return "refused"


def _day(moment: time.struct_time | float) -> str:
    if not isinstance(moment, time.struct_time):
        assert math.isinf(moment)
        return ".."
    year, month, day = moment[:3]
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def _ours(text: str) -> str:
    said = describe(text)
    return f"{said['earliest']} {said['latest']}" if said["valid"] else "refused"


@pytest.mark.parametrize("text", AGREED)
def test_agreed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The peer reads the same days, or refuses the text too."""
    theirs = _peer(text)
    capsys.readouterr()  # it prints
    assert theirs == _ours(text)


@pytest.mark.parametrize("text", DISAGREED)
def test_disagreed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each disagreement is still the one that was looked into."""
    theirs = _peer(text)
    capsys.readouterr()
    assert DISAGREED[text][:2] == (theirs, _ours(text))


# The corpus: every production of a date, by chance but the same everywhere. Compounds are made of dates that both read
# alike, so that a disagreement about a date is told once.
YEARS = ("1985", "2004", "1900", "0000", "0044", "9999", "-0044", "-1985", "1999", "2000")
MASKED_YEARS = ("198X", "19XX", "1XXX", "XXXX", "20XX")
FAR_YEARS = ("Y170000002", "Y-170000002", "Y-17E7", "Y17E7S3", "1950S2", "Y171010000S3", "Y12345")
SUBYEARS = (21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41)
NO_DAY = "1900-02-29"
"""The day that only the Julian calendar had."""

MARKS = ("", "", "", "?", "~", "%")
ZONES = ("", "Z", "+04:00", "-05:30", "+04")


def dates(chance: random.Random) -> Iterator[str]:
    """Dates of all levels, about one in six of which no calendar has."""
    while True:
        pick = chance.choice
        year, month, day = pick(YEARS), f"{chance.randint(1, 12):02d}", f"{chance.randint(1, 31):02d}"
        time_of_day = pick(
            (f"{chance.randint(0, 24):02d}:{chance.randint(0, 60):02d}:{chance.randint(0, 60):02d}", "24:00:00")
        )
        forms = (
            year,
            f"{year}-{month}",
            f"{year}-{month}-{day}",
            f"{year}-{pick(SUBYEARS)}",
            pick(MASKED_YEARS),
            f"{year}-XX",
            f"{pick(MASKED_YEARS)}-{month}",
            f"{year}-{month}-XX",
            f"{year}-XX-XX",
            f"{pick(MASKED_YEARS)}-XX-{day}",
            f"{pick(MASKED_YEARS)}-{month}-{day}",
            pick(FAR_YEARS),
            NO_DAY,
            f"{year}-{pick('01')}X",
            f"{year}-{month}-{pick(('0X', '1X', '2X', '3X', 'X1', 'X5'))}",
            f"{pick(MARKS)}{year}{pick(MARKS)}-{pick(MARKS)}{month}{pick(MARKS)}-{pick(MARKS)}{day}",
            f"{year}-{month}-{day}T{time_of_day}{pick(ZONES)}",
        )
        text = pick(forms)
        yield text if "T" in text else text + pick(MARKS)


def compounds(chance: random.Random, alike: list[str]) -> Iterator[str]:
    """Intervals and sets of dates that both read alike, with open and unknown ends."""
    while True:
        one, other = (chance.choice(["..", "", *chance.sample(alike, 4)]) for _ in range(2))
        parts = [chance.choice(alike) for _ in range(chance.randint(1, 3))]
        before, after = chance.choice([("", ""), ("", ""), ("..", ""), ("", "..")])
        opening, closing = chance.choice([("[", "]"), ("{", "}")])
        yield chance.choice(
            [f"{one}/{other}", f"{opening}{before}{chance.choice([',', ', ']).join(parts)}{after}{closing}"]
        )


REFUSED = "refused"
Rule = Callable[[str, str, str], object]


def _by(pattern: str) -> Rule:
    """Whether a text has it."""
    return lambda text, *_: re.search(pattern, text)


# Why the two disagree, by name: the first rule that fits a disagreement explains it, and each must explain some.
WHY: dict[str, Rule] = {
    "it has an hour 24": _by("T24:00:00"),
    "it refuses a qualified year of many digits": _by(r"^Y.*[?~%]$"),
    "its winter is December alone": _by(r"^-?\d{4}-(24|28|32)[?~%]?$"),
    "its southern seasons are northern": lambda text, theirs, _: re.search(r"-(29|30|31)$", text) and theirs != REFUSED,
    "it gives the estimate, not the span, of significant digits": _by("S"),
    "it ends before it starts where a negative year has X": lambda text, theirs, _: (
        re.match("-.*X", text) and theirs != REFUSED
    ),
    "it has a 29 February in 1900": _by("^1900-02-29[?~%]?$"),
    "it refuses a digit of a month or a day that is X": _by(r"-([01]X|\d\d-(\dX|X\d))"),
    "it refuses X beside a qualifier": _by("X.*[?~%]|[?~%].*X"),
    "it refuses a qualified season": _by(r"^-?\d{4}-[234]\d[?~%]$"),
    "it refuses several qualifiers in one date": _by(r"[?~%].*[?~%]"),
}


@pytest.mark.parametrize("seed", range(4))
def test_every_disagreement_about_a_date_is_explained(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Dates by chance: read alike, or otherwise for a reason that is listed."""
    texts = set(islice(dates(random.Random(seed)), 350))
    unexplained = [found for found in map(_explained, sorted(texts)) if found is not None and found[0] is None]
    capsys.readouterr()
    assert [] == unexplained


def test_every_explanation_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    """A reason for which nothing is read otherwise any more would hide the next disagreement."""
    found = Counter(found[0] for text in set(islice(dates(random.Random(0)), 1_200)) if (found := _explained(text)))
    capsys.readouterr()
    assert set(WHY) == set(found)


def _explained(text: str, why: dict[str, Rule] = WHY) -> tuple[str | None, str, str, str] | None:
    theirs, ours = _peer(text), _ours(text)
    if theirs == ours:
        return None
    return next((name for name, fits in why.items() if fits(text, theirs, ours)), None), text, theirs, ours


WHY_COMPOUND: dict[str, Rule] = {
    "it reads an interval that ends before it starts": lambda _, theirs, ours: ours == REFUSED and theirs != REFUSED,
    "it refuses X within an interval or a set": _by("X"),
    "it refuses an unknown end beside an open one": _by(r"^(/\.\.|\.\./)$"),
    "it refuses a year of many digits within an interval or a set": _by("Y"),
    "it refuses a season within an interval or a set": _by(r"\d-[234]\d[?~%]?(\.\.|[],/}]|$)"),
    "it refuses several qualifiers in a date within an interval": _by(r"/.*[?~%].*[?~%]|[?~%].*[?~%].*/"),
    "it invents an end ten years away for one that is not known": _by("^/|/$"),
    "it refuses a set of one date": _by(r"^[\[{][^,.]*[\]}]$"),
    "it refuses qualifiers within a set": _by(r"^[\[{].*[?~%]"),
    "it refuses an open end of several dates of a set": _by(r",.*\.\.[\]}]$|^[\[{]\.\..*,"),
}


def test_every_disagreement_about_a_compound_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Intervals and sets of dates that both read alike: read alike too, or otherwise for a reason that is listed."""
    alike = [text for text in islice(dates(random.Random(8)), 500) if _peer(text) == _ours(text) != REFUSED]
    texts = sorted(set(islice(compounds(random.Random(9), alike), 600)))
    found = [one for one in (_explained(text, WHY_COMPOUND) for text in texts) if one is not None]
    capsys.readouterr()
    assert [] == [one for one in found if one[0] is None]
    assert set(WHY_COMPOUND) == {one[0] for one in found}
