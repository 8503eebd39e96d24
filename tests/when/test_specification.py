"""Every distinct example of the EDTF specification (Library of Congress, 4 February 2019): 13 + 24 + 26."""

from __future__ import annotations

import pytest

from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS, days_from_civil

EXAMPLES = """
1985-04-12                   0 date     1985-04-12 1985-04-12
1985-04                      0 date     1985-04-01 1985-04-30
1985                         0 date     1985-01-01 1985-12-31
1985-04-12T23:20:30          0 datetime 1985-04-12 1985-04-12
1985-04-12T23:20:30Z         0 datetime 1985-04-12 1985-04-12
1985-04-12T23:20:30-04       0 datetime 1985-04-12 1985-04-12
1985-04-12T23:20:30+04:30    0 datetime 1985-04-12 1985-04-12
1964/2008                    0 interval 1964-01-01 2008-12-31
2004-06/2006-08              0 interval 2004-06-01 2006-08-31
2004-02-01/2005-02-08        0 interval 2004-02-01 2005-02-08
2004-02-01/2005-02           0 interval 2004-02-01 2005-02-28
2004-02-01/2005              0 interval 2004-02-01 2005-12-31
2005/2006-02                 0 interval 2005-01-01 2006-02-28
Y170000002                   1 date     170000002-01-01 170000002-12-31
Y-170000002                  1 date     -170000002-01-01 -170000002-12-31
2001-21                      1 date     2001-03-01 2001-05-31
1984?                        1 date     1984-01-01 1984-12-31
2004-06~                     1 date     2004-06-01 2004-06-30
2004-06-11%                  1 date     2004-06-11 2004-06-11
201X                         1 date     2010-01-01 2019-12-31
20XX                         1 date     2000-01-01 2099-12-31
2004-XX                      1 date     2004-01-01 2004-12-31
1985-04-XX                   1 date     1985-04-01 1985-04-30
1985-XX-XX                   1 date     1985-01-01 1985-12-31
1985-04-12/..                1 interval 1985-04-12 ..
1985-04/..                   1 interval 1985-04-01 ..
1985/..                      1 interval 1985-01-01 ..
../1985-04-12                1 interval .. 1985-04-12
../1985-04                   1 interval .. 1985-04-30
../1985                      1 interval .. 1985-12-31
1985-04-12/                  1 interval 1985-04-12 unknown
1985-04/                     1 interval 1985-04-01 unknown
1985/                        1 interval 1985-01-01 unknown
/1985-04-12                  1 interval unknown 1985-04-12
/1985-04                     1 interval unknown 1985-04-30
/1985                        1 interval unknown 1985-12-31
-1985                        1 date     -1985-01-01 -1985-12-31
Y-17E7                       2 date     -170000000-01-01 -170000000-12-31
1950S2                       2 date     1900-01-01 1999-12-31
Y171010000S3                 2 date     171000000-01-01 171999999-12-31
Y3388E2S3                    2 date     338000-01-01 338999-12-31
2001-34                      2 date     2001-04-01 2001-06-30
[1667,1668,1670..1672]       2 one-of   1667-01-01 1672-12-31
[..1760-12-03]               2 one-of   .. 1760-12-03
[1760-12..]                  2 one-of   1760-12-01 ..
[1760-01,1760-02,1760-12..]  2 one-of   1760-01-01 ..
[1667,1760-12]               2 one-of   1667-01-01 1760-12-31
[..1984]                     2 one-of   .. 1984-12-31
{1667,1668,1670..1672}       2 all-of   1667-01-01 1672-12-31
{1960,1961-12}               2 all-of   1960-01-01 1961-12-31
{..1984}                     2 all-of   .. 1984-12-31
2004-06~-11                  2 date     2004-06-11 2004-06-11
2004?-06-11                  2 date     2004-06-11 2004-06-11
?2004-06-~11                 2 date     2004-06-11 2004-06-11
2004-%06-11                  2 date     2004-06-11 2004-06-11
156X-12-25                   2 date     1560-12-25 1569-12-25
15XX-12-25                   2 date     1500-12-25 1599-12-25
XXXX-12-XX                   2 date     0000-12-01 9999-12-31
1XXX-XX                      2 date     1000-01-01 1999-12-31
1XXX-12                      2 date     1000-12-01 1999-12-31
1984-1X                      2 date     1984-10-01 1984-12-31
2004-06-~01/2004-06-~20      2 interval 2004-06-01 2004-06-20
2004-06-XX/2004-07-03        2 interval 2004-06-01 2004-07-03
"""

