"""A second opinion: the `edtf` package, and every disagreement with it by name."""

from __future__ import annotations

import math
import time

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
