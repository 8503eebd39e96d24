"""What holds for every date, and for every text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chronicle.errors import WhenError
from chronicle.when import When, describe
from chronicle.when.calendar import month_length

OPPOSITE = {"before": "after", "after": "before", "undetermined": "undetermined"}
MARK = st.sampled_from(["", "", "", "?", "~", "%"])


@st.composite
def dates(draw: st.DrawFn) -> str:
    """A date of any level, without a time of day."""
    year = draw(st.integers(-9999, 9999).filter(bool))
    written = f"{'-' if year < 0 else ''}{abs(year):04d}"
    form = draw(st.sampled_from(["year", "month", "day", "season", "mask", "long", "significant"]))
    before, after, last = draw(MARK), draw(MARK), draw(MARK)
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, month_length(year, month)))
    texts = {
        "year": before + written + after,
        "month": f"{written}{before}-{month:02d}{after}",
        "day": f"{written}{before}-{after}{month:02d}-{day:02d}{last}",
        "season": f"{written}-{draw(st.integers(21, 41))}{after}",
        "mask": f"{written[:-1]}X-{draw(st.sampled_from(['XX', '0X', '1X', '07']))}{after}",
        "long": f"Y{draw(st.integers(10_000, 10**9))}{after}",
        "significant": f"{written}S{draw(st.integers(1, 4))}{after}",
    }
    return texts[form]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A date, interval or set, mostly valid."""
    one, other = draw(dates()), draw(dates())
    forms = [one, f"{one}/{other}", f"{one}/..", f"/{one}", f"[{one}, {other}]", f"{{..{one},{other}}}", f"[{one}..]"]
    return draw(st.sampled_from([*forms, f"{{{one}..{other}}}"]))


@st.composite
def whens(draw: st.DrawFn) -> When:
    """A valid date, interval or set."""
    text = draw(texts())
    try:
        return When.parse(text)
    except WhenError as error:
        # Drawn sides may be reversed; nothing else can be wrong with them.
        assert "ends before it starts" == error.problem  # noqa: PT017
        return When.parse("1994")


@given(whens())
def test_reading_what_was_read(when: When) -> None:
    """A text read twice is the same date."""
    assert (when, when.as_json()) == (When.parse(when.edtf), When.parse(when.edtf).as_json())


@given(whens())
def test_order_of_bounds(when: When) -> None:
    """The strict bounds are in order, and widening never narrows them."""
    if when.strict_lo is not None and when.lo is not None:
        assert when.lo <= when.strict_lo
    if when.strict_hi is not None and when.hi is not None:
        assert when.strict_hi <= when.hi
    if when.strict_lo is not None and when.strict_hi is not None:
        assert when.strict_lo < when.strict_hi


@given(whens())
def test_unqualified_is_not_widened(when: When) -> None:
    """Without a qualifier the reasoning bounds are the strict ones, with one they are wider."""
    same = (when.strict_lo, when.strict_hi) == (when.lo, when.hi)
    assert same or when.qualifier is not None


@given(whens(), whens())
def test_comparison_is_antisymmetric(one: When, other: When) -> None:
    """What is before the other, the other is after."""
    assert OPPOSITE[one.compare(other)] == other.compare(one)


@given(whens())
def test_never_before_itself(when: When) -> None:
    """A date is in no order with itself."""
    assert "undetermined" == when.compare(when)


@given(st.one_of(st.text(), st.text(alphabet="0123456789-/XYES?~%[]{}.,: TZ+", max_size=30), texts()))
@example("\ud800")
@example("Y" + "9" * 199)
@example("[" * 200)
@example("[.." + "," * 100 + "]")
@example("{ }")
@example("..")
@example("-")
def test_any_text(text: str) -> None:
    """Any text is read or refused, at a column within it or just after it."""
    said = describe(text)
    assert said["valid"] or 1 <= said["column"] <= max(len(text), 200) + 1


@given(texts(), st.integers(0, 60), st.characters())
def test_a_changed_character(text: str, at: int, char: str) -> None:
    """A date with one character changed is read or refused."""
    assert describe(text[:at] + char + text[at + 1 :])["edtf"] is not None


@pytest.mark.parametrize("text", ["Y292277026595", "Y-292277022655", "Y292277026594~"])
def test_the_edges_of_time(text: str) -> None:
    """Dates near the ends of 64-bit seconds have bounds within them."""
    when = When.parse(text)
    assert when.lo is not None
    assert when.hi is not None
    assert -(2**63) <= when.lo < when.hi < 2**63
