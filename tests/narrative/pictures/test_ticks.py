"""An axis is marked where people count: days, months and years, and years before Christ without a year 0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.pictures.axis import fit
from chronicle.narrative.pictures.ticks import DAY, Calendar, Unit, fitting
from chronicle.when import When

seconds = st.integers(-(10**16), 10**16)


def labels(earliest: str, latest: str, lang: str = "en") -> list[str]:
    """What an axis 960 pixels wide says of the time between two dates."""
    lo, hi = When.parse(earliest).lo, When.parse(latest).hi
    assert lo is not None
    assert hi is not None
    said = [tick.label for tick in fit([(lo, hi)], 24, 936).ticks(Calendar(lang)) if tick.label]
    return [label.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") for label in said]


@pytest.mark.parametrize(
    ("earliest", "latest", "said"),
    [
        ("2026-02-27", "2026-03-02", "27 Feb 2026 | 28 Feb | 1 Mar | 2 Mar | 3 Mar"),
        ("2025-11", "2026-03", "Nov 2025 | Dec | 2026 | Feb | Mar | Apr"),
        ("1997", "2003", "1997 | 1998 | 1999 | 2000 | 2001 | 2002 | 2003 | 2004"),
        ("-0299", "0150", "300 BC | 250 BC | 200 BC | 150 BC | 100 BC | 50 BC | 1 | 50 | 100 | 150"),
        ("-9999", "1000", "10,000 BC | 8000 BC | 6000 BC | 4000 BC | 2000 BC | 1"),
    ],
)
def test_marks(earliest: str, latest: str, said: str) -> None:
    """From days to millennia."""
    assert said == " | ".join(labels(earliest, latest))


@pytest.mark.parametrize(
    ("lang", "month", "year"),
    [
        ("az", "noy 2025", "e.ə. 300"),
        ("ru", "нояб. 2025 г.", "300 до н. э."),  # noqa: RUF001 - Russian
        ("de", "Nov. 2025", "300 v. Chr."),
        ("tr", "Kas 2025", "MÖ 300"),
        ("fr", "nov. 2025", "300 av. J.-C."),
    ],
)
def test_marks_are_in_the_language(lang: str, month: str, year: str) -> None:
    """Months and eras by CLDR."""
    assert month == labels("2025-11", "2026-03", lang)[0]
    assert year == labels("-0299", "0250", lang)[0]


units = st.one_of(
    st.builds(Unit, st.just("day"), st.sampled_from((1, 7))),
    st.builds(Unit, st.just("month"), st.sampled_from((1, 3))),
    st.builds(Unit, st.just("year"), st.sampled_from((1, 2, 5, 10, 100, 1000))),
)


@given(units, seconds)
def test_a_second_lies_in_its_unit(unit: Unit, second: int) -> None:
    """Units follow one another without a gap."""
    index = unit.index(second)
    assert unit.start(index) <= second < unit.start(index + 1)


@given(st.floats(1, 1e18))
def test_a_fitting_unit_is_long_enough_and_not_far_too_long(length: float) -> None:
    """The next smaller unit would not do."""
    unit = fitting(length)
    assert length <= unit.seconds
    assert unit.seconds <= max(length * 5, DAY)


@given(
    st.lists(st.tuples(seconds, st.integers(0, 10**12)), min_size=1, max_size=12),
    st.lists(seconds, min_size=2, max_size=9),
)
def test_time_runs_from_left_to_right(starts: list[tuple[int, int]], asked: list[int]) -> None:
    """What is later is never drawn further left, and nothing off the axis, whatever is left out between."""
    axis = fit([(lo, lo + length) for lo, length in starts], 24, 936)
    places = [axis.x(second) for second in sorted(asked)]
    assert sorted(places) == places
    assert all(axis.left <= x <= axis.right for x in places)
    assert abs(axis.right - 936) < 0.01
