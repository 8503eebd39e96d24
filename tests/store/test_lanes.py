"""In which lane a fact lies, and what that says of its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.span import DAY, FOREVER, NEVER, SINCE_EVER, Span
from chronicle.store.lanes import ENDING, LANES, breadth, is_ending, lane_of

seconds = st.integers(SINCE_EVER, FOREVER + 1)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Any bounds that a fact can have."""
    from_lo, from_hi = sorted(draw(st.lists(seconds, min_size=2, max_size=2, unique=True)))
    until_lo, until_hi = sorted(draw(st.lists(seconds, min_size=2, max_size=2, unique=True)))
    return Span(from_lo, from_hi, *(draw(st.sampled_from([(until_lo, until_hi), NEVER]))))


@given(spans())
def test_the_breadth_of_a_lane_bounds_its_facts(span: Span) -> None:
    """A fact that may hold for ever has begun so much after it may have; one that ends has ended by then."""
    lane = lane_of(span)
    end = span.until_hi if is_ending(lane) else span.from_hi
    reach = breadth(lane)

    assert 0 <= lane < LANES
    assert reach is None or end - span.from_lo <= reach


@given(spans())
def test_what_has_ended_had_surely_begun(span: Span) -> None:
    """Only such a fact may be passed over once it has ended: it says no more of when others of its change began."""
    if is_ending(lane_of(span)):
        assert span.from_hi < span.until_hi <= FOREVER


def test_a_day_without_an_end_lies_in_the_first_lane() -> None:
    """That is what states are read from first."""
    assert 0 == lane_of(Span(0, DAY, *NEVER))


def test_a_day_that_ends_a_week_later_lies_in_the_second_of_those_that_end() -> None:
    """Its whole extent counts."""
    assert ENDING + 1 == lane_of(Span(0, DAY, 7 * DAY, 8 * DAY))


def test_what_may_end_before_it_begins_counts_as_lasting() -> None:
    """Both within one day: its end bounds its beginning, whenever it is asked for."""
    assert 0 == lane_of(Span(0, DAY, 0, DAY))