ROWS = [line.split() for line in EXAMPLES.split("\n") if line]


def _day(text: str) -> int | None:
    if text in ("..", "unknown"):
        return None
    year, month, day = text.rsplit("-", 2)
    return days_from_civil(int(year), int(month), int(day))


def test_all_examples_are_here() -> None:
    """The specification has 63 distinct examples."""
    assert 63 == len({row[0] for row in ROWS})


@pytest.mark.parametrize(("text", "level", "kind", "earliest", "latest"), ROWS)
def test_example(text: str, level: str, kind: str, earliest: str, latest: str) -> None:
    """Each example has its level, kind and days."""
    when = When.parse(text)
    expected = (text, int(level), kind, earliest.replace("unknown", ""), latest.replace("unknown", ""))
    assert expected == (when.edtf, when.level, when.kind, when.earliest, when.latest)


@pytest.mark.parametrize(("text", "_level", "kind", "earliest", "latest"), ROWS)
def test_example_seconds(text: str, _level: str, kind: str, earliest: str, latest: str) -> None:
    """The strict bounds are the midnights around those days, or None."""
    when = When.parse(text)
    if kind != "datetime":
        first, last = _day(earliest), _day(latest)
        assert (first is None) == (when.strict_lo is None)
        assert first is None or first * DAY_SECONDS == when.strict_lo
        assert (last is None) == (when.strict_hi is None)
        assert last is None or (last + 1) * DAY_SECONDS == when.strict_hi


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1985-04-12T23:20:30", 482196030),
        ("1985-04-12T23:20:30Z", 482196030),
        ("1985-04-12T23:20:30-04", 482196030 + 4 * 3600),
        ("1985-04-12T23:20:30+04:30", 482196030 - 4 * 3600 - 1800),
        ("1970-01-01T00:00:00+14:00", -14 * 3600),
        ("1970-01-01T00:00:00-12", 12 * 3600),
    ],
)
def test_instant(text: str, second: int) -> None:
    """A date-time is one second, at its offset."""
    when = When.parse(text)
    assert (second, second + 1, second, second + 1) == (when.strict_lo, when.strict_hi, when.lo, when.hi)


@pytest.mark.parametrize(
    ("text", "level", "earliest", "latest"),
    [
        ("199X-02-29", 2, "1992-02-29", "1996-02-29"),
        ("-01XX", 1, "-0199-01-01", "-0100-12-31"),
        ("-000X", 1, "-0009-01-01", "-0001-12-31"),
        ("0000", 0, "0000-01-01", "0000-12-31"),
        ("0000-02-29", 0, "0000-02-29", "0000-02-29"),
        ("-0043-03-15", 1, "-0043-03-15", "-0043-03-15"),
        ("-1950S2", 2, "-1999-01-01", "-1900-12-31"),
        ("-0050S1", 2, "-0999-01-01", "-0001-12-31"),
        ("Y3388E2S6", 2, "338800-01-01", "338800-12-31"),
        ("Y1E0", 2, "0001-01-01", "0001-12-31"),
        ("[1667, 1668]", 2, "1667-01-01", "1668-12-31"),
        ("[1670, 1667]", 2, "1667-01-01", "1670-12-31"),
        ("../..", 1, "..", ".."),
        ("../", 1, "..", ""),
        ("/..", 1, "", ".."),
        ("2004-06/2004", 0, "2004-06-01", "2004-12-31"),
        ("2001-24/2002-21", 2, "2001-12-01", "2002-05-31"),
        ("1984?/2004-06~", 1, "1984-01-01", "2004-06-30"),
        ("2004-02-29", 0, "2004-02-29", "2004-02-29"),
        ("199X~", 1, "1990-01-01", "1999-12-31"),
        ("1985-04-1X", 2, "1985-04-10", "1985-04-19"),
        ("1985-XX-31", 2, "1985-01-31", "1985-12-31"),
        ("201X-XX", 2, "2010-01-01", "2019-12-31"),
        ("2001-21~", 2, "2001-03-01", "2001-05-31"),
        ("~1984", 2, "1984-01-01", "1984-12-31"),
    ],
)
def test_beyond_the_examples(text: str, level: int, earliest: str, latest: str) -> None:
    """What the examples leave open is settled as the design says."""
    when = When.parse(text)
    assert (level, earliest, latest) == (when.level, when.earliest, when.latest)
