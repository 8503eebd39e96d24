"""The closed form agrees with the enumeration of all worlds, second by second."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.event.candidate import Candidate
from chronicle.state.resolve import DAY, resolve
from tests.state.keys import LAST, claim_of, keys
from tests.state.worlds import answer


@pytest.mark.parametrize("widest_shared", [1, DAY])
@settings(max_examples=1600)
@given(facts=keys(), by_report=st.booleans())
def test_the_closed_form_is_the_enumeration(widest_shared: int, facts: list[Candidate], by_report: bool) -> None:  # noqa: FBT001
    """At every second the possible values, their witnesses and absence are those of the enumerated worlds."""
    with mock.patch("chronicle.state.resolve.DAY", widest_shared):
        for x in range(LAST + 1):
            claims = [claim_of(fact, widest_shared) for fact in facts]
            winners, absent = answer(claims, x, by_report=by_report)
            outcome = resolve(facts, x, by_report=by_report)
            assert {fact.value: fact.rank for fact in outcome.winners} == {v: c.rank for v, c in winners.items()}
            assert outcome.may_be_absent == absent


def test_no_facts_are_certainly_nothing() -> None:
    """A key without facts has no winner, and that is certain."""
    outcome = resolve([], 0)
    assert outcome.winners == ()
    assert outcome.may_be_absent
    assert outcome.certain
