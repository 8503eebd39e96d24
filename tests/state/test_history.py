"""The history of a key is its state at every second, told in segments."""

from __future__ import annotations

from collections.abc import Iterable
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.event.candidate import FOREVER, SINCE_EVER, Candidate
from chronicle.event.span import EARLIEST
from chronicle.event.value import value_order
from chronicle.state.history import Segment, coalesce, history
from chronicle.state.resolve import DAY, Change, resolve
from chronicle.state.sweep import DAWN, DUSK
from tests.state.keys import LAST, keys

NEVER = (FOREVER, FOREVER + 1)


def a_claim(value: str | None, begin: int, end: int | None = None, *, event: int = 1, order: int = 0) -> Candidate:
    """A fact with exact bounds."""
    ends = NEVER if end is None else (end, end + 1)
    return Candidate(begin, begin + 1, *ends, (0, event, order), value, event, order)


def told(segments: Iterable[Segment]) -> list[tuple[int | None, int | None, str]]:
    """Start, end and values."""
    return [(one.start, one.end, "".join(fact.value or "-" for fact in one.winners)) for one in segments]


@pytest.mark.parametrize("widest_shared", [1, DAY])
@settings(max_examples=1600)
@given(facts=keys(most=6), by_report=st.booleans())
def test_a_segment_says_what_the_state_says(widest_shared: int, facts: list[Candidate], by_report: bool) -> None:  # noqa: FBT001
    """At every second the segment around it has the values, the certainty and the absence of the state there."""
    with mock.patch("chronicle.state.resolve.DAY", widest_shared):
        segments = [*history(facts, by_report=by_report)]
        for x in (DAWN, *range(-3, LAST + 8), DUSK):
            outcome = resolve(facts, x, by_report=by_report)
            around = [
                one for one in segments if (one.start is None or one.start <= x) and (one.end is None or x < one.end)
            ]
            if not outcome.winners:
                assert around == []
                continue
            (segment,) = around
            values = sorted((fact.value or "" for fact in outcome.winners), key=value_order)
            assert [fact.value for fact in segment.winners] == values
            assert (segment.certain, segment.may_be_absent) == (outcome.certain, outcome.may_be_absent)
            assert set(outcome.winners) <= set(segment.facts)


@given(facts=keys(most=6), by_report=st.booleans())
def test_coalescing_twice_changes_nothing(facts: list[Candidate], by_report: bool) -> None:  # noqa: FBT001
    """A history is coalesced: no two segments that touch say the same."""
    segments = [*history(facts, by_report=by_report)]
    assert segments == [*coalesce(segments)]


@given(facts=keys(most=6), by_report=st.booleans(), last=st.integers(-1, LAST))
def test_a_history_cut_short_is_the_history_before_the_cut(facts: list[Candidate], by_report: bool, last: int) -> None:  # noqa: FBT001
    """Nothing after the last second is told, and nothing before it changes."""
    whole, cut = ([*history(facts, by_report=by_report, last=end)] for end in (None, last))
    assert all(one.end is not None and one.end <= last + 1 for one in cut)
    for x in range(-1, LAST + 2):
        there = [
            one.winners for one in whole if (one.start is None or one.start <= x) and (one.end is None or x < one.end)
        ]
        kept = [
            one.winners for one in cut if (one.start is None or one.start <= x) and (one.end is None or x < one.end)
        ]
        assert kept == (there if x <= last else [])


def test_touching_segments_of_one_value_are_one() -> None:
    """Case 59: A[1,5) A[5,9) A[9,12) B[12,13) A[13,14) is A[1,12) B[12,13) A[13,14)."""
    given = [("a", 1, 5), ("a", 5, 9), ("a", 9, 12), ("b", 12, 13), ("a", 13, 14)]
    facts = [a_claim(value, begin, end, event=index) for index, (value, begin, end) in enumerate(given)]
    assert [(1, 12, "a"), (12, 13, "b"), (13, 14, "a")] == told(history(facts))


def test_a_hidden_value_shows_again() -> None:
    """An open fact is hidden by a bounded one and shows again when that ends."""
    facts = [a_claim("a", 1), a_claim("b", 5, 9, event=2)]
    assert [(1, 5, "a"), (5, 9, "b"), (9, None, "a")] == told(history(facts))


def test_a_denial_leaves_a_gap() -> None:
    """While a denial wins there is no segment."""
    facts = [a_claim("a", 1), a_claim(None, 5, 9, event=2)]
    assert [(1, 5, "a"), (9, None, "a")] == told(history(facts))


def test_what_has_no_bound_is_told_without_one() -> None:
    """A value since ever starts at None; one of unknown beginning is possible from None on, and then certain."""
    ever = Candidate(SINCE_EVER, SINCE_EVER + 1, *NEVER, (0, 1, 0), "a", 1, 0)
    unknown = Candidate(EARLIEST, 5, *NEVER, (0, 1, 0), "a", 1, 0)
    assert [(None, None, "a")] == told(history([ever]))
    assert [(None, 4, "a"), (4, None, "a")] == told(history([unknown]))
    assert [False, True] == [one.certain for one in history([unknown])]


def test_no_facts_have_no_history() -> None:
    """A key without facts has no segment."""
    assert [] == [*history([])]


@given(facts=keys(most=6), by_report=st.booleans())
def test_a_history_goes_on_where_it_stopped(facts: list[Candidate], by_report: bool) -> None:  # noqa: FBT001
    """From the start of each of its segments on it says the same as the whole."""
    whole = [*history(facts, by_report=by_report)]
    for number, segment in enumerate(whole):
        assert whole[number:] == [*history(facts, by_report=by_report, since=segment.start)]


def test_a_long_series_costs_what_begins_and_ends() -> None:
    """Of 3,000 values one after the other, and fifty that may have begun at any time, each is weighed some times."""
    facts = [a_claim(f"t:{index % 7}", index * 10, event=index) for index in range(3_000)]
    facts += [
        Candidate(-index, 30_000, *NEVER, (0, 10_000 + index, 0), f"t:vague {index}", 10_000 + index, 0)
        for index in range(50)
    ]
    with mock.patch.object(Change, "threat", autospec=True, side_effect=Change.threat) as weighed:
        segments = [*history(facts)]
    assert len(segments) >= 3_000
    assert len(segments[1_000].winners) >= 51
    assert weighed.call_count <= 6 * len(facts)
