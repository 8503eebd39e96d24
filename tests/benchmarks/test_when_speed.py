"""How fast dates are read, as a multiple of `date.fromisoformat` on the same machine; asserts only answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from chronicle.when import When

DAYS = [(date(1900, 1, 1) + timedelta(days=n)).isoformat() for n in range(40_000)]
MIXED = (
    """
1985-04-12 1985-04 1985 1985-04-12T23:20:30+04:30 1964/2008 2004-02-01/2005-02 Y-170000002 2001-21 1984? 2004-06-11%
201X 1985-04-XX 1985/.. /1985-04 -1985 Y-17E7 1950S2 Y3388E2S3 2001-34 [1667,1668,1670..1672] [..1760-12-03]
{1960,1961-12} 2004-06~-11 ?2004-06-~11 156X-12-25 XXXX-12-XX 1984-1X 2004-06-~01/2004-06-~20
""".split()
    * 500
)


def _rate(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second, the best of three runs."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for text in texts:
            read(text)
        best = max(best, len(texts) / (time.perf_counter() - start))
    return best


@pytest.mark.parametrize(("name", "texts"), [("days", DAYS), ("any level", MIXED)])
def test_speed(name: str, texts: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every text is read as itself, and the rate is printed."""
    assert texts == [When.parse(text).edtf for text in texts]
    ours, theirs = _rate(When.parse, texts), _rate(date.fromisoformat, DAYS)
    with capsys.disabled():
        print(f"\nwhen, {name}: {ours:,.0f}/s, {ours / theirs:.3f} of date.fromisoformat")
